"""A town of ten sites on loopback, each at an address of its own: good ones, tired ones, and one that means harm."""

import gzip
import select
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any

from flow.newspaper import NOW, article, atom, entry, rss

MAIL = format_datetime(NOW)
XML = "application/rss+xml; charset=utf-8"
HTML = "text/html; charset=utf-8"
GIGABYTE = 2**30


@dataclass
class Answer:
    """What a site says under one path.

    ``drip`` sends a byte now and then, ``endless`` a gigabyte without its length.
    """

    body: bytes = b""
    kind: str = HTML
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: bool = False
    endless: bool = False


@dataclass
class Site:
    """One site of the town: what it says, what it was asked, how much it sent, how many asked at once."""

    host: str
    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    sent: int = 0
    open: set[socket.socket] = field(default_factory=set)
    most_at_once: int = 0
    pause: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


@dataclass
class Town:
    """The sites by name, and the sources that lead to them: slug → (site, kind, path, options)."""

    sites: dict[str, Site]
    sources: dict[str, tuple[str, str, str, dict[str, Any]]]

    def url_of(self, slug: str) -> str:
        site, _, path, _ = self.sources[slug]
        return self.sites[site].url + path


def feed(site: Site, name: str, count: int) -> Answer:
    """A feed of so many articles, with their pages put on the site."""
    entries = []
    for number in range(count):
        path = f"/{name}/{number}.html"
        site.answers[path] = Answer(article(f"Tin {name} số {number}", published=NOW.isoformat()))
        entries.append(entry(f"Tin {name} số {number}", site.url + path, MAIL))
    return Answer(rss(entries), XML)


def _paper(site: Site) -> None:
    site.answers["/rss"] = feed(site, "bao", 12)
    site.answers["/robots.txt"] = Answer(b"User-agent: *\nAllow: /\n", "text/plain")


def _forum(site: Site) -> None:
    threads = "".join(f"<h3 class='chu-de'><a href='/t/{n}'>Chủ đề {n}</a></h3>" for n in range(6))
    site.answers["/"] = Answer(f"<html><body>{threads}<a href='/thanh-vien'>Thành viên</a></body></html>".encode())
    for number in range(6):
        site.answers[f"/t/{number}"] = Answer(article(f"Chủ đề {number}", published=NOW.isoformat()))


def _portal(site: Site) -> None:
    site.answers["/thong-bao"] = Answer(article("Thông báo cắt nước", published=NOW.isoformat()))


def _agency(site: Site) -> None:
    site.answers["/atom"] = Answer(atom(site.url), "application/atom+xml")
    site.answers["/nhanh/1.html"] = Answer(b"", status=404)


def _slow(site: Site) -> None:
    site.answers["/rss"] = Answer(b"<rss>" + b" " * 5000, XML, drip=True)


def _tired(site: Site) -> None:
    site.answers["/rss"] = Answer(b"", status=429, headers={"Retry-After": "7200"})
    site.answers["/khac"] = feed(site, "met", 2)


def _broken(site: Site) -> None:
    site.answers["/rss"] = Answer(b"loi", status=500)


def _closed(site: Site) -> None:
    site.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /kin\n", "text/plain")
    site.answers["/rss"] = Answer(
        rss([entry("Tin mở", f"{site.url}/mo.html", MAIL), entry("Tin kín", f"{site.url}/kin/1.html", MAIL)]), XML
    )
    site.answers["/mo.html"] = Answer(article("Tin mở", published=NOW.isoformat()))
    site.answers["/kin/1.html"] = Answer(article("Tin kín", published=NOW.isoformat()))
    site.answers["/kin/rss"] = Answer(rss([]), XML)


def _hostile(site: Site, trap: Site) -> None:
    away = {"loop": "/loop", "inside": f"{trap.url}/ke-hoach", "meta": "http://169.254.169.254/latest/meta-data/"}
    for name, target in away.items():
        site.answers[f"/{name}"] = Answer(status=302, headers={"Location": target})
    site.answers["/bomb"] = Answer(gzip.compress(b"<rss>" + b" " * (96 * 2**20), 9), XML)
    site.answers["/bomb"].headers["Content-Encoding"] = "gzip"
    site.answers["/huge"] = Answer(b"x" * 2**16, XML, endless=True)
    site.answers["/torn"] = Answer(rss([entry("Tin rách", "", MAIL, "Nửa chừng.")])[:-40] + b"\x00<&<item", XML)
    site.answers["/laughs"] = Answer(_laughs(), XML)
    odd = "Ngập sâu trước chợ, xe máy chết hàng loạt".encode("cp1258", "replace")
    site.answers["/odd"] = Answer(rss([entry("TIN", "", MAIL, "SUMMARY")]).replace(b"SUMMARY", odd), XML)
    site.answers["/etag"] = Answer(rss([entry("Bản một", f"{site.url}/e1", MAIL)]), XML, headers={"ETag": '"x"'})
    site.answers["/articles"] = Answer(
        rss([entry(f"Bẫy {name}", address, MAIL, f"Tóm tắt {name}.") for name, address in _traps(site, trap)]), XML
    )
    site.answers["/deep"] = Answer(b"<html><body>" + b"<div>" * 60_000 + b"sau")


