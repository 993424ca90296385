"""The administrator's pages of outgoing channels, over HTTP: receivers, dead letters, texts; all of it in the audit."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from fastapi.testclient import TestClient
from make import NOON, make_item
from sqlalchemy import select
from sqlalchemy.orm import Session

from listener.deliver.payload import sample
from listener.settings import Settings
from listener.store import audit, desks
from listener.store import tables as t
from listener.web.deps import Visitor, maybe_visitor
from listener.web.pages import channels, receiver

URL = "/quan-tri/kenh-gui"
KINDS = ["assign", "answer"]


@pytest.fixture(autouse=True)
def intranet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Webhooks on loopback are allowed."""
    local = Settings(deliver_private_hosts=True, deliver_patience=1)
    for module in (receiver, channels):
        monkeypatch.setattr(module, "settings", lambda: local)


@pytest.fixture
def sign_in(client: TestClient, session: Session) -> Callable[[str], str]:
    """Signs a role in and gives the token of its forms."""

    def sign(role: str) -> str:
        department = "SXD" if role == "officer" else None
        account = t.Account(login=f"thu-{role}", name="Thử", role=role, password_hash="-", department_code=department)
        session.add(account)
        session.flush()
        visitor = Visitor(account, "key")
        client.app.dependency_overrides[maybe_visitor] = lambda: visitor  # type: ignore[attr-defined]
        return visitor.csrf

    return sign


@pytest.fixture
def server() -> Iterator[str]:
    class Taker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200 if self.path == "/nhan" else 500)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Keep the tests' output clean."""

    made = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    threading.Thread(target=lambda: made.serve_forever(poll_interval=0.02), daemon=True).start()
    yield f"http://127.0.0.1:{made.server_address[1]}"
    made.shutdown()
    made.server_close()


def add(client: TestClient, csrf: str, **form: object) -> str:
    plain = {"csrf": csrf, "name": "IOC thử", "channel": "webhook", "department": "SXD", "kinds": KINDS}
    answer = client.post(f"{URL}/noi-nhan/moi", data={**plain, **form})
    assert answer.status_code in (201, 200), answer.text
    return answer.text


def acts(session: Session) -> list[str]:
    audit.write_waiting(session)  # as at the end of every transaction
    return list(session.scalars(select(t.Audit.act).order_by(t.Audit.id)))


def dead_letter(session: Session, *, cause: str = "http-500", kind: str = "answer") -> t.Outgoing:
    """A letter that was given up."""
    made = session.scalars(select(t.Receiver)).first()
    assert made is not None
    item = make_item(session)
    desks.add_event(session, item.id, kind, "x", now=NOON)
    session.flush()
    event_id = session.scalars(select(t.Event.id).where(t.Event.item_id == item.id)).one()
    told = t.Told(
        uid=f"evt_{item.id}", event_id=event_id, item_id=item.id, kind=kind, departments=[], payload=sample(kind)
    )
    letter = t.Outgoing(
        told=told, item_id=item.id, receiver_id=made.id, target=f"receiver:{made.id}", channel="webhook",
        line=f"webhook:{made.id}", state="dead", attempts=10, next_try=NOON, ended_at=NOON, cause=cause,
        problem="Máy nhận trả lỗi (500).",
    )  # fmt: skip
    session.add(letter)
    session.flush()
    return letter


@pytest.mark.parametrize("role", ["officer", "dispatcher", "press", "leader", "analyst", "handler"])
def test_only_administrators_see_and_change_channels(
    client: TestClient, sign_in: Callable[[str], str], role: str
) -> None:
    csrf = sign_in(role)
    for path in ("", "/noi-nhan/moi", "/mau", "/mau/sender.answer.mail"):
        assert client.get(URL + path).status_code == 403
    for path in ("/noi-nhan/moi", "/gui-lai", "/bo", "/mau/sender.answer.mail"):
        assert client.post(URL + path, data={"csrf": csrf}).status_code == 403


