"""Zalo and Facebook tell of what people wrote: signed, once, without a trace in logs; answers go through the outbox."""

import hashlib
import hmac
import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from inbox import zalo_api
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from listener import pipeline, talks
from listener.collect import erasure_service, talking
from listener.deliver import reply_service
from listener.deliver import service as delivering
from listener.sealing import unseal
from listener.settings import Settings, settings
from listener.store import tables as t
from listener.web.deps import clock
from listener.web.hooks import facebook, zalo

APP, SECRET, HANH = "3512345678", "khoa-oa-thu", "7712345678901234567"
LAMP = "Đèn đường hẻm 51 phường Cái Khế tắt ba hôm nay, tối om"
Send = Callable[..., Response]


def with_settings(**more: object) -> Settings:
    plain = {"zalo_app_id": APP, "zalo_secret": SECRET, "facebook_secret": "khoa-app", "facebook_verify": "tu-hen"}
    return Settings(**{**plain, **more})


@pytest.fixture(autouse=True)
def own(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (zalo, facebook):
        monkeypatch.setattr(module, "settings", with_settings)


def event(name: str = "user_send_text", *, sender: str = HANH, at: int = 1_796_000_000_000, **message: Any) -> bytes:
    who = {"follower": {"id": sender}} if name in ("follow", "unfollow") else {"sender": {"id": sender}}
    said = {"app_id": APP, "event_name": name, "timestamp": str(at), **who, "recipient": {"id": "oa"}}
    return json.dumps({**said, "message": message} if message else said, ensure_ascii=False).encode()


def signature(body: bytes, secret: str = SECRET) -> str:
    stamp = json.loads(body)["timestamp"]
    return hashlib.sha256(APP.encode() + body + stamp.encode() + secret.encode()).hexdigest()


@pytest.fixture
def send(client: TestClient) -> Send:
    def post(body: bytes, header: str | None = None) -> Response:
        given = f"mac={signature(body)}" if header is None else header
        return client.post("/hooks/zalo", content=body, headers={"X-ZEvent-Signature": given})

    return post


def reports(session: Session) -> list[t.Item]:
    return list(session.scalars(select(t.Item).where(t.Item.channel == "zalo").order_by(t.Item.id)))


def answers(session: Session) -> list[str]:
    rows = session.scalars(select(t.ReplyRow).order_by(t.ReplyRow.id))
    return [unseal(row.sealed, settings().identity_secrets(), purpose="reply")["text"] for row in rows if row.sealed]


def picture(**more: str) -> dict[str, Any]:
    return {"attachments": [{"type": "image", "payload": {"url": "https://anh.zdn.vn/1.jpg"}}], **more}


def place(**more: str) -> dict[str, Any]:
    where = {"coordinates": {"latitude": "10.0450", "longitude": "105.7700"}}
    return {"attachments": [{"type": "location", "payload": where}], **more}


def test_a_text_becomes_a_report_and_its_code_is_answered(send: Send, client: TestClient, session: Session) -> None:
    assert send(event(text=LAMP, msg_id="m1")).status_code == 200
    (item,) = reports(session)
    assert (item.is_report, item.topic, item.unit_code) == (True, "den-duong-hong", "31120")
    (words,) = answers(session)
    code = words.split("Mã tra cứu: ")[1].split(".")[0]
    assert client.get(f"/api/v1/reports/{code}").json()["number"] == item.number
    assert "UBND phường Cái Khế" in words
    sender = session.get_one(t.Sender, item.id)
    assert unseal(sender.sealed, settings().identity_secrets()) == {"zalo": HANH}
    everything = str([dict(row) for table in ("items", "events", "replies", "talks", "senders")
                      for row in session.execute(text(f"SELECT * FROM {table}")).mappings()])  # fmt: skip
    assert HANH not in everything
    assert code not in everything
    jobs = session.scalars(text("SELECT task_name FROM procrastinate_jobs")).all()
    assert "send" in jobs


@pytest.mark.parametrize("prefix", ["mac=", "", "mac= "])
def test_the_signature_is_taken_with_and_without_its_prefix(send: Send, prefix: str) -> None:
    body = event(text="alo", msg_id="m1")
    assert send(body, prefix + signature(body)).status_code == 200


@contextmanager
def logged() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    try:
        yield stream
    finally:
        logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize("header", ["", "mac=", "mac=00", "mac=ă", "wrong-secret", "other-body"])
def test_a_wrong_signature_is_403_and_leaves_no_trace(
    send: Send, session: Session, capsys: pytest.CaptureFixture[str], header: str
) -> None:
    body = event(text=LAMP, msg_id="m1")
    forged = {"wrong-secret": signature(body, "khac"), "other-body": signature(event(text="khác", msg_id="m1"))}
    with logged() as stream:
        answer = send(body, forged.get(header, header).encode("utf-8", "replace"))  # type: ignore[arg-type]
    assert answer.status_code == 403
    assert (reports(session), answers(session)) == ([], [])
    told = stream.getvalue() + "".join(capsys.readouterr()) + answer.text
    assert not any(secret in told for secret in ("hẻm 51", HANH, SECRET))


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff\xfe", b'{"app_id":1}', b"[" * 100_000])
def test_what_is_no_event_is_refused_like_a_wrong_signature(send: Send, body: bytes) -> None:
    assert send(body, "mac=00").status_code == 403


def test_an_event_of_another_app_is_refused_though_signed(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zalo, "settings", lambda: with_settings(zalo_app_id="999"))
    assert send(event(text=LAMP, msg_id="m1")).status_code == 403


def test_without_a_secret_nothing_is_taken(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zalo, "settings", lambda: with_settings(zalo_secret=None))
    answer = send(event(text=LAMP, msg_id="m1"))
    assert answer.status_code == 404
    assert "LISTENER_ZALO_SECRET" in answer.json()["message"]


def test_a_secret_left_empty_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever knows that it is empty could sign."""
    for name in ("ZALO_SECRET", "FACEBOOK_SECRET", "FACEBOOK_VERIFY"):
        monkeypatch.setenv(f"LISTENER_{name}", "")
    own = Settings()
    assert (own.zalo_secret, own.facebook_secret, own.facebook_verify) == (None, None, None)


def test_a_body_beyond_every_event_is_refused_unread(send: Send) -> None:
    assert send(event(text="a" * 300_000, msg_id="m1")).status_code == 413


def test_the_same_message_twice_is_one_report_and_one_answer(send: Send, session: Session) -> None:
    for _ in range(3):
        assert send(event(text=LAMP, msg_id="m1")).status_code == 200
    assert (len(reports(session)), len(answers(session))) == (1, 1)


def test_too_little_is_asked_back_and_what_follows_is_joined(send: Send, session: Session) -> None:
    send(event(text="Alo ad ơi", msg_id="m1"))
    send(event("user_send_image", msg_id="m2", **picture()))
    send(event("user_send_location", msg_id="m3", **place()))
    assert reports(session) == []
    send(event(text="mất nước", msg_id="m4"))
    (item,) = reports(session)
    assert (item.lat, item.lng, item.media_url) == (10.045, 105.77, "https://anh.zdn.vn/1.jpg")
    assert item.text == "Alo ad ơi\nmất nước"
    first, second, third, last = answers(session)
    assert first.startswith("Chào ông/bà")
    assert second.startswith("Đã nhận ảnh")
    assert third.startswith("Đã nhận ảnh")
    assert "Mã tra cứu" in last
    assert session.scalars(select(t.Talk.sealed)).all() == [None]


def test_what_comes_soon_after_a_report_belongs_to_it(send: Send, session: Session) -> None:
    send(event(text=LAMP, msg_id="m1"))
    send(event("user_send_location", msg_id="m2", **place()))
    send(event(text="gần chợ", msg_id="m3"))
    send(event(text="cảm ơn ạ", msg_id="m4"))
    (item,) = reports(session)
    assert (item.lat, item.lng) == (10.045, 105.77)
    added = session.scalars(select(t.Event.words).where(t.Event.item_id == item.id, t.Event.kind == "added")).all()
    assert added == ["Người gửi bổ sung: Vị trí: 10.04500, 105.77000", "Người gửi bổ sung: gần chợ"]
    send(event(text="Rác chất đống ở đầu chợ Tân An cả tuần nay", msg_id="m5"))
    assert len(reports(session)) == 2


def test_after_half_an_hour_a_new_conversation_begins(send: Send, client: TestClient, session: Session) -> None:
    send(event(text="mất nước", msg_id="m1"))
    client.app.dependency_overrides[clock] = lambda: pipeline.now() + timedelta(minutes=31)  # type: ignore[attr-defined]
    send(event(text="ở hẻm 51", msg_id="m2"))
    assert reports(session) == []
    assert len(answers(session)) == 2


def test_what_cannot_be_read_is_said(send: Send, session: Session) -> None:
    send(event("user_send_audio", msg_id="m1", attachments=[{"type": "audio", "payload": {"url": "https://a.vn/1"}}]))
    assert answers(session) == [talks.NOT_READ]


def test_an_answer_to_the_desks_question_lets_the_clock_run_on(send: Send, session: Session) -> None:
    send(event(text=LAMP, msg_id="m1"))
    (item,) = reports(session)
    item.state = "waiting_citizen"
    session.flush()
    send(event(text="số 12", msg_id="m2"))
    kinds = session.scalars(select(t.Event.kind).where(t.Event.item_id == item.id)).all()
    assert "supply" in kinds
    assert "Đã chuyển câu trả lời" in answers(session)[-1]


def test_who_unfollows_is_told_nothing_more_until_they_follow_again(send: Send, session: Session) -> None:
    send(event(text=LAMP, msg_id="m1"))
    (item,) = reports(session)
    assert session.get_one(t.Sender, item.id).channels == ["zalo"]
    send(event("unfollow", at=1_796_000_001_000))
    session.expire_all()
    assert session.get_one(t.Sender, item.id).channels == []
    assert {row.state for row in session.scalars(select(t.ReplyRow))} == {"dropped"}
    send(event(text="Rác chất đống ở đầu chợ Tân An cả tuần nay", msg_id="m2"))
    second = reports(session)[1]
    assert session.get_one(t.Sender, second.id).channels == []
    assert "bấm quan tâm" in answers(session)[-1]
    send(event("follow", at=1_796_000_000_500))  # an old event that comes late changes nothing
    assert session.get_one(t.Sender, item.id).channels == []
    send(event("follow", at=1_796_000_002_000))
    session.expire_all()
    assert session.get_one(t.Sender, item.id).channels == ["zalo"]
    assert answers(session)[-1] == talks.WELCOME


def test_a_fault_of_ours_is_told_without_the_message(
    send: Send, session: Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_arguments: object, **_more: object) -> None:
        secret_words = LAMP
        raise RuntimeError(secret_words)

    monkeypatch.setattr(talks.pipeline, "take_in", broken)
    with logged() as stream:
        answer = send(event(text=LAMP, msg_id="m1"))
    assert answer.status_code == 500
    assert "hẻm 51" not in stream.getvalue() + "".join(capsys.readouterr()) + answer.text
    assert (reports(session), answers(session)) == ([], [])


@contextmanager
def same(session: Session) -> Iterator[Session]:
    with session.begin_nested():
        yield session


def test_answers_go_out_once_and_are_forgotten_and_no_second_receipt_follows(send: Send, session: Session) -> None:
    send(event(text=LAMP, msg_id="m1"))
    with zalo_api() as api:
        ready = with_settings(zalo_url=api.url, zalo_token=api.token, deliver_private_hosts=True)
        for _ in range(2):
            reply_service.send_due(lambda: same(session), settings=ready, clock=pipeline.now)
        from listener.catalog import service as catalog_service

        catalog = catalog_service.current(session)
        delivering.tell_events(session, catalog=catalog, settings=ready, now=pipeline.now())
        delivering.send_due(lambda: same(session), settings=ready, clock=pipeline.now, senders=1)
    ((to, words),) = api.sent
    assert to == HANH
    assert "Mã tra cứu" in words
    (row,) = session.scalars(select(t.ReplyRow)).all()
    assert (row.state, row.sealed) == ("sent", None)


def test_answers_are_tried_again_and_wait_while_zalo_rests(send: Send, session: Session) -> None:
    send(event(text="alo", msg_id="m1"))
    with zalo_api() as api:
        ready = with_settings(zalo_url=api.url, zalo_token=api.token, deliver_private_hosts=True)
        api.faults = [-32]
        assert reply_service.send_due(lambda: same(session), settings=ready, clock=pipeline.now) == {"retry": 1}
        assert not api.sent
        later = pipeline.now() + timedelta(minutes=5)
        assert reply_service.send_due(lambda: same(session), settings=ready, clock=lambda: later) == {"sent": 1}


def test_erasing_a_person_ends_the_conversation(send: Send, session: Session) -> None:
    send(event(text=LAMP, msg_id="m1"))
    send(event(text="alo", sender="7700000000000000001", msg_id="m2"))
    (item,) = reports(session)
    own = settings()
    erasure_service.erase(
        session, [item], secret=own.secret(), secrets=own.identity_secrets(), known=(), now=pipeline.now()
    )
    session.expire_all()
    assert len(session.scalars(select(t.Talk)).all()) == 1
    erased, other = session.scalars(select(t.ReplyRow).order_by(t.ReplyRow.id)).all()
    assert (erased.sealed, erased.person_key, erased.state) == (None, "", "dropped")
    assert other.sealed is not None
    send(event(text=LAMP, msg_id="m1"))
    assert len(reports(session)) == 1


@pytest.mark.parametrize(
    ("said", "count"),
    [("Alo", 0), ("xin chào admin ạ", 0), ("ok cảm ơn em nhé", 0), ("mất nước", 2), ("Đèn hẻm 51 tắt", 4), ("!!!", 0)],
)
def test_greetings_and_thanks_are_no_words_of_a_report(said: str, count: int) -> None:
    assert talking.words(said) == count


def change(**value: Any) -> bytes:
    plain = {"item": "comment", "verb": "add", "comment_id": "9_1", "post_id": "1122_9", "parent_id": "1122_9",
             "message": "Nắp cống trước trường bể rồi", "created_time": 1796000000,
             "from": {"id": "555", "name": "Tên Thật Của Họ"}}  # fmt: skip
    entry = {"id": "1122334455", "time": 1, "changes": [{"field": "feed", "value": {**plain, **value}}]}
    return json.dumps({"object": "page", "entry": [entry]}).encode()


@pytest.fixture
def page(session: Session) -> t.Source:
    options = {"page": "1122334455"}
    source = t.Source(slug="trang-thu", name="Trang", kind="facebook", url="https://a.vn", options=options, memory={})
    session.add(source)
    session.flush()
    return source


@pytest.fixture
def tell(client: TestClient) -> Send:
    def post(body: bytes, header: str | None = None) -> Response:
        own = "sha256=" + hmac.new(b"khoa-app", body, hashlib.sha256).hexdigest()
        return client.post("/hooks/facebook", content=body, headers={"X-Hub-Signature-256": header or own})

    return post


def test_a_comment_on_the_citys_page_is_kept_once_without_its_authors_name(
    tell: Send, session: Session, page: t.Source
) -> None:
    for body in (change(), change(), change(verb="edited", message="Nắp cống trước trường bể, đã rào lại")):
        assert tell(body).status_code == 200
    (item,) = session.scalars(select(t.Item).where(t.Item.source_id == page.id)).all()
    assert (item.external_id, item.thread, item.parent, item.channel) == ("9_1", "1122_9", None, "facebook")
    assert item.text.endswith("đã rào lại")
    told = str(session.execute(text("SELECT * FROM items")).mappings().all())
    assert "Tên Thật" not in told


@pytest.mark.parametrize(
    "value", [{"from": {"id": "1122334455"}}, {"verb": "remove"}, {"message": ""}, {"item": "like"}, {"comment_id": ""}]
)
def test_the_pages_own_words_and_mere_gestures_are_not_kept(
    tell: Send, session: Session, page: t.Source, value: dict[str, Any]
) -> None:
    assert tell(change(**value)).status_code == 200
    assert session.scalars(select(t.Item).where(t.Item.source_id == page.id)).all() == []


@pytest.mark.parametrize("header", ["sha256=00", "sha1=00", "ă"])
def test_facebook_must_sign_too(tell: Send, session: Session, page: t.Source, header: str) -> None:
    assert tell(change(), header.encode("utf-8", "replace")).status_code == 403  # type: ignore[arg-type]
    assert session.scalars(select(t.Item).where(t.Item.source_id == page.id)).all() == []


def test_a_page_that_is_no_source_here_is_passed_over(tell: Send) -> None:
    assert tell(change()).json() == {"status": "ok"}


def test_facebook_is_told_that_the_address_is_ours_by_the_word_agreed_on(client: TestClient) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "tu-hen", "hub.challenge": "1158201444"}
    assert client.get("/hooks/facebook", params=asked).text == "1158201444"
    assert client.get("/hooks/facebook", params={**asked, "hub.verify_token": "đoán"}).status_code == 403
    assert client.get("/hooks/facebook", params={**asked, "hub.challenge": "<script>"}).status_code == 403
