"""One spider a kind of source; SPIDERS is the one table."""

from listener.collect.spiders.base import SourceSpider
from listener.collect.spiders.comments import CommentsSpider
from listener.collect.spiders.drop import DropSpider
from listener.collect.spiders.facebook import FacebookSpider
from listener.collect.spiders.page import PageSpider
from listener.collect.spiders.rss import FeedSpider
from listener.collect.spiders.sitemap import SitemapSpider
from listener.collect.spiders.telegram import TelegramSpider
from listener.collect.spiders.xenforo import XenForoSpider
from listener.collect.spiders.youtube import YouTubeSpider

SPIDERS: dict[str, type[SourceSpider]] = {
    "rss": FeedSpider,
    "page": PageSpider,
    "sitemap": SitemapSpider,
    "xenforo": XenForoSpider,
    "youtube": YouTubeSpider,
    "facebook": FacebookSpider,
    "telegram": TelegramSpider,
    "comments": CommentsSpider,
    "drop": DropSpider,
}