def test_a_receiver_is_added_tested_changed_paused_and_its_secret_shown_once(
    client: TestClient, session: Session, sign_in: Callable[[str], str], server: str
) -> None:
    csrf = sign_in("admin")
    page = add(client, csrf, address=f"{server}/nhan")
    (first,) = set(re.findall(r"whsec_[A-Za-z0-9+/=]+", page))
    made = session.scalars(select(t.Receiver)).one()
    own = f"{URL}/noi-nhan/{made.id}"
    assert "whsec_" not in client.get(own).text
    assert first.encode() not in (made.sealed or b"")
    assert "Tin thử đã tới nơi nhận" in client.post(f"{own}/thu", data={"csrf": csrf}).text
    (second,) = set(re.findall(r"whsec_[A-Za-z0-9+/=]+", client.post(f"{own}/doi-khoa", data={"csrf": csrf}).text))
    assert second != first
    assert "Bỏ khoá cũ ngay" in client.get(own).text
    assert "Bỏ khoá cũ ngay" not in client.post(f"{own}/bo-khoa-cu", data={"csrf": csrf}).text
    moved = {"csrf": csrf, "name": "IOC mới", "address": f"{server}/sai", "department": "", "kinds": KINDS}
    assert client.post(own, data=moved).status_code == 200
    assert "(500)" in client.post(f"{own}/thu", data={"csrf": csrf}).text
    client.post(f"{own}/tam-dung", data={"csrf": csrf})
    assert (made.name, made.department_code, made.state) == ("IOC mới", None, "paused")
    assert acts(session)[-7:] == [
        "receiver_added", "receiver_tested", "receiver_secret_changed", "receiver_old_secret_ended",
        "receiver_changed", "receiver_tested", "receiver_paused",
    ]  # fmt: skip
    assert all("whsec" not in str(details) for details in session.scalars(select(t.Audit.details)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "Ghi tên nơi nhận"),
        ({"channel": "bo-cau"}, "Chọn một kênh"),
        ({"address": "javascript:alert(1)"}, "Chưa phải địa chỉ nhận tin"),
        ({"channel": "mail", "address": "x"}, "chưa phải địa chỉ e-mail"),
        ({"channel": "zalo", "address": "0912"}, "Mã người dùng Zalo"),
        ({"department": "KHONG-CO"}, "KHONG-CO"),
        ({"kinds": []}, "Chọn ít nhất một việc"),
        ({"kinds": ["restrict"]}, "Chọn ít nhất một việc"),
    ],
)
def test_a_form_that_cannot_be_used_comes_back_with_what_was_typed(
    client: TestClient, session: Session, sign_in: Callable[[str], str], change: dict[str, object], words: str
) -> None:
    plain = {"csrf": sign_in("admin"), "name": "IOC thử", "channel": "webhook", "address": "https://a.example.vn",
             "department": "SXD", "kinds": KINDS}  # fmt: skip
    answer = client.post(f"{URL}/noi-nhan/moi", data={**plain, **change})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Cần sửa một chỗ" in answer.text
    assert session.scalars(select(t.Receiver)).all() == []


def test_the_same_address_is_not_added_twice(client: TestClient, sign_in: Callable[[str], str]) -> None:
    csrf = sign_in("admin")
    add(client, csrf, address="https://a.example.vn/nhan")
    again = {"csrf": csrf, "name": "IOC", "channel": "webhook", "address": "https://a.example.vn/nhan",
             "department": "SXD", "kinds": KINDS}  # fmt: skip
    assert "Đã có nơi nhận" in client.post(f"{URL}/noi-nhan/moi", data=again).text


def test_dead_letters_stand_by_cause_masked_and_go_again_with_the_same_id(
    client: TestClient, session: Session, sign_in: Callable[[str], str]
) -> None:
    csrf = sign_in("admin")
    assert "Không có thư hỏng" in client.get(URL).text
    add(client, csrf, address="https://a.example.vn/nhan")
    letters = [dead_letter(session), dead_letter(session), dead_letter(session, cause="timeout")]
    page = client.get(URL).text
    assert page.count('data-testid="dead-letter"') == 3
    assert page.count('data-testid="act-retry-group"') == 2
    assert "███ (số điện thoại)" in page
    answer = client.post(f"{URL}/gui-lai", data={"csrf": csrf, "channel": "webhook", "cause": "http-500"})
    assert "2 thư về hàng chờ" in answer.text
    for letter in letters:
        session.refresh(letter)
    assert [(letter.state, letter.attempts) for letter in letters] == [("waiting", 0)] * 2 + [("dead", 10)]
    assert letters[0].told.uid == f"evt_{letters[0].item_id}"
    client.post(f"{URL}/gui-lai", data={"csrf": csrf, "letter": letters[2].id})
    session.refresh(letters[2])
    assert letters[2].state == "waiting"
    assert 'hx-trigger="every 5s"' in client.get(URL).text
    part = client.get(URL, headers={"hx-request": "true", "hx-request-type": "partial"}).text
    assert "<!doctype" not in part
    assert part.count('data-testid="channel-row"') == 3


