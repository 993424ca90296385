"""A visit in a process of its own: the order comes as a JSON line on standard input, posts go out as JSON lines.

The input stays open as long as somebody waits for the visit; when it ends, so does the visit.
"""

import json
import os
import sys
import threading
from typing import TextIO
from urllib.parse import urlsplit

from scrapy.crawler import CrawlerProcess

from listener.collect.politeness import scrapy_settings
from listener.collect.spiders import SPIDERS
from listener.collect.spiders.base import Order

LEFT_ALONE = 3


def main() -> None:
    """Visit the source of the order."""
    order = Order(**json.loads(sys.stdin.readline()))
    out = _own_output()
    threading.Thread(target=_until_left_alone, daemon=True).start()
    settings = scrapy_settings(
        contact=order.contact,
        delay=order.delay,
        private_hosts=order.private_hosts,
        seconds=order.seconds,
        patience=order.patience,
        own_host=urlsplit(order.url).netloc if order.options.get("local") is True else "",
    )
    process = CrawlerProcess(settings)
    process.crawl(SPIDERS[order.kind], order=order, out=out)
    process.start()


def _own_output() -> TextIO:
    """The way to the parent, which nothing else can write into: what others print goes to the errors."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return out


def _until_left_alone() -> None:
    while os.read(0, 1024):
        pass
    os._exit(LEFT_ALONE)


main()
