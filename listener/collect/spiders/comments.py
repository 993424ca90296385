"""Readers' comments under a newspaper's articles: only with the newspaper's permission, which the source must tell.

The endpoints are those of the papers' own pages; nobody documents them, so every field is read with care.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import scrapy
from scrapy.http import TextResponse

from listener.collect.dates import read_date
from listener.collect.plain import paragraphs
from listener.collect.spiders.base import NotThisKind
from listener.collect.spiders.rss import FeedSpider
from listener.collect.spiders.strands import Reply, Sheet, Strand, StrandSpider

FEED, ARTICLE, ANSWERS = "feed", "article:", "answers:"
FULL = 50  # comments a call
DAYS = 3  # articles are discussed in their first days
_VNEXPRESS = re.compile(r"-(\d{6,9})\.html?$")
_TUOITRE = re.compile(r"-(\d{14,20})\.html?$")
NOT_COMMENTS = "Máy chủ không trả lời như giao diện bình luận của báo này; có thể báo đã đổi."


@dataclass(frozen=True, slots=True)
class Page:
    """Comments as a paper's endpoint gives them, and how many there are, None where it does not say."""

    comments: list[Mapping[str, Any]]
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """How one paper is asked, and what its fields are called."""

    endpoint: str
    article: re.Pattern[str]
    query: Callable[[str, int, Mapping[str, Any]], dict[str, str | int]]
    read: Callable[[Any], Page]
    answers_endpoint: str = ""
    fields: Mapping[str, str] | None = None


class CommentsSpider(StrandSpider):
    """``url`` is the paper's feed; options: ``site`` (a key of SITES), ``permission`` (who allowed it, when)."""

    channel = "comment"

    def first(self) -> list[Strand]:
        """The feed, by which the articles are found."""
        if not str(self.options.get("permission") or "").strip():
            raise NotThisKind(
                "Chưa ghi toà soạn nào cho phép, ngày nào (tuỳ chọn permission), nên không đọc bình luận."
            )
        return [Strand(FEED)]

    def ask(self, strand: Strand) -> scrapy.Request:
        """The feed, comments of an article, or answers to a comment."""
        if strand.name == FEED:
            return scrapy.Request(self.order.url)
        site, offset = self._site(), int(strand.cursor or 0)
        if strand.name.startswith(ANSWERS):
            article, _, comment = strand.name.removeprefix(ANSWERS).partition("#")
            query = {**site.query(_number(site, article), offset, self.options), "id": comment}
            endpoint = str(self.options.get("answers_endpoint") or site.answers_endpoint)
        else:
            query = site.query(_number(site, strand.name.removeprefix(ARTICLE)), offset, self.options)
            endpoint = str(self.options.get("endpoint") or site.endpoint)
        return scrapy.Request(f"{endpoint}?{urlencode(query)}", headers={"Accept": "application/json"})

    def sheet(self, response: TextResponse, strand: Strand) -> Sheet:
        """The articles that are discussed now, or comments."""
        if strand.name == FEED:
            return Sheet(strands=list(self._articles(response)))
        page = self._page(response)
        thread = strand.name.removeprefix(ARTICLE).removeprefix(ANSWERS).partition("#")[0]
        parent = strand.name.partition("#")[2] or None
        posts = [post for raw in page.comments for post in _posts(raw, self._site(), thread, parent)]
        done = int(strand.cursor or 0) + len(page.comments)
        more = done < page.total if page.total is not None else len(page.comments) >= FULL
        cursor = str(done) if more and page.comments else ""
        answers = list(self._unfinished(page, thread)) if parent is None else []
        return Sheet(posts, cursor, answers, whole=True)

    def entries(self, response: TextResponse) -> list[Any]:
        """The comments on a page of them."""
        return list(self.sheet(response, Strand(f"{ARTICLE}{self.order.url}")).posts)

    def _site(self) -> Site:
        site = SITES.get(str(self.options.get("site")))
        if site is None:
            raise NotThisKind(f"Chưa biết giao diện bình luận của báo này. Các báo đọc được: {', '.join(SITES)}.")
        return site

    def _articles(self, response: TextResponse) -> Iterator[Strand]:
        """Articles of the last days whose number stands in their address."""
        oldest = self.moment - timedelta(days=float(self.options.get("days", DAYS)))
        for entry in FeedSpider(self.order, self.out).entries(response):
            when = read_date(entry.published, now=self.moment, rule=self.options.get("dates")).moment
            address = (entry.url or "").split("#")[0].split("?")[0]
            if _number(self._site(), address) and (when is None or when >= oldest):
                yield Strand(f"{ARTICLE}{address}")

    def _page(self, response: TextResponse) -> Page:
        try:
            return self._site().read(json.loads(response.body))
        except (ValueError, TypeError, KeyError, AttributeError):
            raise NotThisKind(NOT_COMMENTS) from None

    def _unfinished(self, page: Page, thread: str) -> Iterator[Strand]:
        """Comments with more answers than came along, where the paper has a call for them."""
        if not (self.options.get("answers_endpoint") or self._site().answers_endpoint):
            return
        for raw in page.comments:
            inner = raw.get("replays") or {}
            told = int(inner.get("total") or 0) if isinstance(inner, dict) else 0
            if told > len(_answers(raw)):
                yield Strand(f"{ANSWERS}{thread}#{raw.get('comment_id')}", mark=str(told))