def test_a_dead_letter_is_dropped_only_with_a_reason(
    client: TestClient, session: Session, sign_in: Callable[[str], str]
) -> None:
    csrf = sign_in("admin")
    add(client, csrf, address="https://a.example.vn/nhan")
    one, two = dead_letter(session), dead_letter(session)
    without = client.post(f"{URL}/bo", data={"csrf": csrf, "letter": one.id, "reason": " "})
    assert (without.status_code, "Cần ghi lý do bỏ thư" in without.text) == (422, True)
    client.post(f"{URL}/bo", data={"csrf": csrf, "letter": one.id, "reason": "đã báo qua điện thoại"})
    session.refresh(one)
    assert (one.state, one.problem) == ("dropped", "Bỏ: đã báo qua điện thoại")
    group = {"csrf": csrf, "channel": "webhook", "cause": "http-500", "reason": "đơn vị không cần nữa"}
    assert "Đã bỏ 1 thư" in client.post(f"{URL}/bo", data=group).text
    session.refresh(two)
    assert two.state == "dropped"
    assert acts(session)[-2:] == ["letters_dropped", "letters_dropped"]


def test_a_form_of_another_session_changes_nothing(
    client: TestClient, session: Session, sign_in: Callable[[str], str]
) -> None:
    sign_in("admin")
    form = {"csrf": "x", "name": "a", "channel": "webhook", "address": "https://a.example.vn", "kinds": KINDS}
    assert client.post(f"{URL}/noi-nhan/moi", data=form).status_code == 403
    assert session.scalars(select(t.Receiver)).all() == []


def test_a_text_is_previewed_kept_and_put_back(
    client: TestClient, session: Session, sign_in: Callable[[str], str]
) -> None:
    csrf = sign_in("admin")
    own = f"{URL}/mau/sender.answer.mail"
    typed = {"csrf": csrf, "subject": "Trả lời {{ so }}", "body": "{{ don_vi }}: {{ tra_loi }}"}
    tried = client.post(own, data={**typed, "step": "xem"})
    assert "UBND phường Cái Khế: Chiều 23/11" in tried.text
    assert session.get(t.Wording, "sender.answer.mail") is None
    wrong = client.post(own, data={**typed, "body": "Chào {{ ten_nguoi_gui }}", "step": "luu"})
    assert (wrong.status_code, "ten_nguoi_gui" in wrong.text) == (422, True)
    assert "đã sửa" in client.post(own, data={**typed, "step": "luu"}).text
    assert session.get_one(t.Wording, "sender.answer.mail").subject == "Trả lời {{ so }}"
    assert "Mẫu ban đầu" in client.post(own, data={"csrf": csrf, "step": "dau"}).text
    assert acts(session)[-2:] == ["wording_changed", "wording_reset"]
    assert client.get(f"{URL}/mau/khong.co.mail").status_code == 404


def test_the_figures_reach_the_operators(client: TestClient) -> None:
    assert 'listener_letters_waiting{channel="webhook"}' in client.get("/metrics").text


def test_a_letter_in_the_queue_counts_its_age(
    client: TestClient, session: Session, sign_in: Callable[[str], str]
) -> None:
    csrf = sign_in("admin")
    add(client, csrf, address="https://a.example.vn/nhan")
    letter = dead_letter(session)
    letter.state, letter.ended_at, letter.made_at = "waiting", None, NOON - timedelta(hours=3)
    session.flush()
    assert "Chờ lâu nhất" in client.get(URL).text
