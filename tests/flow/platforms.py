"""YouTube, Facebook, Telegram, a forum and a paper's comments on loopback, as documented; the words are ours."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

NOW = datetime.now(UTC).replace(microsecond=0)
Answer = tuple[int, dict[str, str], bytes]
KEY, TOKEN, PAGE = "khoa-rat-bi-mat", "ma-trang-rat-bi-mat", "112233445566"


def ago(hours: float) -> str:
    return (NOW - timedelta(hours=hours)).isoformat().replace("+00:00", "Z")


def as_json(said: Any, status: int = 200, **headers: str) -> Answer:
    kind = {"Content-Type": "application/json; charset=utf-8"}
    return status, kind | {name.replace("_", "-"): value for name, value in headers.items()}, json.dumps(said).encode()


@dataclass
class Platform:
    """A server of ours; ``next_answers`` come before what the platform would say, None meaning its own answer."""

    url: str = ""
    asked: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    next_answers: list[Answer | None] = field(default_factory=list)
    size: int = 2

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Answer:
        raise NotImplementedError

    def calls(self) -> list[str]:
        return [path for path, _, _ in self.asked if path != "/robots.txt"]


@dataclass
class YouTube(Platform):
    """commentThreads.list and comments.list of the Data API v3."""

    comments: list[tuple[str, str, int]] = field(default_factory=list)  # id, words, answers; newest first
    stale: bool = False

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Answer:
        if headers.get("x-goog-api-key") != KEY or "key" in query:
            return google_error(400, "keyInvalid")
        if path == "/comments":
            return as_json({"kind": "youtube#commentListResponse", "items": self._answers(query["parentId"])})
        if query.get("allThreadsRelatedToChannelId") != "UCbensong" or query["part"] != "snippet,replies":
            return google_error(404, "channelNotFound")
        if self.stale and query.get("pageToken"):
            self.stale = False
            return google_error(400, "invalidPageToken")
        begin = int(query.get("pageToken", "T0").removeprefix("T"))
        page = self.comments[begin : begin + self.size]
        more = {"nextPageToken": f"T{begin + self.size}"} if begin + self.size < len(self.comments) else {}
        items = [self._thread(*one) for one in page]
        return as_json({"kind": "youtube#commentThreadListResponse", "items": items, **more})

    def _thread(self, name: str, words: str, answers: int) -> dict[str, Any]:
        place = [one[0] for one in self.comments].index(name)
        top = {"id": name, "snippet": self._snippet(words, ago(1 + place))}
        return {"id": name, "snippet": {"videoId": "v1", "totalReplyCount": answers, "topLevelComment": top}}

    def _answers(self, parent: str) -> list[dict[str, Any]]:
        count = next(one[2] for one in self.comments if one[0] == parent)
        return [
            {
                "id": f"{parent}.{n}",
                "snippet": {**self._snippet(f"Trả lời {n} của {parent}", ago(1)), "parentId": parent},
            }
            for n in range(count)
        ]

    def _snippet(self, words: str, at: str) -> dict[str, Any]:
        person = {"authorDisplayName": "@ten-that-cua-ho", "authorChannelId": {"value": "UCnguoi"}}
        return {"videoId": "v1", "textOriginal": words, "textDisplay": words, "publishedAt": at, **person}


def google_error(status: int, reason: str) -> Answer:
    return as_json({"error": {"code": status, "message": f"loi {KEY}", "errors": [{"reason": reason}]}}, status)


@dataclass
class Facebook(Platform):
    """The feed of a page and the comments under its posts, of the Graph API."""

    posts: dict[str, list[str]] = field(default_factory=dict)  # post → words of its comments, newest first
    usage: int = 10

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Answer:
        if headers.get("authorization") != f"Bearer {TOKEN}" or "access_token" in query:
            return graph_error(190)
        _, name, edge = path.split("/")
        if edge == "feed":
            lines = [self._post(post, place) for place, post in enumerate(self.posts)]
        else:
            lines = [self._comment(name, words) for words in self.posts[name]]
        begin = int(query.get("after", "0"))
        paging: dict[str, Any] = {"cursors": {"after": str(begin + self.size)}}
        if begin + self.size < len(lines):
            paging["next"] = f"{self.url}/x?access_token={TOKEN}"
        answer = {"data": lines[begin : begin + self.size], "paging": paging}
        return as_json(answer, X_App_Usage=json.dumps({"call_count": self.usage, "total_time": 1}))

    def _post(self, name: str, place: int) -> dict[str, Any]:
        count = {"data": [], "summary": {"total_count": len(self.posts[name])}}
        mine = {"id": name, "message": f"Bài của trang {name}", "from": {"id": PAGE}}
        return {**mine, "created_time": ago(2 + place), "comments": count}

    def _comment(self, post: str, words: str) -> dict[str, Any]:
        return {"id": f"{post}_{words}", "message": words, "created_time": ago(1), "from": {"id": "998877"}}


def graph_error(code: int, status: int = 400) -> Answer:
    error = {"message": f"loi {TOKEN}", "type": "OAuthException", "code": code, "fbtrace_id": "A"}
    return as_json({"error": error}, status)


@dataclass
class Telegram(Platform):
    """The web preview of a channel: the newest messages, older ones by ``before``."""

    newest: int = 5

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Answer:
        if path != "/s/bensong":
            return (
                200,
                {"Content-Type": "text/html"},
                b"<html><body><div class='tgme_page'>Khong co</div></body></html>",
            )
        last = int(query.get("before", self.newest + 1)) - 1
        first = max(1, last - self.size + 1)
        more = f'<a class="tme_messages_more" data-before="{first}" href="?before={first}"></a>' if first > 1 else ""
        body = "".join(self._message(number) for number in range(first, last + 1))
        page = f'<html><body><section class="tgme_channel_history">{more}{body}</section></body></html>'
        return 200, {"Content-Type": "text/html; charset=utf-8"}, page.encode()

    def _message(self, number: int) -> str:
        return (
            f'<div class="tgme_widget_message" data-post="bensong/{number}">'
            f'<div class="tgme_widget_message_text js-message_text">Tin số {number} về bến sông</div>'
            f'<a class="tgme_widget_message_date" href="/bensong/{number}">'
            f'<time datetime="{ago(100 - number)}"></time></a></div>'
        )


@dataclass
class Forum(Platform):
    """A forum on XenForo 2 with threads that grow."""

    threads: dict[str, int] = field(default_factory=dict)  # thread → how many posts

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Answer:
        if path == "/f/can-tho.2/":
            body = "".join(self._line(name) for name in self.threads)
            return self._page(f'<div class="structItemContainer">{body}</div>')
        name, _, page = path.removeprefix("/t/").rstrip("/").partition("/page-")
        if name not in self.threads:
            return 404, {}, b""
        begin = (int(page or 1) - 1) * self.size
        posts = range(begin, min(self.threads[name], begin + self.size))
        more = (
            '<a class="pageNav-jump pageNav-jump--next" href="#">Sau</a>'
            if begin + self.size < self.threads[name]
            else ""
        )
        body = "".join(self._post(name, number) for number in posts)
        return self._page(f'<h1 class="p-title-value">Chuyện {name}</h1>{body}{more}')

    def _line(self, name: str) -> str:
        pages = -(-self.threads[name] // self.size)
        jump = f'<span class="structItem-pageJump"><a href="#">{pages}</a></span>' if pages > 1 else ""
        return (
            f'<div class="structItem structItem--thread">'
            f'<div class="structItem-title"><a href="/t/{name}/">Chuyện</a></div>'
            f'{jump}<time class="structItem-latestDate" datetime="{ago(500 - self.threads[name])}"></time></div>'
        )

    def _post(self, name: str, number: int) -> str:
        identity = f"{sum(map(ord, name))}{number:03d}"
        return (
            f'<article class="message message--post" data-author="thanh_vien" data-content="post-{identity}">'
            f'<time datetime="{ago(490 - number)}"></time><div class="message-body">'
            f'<div class="bbWrapper">Bài {number} của {name}</div></div></article>'
        )

    def _page(self, body: str) -> Answer:
        return (
            200,
            {"Content-Type": "text/html; charset=utf-8"},
            f'<html><body class="p-body">{body}</body></html>'.encode(),
        )


@dataclass
class Paper(Platform):
    """A paper's feed, its sitemap index, and the endpoint of its comments."""

    comments: int = 3

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Answer:
        if path == "/rss":
            link = f"<link>{self.url}/ngap-4811111.html</link>"
            item = f"<item><title>Ngập</title>{link}<pubDate>{_mail(3)}</pubDate></item>"
            return (
                200,
                {"Content-Type": "application/xml"},
                f"<rss version='2.0'><channel>{item}</channel></rss>".encode(),
            )
        if path == "/binh-luan":
            begin = int(query["offset"])
            items = [self._comment(number) for number in range(begin, min(self.comments, begin + self.size))]
            return as_json({"error": 0, "data": {"total": self.comments, "items": items}})
        if path == "/sitemap.xml":
            maps = "".join(f"<sitemap><loc>{self.url}/map-{n}.xml</loc></sitemap>" for n in (1, 2))
            return self._xml(f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{maps}</sitemapindex>")
        if path.startswith("/map-"):
            line = f"<url><loc>{self.url}/bai{path[4:-4]}.html</loc><lastmod>{ago(5)}</lastmod></url>"
            return self._xml(f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{line}</urlset>")
        if path.startswith("/bai-"):
            words = (
                "Nắp cống trước cổng chợ bể đã ba ngày, xe máy sụp bánh, bà con cắm nhánh cây báo cho nhau tránh. " * 4
            )
            return (
                200,
                {"Content-Type": "text/html; charset=utf-8"},
                f"<html><body><h1>{path}</h1><article><p>{words}</p></article></body></html>".encode(),
            )
        return 404, {}, b""

    def _comment(self, number: int) -> dict[str, Any]:
        moment = int((NOW - timedelta(hours=2)).timestamp())
        return {"comment_id": str(700 + number), "content": f"Ý kiến {number}", "userid": 5, "creation_time": moment}

    def _xml(self, body: str) -> Answer:
        return 200, {"Content-Type": "application/xml"}, body.encode()


def _mail(hours: float) -> str:
    return format_datetime(NOW - timedelta(hours=hours))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        platform: Platform = self.server.platform  # type: ignore[attr-defined]
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        platform.asked.append((parts.path, query, headers))
        status, told, body = 404, {}, b""
        if parts.path != "/robots.txt":
            forced = platform.next_answers.pop(0) if platform.next_answers else None
            status, told, body = forced or platform.answer(parts.path, query, headers)
        self.send_response(status)
        for name, value in {**told, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


P = TypeVar("P", bound=Platform)


@contextmanager
def running(platform: P) -> Iterator[P]:
    """Run a platform on a free port until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.platform = platform  # type: ignore[attr-defined]
    platform.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
