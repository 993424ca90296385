"""A post out of what was fetched: the listing's entry, and the page where one came. Fresh and kept ones alike."""

import gzip
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from scrapy.http import Response, TextResponse

from listener.collect import extract
from listener.collect.dates import Dated, read_date
from listener.collect.entries import Entry
from listener.collect.found import FetchedPage, FoundPost
from listener.collect.sites import with_site

LONGEST_NAME = 1000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Made:
    """A post, and why it has no date where it should have one."""

    post: FoundPost
    undated: str | None = None


def post_of(entry: Entry, found: extract.Article | None, options: Mapping[str, Any], *, now: datetime) -> Made:
    """The post of an entry, with what the feed said of it where the page says less."""
    text = found.text if found is not None and len(found.text) >= len(entry.summary) else entry.summary
    dated = _date(entry, found, options, now)
    post = FoundPost(
        external_id=storable(entry.id)[:LONGEST_NAME],
        text=storable(text),
        title=storable((found.title if found is not None else "") or entry.title),
        url=storable((found.canonical if found is not None else None) or entry.url or "")[:2000] or None,
        author=storable((found.author if found is not None else None) or entry.author or "") or None,
        channel=str(options.get("channel", "news")),
        published_at=dated.moment,
        details=found.details if found is not None else {},
    )
    return Made(post, dated.note)


def article_of(response: Response, options: Mapping[str, Any]) -> extract.Article | None:
    """The article of a page, read by its site's overlay and the source's own options."""
    if not isinstance(response, TextResponse):
        return None
    return extract.article(response.text, response.url, with_site(options, response.url))


def post_again(page: FetchedPage, options: Mapping[str, Any], *, now: datetime) -> FoundPost:
    """The post of a kept page, read by today's rules."""
    entry = Entry(**page.entry)
    found = None
    if page.body is not None:
        response = TextResponse(page.url, headers={"Content-Type": page.kind}, body=gzip.decompress(page.body))
        found = article_of(response, options)
    return post_of(entry, found, options, now=now).post


def entry_kept(entry: Entry) -> dict[str, Any]:
    """What is kept of an entry: all but its author."""
    return {name: storable(value) if value else value for name, value in asdict(entry).items() if name != "author"}


def storable(text: str) -> str:
    """Text that the database takes: no NUL and no half characters, which strangers' pages do hold."""
    return _CONTROL.sub("", text.encode("utf-8", "replace").decode("utf-8"))


def _date(entry: Entry, found: extract.Article | None, options: Mapping[str, Any], now: datetime) -> Dated:
    """The page's own date, which has its zone, before the feed's, which is read by the source's rule."""
    own = with_site(options, entry.url)
    page = (
        read_date(found.published, now=now, rule=own.get("page_dates"), fresh=True)
        if found is not None
        else Dated(None)
    )
    feed = read_date(entry.published, now=now, rule=own.get("dates"), fresh=True)
    moment = page.moment or feed.moment
    return Dated(moment, None if moment is not None else page.note or feed.note)
