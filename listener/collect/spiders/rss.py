"""RSS and Atom feeds, read by feedparser; a feed that is merely untidy is still a feed."""

import gzip
import io
from typing import Any

import feedparser
from scrapy.http import TextResponse

from listener.collect.plain import paragraphs, plain
from listener.collect.politeness import HEAVIEST
from listener.collect.spiders.base import NotThisKind, SourceSpider
from listener.collect.spiders.memory import Entry

GZIP = b"\x1f\x8b"


class FeedSpider(SourceSpider):
    """Reads the feed of ``url``; options: ``dates lead articles most_articles delay channel``."""

    def entries(self, response: TextResponse) -> list[Entry]:
        """The feed's entries. ``bozo`` alone is no fault; a page that is no feed at all is."""
        feed = feedparser.parse(_unpacked(response.body), response_headers=_headers(response))
        if not feed.entries and not feed.version:
            raise NotThisKind(_what_it_is(response))
        return [entry for raw in feed.entries if (entry := _entry(raw)) is not None]


def _entry(raw: dict[str, Any]) -> Entry | None:
    """One entry; None where it has neither name nor address nor title."""
    address = str(raw.get("link") or "").strip() or None
    title = plain(raw.get("title"))
    name = str(raw.get("id") or "").strip() or address or title
    if not name:
        return None
    content = max((str(part.get("value") or "") for part in raw.get("content") or ()), key=len, default="")
    summary = max(paragraphs(content), paragraphs(raw.get("summary")), key=len)
    raw = dict(raw)  # feedparser's own dictionary gives ``published`` for a missing ``updated``, with a warning
    published = next((raw[name] for name in ("published", "updated", "created") if raw.get(name)), None)
    return Entry(name, address, title, "" if summary == title else summary, plain(raw.get("author")) or None, published)


def _headers(response: TextResponse) -> dict[str, str]:
    kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
    return {"content-location": response.url, **({"content-type": kind} if kind else {})}


def _unpacked(body: bytes) -> bytes:
    """The body of a server that sends gzip without saying so."""
    if not body.startswith(GZIP):
        return body
    try:
        with gzip.open(io.BytesIO(body)) as packed:
            return packed.read(HEAVIEST)
    except (OSError, EOFError):
        return body


def _what_it_is(response: TextResponse) -> str:
    start = response.body[:2000].lstrip().lower()
    if not start:
        return "Không phải RSS: máy chủ trả về trang trống."
    if b"<html" in start or b"<!doctype html" in start:
        return (
            "Không phải RSS hay Atom: máy chủ trả về một trang web. "
            "Có thể nguồn đã đổi địa chỉ RSS, hoặc đang chặn máy."
        )
    return "Không phải RSS hay Atom: máy chủ trả về thứ không đọc được."
