"""Forums on XenForo 2: the list of threads, then of each thread that moved the pages since the last one read."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import scrapy
from bs4 import BeautifulSoup, Tag
from scrapy.http import TextResponse

from listener.collect.plain import paragraphs, words_of
from listener.collect.spiders.base import NotThisKind
from listener.collect.spiders.strands import Reply, Sheet, Strand, StrandSpider

FORUM, THREAD = "forum", "thread:"
BACK = 2  # pages before the last with which a thread is begun that was never read
KEPT_THREADS = 500
_PAGE = re.compile(r"page-\d+/?$")
_QUOTED = re.compile(r"post:\s*(\d+)")


class XenForoSpider(StrandSpider):
    """Reads the forum of ``url``. Pages of a thread run from old to new, so the last page read is remembered."""

    channel = "forum"

    def first(self) -> list[Strand]:
        """The list of threads."""
        return [Strand(FORUM)]

    def ask(self, strand: Strand) -> scrapy.Request:
        """The forum, or a page of a thread."""
        address = self.order.url if strand.name == FORUM else strand.name.removeprefix(THREAD)
        page = strand.cursor or "1"
        return scrapy.Request(address if page == "1" else f"{address.rstrip('/')}/page-{page}")

    def sheet(self, response: TextResponse, strand: Strand) -> Sheet:
        """Threads that moved, or posts."""
        soup = BeautifulSoup(response.text, "lxml")
        if strand.name != FORUM:
            return self._posts(soup, response, strand)
        threads = [found for tag in soup.select(".structItem--thread") if (found := self._thread(tag, response))]
        if not threads and soup.select_one(".structItemContainer, .p-body") is None:
            raise NotThisKind("Trang này không phải diễn đàn XenForo 2, hoặc diễn đàn đã đổi giao diện.")
        return Sheet(strands=threads)

    def entries(self, response: TextResponse) -> list[Any]:
        """The posts of a thread's page; of a forum's page there are none."""
        soup = BeautifulSoup(response.text, "lxml")
        if soup.select_one("article.message--post") is None:
            return list(self.sheet(response, Strand(FORUM)).posts)
        return list(self._posts(soup, response, Strand(f"{THREAD}{_PAGE.sub('', response.url)}")).posts)

    def ended(self, strand: Strand) -> None:
        """The thread is begun at this page the next time."""
        if strand.name != FORUM:
            self._pages().pop(strand.name, None)
            self._pages()[strand.name] = strand.cursor or "1"

    def noted(self) -> Mapping[str, Any]:
        """The last pages read, of the threads that moved last."""
        return {"pages": dict(list(self._pages().items())[-KEPT_THREADS:])}

    def _pages(self) -> dict[str, str]:
        pages: dict[str, str] = self.kept.setdefault("pages", {})
        return pages

    def _thread(self, tag: Tag, response: TextResponse) -> Strand | None:
        link = tag.select_one('.structItem-title a[href]:not([class*="label"])')
        if link is None:
            return None
        address = response.urljoin(str(link["href"])).split("#")[0].removesuffix("unread").rstrip("/") + "/"
        moved = tag.select_one("time.structItem-latestDate[datetime]")
        counts = [words_of(one) for one in tag.select(".structItem-cell--meta dd")]
        numbers = [int(words) for one in tag.select(".structItem-pageJump a") if (words := words_of(one)).isdigit()]
        name = f"{THREAD}{address}"
        begin = self._pages().get(name) or str(max(1, max(numbers, default=1) - BACK))
        state = str(moved["datetime"]) if moved is not None else ""
        return Strand(name, begin, deep=True, mark=state or "/".join(counts) or "?")

    def _posts(self, soup: BeautifulSoup, response: TextResponse, strand: Strand) -> Sheet:
        tags = soup.select("article.message--post[data-content]")
        if not tags:
            raise NotThisKind("Trang chủ đề của diễn đàn không có bài nào đọc được.")
        thread = strand.name.removeprefix(THREAD)
        title = words_of(soup.select_one("h1.p-title-value"))
        page = int(strand.cursor or "1")
        posts = [_post(tag, response, thread) for tag in tags]
        if page == 1:
            first = posts[0]
            posts[0] = Reply(first.id, first.url, title, first.summary, first.author, first.published, first.thread)
        more = soup.select_one("a.pageNav-jump--next[href]")
        return Sheet(posts, str(page + 1) if more is not None else "", whole=True)


def _post(tag: Tag, response: TextResponse, thread: str) -> Reply:
    name = str(tag["data-content"])
    body = tag.select_one(".message-body .bbWrapper")
    parent = _quoted(body)
    clock = tag.select_one(".message-attribution time[datetime]") or tag.select_one("time[datetime]")
    parts = urlsplit(response.url)
    return Reply(
        name,
        f"{thread}{name}" if name.startswith("post-") else f"{parts.scheme}://{parts.netloc}{parts.path}#{name}",
        summary=paragraphs(str(body)) if body is not None else "",
        author=str(tag.get("data-author") or "") or None,
        published=str(clock["datetime"]) if clock is not None else None,
        thread=thread,
        parent=parent,
    )


def _quoted(body: Tag | None) -> str | None:
    """The post that is quoted first; all quotes are taken away, since their words are another's."""
    if body is None:
        return None
    found = list(_sources(body))
    for quote in body.select("blockquote.bbCodeBlock--quote, script, .bbCodeBlock--unfurl"):
        quote.decompose()
    return f"post-{found[0]}" if found else None


def _sources(body: Tag) -> Iterator[str]:
    for quote in body.select("blockquote.bbCodeBlock--quote[data-source]"):
        if told := _QUOTED.search(str(quote["data-source"])):
            yield told[1]
