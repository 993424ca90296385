"""A newspaper on loopback, built like Vietnamese ones, with the faults they have; every word in it is ours."""

import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NOW = datetime.now(UTC).replace(microsecond=0)
CHANGED = format_datetime(NOW - timedelta(hours=1), usegmt=True)
LEAD = "Nước tràn lên mặt đường ngay giờ tan tầm, nhiều xe chết máy phải dắt bộ qua đoạn ngập dài gần ba trăm mét."
BODY = [
    "Sau cơn mưa lớn kéo dài hơn một giờ chiều nay, đoạn đường trước chợ bị ngập sâu, nước lên tới nửa bánh xe máy.",
    "Người dân hai bên đường cho biết miệng cống nằm sát lề bị rác lấp kín từ nhiều tuần trước mà chưa ai tới nạo vét.",
    "Anh chạy xe ôm ở đầu hẻm kể rằng chỉ riêng buổi chiều anh đã đẩy giúp mười mấy chiếc xe chết máy lên chỗ khô.",
    "Đại diện đơn vị thoát nước nói sẽ cho người mở nắp cống kiểm tra ngay trong đêm và báo lại với tổ dân phố.",
]
MENU = "Trang chủ Thời sự Pháp luật Giáo dục Sức khỏe"


@dataclass
class Page:
    """What the site answers under one path."""

    body: bytes
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    etag: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    modified: str | None = None
    packed: bool = False
    wait: float = 0.0


@dataclass
class Newspaper:
    """The running site: its pages can be changed between two visits, and it remembers who asked for what."""

    url: str
    pages: dict[str, Page]
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [path for path, _ in self.asked]

    def status_of(self, path: str, status: int) -> None:
        """Let a page answer with another status from now on."""
        self.pages[path].status = status


