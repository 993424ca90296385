"""The administrator adds and edits a source of any kind by one form; what is wrong is said beside its field."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from make import NOON, make_source
from sqlalchemy import select
from sqlalchemy.orm import Session

from listener.catalog.source_kinds import KINDS
from listener.store import audit, sources
from listener.store import tables as t
from listener.web.deps import Visitor, maybe_visitor

URL = "/nguon/moi"
RSS = {"kind": "rss", "name": "Báo thử", "url": "https://bao.example.vn/rss", "every_minutes": "20"}


@pytest.fixture
def token(client: TestClient, session: Session) -> Callable[[str], str]:
    """Signs a role in and gives the token of its forms."""

    def sign(role: str) -> str:
        account = t.Account(login=f"thu-{role}", name="Thử", role=role, password_hash="-")
        session.add(account)
        session.flush()
        visitor = Visitor(account, "khoa")
        client.app.dependency_overrides[maybe_visitor] = lambda: visitor  # type: ignore[attr-defined]
        return visitor.csrf

    return sign


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_has_its_form(client: TestClient, token: Callable[[str], str], kind: str) -> None:
    token("admin")
    page = client.get(URL, params={"loai": kind})
    assert page.status_code == 200
    assert all(f'name="option.{name}"' in page.text for name in KINDS[kind].options)
    assert ('name="url"' in page.text) == (kind != "drop")
    assert f'placeholder="{KINDS[kind].address}"' in page.text or kind == "drop"
    assert ("act-test-source" in page.text) == (not KINDS[kind].untried)


def test_a_source_is_added_with_its_options_and_noted(
    client: TestClient, session: Session, token: Callable[[str], str]
) -> None:
    form = {**RSS, "csrf": token("admin"), "option.delay": "7,5", "option.articles": "không", "option.lead": ""}
    answer = client.post(URL, data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/nguon#m-bao-thu")
    source = sources.by_slug(session, "bao-thu")
    assert (source.options, source.active, source.every_minutes) == ({"delay": 7.5, "articles": False}, True, 20)
    audit.write_waiting(session)
    noted = session.scalars(select(t.Audit).where(t.Audit.act == "source")).all()
    assert noted[-1].details["source"] == "bao-thu"


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Báo Đồng Bằng – số 1", "bao-dong-bang-so-1"), ("Mới", "nguon-moi"), ("Thử", "nguon-thu"), ("新闻", "nguon")],
)
def test_the_short_name_is_made_from_the_name_and_is_nobody_elses(
    client: TestClient, token: Callable[[str], str], name: str, slug: str
) -> None:
    form = {**RSS, "name": name, "slug": "cua-nguoi-khac", "csrf": token("admin")}
    for expected in (slug, f"{slug}-2"):
        answer = client.post(URL, data=form, follow_redirects=False)
        assert answer.headers["location"] == f"/nguon#m-{expected}"


def test_readers_comments_begin_switched_off(client: TestClient, session: Session, token: Callable[[str], str]) -> None:
    form = {**RSS, "kind": "comments", "csrf": token("admin"), "option.site": "tuoitre"}
    assert "ở trạng thái tạm dừng" in client.get(URL, params={"loai": "comments"}).text
    refused = client.post(URL, data=form)
    assert refused.status_code == 422
    assert "Thiếu tuỳ chọn permission" in refused.text
    client.post(URL, data={**form, "option.permission": "Toà soạn, 01/11/2026"})
    assert not sources.by_slug(session, "bao-thu").active


WRONG = [
    ({"url": "javascript:alert(1)"}, "url", "Địa chỉ phải bắt đầu"),
    ({"url": "bao.example.vn/rss"}, "url", "Địa chỉ phải bắt đầu"),
    ({"url": "http://[::1/"}, "url", "Địa chỉ phải bắt đầu"),
    ({"url": "http://10.0.0.7/tin"}, "url", "địa chỉ nội bộ"),
    ({"url": "http://169.254.169.254/x", "option.local": "có"}, "url", "riêng của máy móc"),
    ({"every_minutes": "nhiều"}, "every_minutes", "từ 10 phút"),
    ({"every_minutes": "²"}, "every_minutes", "từ 10 phút"),
    ({"every_minutes": "9" * 5000}, "every_minutes", "từ 10 phút"),
    ({"option.delay": "nhanh"}, "option.delay", "ghi một số"),
    ({"option.body": "div["}, "option.body", "bộ chọn CSS viết chưa đúng"),
    ({"option.page_dates": "lạ"}, "option.page_dates", "chỉ có: month_first"),
    ({"name": " "}, "name", "Thiếu tên nguồn"),
]


@pytest.mark.parametrize(("changes", "field", "said"), WRONG)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    client: TestClient, session: Session, token: Callable[[str], str], changes: dict[str, str], field: str, said: str
) -> None:
    old = make_source(session, "cũ")
    form = {**RSS, "csrf": token("admin"), "option.lead": "p.chua-mat", **changes}
    for path, more in ((URL, {}), ("/nguon/thu", {}), ("/nguon/cũ", {}), ("/nguon/thu", {"slug": "cũ"})):
        page = client.post(path, data={**form, **more})
        assert page.status_code == 422, path
        assert said.lower() in page.text.lower()
        assert f'id="loi-{field}"' in page.text
        assert 'value="p.chua-mat"' in page.text
    session.refresh(old)
    assert (old.name, old.options) == ("cũ", {})
    assert session.scalars(select(t.Source).where(t.Source.slug == "bao-thu")).all() == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "tiktok"}, "các loại đọc được"),
        ({"kind": "file"}, "các loại đọc được"),
        ({"option.la": "x"}, "có tuỳ"),
    ],
)
def test_what_no_form_offers_is_refused(
    client: TestClient, token: Callable[[str], str], changes: dict[str, str], said: str
) -> None:
    csrf = token("admin")
    for path in (URL, "/nguon/thu"):
        page = client.post(path, data={**RSS, "csrf": csrf, **changes})
        assert page.status_code == 422
        assert said in page.text


def test_editing_shows_what_is_stored_and_keeps_what_no_field_shows(
    client: TestClient, session: Session, token: Callable[[str], str]
) -> None:
    stored = {"lead": ".sapo", "articles": False, "delay": 7.5, "dates": "month_first", "la": [1, 2]}
    source = make_source(session, "cũ", options=stored, rest_until=NOON, next_visit=NOON)
    csrf = token("admin")
    page = client.get("/nguon/cũ").text
    assert 'value=".sapo"' in page
    assert '<option value="không" selected>' in page
    assert 'value="7.5"' in page
    assert '<option value="month_first" selected>tháng trước, ngày sau' in page
    assert "la = [1, 2]" in page
    form = {**RSS, "csrf": csrf, "kind": "page", "slug": "khác", "option.lead": "h2.sapo"}
    answer = client.post("/nguon/cũ", data=form, follow_redirects=False)
    assert answer.status_code == 303
    session.refresh(source)
    assert (source.slug, source.kind, source.name, source.every_minutes) == ("cũ", "rss", "Báo thử", 20)
    assert source.options == {"lead": "h2.sapo", "la": [1, 2]}
    assert source.next_visit is None


def test_a_pause_that_a_server_asked_for_goes_only_with_the_server(
    client: TestClient, session: Session, token: Callable[[str], str]
) -> None:
    source = make_source(session, "cũ", url="https://bao.example.vn/cu", rest_until=NOON)
    csrf = token("admin")
    client.post("/nguon/cũ", data={**RSS, "csrf": csrf})
    session.refresh(source)
    assert (source.url, source.rest_until) == (RSS["url"], NOON)
    client.post("/nguon/cũ", data={**RSS, "csrf": csrf, "url": "https://khac.example.vn/rss"})
    session.refresh(source)
    assert source.rest_until is None


def test_a_folder_is_edited_with_its_columns(client: TestClient, session: Session, token: Callable[[str], str]) -> None:
    source = make_source(session, "thư mục", kind="drop", url="", options={"map": {"text": "Nội dung", "id": "Mã"}})
    csrf = token("admin")
    assert 'value="text=Nội dung,id=Mã"' in client.get("/nguon/thư-mục").text
    client.post("/nguon/thư-mục", data={**RSS, "csrf": csrf, "option.map": "text=Ý kiến", "option.reports": "có"})
    session.refresh(source)
    assert (source.url, source.options) == ("", {"map": {"text": "Ý kiến"}, "reports": True})


@pytest.mark.parametrize("role", ["officer", "dispatcher", "press", "leader", "analyst", "handler"])
def test_only_the_administrator_adds_sources(client: TestClient, token: Callable[[str], str], role: str) -> None:
    form = {**RSS, "csrf": token(role)}
    assert client.get(URL).status_code == 403
    assert client.post(URL, data=form).status_code == 403


def test_the_form_must_come_from_this_session(client: TestClient, token: Callable[[str], str]) -> None:
    token("admin")
    assert client.post(URL, data={**RSS, "csrf": "khác"}).status_code == 403
