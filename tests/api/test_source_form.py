"""The administrator adds a source of any kind by a form; what is wrong is said beside its field."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from listener.catalog.source_kinds import KINDS
from listener.store import audit
from listener.store import tables as t
from listener.web.deps import Visitor, maybe_visitor

URL = "/nguon/moi"
RSS = {"kind": "rss", "slug": "bao-thu", "name": "Báo thử", "url": "https://bao.example.vn/rss", "every_minutes": "20"}


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


def test_a_source_is_added_with_its_options_and_noted(
    client: TestClient, session: Session, token: Callable[[str], str]
) -> None:
    form = {**RSS, "csrf": token("admin"), "option.delay": "7,5", "option.articles": "không", "option.lead": ""}
    answer = client.post(URL, data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/nguon#m-bao-thu")
    source = session.scalars(select(t.Source).where(t.Source.slug == "bao-thu")).one()
    assert (source.options, source.active, source.every_minutes) == ({"delay": 7.5, "articles": False}, True, 20)
    audit.write_waiting(session)
    noted = session.scalars(select(t.Audit).where(t.Audit.act == "source")).all()
    assert noted[-1].details["source"] == "bao-thu"


def test_readers_comments_begin_switched_off(client: TestClient, session: Session, token: Callable[[str], str]) -> None:
    form = {**RSS, "kind": "comments", "csrf": token("admin"), "option.site": "tuoitre"}
    refused = client.post(URL, data=form)
    assert refused.status_code == 422
    assert "Thiếu tuỳ chọn permission" in refused.text
    client.post(URL, data={**form, "option.permission": "Toà soạn, 01/11/2026"})
    source = session.scalars(select(t.Source).where(t.Source.slug == "bao-thu")).one()
    assert not source.active


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"slug": "Báo"}, "Tên ngắn chỉ gồm"),
        ({"url": "javascript:alert(1)"}, "Địa chỉ phải bắt đầu"),
        ({"every_minutes": "nhiều"}, "từ 10 phút"),
        ({"every_minutes": "9" * 5000}, "từ 10 phút"),
        ({"option.delay": "nhanh"}, "ghi một số"),
        ({"option.la": "x"}, "Không có tuỳ chọn"),
        ({"kind": "tiktok"}, "các loại đọc được"),
        ({"name": " "}, "Thiếu tên nguồn"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    client: TestClient, session: Session, token: Callable[[str], str], changes: dict[str, str], said: str
) -> None:
    page = client.post(URL, data={**RSS, "csrf": token("admin"), **changes})
    assert page.status_code == 422
    assert said in page.text
    assert 'value="bao-thu"' in page.text or "slug" in changes
    assert session.scalars(select(t.Source).where(t.Source.slug == "bao-thu")).all() == []


def test_a_short_name_stands_for_one_source(client: TestClient, token: Callable[[str], str]) -> None:
    form = {**RSS, "csrf": token("admin")}
    client.post(URL, data=form)
    assert "đã có nguồn khác dùng" in client.post(URL, data=form).text


@pytest.mark.parametrize("role", ["officer", "dispatcher", "press", "leader", "analyst", "handler"])
def test_only_the_administrator_adds_sources(client: TestClient, token: Callable[[str], str], role: str) -> None:
    form = {**RSS, "csrf": token(role)}
    assert client.get(URL).status_code == 403
    assert client.post(URL, data=form).status_code == 403


def test_the_form_must_come_from_this_session(client: TestClient, token: Callable[[str], str]) -> None:
    token("admin")
    assert client.post(URL, data={**RSS, "csrf": "khác"}).status_code == 403
