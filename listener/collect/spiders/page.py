"""Article pages: one page that is an article itself, or a listing whose links lead to articles."""

from collections.abc import Iterator

import scrapy
from scrapy.http import Response, TextResponse

from listener.collect import extract
from listener.collect.spiders.base import NotThisKind, SourceSpider
from listener.collect.spiders.memory import Entry


class PageSpider(SourceSpider):
    """Reads ``url``; with the option ``links`` (CSS) the pages it links to, else the page itself.

    Other options are those of feeds.
    """

    def entries(self, response: TextResponse) -> list[Entry]:
        """The links of a listing; without the option ``links`` the page is its own only entry."""
        selectors = self.options.get("links")
        if not selectors:
            return [Entry(self.order.url, self.order.url)]
        found = [
            (response.urljoin(address).split("#")[0], words)
            for address, words in extract.links(response.text, str(selectors))
        ]
        if not found:
            raise NotThisKind("Trang không còn liên kết nào khớp bộ chọn. Có thể trang đã đổi giao diện.")
        return [
            Entry(address, address, title=words)
            for address, words in found
            if address.startswith(("http://", "https://"))
        ]

    def _wanted(self, response: Response) -> Iterator[scrapy.Request]:
        if self.options.get("links"):
            yield from super()._wanted(response)
            return
        self.tally.waiting = 1
        self.article(response, self.tally.listed[0])
        if self.tally.troubles:
            self.ending = ("failed", "Trang không có bài đọc được. Có thể trang đã đổi giao diện.")
