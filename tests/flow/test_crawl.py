"""A newspaper on loopback is visited over HTTP, by the process that visits real ones."""

import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from flow.newspaper import BODY, LEAD, NOW, Newspaper, Page, article, entry, newspaper, rss
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from listener import pipeline
from listener.collect import crawling
from listener.collect.crawling import Result
from listener.settings import Settings
from listener.store import sources
from listener.store import tables as t
from listener.store.shapes import Visit

OPEN = Settings(crawl_delay=0, crawl_private_hosts=True)
CLOSED = Settings(crawl_delay=0, crawl_private_hosts=False)


@pytest.fixture
def paper() -> Iterator[Newspaper]:
    with newspaper() as site:
        yield site


def visit(
    url: str,
    kind: str = "rss",
    *,
    after: Result | None = None,
    settings: Settings = OPEN,
    longest: float = 60,
    grace: float = 5,
    **options: Any,
) -> Result:
    """One visit; ``after`` is the visit before, whose memory went through the database as JSON."""
    memory = json.loads(json.dumps(after.outcome.memory)) if after else {}
    return crawling.visit(Visit(1, 1, "thu", kind, url, options, memory), settings, longest=longest, grace=grace)


def test_feed_and_its_articles_come_home_whole(paper: Newspaper) -> None:
    result = visit(f"{paper.url}/rss/home.rss", lead=".sapo")
    posts = {post.external_id.removeprefix(paper.url): post for post in result.posts}
    assert (result.outcome.status, result.outcome.found, len(posts)) == ("ok", 4, 4)
    flood = posts["/ngap.html"]
    assert flood.title == "Ngập sâu trước chợ sau mưa lớn"
    assert flood.text.startswith(LEAD)
    assert flood.text.count(LEAD) == 1
    assert BODY[-1] in flood.text
    assert (flood.author, flood.channel, flood.url) == ("Hải Đăng", "news", f"{paper.url}/ngap.html")
    assert flood.published_at == NOW - timedelta(hours=3)
    assert posts["/den.html"].author == "Tổ điện"  # came packed with gzip


def test_robots_txt_is_obeyed_and_what_the_feed_says_is_kept(paper: Newspaper) -> None:
    result = visit(f"{paper.url}/rss/home.rss")
    assert "/kin/ho-so.html" not in paper.paths()
    assert paper.paths()[0] == "/robots.txt"
    hidden = next(post for post in result.posts if post.external_id.endswith("/kin/ho-so.html"))
    assert hidden.text == "Chỉ có tóm tắt được đọc."
    assert "robots.txt" in (result.outcome.problem or "")


def test_date_in_the_future_is_dropped_and_said(paper: Newspaper) -> None:
    result = visit(f"{paper.url}/rss/home.rss")
    tomorrow = next(post for post in result.posts if post.external_id.endswith("/mai.html"))
    assert tomorrow.published_at is None
    assert "ở tương lai" in (result.outcome.problem or "")


def test_visitor_says_who_it_is_and_whom_to_ask(paper: Newspaper) -> None:
    visit(f"{paper.url}/rss/home.rss")
    assert {headers["User-Agent"] for _, headers in paper.asked} == {f"listener/0.1.0 (+{OPEN.contact})"}
    assert all("Cookie" not in headers and "Referer" not in headers for _, headers in paper.asked)


def test_second_visit_is_a_304_and_fetches_nothing(paper: Newspaper) -> None:
    first = visit(f"{paper.url}/rss/home.rss")
    paper.asked.clear()
    second = visit(f"{paper.url}/rss/home.rss", after=first)
    assert (second.outcome.status, second.posts) == ("unchanged", [])
    assert paper.paths() == ["/robots.txt", "/rss/home.rss"]
    assert "If-None-Match" in paper.asked[1][1]


def test_same_body_without_304_is_unchanged_too(paper: Newspaper) -> None:
    first = visit(f"{paper.url}/rss/home.rss")
    paper.pages["/rss/home.rss"].etag = None
    assert visit(f"{paper.url}/rss/home.rss", after=first).outcome.status == "unchanged"


def test_only_new_entries_are_fetched(paper: Newspaper) -> None:
    first = visit(f"{paper.url}/rss/home.rss")
    more = entry("Bài mới", f"{paper.url}/moi.html", format_datetime(NOW)).encode()
    page = paper.pages["/rss/home.rss"]
    page.body, page.etag = page.body.replace(b"<item>", more + b"<item>", 1), '"2"'
    paper.pages["/moi.html"] = Page(article("Bài mới", published=NOW.isoformat()))
    paper.asked.clear()
    second = visit(f"{paper.url}/rss/home.rss", after=first)
    assert (second.outcome.status, second.outcome.found, [post.title for post in second.posts]) == (
        "ok",
        5,
        ["Bài mới"],
    )
    assert paper.paths() == ["/robots.txt", "/rss/home.rss", "/moi.html"]


