"""The course of a visit that all spiders share: the listing, then the articles that are new, then what to remember."""

import json
from abc import abstractmethod
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, TextIO
from urllib.parse import urljoin, urlsplit

import scrapy
from scrapy.exceptions import CloseSpider
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from listener.canonical import named_by_page
from listener.collect import extract
from listener.collect.causes import Cause, cause_of
from listener.collect.dates import Dated, read_date
from listener.collect.found import FoundPost
from listener.collect.spiders.memory import Entry, Memory

MOST_ARTICLES = 30  # fetched in one visit, the rest at the next: at 5 s a page a first visit stays under 3 minutes
REST = "rest"  # the reason of closing when the server asks for a pause


@dataclass(frozen=True, slots=True)
class Order:
    """What the spider's process is told."""

    kind: str
    url: str
    options: dict[str, Any]
    memory: dict[str, Any]
    now: str
    contact: str
    delay: float
    private_hosts: bool
    seconds: float


class NotThisKind(Exception):
    """The page is not what this spider reads; the message says in words what it is instead."""


@dataclass(slots=True)
class Tally:
    """What happened during a visit, for the closing words."""

    listed: list[Entry] = field(default_factory=list)
    waiting: int = 0
    troubles: Counter[str] = field(default_factory=Counter)
    dates: list[str] = field(default_factory=list)


