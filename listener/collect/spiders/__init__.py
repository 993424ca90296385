"""One spider a kind of source; SPIDERS is the one table."""

from listener.collect.spiders.base import SourceSpider
from listener.collect.spiders.page import PageSpider
from listener.collect.spiders.rss import FeedSpider

SPIDERS: dict[str, type[SourceSpider]] = {
    "rss": FeedSpider,
    "page": PageSpider,
}
