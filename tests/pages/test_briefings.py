"""The dashboard and the weekly report over HTTP: who may open them, what they say, where their links lead."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient
from make import NOON, make_assignment, make_item, make_post, make_run, make_source
from sqlalchemy import select
from sqlalchemy.orm import Session

from listener.store import tables as t
from listener.web.app import create_app
from listener.web.deps import Visitor, clock, maybe_visitor, store

AS = Callable[[str], TestClient]
ROLES = ("officer", "dispatcher", "press", "leader", "analyst", "admin", "handler")
WEEK = timedelta(days=7)
NOW = NOON + timedelta(days=7)  # Wednesday of 2026-W48
QUOTE = "Nước lên tới yên xe, gọi 0530000000 không ai nghe"


@pytest.fixture
def signed_in(session: Session) -> AS:
    """A client on the test's session, signed in as any role, on a Wednesday noon."""
    app = create_app()

    def same_session() -> Iterator[Session]:
        with session.begin_nested():
            yield session

    app.dependency_overrides[store] = same_session
    app.dependency_overrides[clock] = lambda: NOW

    def as_role(role: str) -> TestClient:
        desk = "SXD" if role == "officer" else None
        account = t.Account(login=f"thu-{role}", name="Người Thử", role=role, password_hash="-", department_code=desk)
        session.add(account)
        session.flush()
        app.dependency_overrides[maybe_visitor] = lambda: Visitor(account, "key")
        return TestClient(app, raise_server_exceptions=False)

    return as_role


@pytest.fixture
def area(session: Session) -> t.Area:
    return session.scalars(select(t.Area).order_by(t.Area.code)).all()[0]


@pytest.fixture
def flood(session: Session, area: t.Area) -> None:
    """Five weeks of ordinary items and a flood in 2026-W47, a secret matter and some spam."""
    source = make_source(session, "Báo Thử")
    make_run(session, source, NOON, new=9)
    make_run(session, make_source(session, "Báo Im"), NOON)
    for week in range(6):
        make_post(session, source_id=source.id, at=NOON - week * WEEK, sentiment="neutral")
    for number in range(9):
        at = NOON + timedelta(minutes=number)
        post = make_post(session, QUOTE, source_id=source.id, at=at, topic="ngap-nuoc", unit_code=area.code)
        start = QUOTE.index("0530000000")
        post.masks = [{"start": start, "end": start + 10, "type": "phone"}]
    make_assignment(
        session, make_item(session, topic="ngap-nuoc", unit_code=area.code), "SXD", due_at=NOON + timedelta(hours=1)
    )
    make_item(session, "Chuyện phải giữ kín", topic="nhung-nhieu-tieu-cuc", restricted=True, kind="to_cao")
    make_post(session, "Vay tiền nhanh", spam=True, source_id=source.id)
    session.flush()


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.parametrize("role", ROLES)
def test_everyone_but_the_handler_sees_the_dashboard(signed_in: AS, role: str) -> None:
    assert signed_in(role).get("/tong-quan").status_code == (403 if role == "handler" else 200)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", ["/bao-cao", "/bao-cao/2026-W47", "/bao-cao/2026-W47.docx", "/bao-cao/2026-W47.pdf"])
def test_reports_are_for_those_who_see_all_departments(signed_in: AS, role: str, path: str) -> None:
    assert signed_in(role).get(path).status_code == (403 if role in ("officer", "handler") else 200)


def test_nobody_signed_in_is_sent_to_sign_in(session: Session) -> None:
    app = create_app()
    app.dependency_overrides[store] = lambda: session
    with_nobody = TestClient(app, follow_redirects=False)
    assert with_nobody.get("/tong-quan").headers["location"].startswith("/dang-nhap")
    assert with_nobody.get("/bao-cao/2026-W47.pdf").headers["location"].startswith("/dang-nhap")


def test_the_leaders_address_leads_to_the_dashboard(signed_in: AS) -> None:
    answer = signed_in("leader").get("/lanh-dao", follow_redirects=False)
    assert answer.headers["location"] == "/tong-quan"