class SourceSpider(scrapy.Spider):
    """Visits one source once. A kind of source says only how its listing is read: ``entries``."""

    name = "source"

    def __init__(self, order: Order, out: TextIO) -> None:
        super().__init__()
        self.order, self.out = order, out
        self.options = order.options
        self.moment = datetime.fromisoformat(order.now)
        self.memory = Memory.of(order.memory, order.url)
        self.tally = Tally()
        self.ending: tuple[str, str | None] | None = None

    @abstractmethod
    def entries(self, response: TextResponse) -> list[Entry]:
        """The entries that a listing offers, newest first.

        Raises
        ------
        NotThisKind
            The page is something else.
        """

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Ask for the listing, under the conditions of the last visit."""
        yield scrapy.Request(
            self.order.url,
            headers=self.memory.headers(),
            callback=self.listing,
            errback=self.listing_missed,
            meta={"handle_httpstatus_list": [304]},
            dont_filter=True,
        )

    def listing(self, response: Response) -> Iterator[scrapy.Request]:
        """Read the listing, then ask for the articles that are new."""
        if response.status == 304:
            self.memory.not_modified()
            self.ending = ("unchanged", None)
            return
        etag, modified = _header(response, "ETag"), _header(response, "Last-Modified")
        if not self.memory.take_body(response.body, etag=etag, modified=modified):
            self.ending = ("unchanged", None)
            return
        self.ending = ("failed", "Trang này làm bộ đọc vấp lỗi, chưa đọc được mục nào.")
        try:
            self.tally.listed = _each_once(self.entries(_as_text(response)))
        except NotThisKind as error:
            self.ending = ("failed", str(error))
            return
        self.ending = ("ok", None)
        yield from self._wanted(response)

    def _wanted(self, response: Response) -> Iterator[scrapy.Request]:
        """Requests for the articles of new entries; entries that need none are given at once."""
        most = int(self.options.get("most_articles", MOST_ARTICLES))
        asked = 0
        for entry in filter(self.memory.is_new, self.tally.listed):
            address = self._address(entry, response)
            if address is None:
                self.give(entry, None)
                continue
            self.tally.waiting += 1
            if asked < most:
                asked += 1
                yield self._ask(address, entry, asked)

    def _address(self, entry: Entry, response: Response) -> str | None:
        """Where the article of an entry is fetched; None where the entry is all there is."""
        if self.options.get("articles", True) is False or not entry.url:
            return None
        address = urljoin(response.url, entry.url)
        return address if urlsplit(address).scheme in ("http", "https") else None

    def _ask(self, address: str, entry: Entry, place: int) -> scrapy.Request:
        """The request for an article; the first of the listing goes first."""
        return scrapy.Request(
            address,
            callback=self.article,
            errback=self.article_missed,
            cb_kwargs={"entry": entry},
            priority=-place,
            dont_filter=True,
        )

    def article(self, response: Response, entry: Entry) -> None:
        """Take an article home, with what the feed said of it where the page says less."""
        found = self._extracted(response)
        if found is None:
            self.tally.troubles["Trang không có bài đọc được."] += 1
        self.give(entry, found)
        self.tally.waiting -= 1

    def _extracted(self, response: Response) -> extract.Article | None:
        if not isinstance(response, TextResponse):
            return None
        try:
            return extract.article(response.text, response.url, self.options)
        except Exception:  # pages are written by strangers; one that breaks a parser must not end the visit
            self.logger.exception("unreadable article %s", response.url)
            return None

    def article_missed(self, failure: Failure) -> None:
        """An article did not come: what the feed says of it is kept, now or when trying again is over."""
        entry: Entry = _request(failure).cb_kwargs["entry"]
        cause = self._cause(failure)
        self.tally.troubles[cause.words] += 1
        if cause.lasting or not self.memory.missed(entry):
            self.give(entry, None)
            self.tally.waiting -= 1
        if cause.rest:
            raise CloseSpider(REST)

    def listing_missed(self, failure: Failure) -> None:
        """The listing did not come: the visit failed."""
        cause = self._cause(failure)
        self.ending = ("failed", f"{cause.words} {cause.advice}".strip())

    def _cause(self, failure: Failure) -> Cause:
        return cause_of(failure.value, _request(failure).url)

    def give(self, entry: Entry, found: extract.Article | None) -> None:
        """Write a post for the parent process."""
        text = found.text if found is not None and len(found.text) >= len(entry.summary) else entry.summary
        title = (found.title if found is not None else "") or entry.title
        post = FoundPost(
            external_id=entry.id[:1000],
            text=text,
            title=title,
            url=named_by_page(entry.url, found.address if found is not None else None),
            author=(found.author if found is not None else None) or entry.author,
            channel=str(self.options.get("channel", "news")),
            published_at=self._date(entry, found),
        )
        self.memory.brought(entry)
        if title or text:
            self._write(
                post=asdict(post) | {"published_at": post.published_at.isoformat() if post.published_at else None}
            )

    def _date(self, entry: Entry, found: extract.Article | None) -> datetime | None:
        """The page's own date, which has its zone, before the feed's, which is read by the source's rule."""
        page = read_date(found.published, now=self.moment) if found is not None else Dated(None)
        feed = read_date(entry.published, now=self.moment, rule=self.options.get("dates"))
        if page.moment is None and feed.moment is None and (note := page.note or feed.note):
            self.tally.dates.append(note)
        return page.moment or feed.moment

    def closed(self, reason: str) -> None:
        """The last line: how the visit ended."""
        status, problem = self.ending or ("failed", _closing_words(reason))
        if status == "ok":
            problem = self._remarks(reason)
        kept = (
            self.memory.kept(self.tally.listed, complete=self.tally.waiting <= 0)
            if self.tally.listed
            else self._validators()
        )
        self._write(
            outcome={
                "status": status,
                "found": len(self.tally.listed),
                "problem": problem,
                "memory": {} if status == "failed" else kept,
            }
        )

    def _validators(self) -> dict[str, Any]:
        """The memory of a visit that read no entry: what was seen stays as it is."""
        return {
            name: value for name, value in self.memory.kept((), complete=True).items() if name not in ("seen", "tries")
        }

    def _remarks(self, reason: str) -> str | None:
        """What did not go smoothly in a visit that succeeded."""
        remarks = [f"{count} bài: {words}" for words, count in self.tally.troubles.most_common(3)]
        if self.tally.dates:
            remarks.append(f"{len(self.tally.dates)} bài không rõ ngày đăng: {self.tally.dates[0]}.")
        if self.tally.waiting > 0:
            remarks.append(f"Còn {self.tally.waiting} bài để lần thăm sau.")
        if reason not in ("finished", REST):
            remarks.append(_closing_words(reason))
        return " ".join(remarks) or None

    def _write(self, **line: object) -> None:
        self.out.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.out.flush()


def _request(failure: Failure) -> scrapy.Request:
    """The request that failed, which Scrapy puts on the failure."""
    request: scrapy.Request = failure.request  # type: ignore[attr-defined]
    return request


def _each_once(entries: list[Entry]) -> list[Entry]:
    return list({entry.id: entry for entry in reversed(entries)}.values())[::-1]


def _as_text(response: Response) -> TextResponse:
    """The response as text, also where its server gives it no fitting type."""
    if isinstance(response, TextResponse):
        return response
    return TextResponse(response.url, status=response.status, headers=response.headers, body=response.body)


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1")


def _closing_words(reason: str) -> str:
    if reason == "closespider_timeout":
        return "Hết giờ: lần thăm kéo dài quá nên dừng."
    if reason == "memusage_exceeded":
        return "Trang quá nặng: tiến trình thu tin hết bộ nhớ nên dừng."
    return "Lần thăm dừng giữa chừng."
