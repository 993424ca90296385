"""The course of a visit that all spiders share: the listing, then the articles that are new, then what to remember."""

import base64
import gzip
import hashlib
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

from listener.collect import extract
from listener.collect.causes import GONE, Cause, cause_of, status_of
from listener.collect.making import article_of, entry_kept, post_of
from listener.collect.politeness import rest_asked, rests
from listener.collect.spiders.memory import Entry, Memory
from listener.collect.spiders.own_memory import most_held

MOST_ARTICLES = 30  # fetched in one visit, the rest at the next: at 5 s a page a first visit stays under 3 minutes
LAST = 10_000  # second looks come after every article
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
    patience: float = 30.0
    again: list[dict[str, Any]] = field(default_factory=list)
    access: dict[str, str] = field(default_factory=dict, repr=False)


class NotThisKind(Exception):
    """The page is not what this spider reads; the message says in words what it is instead."""


@dataclass(slots=True)
class Tally:
    """What happened during a visit, for the closing words."""

    listed: list[Entry] = field(default_factory=list)
    waiting: int = 0
    troubles: Counter[str] = field(default_factory=Counter)
    dates: list[str] = field(default_factory=list)
    rest: int = 0


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
        yield from self._second_looks()
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
        self.give(entry, found, response)
        self.tally.waiting -= 1

    def _extracted(self, response: Response) -> extract.Article | None:
        try:
            return article_of(response, self.options)
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

    def _second_looks(self) -> Iterator[scrapy.Request]:
        """Posts that are home already are looked at again, last of all: was one edited, or taken away?"""
        elsewhere = (kept for kept in self.order.again if kept["url"] != self.order.url)
        for place, kept in enumerate(elsewhere):
            conditions = {"If-None-Match": kept["etag"], "If-Modified-Since": kept["modified"]}
            yield scrapy.Request(
                kept["url"],
                headers={name: value.encode("latin-1", "replace") for name, value in conditions.items() if value},
                callback=self.looked,
                errback=self.look_missed,
                cb_kwargs={"kept": kept},
                priority=-LAST - place,
                meta={"handle_httpstatus_list": [304]},
                dont_filter=True,
            )

    def looked(self, response: Response, kept: dict[str, Any]) -> None:
        """A post is still there: as it was, or with new words."""
        if response.status == 304 or _digest(response.body) == kept["digest"]:
            self._write(looked=kept["external_id"])
            return
        found = self._extracted(response) if not _leads_home(response.url, kept["url"]) else None
        if found is None:  # a page without words is the site's trouble, no edit; others have their turn
            self._write(looked=kept["external_id"])
            return
        self.give(Entry(**kept["entry"]), found, response)

    def look_missed(self, failure: Failure) -> None:
        """A post did not come again; only 404 and 410 say that it is gone."""
        cause = self._cause(failure)
        name = _request(failure).cb_kwargs["kept"]["external_id"]
        if status_of(failure.value) in GONE:
            self._write(gone=name)
        elif cause.lasting:  # it would fail at every visit and take the turn of others
            self._write(looked=name)
        if cause.rest:
            raise CloseSpider(REST)

    def _cause(self, failure: Failure) -> Cause:
        cause = cause_of(failure.value, _request(failure).url)
        if cause.rest:
            asked = rest_asked(getattr(failure.value, "response", None), now=self.moment)
            self.tally.rest = max(self.tally.rest, asked)
        return cause

    def give(self, entry: Entry, found: extract.Article | None, response: Response | None = None) -> None:
        """Write a post for the parent process, with the page it was read from."""
        made = post_of(entry, found, self.options, now=self.moment)
        if made.undated:
            self.tally.dates.append(made.undated)
        self.memory.brought(entry)
        line: dict[str, Any] = {"seen": [entry.key, entry.digest]}
        if made.post.title or made.post.text:
            moment = made.post.published_at
            line["post"] = asdict(made.post) | {"published_at": moment.isoformat() if moment else None}
            line["page"] = _page(made.post.external_id, entry, response)
        self._write(**line)

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
                **self._told_of_host(),
            }
        )

    def _told_of_host(self) -> dict[str, int]:
        """The pause that the server asked for, in seconds, and the most memory this process held."""
        return {"rest": max([self.tally.rest, *rests.values()]), "peak": most_held() or 0}

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
        self.out.write(json.dumps(line) + "\n")
        self.out.flush()


def _page(external_id: str, entry: Entry, response: Response | None) -> dict[str, Any]:
    """What was fetched for a post, as JSON."""
    kept = {"external_id": external_id, "url": entry.url or "", "kind": "", "entry": entry_kept(entry)}
    if response is None:
        return {**kept, "digest": entry.digest}
    return {
        **kept,
        "url": response.url,
        "kind": _header(response, "Content-Type"),
        "body": base64.b64encode(gzip.compress(response.body, 6)).decode("ascii"),
        "digest": _digest(response.body),
        "etag": _header(response, "ETag"),
        "modified": _header(response, "Last-Modified"),
    }


def _leads_home(address: str, wanted: str) -> bool:
    """Whether a site led to its front page instead of a post, as many do with what they took away."""
    return address != wanted and urlsplit(address).path in ("", "/") and urlsplit(wanted).path not in ("", "/")


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


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
