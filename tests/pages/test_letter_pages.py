"""Letters on pages: from the item and from the desk to the form, the preview, the letter, the register."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient
from make import NOON, make_assignment, make_item
from sqlalchemy import select
from sqlalchemy.orm import Session

from listener.store import tables as t
from listener.web.app import create_app
from listener.web.deps import Visitor, clock, maybe_visitor, store

AS = Callable[[str], TestClient]
NOW = NOON + timedelta(hours=1)
SIGNED = {"signer_title": "GIÁM ĐỐC", "signer_name": "Người Ký Thử", "addressee": "Công ty Điện lực"}


@pytest.fixture
def signed_in(session: Session) -> AS:
    """A client on the test's session, signed in as any role; officers sit in the construction department."""
    app = create_app()

    def same_session() -> Iterator[Session]:
        with session.begin_nested():
            yield session

    app.dependency_overrides[store] = same_session
    app.dependency_overrides[clock] = lambda: NOW

    def as_role(role: str) -> TestClient:
        desk = "SXD" if role == "officer" else None
        account = t.Account(login=f"vb-{role}", name="Người Thử", role=role, password_hash="-", department_code=desk)
        session.add(account)
        session.flush()
        visitor = Visitor(account, "key")
        app.dependency_overrides[maybe_visitor] = lambda: visitor
        client = TestClient(app, raise_server_exceptions=False, follow_redirects=False)
        client.headers["x-csrf"] = visitor.csrf
        return client

    return as_role


@pytest.fixture
def item(session: Session) -> t.Item:
    item = make_item(session, "Đèn hẻm 51 tắt, gọi 0530000001", state="assigned")
    make_assignment(session, item, "SXD")
    return item


def send(client: TestClient, item: t.Item, action: str, **more: str) -> object:
    data = {"csrf": client.headers["x-csrf"], "muc": item.number, "kind": "phieu-chuyen", "action": action, "key": "k"}
    return client.post("/van-ban", data={**data, **SIGNED, **more})


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_item_leads_to_the_form_the_form_to_the_letter(signed_in: AS, session: Session, item: t.Item) -> None:
    officer = signed_in("officer")
    assert f'href="/van-ban/moi?muc={item.number}"' in officer.get(f"/muc/{item.number}").text
    form = officer.get("/van-ban/moi", params={"muc": item.number})
    assert "Lấy số 01/PC-SXD và lập" in words(form.text)
    assert "0530000001" not in form.text
    seen = send(officer, item, "xem-truoc")
    assert seen.text.count('src="data:image/png;base64,') == 1
    assert "Người Ký Thử" in seen.text
    assert session.scalars(select(t.Letter)).all() == []
    made = send(officer, item, "lap")
    assert made.status_code == 303
    again = send(officer, item, "lap")
    assert again.headers["location"] == made.headers["location"]
    page = officer.get(made.headers["location"])
    assert "Phiếu chuyển số 01/PC-SXD" in words(page.text)
    for form_name, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        files = [officer.get(f"{made.headers['location']}.{form_name}") for _ in range(2)]
        assert files[0].content.startswith(start)
        assert files[0].content == files[1].content
        assert f'filename="phieu-chuyen-01-PC-SXD-2026.{form_name}"' in files[0].headers["content-disposition"]
    shown = words(officer.get(f"/muc/{item.number}").text)
    assert "Phiếu chuyển số 01/PC-SXD" in shown
    assert "Người Thử lập phiếu chuyển số 01/PC-SXD, gửi Công ty Điện lực." in shown
    remembered = officer.get("/van-ban/moi", params={"muc": item.number}).text
    assert 'value="Người Ký Thử"' in remembered


def test_a_refusal_names_the_field_and_keeps_what_was_typed(signed_in: AS, session: Session, item: t.Item) -> None:
    answer = send(signed_in("officer"), item, "lap", signer_name="", note="Chữ đã gõ")
    assert answer.status_code == 422
    assert "Chưa có họ tên người ký." in words(answer.text)
    assert "Chữ đã gõ" in answer.text
    assert session.scalars(select(t.LetterRegister)).all() == []


def test_a_department_from_the_list_is_an_addressee(signed_in: AS, session: Session, item: t.Item) -> None:
    assert send(signed_in("officer"), item, "lap", addressee="", department="PCCT").status_code == 303
    assert session.scalars(select(t.Letter.addressee)).one() == "Công ty Điện lực"


def test_ticked_rows_of_the_desk_become_one_letter(signed_in: AS, session: Session, item: t.Item) -> None:
    officer, second = signed_in("officer"), make_item(session, state="assigned")
    make_assignment(session, second, "SXD")
    data = {"csrf": officer.headers["x-csrf"], "action": "van-ban", "ids": [item.number, second.number]}
    answer = officer.post("/ban-lam-viec/hang-loat", data=data)
    assert answer.headers["location"] == f"/van-ban/moi?muc={item.number}&muc={second.number}"
    page = words(officer.get(answer.headers["location"]).text)
    assert "về 2 mục" in page
    assert "Thư trả lời công dân" not in page
    session.refresh(item)
    assert item.state == "assigned"


def test_the_register_shows_void_letters_with_their_number(signed_in: AS, item: t.Item) -> None:
    officer = signed_in("officer")
    url = send(officer, item, "lap").headers["location"]
    token = officer.headers["x-csrf"]
    refused = officer.post(f"{url}/huy", data={"csrf": token, "reason": ""})
    assert (refused.status_code, "Ghi lý do huỷ" in refused.text) == (422, True)
    assert officer.post(f"{url}/huy", data={"csrf": token, "reason": "sai nơi nhận"}).status_code == 303
    assert "sai nơi nhận. Số 01/PC-SXD không dùng lại." in words(officer.get(url).text)
    listed = words(officer.get("/van-ban").text)
    assert "01/PC-SXD" in listed
    assert "đã huỷ" in listed


def test_an_empty_register_says_how_to_begin(signed_in: AS) -> None:
    assert "Chưa có văn bản nào" in signed_in("officer").get("/van-ban").text


@pytest.mark.parametrize("role", ["press", "leader", "analyst", "handler"])
def test_other_roles_see_no_button_and_no_register(signed_in: AS, item: t.Item, role: str) -> None:
    client = signed_in(role)
    assert "/van-ban" not in client.get(f"/muc/{item.number}").text
    assert client.get("/van-ban").status_code == 403
    assert client.get("/van-ban/moi", params={"muc": item.number}).status_code == 403


def test_officers_reach_no_other_desk_and_nobody_a_restricted_item(
    signed_in: AS, session: Session, item: t.Item
) -> None:
    other, secret = make_item(session), make_item(session, restricted=True)
    make_assignment(session, other, "SNNMT")
    make_assignment(session, secret, "SXD")
    officer = signed_in("officer")
    assert officer.get("/van-ban/moi", params={"muc": other.number}).status_code == 403
    assert send(officer, other, "lap").status_code == 403
    assert officer.get("/van-ban/moi", params={"muc": secret.number}).status_code == 404
    assert officer.get("/van-ban/moi").status_code == 422
    url = send(officer, item, "lap").headers["location"]
    item.restricted = True
    session.flush()
    assert officer.get(f"{url}.pdf").status_code == 404
    assert "Nội dung được giữ kín" in officer.get("/van-ban").text


def test_a_form_of_another_session_is_refused(signed_in: AS, item: t.Item) -> None:
    assert send(signed_in("officer"), item, "lap", csrf="x").status_code == 403