def test_body_that_changes_under_one_etag_is_noticed(paper: Newspaper) -> None:
    url = f"{paper.url}/rss/dung-yen.rss"
    first = visit(url, articles=False)
    page = paper.pages["/rss/dung-yen.rss"]
    page.body = rss([entry("Bài sau", f"{paper.url}/b.html", format_datetime(NOW))])
    assert visit(url, after=first, articles=False).outcome.status == "unchanged"  # the server hides it behind a 304 …
    first.outcome.memory["quiet"] = 12
    second = visit(url, after=first, articles=False)  # … until the body is asked for anyway
    assert [post.title for post in second.posts] == ["Bài sau"]
    page.body = rss([entry("Bài thứ ba", f"{paper.url}/c.html", format_datetime(NOW))])
    third = visit(url, after=second, articles=False)  # and that ETag is never believed again
    assert [post.title for post in third.posts] == ["Bài thứ ba"]


def test_articles_beyond_the_limit_wait_for_the_next_visit_whatever_the_etag_says(paper: Newspaper) -> None:
    first = visit(f"{paper.url}/rss/home.rss", most_articles=1)
    assert "để lần thăm sau" in (first.outcome.problem or "")
    second = visit(f"{paper.url}/rss/home.rss", after=first)
    assert second.outcome.status == "ok"
    assert len({post.external_id for post in (*first.posts, *second.posts)}) == 4
    assert visit(f"{paper.url}/rss/home.rss", after=second).outcome.status == "unchanged"


def test_article_that_fails_for_now_is_fetched_at_the_next_visit(paper: Newspaper) -> None:
    paper.status_of("/ngap.html", 500)
    first = visit(f"{paper.url}/rss/home.rss")
    assert not any(post.external_id.endswith("/ngap.html") for post in first.posts)
    paper.status_of("/ngap.html", 200)
    second = visit(f"{paper.url}/rss/home.rss", after=first)
    assert [post.title for post in second.posts] == ["Ngập sâu trước chợ sau mưa lớn"]


def test_server_that_asks_for_rest_gets_it(paper: Newspaper) -> None:
    for path in ("/ngap.html", "/den.html", "/mai.html"):
        paper.status_of(path, 429)
    result = visit(f"{paper.url}/rss/home.rss")
    assert sum(path.endswith(".html") for path in paper.paths()) < 3
    assert "429" in (result.outcome.problem or "")
    assert result.outcome.status == "ok"


def test_atom_entry_is_kept_by_its_own_content_when_its_page_is_gone(paper: Newspaper) -> None:
    result = visit(f"{paper.url}/rss/nhanh.atom")
    assert [(post.external_id, post.title) for post in result.posts] == [
        ("tag:ben-song,2026:n1", "Cầu tạm đã thông xe")
    ]
    assert result.posts[0].text == "Cầu tạm qua rạch đã thông xe từ sáng nay.\nXe tải nặng vẫn phải đi vòng."


def test_listing_page_leads_to_its_articles(paper: Newspaper) -> None:
    result = visit(f"{paper.url}/chuyen-muc", "page", links="h3.tin", lead=".sapo")
    assert [post.title for post in result.posts] == ["Ngập sâu trước chợ sau mưa lớn", "Đèn đường tắt cả tuần"]


def test_single_page_is_an_article_and_a_new_wording_comes_again(paper: Newspaper) -> None:
    first = visit(f"{paper.url}/ngap.html", "page")
    assert [post.title for post in first.posts] == ["Ngập sâu trước chợ sau mưa lớn"]
    paper.pages["/ngap.html"].body = article("Ngập sâu, đã thông cống", published=NOW.isoformat())
    second = visit(f"{paper.url}/ngap.html", "page", after=first)
    assert [(post.external_id, post.title) for post in second.posts] == [
        (f"{paper.url}/ngap.html", "Ngập sâu, đã thông cống")
    ]


@pytest.mark.parametrize(
    ("path", "kind", "said"),
    [
        ("/rss/chet.rss", "rss", "đang hỏng hoặc quá tải (500)"),
        ("/rss/mat.rss", "rss", "không còn (404)"),
        ("/rss/cam.rss", "rss", "từ chối cho đọc (403)"),
        ("/kin/rss.rss", "rss", "robots.txt của trang cấm"),
        ("/rss/thanh-web.rss", "rss", "Không phải RSS hay Atom"),
        ("/rss/nang.rss", "rss", "nặng hơn 8 MB"),
        ("/rss/bom.rss", "rss", "nặng hơn 8 MB"),
        ("/rss/vong.rss", "rss", "chuyển hướng vòng quanh"),
        ("/chuyen-muc", "page", "đổi giao diện"),
    ],
)
def test_failure_is_said_in_plain_words(paper: Newspaper, path: str, kind: str, said: str) -> None:
    result = visit(f"{paper.url}{path}", kind, links=".khong-co")
    assert result.outcome.status == "failed"
    assert said in (result.outcome.problem or "")
    assert (result.posts, result.outcome.memory) == ([], {})