def article(
    title: str, *, lead: str = LEAD, body: list[str] | None = None, published: str, author: str = "Hải Đăng"
) -> bytes:
    """An article page: JSON-LD as papers write it (with a raw line break), the lead outside the running text."""
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in body or BODY)
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{escape(title)} - Báo Bến Sông</title>
<meta property="og:title" content="{escape(title)} | Báo Bến Sông">
<script type="application/ld+json">{{"@context":"https://schema.org","@type":"BreadcrumbList"}}</script>
<script type="application/ld+json">{{"@context":"https://schema.org","@type":["NewsArticle"],"headline":"{escape(title)}",
"description":"Bản tin
buổi chiều","datePublished":"{published}","author":[{{"@type":"Person","name":"{author}"}}]}}</script></head>
<body><header><nav>{MENU}</nav></header>
<div class="tren"><h1>{escape(title)}</h1><h2 class="sapo">{escape(lead)}</h2></div>
<article class="noi-dung"><div class="than-bai">{paragraphs}</div></article>
<aside><h3>Tin liên quan</h3><ul><li><a href="/khac.html">Bài khác</a></li></ul></aside>
<footer>Báo Bến Sông, tòa soạn ở bờ kè. Giữ bản quyền.</footer></body></html>""".encode()


def rss(entries: list[str], *, title: str = "Báo Bến Sông") -> bytes:
    """An RSS feed of these items."""
    return f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title>
<link>http://ben-song.test</link><description>Tin mới</description>{"".join(entries)}</channel></rss>""".encode()


def entry(title: str, link: str, date: str, summary: str = "Tóm tắt ngắn.") -> str:
    """One item; its description holds a picture and text in CDATA, as most papers write it."""
    return (
        f"<item><title><![CDATA[{title}]]></title><link>{link}</link><guid>{link}</guid><pubDate>{date}</pubDate>"
        f'<description><![CDATA[<a href="{link}"><img src="/anh.jpg"></a></br>{summary}]]></description></item>'
    )


def atom(url: str) -> bytes:
    """An Atom feed of one entry with its whole content."""
    stamp = (NOW - timedelta(hours=5)).isoformat()
    return f"""<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">
<title>Bến Sông nhanh</title>
<id>tag:ben-song,2026:nhanh</id><updated>{stamp}</updated><entry><id>tag:ben-song,2026:n1</id>
<title>Cầu tạm đã thông xe</title>
<link href="{url}/nhanh/1.html"/><updated>{stamp}</updated><author><name>Tổ tin nhanh</name></author>
<content type="html">&lt;p&gt;Cầu tạm qua rạch đã thông xe từ sáng nay.&lt;/p&gt;
&lt;p&gt;Xe tải nặng vẫn phải đi vòng.&lt;/p&gt;</content>
</entry></feed>""".encode()


def _pages(url: str) -> dict[str, Page]:
    recent = NOW - timedelta(hours=3)
    mail = format_datetime(recent)
    odd = recent.astimezone().astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S") + " +00"
    iso = recent.isoformat()
    return {
        "/robots.txt": Page(b"User-agent: *\nDisallow: /kin/\n", "text/plain"),
        "/rss/home.rss": Page(
            rss(
                [
                    entry(
                        "Ng&amp;#7853;p s&amp;acirc;u tr&#432;&#7899;c ch&#7907; sau m&#432;a l&#7899;n",
                        f"{url}/ngap.html",
                        mail,
                    ),
                    entry("Đèn đường tắt cả tuần", f"{url}/den.html", odd, "Cả con hẻm tối om từ đầu tuần."),
                    entry("Hồ sơ nội bộ", f"{url}/kin/ho-so.html", mail, "Chỉ có tóm tắt được đọc."),
                    entry(
                        "Tin từ ngày mai", f"{url}/mai.html", format_datetime(NOW + timedelta(days=3)), "Ngày đăng sai."
                    ),
                ]
            ),
            "application/rss+xml; charset=utf-8",
            etag='"nhà-1"'.encode().decode("latin-1"),
            modified=CHANGED,
        ),
        "/ngap.html": Page(article("Ngập sâu trước chợ sau mưa lớn", published=iso)),
        "/den.html": Page(article("Đèn đường tắt cả tuần", published=iso, author="Tổ điện"), packed=True),
        "/kin/ho-so.html": Page(article("Không được đọc", published=iso)),
        "/mai.html": Page(article("Tin từ ngày mai", published=(NOW + timedelta(days=3)).isoformat())),
        "/rss/nhanh.atom": Page(atom(url), "application/atom+xml"),
        "/nhanh/1.html": Page(b"<html><body>hong</body></html>", status=404),
        "/rss/dung-yen.rss": Page(
            rss([entry("Bài đầu", f"{url}/a.html", mail)]), "application/xml", etag='"khong-doi"'
        ),
        "/rss/chet.rss": Page(b"", status=500),
        "/rss/mat.rss": Page(b"", status=404),
        "/rss/cam.rss": Page(b"", status=403),
        "/rss/thanh-web.rss": Page(b"<!DOCTYPE html><html><body>Trang da doi</body></html>"),
        "/rss/nang.rss": Page(b"<rss>" + b" " * (9 * 2**20), "application/xml"),
        "/rss/bom.rss": Page(b"<rss>" + b" " * (40 * 2**20), "application/xml", packed=True),
        "/rss/vong.rss": Page(b"", status=302, headers={"Location": "/rss/vong.rss"}),
        "/rss/ngu.rss": Page(b"", wait=20),
        "/chuyen-muc": Page(
            b"<html><body><nav><a href='/gioi-thieu'>Gioi thieu</a></nav>"
            b"<h3 class='tin'><a href='/ngap.html#top'>Ngap</a></h3><h3 class='tin'><a href='/den.html'>Den</a></h3>"
            b"</body></html>"
        ),
    }


@contextmanager
def newspaper(change: Callable[[str], dict[str, Page]] | None = None) -> Iterator[Newspaper]:
    """Run the site on a free port until the block ends; ``change(url)`` adds pages or replaces them."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    url = f"http://127.0.0.1:{server.server_address[1]}"
    site = Newspaper(url, {**_pages(url), **(change(url) if change else {})})
    server.site = site  # type: ignore[attr-defined]
    server.closing = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        server.closing.set()  # type: ignore[attr-defined]
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site: Newspaper = self.server.site  # type: ignore[attr-defined]
        site.asked.append((self.path, dict(self.headers.items())))
        page = site.pages.get(self.path, Page(b"khong co", status=404))
        if page.wait:
            self.server.closing.wait(page.wait)  # type: ignore[attr-defined]
        known = page.etag is not None and self.headers.get("If-None-Match") == page.etag
        self._answer(page, 304 if page.status == 200 and known else page.status)

    def _answer(self, page: Page, status: int) -> None:
        body = b"" if status == 304 else gzip.compress(page.body) if page.packed else page.body
        self.send_response(status)
        headers = {"Content-Type": page.kind, "Content-Length": str(len(body)), **page.headers}
        if page.packed:
            headers["Content-Encoding"] = "gzip"
        if page.etag:
            headers["ETag"] = page.etag
        if page.modified:
            headers["Last-Modified"] = page.modified
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *arguments: object) -> None:
        """Quiet."""