def _traps(site: Site, trap: Site) -> list[tuple[str, str]]:
    return [
        ("vòng", f"{site.url}/loop"),
        ("trong", f"{site.url}/inside"),
        ("máy ảo", f"{site.url}/meta"),
        ("thẳng", f"{trap.url}/thang"),
        ("số", f"http://2130706433:{trap.port}/so"),
        ("tệp", "file:///etc/passwd"),
        ("mã", "javascript:alert(1)"),
        ("nén", f"{site.url}/bomb"),
        ("nặng", f"{site.url}/huge"),
        ("sâu", f"{site.url}/deep"),
    ]


def _laughs() -> bytes:
    """Entities of entities: ten levels of ten would be ten thousand million words."""
    names = [f"e{level}" for level in range(10)]
    declared = ['<!ENTITY e0 "ha">'] + [f'<!ENTITY {name} "{f"&{below};" * 10}">' for below, name in pairwise(names)]
    head = f'<?xml version="1.0"?><!DOCTYPE rss [{"".join(declared)}]>'
    item = "<item><title>Cười</title><description>&e9;</description></item>"
    return f"{head}<rss version='2.0'><channel>{item}</channel></rss>".encode()


BUILDERS: dict[str, Callable[[Site], None]] = {
    "paper": _paper, "forum": _forum, "portal": _portal, "agency": _agency, "slow": _slow, "tired": _tired,
    "broken": _broken, "closed": _closed,
}  # fmt: skip
SOURCES: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "t-paper": ("paper", "rss", "/rss", {"lead": ".sapo"}),
    "t-forum": ("forum", "page", "/", {"links": "h3.chu-de", "channel": "forum"}),
    "t-portal": ("portal", "page", "/thong-bao", {}),
    "t-agency": ("agency", "rss", "/atom", {}),
    "t-dead": ("dead", "rss", "/rss", {}),
    "t-slow": ("slow", "rss", "/rss", {}),
    "t-tired": ("tired", "rss", "/rss", {}),
    "t-broken": ("broken", "rss", "/rss", {}),
    "t-closed": ("closed", "rss", "/rss", {}),
    "t-closed-all": ("closed", "rss", "/kin/rss", {}),
    "h-loop": ("hostile", "rss", "/loop", {}),
    "h-inside": ("hostile", "rss", "/inside", {}),
    "h-meta": ("hostile", "rss", "/meta", {}),
    "h-bomb": ("hostile", "rss", "/bomb", {}),
    "h-huge": ("hostile", "rss", "/huge", {}),
    "h-torn": ("hostile", "rss", "/torn", {}),
    "h-laughs": ("hostile", "rss", "/laughs", {}),
    "h-odd": ("hostile", "rss", "/odd", {}),
    "h-etag": ("hostile", "rss", "/etag", {"articles": False}),
    "h-articles": ("hostile", "rss", "/articles", {}),
}


@contextmanager
def town() -> Iterator[Town]:
    """Run the town; the site ``trap`` stands for the machine's own services and must never be asked."""
    names = [*BUILDERS, "hostile", "trap"]
    sites = {name: Site(f"127.0.0.{11 + place}" if name != "trap" else "127.0.0.1") for place, name in enumerate(names)}
    with serving(list(sites.values())):
        for name, build in BUILDERS.items():
            build(sites[name])
        _hostile(sites["hostile"], sites["trap"])
        yield Town({**sites, "dead": Site("127.0.0.30", 9)}, dict(SOURCES))


@contextmanager
def serving(sites: Sequence[Site]) -> Iterator[None]:
    """Let sites answer, each on a free port, until the block ends."""
    servers = [_server(site) for site in sites]
    threads = [threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.05}) for one in servers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for site in sites:
            site.closing.set()
        for server, thread in zip(servers, threads, strict=True):
            server.shutdown()
            server.server_close()
            thread.join()


def _server(site: Site) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer((site.host, 0), _Handler)
    server.daemon_threads = True
    server.site = site  # type: ignore[attr-defined]
    site.port = server.server_address[1]
    return server


def _given_up(connection: socket.socket) -> bool:
    """Whether who asked has hung up, which a server that still answers would notice late."""
    try:
        return bool(select.select([connection], [], [], 0)[0]) and connection.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site: Site = self.server.site  # type: ignore[attr-defined]
        with site.lock:
            site.asked.append(self.path)
            site.open.add(self.connection)
            site.most_at_once = max(site.most_at_once, sum(not _given_up(each) for each in site.open))
        try:
            if site.pause:
                site.closing.wait(site.pause)
            self._answer(site, site.answers.get(self.path, Answer(b"khong co", status=404)))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            with site.lock:
                site.open.discard(self.connection)

    def _answer(self, site: Site, answer: Answer) -> None:
        known = answer.headers.get("ETag")
        status = 304 if known is not None and self.headers.get("If-None-Match") == known else answer.status
        body = b"" if status == 304 else answer.body
        self.send_response(status)
        self.send_header("Content-Type", answer.kind)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if not answer.endless:
            self.send_header("Content-Length", str(len(body)))
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        for piece in self._pieces(site, answer, body):
            self.wfile.write(piece)
            site.sent += len(piece)

    def _pieces(self, site: Site, answer: Answer, body: bytes) -> Iterator[bytes]:
        if answer.endless:
            for _ in range(GIGABYTE // len(body)):
                yield body
        elif answer.drip:
            for number in range(len(body)):
                yield body[number : number + 1]
                if site.closing.wait(0.2):
                    return
        else:
            yield body

    def log_message(self, *arguments: object) -> None:
        """Quiet."""