@pytest.mark.parametrize(
    ("url", "said"),
    [("http://khong-co-may-nay.invalid/rss", "Không tìm thấy máy chủ"), ("http://127.0.0.1:9/rss", "từ chối kết nối")],
)
def test_unreachable_server_is_said_in_plain_words(url: str, said: str) -> None:
    assert said in (visit(url).outcome.problem or "")


def test_robots_txt_that_is_broken_forbids_everything(paper: Newspaper) -> None:
    paper.status_of("/robots.txt", 503)
    result = visit(f"{paper.url}/rss/home.rss")
    assert "Không đọc được robots.txt" in (result.outcome.problem or "")
    assert "/rss/home.rss" not in paper.paths()


def test_crawl_delay_of_robots_txt_is_kept(paper: Newspaper) -> None:
    paper.pages["/robots.txt"].body = b"User-agent: *\nCrawl-delay: 1\n"
    began = datetime.now(UTC)
    visit(f"{paper.url}/rss/dung-yen.rss")
    assert len(paper.asked) == 3
    assert datetime.now(UTC) - began > timedelta(seconds=2)


def test_private_addresses_are_refused_unless_allowed(paper: Newspaper) -> None:
    port = paper.url.rsplit(":", 1)[1]
    for url in (
        f"{paper.url}/rss/home.rss",
        f"http://localhost:{port}/rss/home.rss",
        f"http://2130706433:{port}/rss/home.rss",
    ):
        assert "Địa chỉ nội bộ" in (visit(url, settings=CLOSED).outcome.problem or ""), url
    assert paper.asked == []


def test_visit_that_takes_too_long_is_cut_and_keeps_what_it_has(paper: Newspaper) -> None:
    paper.pages["/den.html"].wait = 20
    result = visit(f"{paper.url}/rss/home.rss", longest=2, grace=12)
    assert result.outcome.status == "failed"
    assert "Hết giờ" in (result.outcome.problem or "")
    assert any(post.external_id.endswith("/ngap.html") for post in result.posts)


def test_crash_of_the_process_is_a_failed_visit() -> None:
    result = visit("http://127.0.0.1:9/", "khong-co-loai-nay")
    assert result.outcome.status == "failed"
    assert "dừng giữa chừng" in (result.outcome.problem or "")


def test_visits_stand_in_the_books_with_items_jobs_and_memory(paper: Newspaper, session: Session) -> None:
    good = _source(session, "ben-song", f"{paper.url}/rss/home.rss")
    dead = _source(session, "ben-song-chet", f"{paper.url}/rss/chet.rss")
    first, second, failed = (_visited(session, source) for source in (good, good, dead))
    assert (first.outcome, first.new, first.found) == ("ok", 4, 4)
    assert (second.outcome, second.new) == ("unchanged", 0)
    assert (failed.outcome, failed.new) == ("failed", 0)
    assert "(500)" in (dead.problem or "")
    assert good.problem is None
    items = session.scalars(select(t.Item).where(t.Item.source_id == good.id).order_by(t.Item.id)).all()
    assert {item.title for item in items} >= {"Ngập sâu trước chợ sau mưa lớn", "Hồ sơ nội bộ"}
    assert all(item.author_key != "Hải Đăng" for item in items)
    waiting = session.scalars(text("SELECT args->'item_ids' FROM procrastinate_jobs WHERE task_name = 'classify'"))
    assert [item.id for item in items] in [sorted(ids) for ids in waiting]


def test_304_after_a_failure_is_no_success(paper: Newspaper, session: Session) -> None:
    source = _source(session, "ben-song-loi", f"{paper.url}/rss/home.rss")
    _visited(session, source)
    page = paper.pages["/rss/home.rss"]
    good, page.body, page.etag = page.body, b"<html><body>dang sua</body></html>", '"hong"'
    assert [_visited(session, source).outcome for _ in range(2)] == ["failed", "failed"]
    page.body, page.etag = good, '"lai-tot"'
    assert _visited(session, source).outcome == "unchanged"
    assert source.problem is None


def _source(session: Session, slug: str, url: str) -> t.Source:
    source = t.Source(slug=slug, name=slug, kind="rss", url=url, options={"lead": ".sapo"}, memory={})
    session.add(source)
    session.flush()
    return source


def _visited(session: Session, source: t.Source) -> t.SourceRun:
    """What the job `collect` does, in the test's own transaction."""
    now = pipeline.now()
    begun = sources.begin_visit(session, source.id, now=now)
    result = crawling.visit(begun, OPEN)
    kept = pipeline.take_posts(session, result.posts, source_id=source.id)
    new, changed = len(kept.new), len(kept.changed)
    sources.end_visit(session, begun.run_id, result.outcome, new=new, changed=changed, dropped=kept.dropped, now=now)
    session.flush()
    return session.get_one(t.SourceRun, begun.run_id)


def test_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        result = visit(f"https://127.0.0.1:{server.server_address[1]}/rss")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert "Chứng thư TLS" in (result.outcome.problem or "")


def _self_signed(folder: Path) -> Path:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "tls.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return path
