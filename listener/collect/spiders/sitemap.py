"""Sitemaps, with Google's news extension, and indexes of sitemaps: for sites that have no feed."""

import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import scrapy
from lxml import etree
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from listener.collect.plain import plain
from listener.collect.politeness import HEAVIEST
from listener.collect.spiders.base import NotThisKind, SourceSpider, _as_text
from listener.collect.spiders.memory import Entry

MOST_MAPS = 4  # of an index, the newest
MOST_ENTRIES = 500  # of all maps, the newest
NOT_A_MAP = "Không phải sitemap: máy chủ không trả về tệp XML có <urlset> hay <sitemapindex>."


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a map or an index."""

    address: str
    modified: str
    title: str
    published: str


class SitemapSpider(SourceSpider):
    """Reads the newest addresses of a sitemap and fetches them as articles. Option ``only``: words in the address."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.maps_left = 0
        self.read_maps = 0

    def entries(self, response: TextResponse) -> list[Entry]:
        """The newest addresses of a map."""
        kind, lines = lines_of(response.body)
        if kind != "urlset":
            raise NotThisKind(NOT_A_MAP)
        return self._newest(lines)

    def listing(self, response: Response) -> Iterator[scrapy.Request]:
        """A map is a listing; of an index, the newest maps together are one."""
        try:
            kind, lines = lines_of(response.body) if response.status == 200 else ("urlset", [])
        except NotThisKind:
            kind, lines = "", []
        if kind != "sitemapindex":
            yield from super().listing(response)
            return
        maps = sorted(lines, key=lambda line: line.modified, reverse=True)[:MOST_MAPS]
        self.ending = ("failed", "Mục lục sitemap trống, hoặc không đọc được bản đồ nào trong đó.")
        self.maps_left = len(maps)
        for line in maps:
            yield scrapy.Request(
                response.urljoin(line.address), callback=self.one_map, errback=self.map_missed, dont_filter=True
            )

    def one_map(self, response: Response) -> Iterator[scrapy.Request]:
        """Take in one map of an index; after the last the articles are asked for."""
        self.maps_left -= 1
        try:
            self.tally.listed += self.entries(_as_text(response))
            self.read_maps += 1
        except NotThisKind as error:
            self.tally.troubles[str(error)] += 1
        yield from self._after_maps(response)

    def map_missed(self, failure: Failure) -> Iterator[scrapy.Request]:
        """A map did not come; the others are read."""
        self.maps_left -= 1
        self.tally.troubles[self._cause(failure).words] += 1
        yield from self._after_maps(None)

    def _after_maps(self, response: Response | None) -> Iterator[scrapy.Request]:
        if self.maps_left or not self.read_maps:
            return
        self.ending = ("ok", None)
        unique = {entry.id: entry for entry in self.tally.listed}
        self.tally.listed = sorted(unique.values(), key=_age, reverse=True)[:MOST_ENTRIES]
        yield from self._wanted(response or TextResponse(self.order.url))

    def _newest(self, lines: list[Line]) -> list[Entry]:
        only = str(self.options.get("only") or "")
        entries = [
            Entry(line.address, line.address, line.title, published=line.published or line.modified or None)
            for line in lines
            if only in line.address and line.address.startswith(("http://", "https://"))
        ]
        return sorted(entries, key=_age, reverse=True)[:MOST_ENTRIES]


def lines_of(body: bytes) -> tuple[str, list[Line]]:
    """What a body is (``urlset`` or ``sitemapindex``) and its lines.

    Raises
    ------
    NotThisKind
        It is neither.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, remove_comments=True)
    try:
        root = etree.fromstring(_unpacked(body), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    kind = etree.QName(root).localname if root is not None and isinstance(root.tag, str) else ""
    if kind not in ("urlset", "sitemapindex"):
        raise NotThisKind(NOT_A_MAP)
    told = (_told(node) for node in root)
    return kind, [
        Line(
            one["loc"],
            one.get("lastmod", ""),
            plain(one.get("title")),
            one.get("publication_date", ""),
        )
        for one in told
        if one.get("loc")
    ]


def _told(node: Any) -> dict[str, str]:
    """The words below a line by their local names; pictures and other languages are passed over."""
    if not isinstance(node.tag, str):
        return {}
    found: dict[str, str] = {}
    for inner in node.iter():
        if not isinstance(inner.tag, str) or "image" in inner.tag or "video" in inner.tag:
            continue
        found.setdefault(etree.QName(inner).localname, (inner.text or "").strip())
    return found


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        with gzip.open(io.BytesIO(body)) as packed:
            return packed.read(HEAVIEST)
    except (OSError, EOFError):
        return body


def _age(entry: Entry) -> str:
    """ISO dates sort as text; a line without one is the oldest."""
    return entry.published or ""
