"""Manners of a visit: robots.txt, pace, an honest name, weight limits, and no private addresses."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from listener.addresses import is_public, is_reserved, names_private_host

NAME = "listener"  # how robots.txt addresses us
HEAVIEST = 8 * 2**20  # bytes of one page, packed or unpacked; the heaviest feeds seen are below 2 MB
PATIENCE = 30  # seconds for one answer
LONGEST_DELAY = 60.0
MEMORY_MB = 400
LONGEST_REST = 24 * 3600  # seconds of a Retry-After; a source is asked once a day at least

_private_names: set[str] = set()
rests: dict[str, int] = {}  # seconds of rest that a host's robots.txt asked for, in this process


class PrivateAddress(IgnoreRequest):
    """The host lies in a private network."""


class RobotsUnreadable(IgnoreRequest):
    """robots.txt answers with a server's fault: until it can be read, nothing may be (RFC 9309, 2.3.1.4)."""


def scrapy_settings(
    *, contact: str, delay: float, private_hosts: bool, seconds: float, patience: float = PATIENCE, own_host: str = ""
) -> dict[str, Any]:
    """Scrapy's settings for a visit of at most ``seconds``.

    ``own_host`` (name and port) is the one private host that a source marked as local may be asked at.
    """
    return {
        "USER_AGENT": f"{NAME}/{version(NAME)} (+{contact})",
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": NAME,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": delay,
        "AUTOTHROTTLE_MAX_DELAY": LONGEST_DELAY,
        "CONCURRENT_REQUESTS": 2,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": delay,
        "DOWNLOAD_DELAY_JITTER": 0,
        "DOWNLOAD_MAXSIZE": HEAVIEST,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_TIMEOUT": patience,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_HANDLERS": {"data": None, "file": None, "ftp": None, "s3": None},
        "DOWNLOADER_MIDDLEWARES": {
            "listener.collect.politeness.Guard": 90,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "listener.collect.politeness.Robots": 100,
        },
        "EXTENSIONS": {
            "scrapy.extensions.throttle.AutoThrottle": None,
            "listener.collect.politeness.Throttle": 0,
            "scrapy.extensions.memusage.MemoryUsage": None,
            "listener.collect.spiders.own_memory.OwnMemory": 0,
            "scrapy.extensions.telnet.TelnetConsole": None,
            "scrapy.extensions.remote_control.RemoteControl": None,
        },
        "TWISTED_DNS_RESOLVER": "listener.collect.politeness.GuardedResolver",
        "DNS_TIMEOUT": 15,
        "PRIVATE_HOSTS": private_hosts,
        "OWN_HOST": own_host,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.5",
            "Accept-Language": "vi",
        },
        "REDIRECT_MAX_TIMES": 5,
        "DEPTH_LIMIT": 3,
        "REFERRER_POLICY": "no-referrer",
        "RETRY_TIMES": 1,
        "RETRY_HTTP_CODES": [408, 500, 502, 504, 522, 524],  # not 429 and 503: who asks for rest gets it
        "COOKIES_ENABLED": False,
        "CLOSESPIDER_TIMEOUT": seconds,
        "MEMUSAGE_LIMIT_MB": MEMORY_MB,
        "MEMUSAGE_CHECK_INTERVAL_SECONDS": 1,
        "LOG_LEVEL": "CRITICAL",
        "LOG_INSTALL_ROOT_HANDLER": False,
        "STATS_DUMP": False,
    }


def was_private(host: str) -> bool:
    """Whether the resolver refused this host in this process."""
    return host in _private_names


class Guard:
    """Refuses private hosts for every request: first ones, redirected ones and robots.txt alike."""

    def __init__(self, *, private_hosts: bool, own_host: str = "") -> None:
        self.private_hosts, self.own_host = private_hosts, own_host.lower()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Guard":
        return cls(
            private_hosts=crawler.settings.getbool("PRIVATE_HOSTS"), own_host=crawler.settings.get("OWN_HOST", "")
        )

    def process_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        host = parts.hostname or ""
        if not names_private_host(host):
            return
        if is_reserved(host) or not (self.private_hosts or parts.netloc.lower() == self.own_host):
            raise PrivateAddress(host)
        request.meta.setdefault("proxy", None)  # what is near is asked directly


class GuardedResolver(CachingThreadedResolver):
    """Refuses names that resolve to a private address; the connection is made to the very address that was checked."""

    private_hosts = False
    own_name = ""

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> "GuardedResolver":
        made: GuardedResolver = super().from_crawler(crawler, reactor)
        made.private_hosts = crawler.settings.getbool("PRIVATE_HOSTS")
        made.own_name = urlsplit(f"//{crawler.settings.get('OWN_HOST', '')}").hostname or ""
        return made

    def getHostByName(self, name: str, timeout: Any = ()) -> "Deferred[str]":  # noqa: N802 (Twisted's name)
        found: Deferred[str] = super().getHostByName(name, timeout)
        if name in _proxies():
            return found
        return found.addCallback(_allowed_only, name, private=self.private_hosts or name.lower() == self.own_name)


def _allowed_only(address: str, name: str, *, private: bool) -> str:
    if is_public(address) or (private and not is_reserved(address)):
        return address
    _private_names.add(name.lower())
    raise DNSLookupError(f"{name} is a private address")


def rest_asked(response: Response | None, *, now: datetime) -> int:
    """The seconds that a Retry-After asks for, 0 where it asks for none."""
    written = (response.headers.get("Retry-After") or b"").decode("latin-1").strip() if response is not None else ""
    if written.isdigit():
        return min(int(written), LONGEST_REST)
    try:
        until = parsedate_to_datetime(written)
    except ValueError:
        return 0
    until = until if until.tzinfo is not None else until.replace(tzinfo=UTC)
    return max(0, min(round((until - now).total_seconds()), LONGEST_REST))


def _proxies() -> set[str]:
    """The hosts of the machine's own proxies, which usually are private."""
    return {host for address in getproxies().values() if (host := urlsplit(address).hostname)}


class Robots(RobotsTxtMiddleware):
    """robots.txt after RFC 9309: a missing one allows all, one that answers with a server's fault allows nothing."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.unreadable: set[str] = set()

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            self.unreadable.add(netloc)
            rests[netloc] = rest_asked(response, now=datetime.now(UTC))
        if response.status >= 400:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)

    def process_request_2(self, rp: Any, request: Request) -> None:
        netloc = urlsplit(request.url).netloc
        if netloc in self.unreadable:
            raise RobotsUnreadable(netloc)
        super().process_request_2(rp, request)


class Throttle(AutoThrottle):
    """AutoThrottle that never goes under the Crawl-delay of a host's robots.txt."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.floors: dict[str, float] = {}
        crawler.signals.connect(self._robots_parsed, signal=signals.robots_parsed)

    def _robots_parsed(self, robotparser: Any, request: Request) -> None:
        asked = robotparser.crawl_delay(NAME)
        if asked is None:
            return
        host = urlsplit(request.url).hostname or ""
        self.floors[host] = min(float(asked), LONGEST_DELAY)
        slot = self.crawler.engine.downloader.slots.get(host)
        if slot is not None:
            slot.delay = max(slot.delay, self.floors[host])

    def _adjust_delay(self, slot: Any, latency: float, response: Response) -> None:
        super()._adjust_delay(slot, latency, response)
        slot.delay = max(slot.delay, self.floors.get(urlsplit(response.url).hostname or "", 0.0))