def _number(site: Site, address: str) -> str:
    """The paper's number of an article, which stands in its address."""
    found = site.article.search(urlsplit(address).path)
    return found[1] if found else ""


def _posts(raw: Mapping[str, Any], site: Site, thread: str, parent: str | None) -> Iterator[Reply]:
    """A comment and the answers that came along with it."""
    names = site.fields or {}
    name = str(raw.get(names["id"]) or "")
    if not name:
        return
    yield Reply(
        name,
        thread,
        summary=paragraphs(str(raw.get(names["text"]) or "")),
        author=str(raw.get(names["author"]) or "") or None,
        published=str(raw.get(names["date"]) or "") or None,
        thread=thread,
        parent=parent,
    )
    for inner in _answers(raw):
        yield from _posts(inner, site, thread, name)


def _answers(raw: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    inner = raw.get("replays") or raw.get("child_comments") or ()
    found = inner.get("items") if isinstance(inner, dict) else inner
    return [one for one in found or () if isinstance(one, dict)]


def _vnexpress(said: Any) -> Page:
    if int(said.get("error") or 0) != 0:
        return Page([], 0)
    data = said["data"]
    return Page([one for one in data.get("items") or () if isinstance(one, dict)], int(data.get("total") or 0))


def _tuoitre(said: Any) -> Page:
    data = said["Data"]
    held = json.loads(data) if isinstance(data, str) and data.strip() else data or []
    return Page([one for one in held if isinstance(one, dict)])


def _vnexpress_query(number: str, offset: int, options: Mapping[str, Any]) -> dict[str, str | int]:
    site = str(options.get("siteid", "1000000"))
    return {"objectid": number, "objecttype": 1, "siteid": site, "limit": FULL, "offset": offset}


def _tuoitre_query(number: str, offset: int, _options: Mapping[str, Any]) -> dict[str, str | int]:
    return {"objId": number, "objType": 1, "pageindex": offset // FULL + 1, "pagesize": FULL, "sort": 2}


SITES = {
    "vnexpress": Site(
        "https://usi-saas.vnexpress.net/index/get",
        _VNEXPRESS,
        _vnexpress_query,
        _vnexpress,
        "https://usi-saas.vnexpress.net/index/getreplay",
        {"id": "comment_id", "text": "content", "author": "userid", "date": "creation_time"},
    ),
    "tuoitre": Site(
        "https://id.tuoitre.vn/api/getlist-comment.api",
        _TUOITRE,
        _tuoitre_query,
        _tuoitre,
        fields={"id": "id", "text": "content", "author": "sender_fullname", "date": "created_date"},
    ),
}
