"""Citizens and departments get e-mail and Zalo messages of their matters; identities are opened only to send."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from inbox import MailServer, Zalo, mail_server, zalo_api
from make import NOON, make_assignment, make_item
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from test_deliver import BY, Clock, send, states, tell

from listener import pipeline, schedule
from listener.catalog import service as catalog_service
from listener.collect.found import NewReport
from listener.deliver import receivers_service
from listener.jobs import run_worker
from listener.route import desk_service
from listener.route.workflow import Actor
from listener.sealing import seal
from listener.settings import Settings, settings
from listener.store import desks, items
from listener.store import tables as t
from listener.store.database import session_scope
from listener.web.app import create_app

LAMP = "Đèn đường hẻm 51 phường Cái Khế tắt ba hôm nay, gọi số 0530000001 không ai nghe"
ADDRESS = "nguoi.gui@example.vn"


@pytest.fixture
def mail(database: str) -> Iterator[MailServer]:
    with mail_server() as server:
        yield server
    empty()


@pytest.fixture
def zalo(database: str) -> Iterator[Zalo]:
    with zalo_api() as api:
        yield api
    empty()


def empty() -> None:
    with session_scope() as session:
        session.execute(text("TRUNCATE items, receivers, outbox_lines, procrastinate_jobs RESTART IDENTITY CASCADE"))


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


def with_mail(mail: MailServer, **more: object) -> Settings:
    plain = {
        "mail_host": "127.0.0.1",
        "mail_port": mail.port,
        "mail_tls": "none",
        "mail_user": mail.user,
        "mail_password": mail.password,
        "mail_from": "phananh@cantho.example.vn",
        "public_url": "https://phananh.example.vn",
    }
    return Settings(**{**plain, **more})


def with_zalo(zalo: Zalo, **more: object) -> Settings:
    return Settings(**{"zalo_url": zalo.url, "zalo_token": zalo.token, "deliver_private_hosts": True, **more})


def report(session: Session, **contact: str) -> t.Item:
    """A report on a desk whose sender left this contact."""
    item = make_item(session, LAMP)
    make_assignment(session, item, "UBX-31120")
    channels = [name for key, name in (("email", "mail"), ("zalo", "zalo")) if key in contact]
    sealed = seal(contact, settings().secret())
    session.add(t.Sender(item_id=item.id, sealed=sealed, person_key="x", channels=channels))
    desks.add_event(session, item.id, "received", "Đã nhận phản ánh.", now=NOON, actor="citizen")
    return item


def words(mail: MailServer, place: int = -1) -> str:
    return mail.letters[place][1].get_payload(decode=True).decode()


def test_a_citizen_who_left_an_address_is_told_of_receipt_and_answer(
    database: str, mail: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way, with the real queue: a report over HTTP, the job, the mail server."""
    now_set = with_mail(mail)
    monkeypatch.setattr(pipeline, "settings", lambda: now_set)
    monkeypatch.setattr(schedule, "settings", lambda: now_set)
    with TestClient(create_app()) as client:
        receipt = client.post("/api/v1/reports", json={"text": LAMP, "name": "Người gửi thử", "email": ADDRESS}).json()
    run_worker(database, wait=False)
    ((to, letter),) = mail.letters
    assert to == ADDRESS
    assert receipt["number"] in words(mail)
    assert "UBND phường Cái Khế" in words(mail)
    for private in ("0530000001", "Người gửi thử", receipt["code"]):
        assert private not in words(mail)
    assert letter["Message-ID"].startswith("<evt_")
    with session_scope() as session:
        rows = str(session.execute(text("SELECT payload FROM feed")).all()) + str(
            session.execute(text("SELECT * FROM outbox")).all()
        )
        assert ADDRESS not in rows
        item = items.by_number(session, receipt["number"], lock=True)
        catalog = catalog_service.current(session)
        officer = Actor("Cán bộ", "officer", None, "UBX-31120")
        desk_service.act(
            session, item, "answer", actor=officer, catalog=catalog, now=pipeline.now() - timedelta(minutes=11),
            text="Chiều nay tổ điện đã thay bóng, số tổ trưởng 0541 772 093.",
        )  # fmt: skip
    run_worker(database, wait=False)
    assert "tổ điện đã thay bóng" in words(mail)
    assert "0541" not in words(mail)
    assert len(mail.letters) == 2


def test_a_step_that_is_taken_back_is_never_told_to_the_sender(mail: MailServer, clock: Clock) -> None:
    ready = with_mail(mail)
    with session_scope() as session:
        number = report(session, email=ADDRESS).number
        account = t.Account(
            login=f"thu-{uuid4().hex[:8]}",
            name="Cán bộ",
            password_hash="x",
            role="officer",
            department_code="UBX-31120",
        )
        session.add(account)
        session.flush()
        actor = Actor("Cán bộ", "officer", account.id, "UBX-31120")
    for step in ("accept", "undo", "accept"):
        with session_scope() as session:
            item = items.by_number(session, number, lock=True)
            if step == "accept":
                catalog = catalog_service.current(session)
                item.state = "assigned"
                desk_service.act(session, item, "accept", actor=actor, catalog=catalog, now=clock())
            else:
                desk_service.undo(session, item, actor=actor, now=clock())
        tell(clock, ready)
        send(clock, ready)
        clock.now += timedelta(minutes=2)
    assert len(mail.letters) == 1  # the receipt; the acceptance may still be taken back
    clock.now += timedelta(minutes=11)
    assert send(clock, ready) == Counter(sent=1)
    assert "đã tiếp nhận" in words(mail)
    assert states() == Counter(sent=2, dropped=1)
    with session_scope() as session:
        session.execute(text("SET LOCAL listener.erasing = 'on'"))
        session.execute(text("TRUNCATE items CASCADE"))


