"""Read this first: how a post in a feed and a citizen's report travel to a department's desk.

    source ─ collect ─ classify ─ link ─ route ─▶ desk

A newspaper on loopback serves a feed and an article; a citizen sends a report over HTTP. Both pass the same stages,
each stage writing its rows and the next job in one transaction, and both end where somebody must act.
"""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from listener import schedule
from listener.jobs import hand_over, run_worker
from listener.store import tables as t
from listener.store.database import session_scope
from listener.web.app import create_app

ARTICLE = """<!doctype html><html lang="vi"><head><title>Nước ngập hẻm 132</title>
<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",
"headline":"Người dân hẻm 132 kêu cứu vì nước ngập","datePublished":"2026-11-20T07:30:00+07:00"}</script></head>
<body><article><h1>Người dân hẻm 132 kêu cứu vì nước ngập</h1>
<p class="sapo">Sau trận mưa tối 19-11, hẻm 132 phường Ninh Kiều ngập tới đầu gối.</p>
<p>Theo ghi nhận sáng nay, nước từ cống dâng lên tràn vào nhà, nhiều xe máy chết máy giữa hẻm. Bà con cho biết
tình trạng ngập kéo dài từ đầu mùa mưa tới nay nhưng chưa thấy đơn vị thoát nước tới khơi thông.</p>
<p>Nhiều hộ phải kê đồ lên cao, học sinh lội nước đi học. Bà con mong ngành chức năng sớm xử lý dứt điểm.</p>
</article></body></html>"""


class Newspaper(BaseHTTPRequestHandler):
    """A very small newspaper."""

    def do_GET(self) -> None:
        base = f"http://127.0.0.1:{self.server.server_address[1]}"
        pages = {
            "/robots.txt": ("text/plain", "User-agent: *\nDisallow: /noi-bo/\n"),
            "/rss/home.rss": (
                "application/rss+xml",
                f"""<?xml version="1.0"?><rss version="2.0"><channel>
                <title>Báo thử</title><link>{base}</link><description>Tin</description>
                <item><title>Người dân hẻm 132 kêu cứu vì nước ngập</title><link>{base}/ngap-hem-132.html</link>
                <guid>{base}/ngap-hem-132.html</guid><pubDate>Fri, 20 Nov 2026 07:30:00 +0700</pubDate></item>
                </channel></rss>""",
            ),
            "/ngap-hem-132.html": ("text/html; charset=utf-8", ARTICLE),
        }
        kind, body = pages.get(self.path, ("text/plain", ""))
        self.send_response(200 if self.path in pages else 404)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_args: object) -> None:
        """Keep the tests' output clean."""


@pytest.fixture
def newspaper() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Newspaper)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_post_in_a_feed_travels_to_the_stream(database: str, newspaper: str) -> None:
    assert schedule.visit_sources  # the periodic jobs stand beside the pipeline's
    with session_scope() as session:
        source = t.Source(
            slug="bao-thu", name="Báo thử", kind="rss", url=f"{newspaper}/rss/home.rss", options={"lead": "p.sapo"}
        )
        session.add(source)
        session.flush()
        hand_over(session, "collect", source_id=source.id)

    run_worker(database, wait=False)  # collect → classify → link → route, each job written by the one before

    with session_scope() as session:
        item = session.scalars(select(t.Item).where(t.Item.source_id == source.id)).one()
        assert item.title == "Người dân hẻm 132 kêu cứu vì nước ngập"
        assert "ngập tới đầu gối" in item.text  # the lead
        assert "khơi thông" in item.text  # the body
        assert (item.field, item.unit_code) == ("ha-tang-ky-thuat", "31135")
        assert item.state == "listed"  # news is followed; it burdens no desk by itself
        kinds = session.scalars(select(t.Event.kind).where(t.Event.item_id == item.id).order_by(t.Event.id)).all()
        assert kinds == ["received", "listed"]
        run = session.scalars(select(t.SourceRun).where(t.SourceRun.source_id == source.id)).one()
        assert (run.outcome, run.found, run.new) == ("ok", 1, 1)


def test_a_citizens_report_travels_to_a_departments_desk(database: str) -> None:
    with TestClient(create_app()) as citizen:
        sent = citizen.post("/api/v1/reports", json={"text": "Đèn đường hẻm 51 phường Cái Khế tắt ba hôm nay, tối om"})
    assert sent.status_code == 201
    receipt = sent.json()
    assert receipt["topic"]["slug"] == "den-duong-hong"
    assert receipt["department"] == "UBX-31120"
    assert receipt["due"] is not None

    with session_scope() as session:
        item = session.scalars(select(t.Item).where(t.Item.number == receipt["number"])).one()
        assignment = session.scalars(select(t.Assignment).where(t.Assignment.item_id == item.id)).one()
        assert (assignment.department_code, assignment.state) == ("UBX-31120", "assigned")
        assert "Phường Cái Khế" in assignment.reason
        assert item.code_hash is not None  # the code itself is kept nowhere
        assert receipt["code"] not in (item.code_hash, item.number)


def test_the_same_words_without_diacritics_take_the_same_way(database: str) -> None:
    with TestClient(create_app()) as citizen:
        marked = citizen.post(
            "/api/v1/reports", json={"text": "Đèn đường hẻm 51 phường Cái Khế tắt ba hôm nay, tối om"}
        ).json()
        plain = citizen.post(
            "/api/v1/reports", json={"text": "Den duong hem 51 phuong Cai Khe tat ba hom nay, toi om"}
        ).json()
    for part in ("topic", "department", "urgency", "sentiment"):
        assert plain[part] == marked[part]
