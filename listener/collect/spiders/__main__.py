"""A visit in a process of its own: the order comes as JSON on standard input, posts go as JSON lines into a file."""

import json
import sys

from scrapy.crawler import CrawlerProcess

from listener.collect.politeness import scrapy_settings
from listener.collect.spiders import SPIDERS
from listener.collect.spiders.base import Order


def main(out_path: str) -> None:
    """Visit the source of the order."""
    order = Order(**json.load(sys.stdin))
    settings = scrapy_settings(
        contact=order.contact, delay=order.delay, private_hosts=order.private_hosts, seconds=order.seconds
    )
    with open(out_path, "w", encoding="utf-8") as out:
        process = CrawlerProcess(settings)
        process.crawl(SPIDERS[order.kind], order=order, out=out)
        process.start()


main(sys.argv[1])