def test_what_the_mail_server_refuses_for_good_is_dead_at_once_and_the_rest_is_tried_again(
    mail: MailServer, clock: Clock
) -> None:
    ready = with_mail(mail)
    mail.refuse = {"khong.co@example.vn": "550 no such user", "day.hop@example.vn": "452 full"}
    with session_scope() as session:
        report(session, email="khong.co@example.vn")
        report(session, email="day.hop@example.vn")
    tell(clock, ready)
    assert send(clock, ready) == Counter(dead=1, retry=1)
    mail.refuse = {}
    clock.now += timedelta(minutes=5)
    assert send(clock, ready) == Counter(sent=1)


@pytest.mark.parametrize(
    ("change", "cause"),
    [({"mail_password": "sai"}, "mail-sign-in"), ({"mail_port": 9}, "connection"), ({"mail_tls": "tls"}, "protocol")],
)
def test_a_fault_of_the_settings_rests_the_whole_channel_and_shows_no_secret(
    mail: MailServer, clock: Clock, change: dict[str, object], cause: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ready = with_mail(mail, **change)
    with session_scope() as session:
        report(session, email=ADDRESS)
        report(session, email=ADDRESS)
    tell(clock, ready)
    assert send(clock, ready) == Counter(retry=1)
    with session_scope() as session:
        letter = session.scalars(select(t.Outgoing).where(t.Outgoing.attempts == 1)).one()
        assert cause in (letter.cause or "")
    printed = "".join(capsys.readouterr())
    for secret in (mail.password, "sai", ADDRESS):
        assert secret not in printed.replace("sai ", "")


@pytest.mark.parametrize("address", ["a@b.vn\nBcc: c@d.vn", "không có", "a@b", "a b@c.vn", ""])
def test_an_address_that_is_none_is_dead_and_never_reaches_a_header(
    mail: MailServer, clock: Clock, address: str
) -> None:
    with session_scope() as session:
        report(session, email=address)
    tell(clock, with_mail(mail))
    assert send(clock, with_mail(mail)) == Counter(dead=1)
    assert mail.letters == []


def test_zalo_says_its_faults_in_a_200_answer(zalo: Zalo, clock: Clock) -> None:
    ready = with_zalo(zalo)
    with session_scope() as session:
        number = report(session, zalo="2512523625412515").number
    tell(clock, ready)
    assert send(clock, with_zalo(zalo, zalo_token="cũ".encode().hex())) == Counter(retry=1)
    with session_scope() as session:
        assert "LISTENER_ZALO_TOKEN" in (session.scalars(select(t.Outgoing.problem)).one() or "")
    zalo.faults = [-32]
    clock.now += timedelta(minutes=5)
    assert send(clock, ready) == Counter(retry=1)  # over the quota: later
    clock.now += timedelta(hours=1)
    assert send(clock, ready) == Counter(sent=1)
    ((to, said),) = zalo.sent
    assert to == "2512523625412515"
    assert number in said


def test_a_person_whom_zalo_does_not_reach_is_dead_at_once_and_does_not_rest_the_channel(
    zalo: Zalo, clock: Clock
) -> None:
    with session_scope() as session:
        report(session, zalo="2512523625412515")
        report(session, zalo="2512523625412516")
    zalo.faults = [-230]
    tell(clock, with_zalo(zalo))
    assert send(clock, with_zalo(zalo)) == Counter(dead=1, sent=1)


def test_without_a_mail_server_no_letter_is_written_for_citizens(database: str, clock: Clock) -> None:
    with session_scope() as session:
        report(session, email=ADDRESS)
    tell(clock, Settings())
    assert states() == Counter()
    empty()


def test_the_sender_of_a_restricted_matter_gets_no_letter(mail: MailServer, clock: Clock) -> None:
    with session_scope() as session:
        report(session, email=ADDRESS).restricted = True
    tell(clock, with_mail(mail))
    send(clock, with_mail(mail))
    assert mail.letters == []


def test_an_edited_text_is_used_and_a_department_gets_its_own(mail: MailServer, clock: Clock) -> None:
    ready = with_mail(mail)
    with session_scope() as session:
        wanted = receivers_service.Wanted("Văn thư", "mail", "vanthu@cantho.example.vn", "UBX-31120", ["assign"])
        _, secret = receivers_service.add(session, wanted, settings=ready, by=BY)
        assert secret is None
        receivers_service.set_wording(
            session, "department.assign.mail", "Việc {{ so }}", "Xin xử lý {{ so }} trước {{ han }}.", now=NOON, by=BY
        )
        item = report(session, email=ADDRESS)
        desks.add_event(session, item.id, "assign", "x", now=NOON, department="UBX-31120")
        number = item.number
    tell(clock, ready)
    send(clock, ready)
    by_address = dict(mail.letters)
    assert by_address["vanthu@cantho.example.vn"]["Subject"].startswith("=?utf-8?")
    assert f"Xin xử lý {number} trước" in by_address["vanthu@cantho.example.vn"].get_payload(decode=True).decode()
    with session_scope() as session:
        session.execute(text("TRUNCATE wordings"))


def test_the_door_for_reports_marks_by_which_channel_a_sender_can_be_told(database: str) -> None:
    with session_scope() as session:
        catalog = catalog_service.current(session)
        kept = pipeline.take_in(session, NewReport(text=LAMP, zalo="2512523625412515"), catalog=catalog, at=NOON)
        sender = session.get_one(t.Sender, kept.item.id)
        assert sender.channels == ["zalo"]
        assert b"2512523625412515" not in sender.sealed
    empty()
