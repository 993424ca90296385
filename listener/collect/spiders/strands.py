"""The course of a visit to lists that come in pages: comments, messages, threads of a forum.

A list is read newest first until a page brings nothing new. Where a visit is broken off (pause asked for, budget spent,
time over), the place is remembered and read on at the next visit: nothing is lost, nothing is asked for twice.
"""

from abc import abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import scrapy
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from listener.collect import extract
from listener.collect.dates import read_date
from listener.collect.found import FoundPost
from listener.collect.spiders.base import NotThisKind, SourceSpider, _as_text
from listener.collect.spiders.memory import Entry

MOST_PAGES = 30  # asked for in one visit: at 5 s a page it stays under 3 minutes
MOST_WAITING = 300  # broken-off lists that are remembered
DAYS = 30  # how far back a list is read
_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))


@dataclass(frozen=True, slots=True)
class Reply(Entry):
    """An entry that is a post by itself: of a thread, perhaps in answer to another."""

    thread: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Strand:
    """A list and where to read it: from the top, or from a cursor.

    ``deep`` is a list that was broken off: it is read to its end, whatever of it is known. ``mark`` is what the page
    that leads to it says of its state (how many answers, when the last came): while it stays, nobody asks for the list.
    """

    name: str
    cursor: str = ""
    deep: bool = False
    mark: str = ""

    @property
    def state(self) -> Entry:
        """Its state, as memory keeps it."""
        return Entry(self.name, None, summary=self.mark)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a list: its posts, the cursor of the next page, further lists it leads to.

    ``whole`` is a list that is read on however much of it is known; ``last`` is the date of its oldest line where that
    is no post.
    """

    posts: list[Reply] = field(default_factory=list)
    next: str = ""
    strands: list[Strand] = field(default_factory=list)
    whole: bool = False
    last: str | None = None


class Stale(Exception):
    """The server does not know the cursor any more: the list is read from its top again."""


class Pause(Exception):
    """The visit ends here for now; ``until`` is when the source may be asked again."""

    def __init__(self, words: str, until: datetime | None = None) -> None:
        super().__init__(words)
        self.words, self.until = words, until


class StrandSpider(SourceSpider):
    """Reads lists page by page. A kind of source says how a page is asked for and what it holds."""

    custom_settings = {"DEPTH_LIMIT": 0}  # noqa: RUF012 - pages follow one another; `most_articles` says how many

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.kept: dict[str, Any] = dict(self.order.memory)
        self.queue: deque[Strand] = deque()
        self.current: Strand | None = None
        self.asked = 0
        self.brought = 0
        self.remarks: list[str] = []
        self.marks: list[Entry] = []

    @abstractmethod
    def first(self) -> list[Strand]:
        """The lists that every visit begins with."""

    @abstractmethod
    def ask(self, strand: Strand) -> scrapy.Request:
        """The request for a page, without callbacks."""

    @abstractmethod
    def sheet(self, response: TextResponse, strand: Strand) -> Sheet:
        """What a page holds.

        Raises
        ------
        NotThisKind
            The page is something else.
        Pause
            The server wants to be left alone.
        """

    def ended(self, strand: Strand) -> None:
        """A list was read; for what a kind itself notes."""

    def entries(self, response: TextResponse) -> list[Entry]:
        """The posts on the first page."""
        return list(self.sheet(response, self.first()[0]).posts)

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Begin with the newest, then go on where the last visit was broken off."""
        until = self.kept.get("resting_until")
        if until and datetime.fromisoformat(until) > self.moment:
            self.ending = ("unchanged", self.kept.get("resting_why"))
            return
        self.kept.pop("resting_until", None)
        try:
            self.queue.extend(self.first())
        except NotThisKind as error:
            self.ending = ("failed", str(error))
            return
        self.queue.extend(Strand(name, cursor, True, mark) for name, cursor, mark in self.kept.get("waiting") or ())
        for request in self._next():
            yield request

    def _next(self) -> Iterator[scrapy.Request]:
        """The request for the next page, if there is one and the visit may go on."""
        if not self.queue or self.asked >= int(self.options.get("most_articles", MOST_PAGES)):
            return
        try:
            self.before_asking()
        except Pause as pause:
            self._pause(pause)
            return
        self.current = self.queue.popleft()
        self.asked += 1
        yield self.ask(self.current).replace(callback=self.page, errback=self.page_missed, dont_filter=True)

    def before_asking(self) -> None:
        """Raise ``Pause`` where the next question must not be asked now."""

    def page(self, response: Response) -> Iterator[scrapy.Request]:
        """Take a page home, then ask for the next."""
        assert self.current is not None
        strand = self.current
        try:
            sheet = self.sheet(_as_text(response), strand)
        except NotThisKind as error:
            self._give_up(str(error))
        except Stale:
            self.queue.append(Strand(strand.name, deep=True, mark=strand.mark))
        except Pause as pause:
            self._pause(pause)
            return
        else:
            self.ending = ("ok", None)
            self._take(sheet, strand)
        self.current = None
        yield from self._next()

    def page_missed(self, failure: Failure) -> Iterator[scrapy.Request]:
        """A page did not come. Where the server asks for rest or does not answer, the place is remembered."""
        cause = self._cause(failure)
        if cause.lasting:
            self._give_up(f"{cause.words} {cause.advice}".strip())
            self.current = None
            yield from self._next()
            return
        answer = getattr(failure.value, "response", None)
        until = self.moment + _asked_rest(answer) if cause.rest else None
        if self.ending is None and not cause.rest:
            self.ending = ("failed", cause.words)
        self._pause(Pause(cause.words, until))

    def _give_up(self, words: str) -> None:
        """A list that cannot be read: the visit fails when it is the first, else it is told."""
        if self.ending is None:
            self.ending = ("failed", words)
        else:
            self.remarks.append(words)

    def _pause(self, pause: Pause) -> None:
        if pause.until is not None:
            self.kept["resting_until"], self.kept["resting_why"] = pause.until.isoformat(), pause.words
        if self.ending is None:
            self.ending = ("unchanged", pause.words)
        self.remarks.append(pause.words)

    def _take(self, sheet: Sheet, strand: Strand) -> None:
        oldest = self.moment - timedelta(days=float(self.options.get("days", DAYS)))
        recent = [(post, when) for post in sheet.posts if (when := self._moment(post)) is None or when >= oldest]
        new = [(post, when) for post, when in recent if self.memory.is_new(post)]
        goes_on = strand.deep or sheet.whole or (bool(new) and not self._met(strand, recent)) or not sheet.posts
        self.tally.listed.extend(post for post, _ in recent)
        for post, when in new:
            self._give(post, when)
        last = read_date(sheet.last, now=self.moment).moment
        too_old = (bool(sheet.posts) and not recent) or (last is not None and last < oldest)
        if sheet.next and goes_on and not too_old:
            self.queue.appendleft(replace(strand, cursor=sheet.next))
        else:
            self._ended(strand)
        known = {waiting.name for waiting in self.queue}
        changed = (more for more in sheet.strands if more.name not in known and self._has_changed(more))
        self.queue.extend(changed)

    def _has_changed(self, strand: Strand) -> bool:
        if strand.mark and not self.memory.is_new(strand.state):
            self.marks.append(strand.state)
            return False
        return True

    def _ended(self, strand: Strand) -> None:
        """A list was read to its end, or to what is known."""
        if strand.mark:
            self.memory.brought(strand.state)
            self.marks.append(strand.state)
        self.ended(strand)

    def _met(self, strand: Strand, posts: Sequence[tuple[Reply, datetime | None]]) -> bool:
        """Whether a list has come down to what is known, where the rest waits in the queue as a broken-off list."""
        waits = any(other.name == strand.name and other.deep for other in self.queue)
        return waits and any(post.key in self.memory.seen for post, _ in posts)

    def _moment(self, post: Reply) -> datetime | None:
        return read_date(post.published, now=self.moment, rule=self.options.get("dates")).moment

    def _give(self, post: Reply, moment: datetime | None) -> None:
        """Write a post for the parent process; ``seen`` is told at the end only, since pages below may still wait."""
        self.memory.brought(post)
        self.brought += 1
        found = FoundPost(
            external_id=clean_text(post.id)[:1000],
            text=clean_text(post.summary),
            title=clean_text(post.title),
            url=clean_text(post.url) or None,
            author=clean_text(post.author) or None,
            channel=str(self.options.get("channel", self.channel)),
            published_at=moment,
            thread=clean_text(post.thread) or None,
            parent=clean_text(post.parent) or None,
        )
        if found.text or found.title:
            self._write(post=asdict(found) | {"published_at": moment.isoformat() if moment else None})

    channel = "comment"

    def give(self, entry: Entry, found: extract.Article | None, response: Response | None = None) -> None:  # noqa: ARG002
        """An entry of these lists is all there is."""
        assert isinstance(entry, Reply)
        self._give(entry, self._moment(entry))

    def closed(self, reason: str) -> None:
        """The last line: how the visit ended, and where to go on."""
        status, problem = self.ending or ("failed", self._closing(reason))
        waiting = [self.current, *self.queue] if self.current is not None else [*self.queue]
        if status == "ok":
            remarks = [*dict.fromkeys(self.remarks)]
            remarks += [f"Còn {len(waiting)} trang danh sách để lần thăm sau."] if waiting else []
            remarks += [self._closing(reason)] if reason not in ("finished", "rest") else []
            problem = " ".join(remarks) or None
        self._write(
            outcome={
                "status": status,
                "found": len(self.tally.listed),
                "problem": problem,
                "memory": {} if status == "failed" else self._remembered(waiting),
                **self._told_of_host(),
            }
        )

    def _remembered(self, waiting: list[Strand]) -> dict[str, Any]:
        """What the next visit needs: what was seen, where lists were broken off, what the kind itself notes."""
        seen = self.memory.kept([*self.tally.listed, *self.marks], complete=True)["seen"]
        places = self._places(waiting)
        rest = {name: self.kept.get(name) for name in ("resting_until", "resting_why")}
        return {**self.noted(), "seen": seen, "waiting": places, **rest}

    def _places(self, waiting: list[Strand]) -> list[list[str]]:
        """Lists that stand at their very top begin anew by themselves; those below are told with their cursor."""
        if not self.asked:  # nothing was asked: what waited goes on waiting
            return list(self.kept.get("waiting") or [])
        own = {strand.name for strand in self.first()}
        places = [[one.name, one.cursor, one.mark] for one in waiting if one.cursor or one.deep or one.name not in own]
        return [list(place) for place in dict.fromkeys(map(tuple, places))][:MOST_WAITING]

    def noted(self) -> Mapping[str, Any]:
        """What a kind itself remembers beyond the lists."""
        return {}

    def _closing(self, reason: str) -> str:
        words = {
            "closespider_timeout": "Hết giờ: lần thăm kéo dài quá nên dừng.",
            "memusage_exceeded": "Trang quá nặng: tiến trình thu tin hết bộ nhớ nên dừng.",
        }
        return words.get(reason, "Lần thăm dừng giữa chừng.")


def clean_text(text: str | None) -> str:
    """Text that the database takes: no control characters, no half letters."""
    return (text or "").translate(_CONTROL).encode("utf-8", "replace").decode("utf-8").strip()


def _asked_rest(answer: Response | None) -> timedelta:
    """The pause that a Retry-After in seconds asks for; a quarter of an hour where it asks for none."""
    written = (answer.headers.get("Retry-After") or b"").decode("latin-1").strip() if answer is not None else ""
    return timedelta(seconds=min(int(written), 24 * 3600)) if written.isdigit() else timedelta(minutes=15)