@pytest.mark.usefixtures("flood")
def test_the_report_tells_the_week(signed_in: AS, area: t.Area) -> None:
    said = words(signed_in("press").get("/bao-cao/2026-W47").text)
    assert "Có 11 mục (10 bài đăng, 1 phản ánh)" in said
    assert "tiêu cực chiếm 90,0% (n = 10; 60–98%)" in said
    assert f"Ngập do mưa, triều cường – {area.full_name}" in said
    assert "[đã che]" in said
    assert "0530000000" not in said
    assert "Sở Xây dựng; đã trả lời 0/1 việc; đã quá hạn" in said
    assert "Báo Im: im lặng, không có bài mới" in said
    assert "1 tin rác" in said
    assert "chưa hết tuần" not in said


@pytest.mark.usefixtures("flood")
def test_what_is_restricted_is_nowhere(signed_in: AS) -> None:
    client = signed_in("admin")
    for path in ("/bao-cao/2026-W47", "/tong-quan"):
        html = client.get(path).text
        assert "giữ kín" not in html
        assert "Nhũng nhiễu" not in html


def test_the_week_that_runs_is_said_to_be_unfinished(signed_in: AS, session: Session) -> None:
    make_post(session, at=NOW - timedelta(hours=1), sample=True)
    client = signed_in("press")
    html = words(client.get("/bao-cao/2026-W48").text)
    assert "chưa hết tuần" in html
    assert "1 mục (100%) là dữ liệu mẫu" in html
    assert "chưa hết tuần" in client.get("/bao-cao").text


@pytest.mark.parametrize("name", ["2026-W49", "2026-W60", "abc", "2026-W47.txt"])
def test_a_week_that_is_none_or_not_yet_is_not_found(signed_in: AS, name: str) -> None:
    answer = signed_in("press").get(f"/bao-cao/{name}")
    assert answer.status_code == 404
    assert "tuần" in words(answer.text).lower()


@pytest.mark.usefixtures("flood")
def test_every_linked_number_equals_its_list(signed_in: AS) -> None:
    client = signed_in("press")
    html = client.get("/bao-cao/2026-W47").text
    rows = re.findall(r'<th scope="row"><a href="([^"]+)">[^<]*</a></th><td class="num">([\d.]+)</td>', html)
    assert len(rows) >= 2
    for link, number in rows:
        assert len(re.findall('data-testid="item-row"', client.get(unescape(link)).text)) == int(number), link


@pytest.mark.usefixtures("flood")
def test_the_dashboard_says_what_is_hot_and_who_is_late(signed_in: AS, session: Session, area: t.Area) -> None:
    client = signed_in("leader")
    app_clock: Callable[[], datetime] = lambda: NOON + timedelta(days=2)  # noqa: E731
    client.app.dependency_overrides[clock] = app_clock
    html = client.get("/tong-quan").text
    said = words(html)
    assert f"Ngập do mưa, triều cường – {area.full_name} là chuyện nổi nhất; 1 đơn vị có việc quá hạn" in said
    assert "Chưa tính đủ" in said
    assert "90,0% (n = 10; 60–98%)" in said
    assert "/dong-tin?" in html
    fragment = client.get("/tong-quan", headers={"HX-Request-Type": "partial"}).text
    assert "<html" not in fragment
    assert 'data-testid="kpi-overdue"' in fragment


@pytest.mark.usefixtures("flood")
def test_an_officers_dashboard_has_no_way_into_other_desks(signed_in: AS) -> None:
    assert "/dong-tin" not in signed_in("officer").get("/tong-quan").text


@pytest.mark.usefixtures("flood")
@pytest.mark.parametrize(("ending", "start"), [("docx", b"PK"), ("pdf", b"%PDF"), ("xlsx", b"PK")])
def test_files_come_under_their_week(signed_in: AS, ending: str, start: bytes) -> None:
    answer = signed_in("press").get(f"/bao-cao/2026-W47.{ending}")
    assert answer.content.startswith(start)
    assert answer.headers["content-disposition"] == f'attachment; filename="bao-cao-tuan-2026-W47.{ending}"'


@pytest.mark.usefixtures("flood")
def test_the_list_names_every_week_since_the_first_item(signed_in: AS) -> None:
    html = signed_in("analyst").get("/bao-cao").text
    assert re.findall(r'href="/bao-cao/(2026-W\d\d)"', html)[0] == "2026-W48"
    assert html.count('data-testid="briefing-row"') == 7


def test_an_empty_store_has_an_empty_list_and_a_quiet_dashboard(signed_in: AS) -> None:
    client = signed_in("press")
    assert "Chưa có báo cáo" in client.get("/bao-cao").text
    assert "7 ngày qua chưa có tin nào" in client.get("/tong-quan").text
