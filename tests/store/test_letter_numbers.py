"""Letters in the database: numbers without gaps or doubles, who may write, what is kept, what stands in the history."""

import hashlib
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from make import NOON, make_assignment, make_item, make_post
from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from listener.catalog import service as catalog_service
from listener.errors import BadInput, Conflict, Forbidden, ListenerError, NotFound
from listener.letters import service
from listener.letters.draft import Draft
from listener.letters.issuer import CITY
from listener.letters.kinds import KINDS
from listener.letters.service import House, Writer
from listener.store import audit, desks, samples
from listener.store import letters as rows
from listener.store import tables as t
from listener.store.database import session_scope

OFFICER = Writer("Cán bộ thử", "officer", None, "SXD")
DISPATCHER = Writer("Điều phối thử", "dispatcher")
DRAFT = Draft("phieu-chuyen", addressee="Công ty Điện lực", signer_title="GIÁM ĐỐC", signer_name="Người Ký Thử")


@pytest.fixture
def house(session: Session) -> House:
    return House(catalog_service.current(session), "UBND thành phố Cần Thơ", "Cần Thơ")


def issue(session: Session, house: House, *items: t.Item, writer: Writer = OFFICER, **more: Any) -> t.Letter:
    draft = more.pop("draft", DRAFT)
    return service.issue(
        session, [item.number for item in items], draft, writer=writer, house=house, now=more.pop("now", NOON), **more
    )


def on_desk(session: Session, department: str = "SXD", **values: Any) -> t.Item:
    item = make_item(session, **values)
    make_assignment(session, item, department)
    return item


def test_numbers_follow_one_another_by_unit_kind_and_year(session: Session, house: House) -> None:
    item = on_desk(session, state="assigned")
    official = Draft("cong-van", addressee="A", signer_title="B", signer_name="C")
    next_year = NOON + timedelta(days=60)
    signs = [
        issue(session, house, item).sign,
        issue(session, house, item).sign,
        issue(session, house, item, draft=official).sign,
        issue(session, house, item, writer=DISPATCHER).sign,
        issue(session, house, item, now=next_year).sign,
    ]
    assert signs == ["01/PC-SXD", "02/PC-SXD", "01/SXD", "01/PC-UBND", "01/PC-SXD"]


def test_the_answer_and_the_cong_van_share_a_register(session: Session, house: House) -> None:
    item = make_item(session, state="answered")
    make_assignment(session, item, state="answered", answer="Đã thay bóng đèn chiều nay.", answered_at=NOON)
    official = Draft("cong-van", addressee="A", signer_title="B", signer_name="C")
    answer = Draft("tra-loi", signer_title="B", signer_name="C")
    assert [issue(session, house, item, draft=one).sign for one in (official, answer)] == ["01/SXD", "02/SXD"]


def test_looking_takes_no_number(session: Session, house: House) -> None:
    item = on_desk(session)
    shown = service.preview(session, [item.number], Draft("cong-van"), writer=OFFICER, house=house, now=NOON)
    assert (shown.next_sign, shown.letter.below_number[0]) == ("01/SXD", "Số:           /SXD")
    assert shown.pages[0].startswith(b"\x89PNG")
    assert rows.last_number(session, "SXD", "CV", 2026) == 0


def test_a_refused_letter_takes_no_number(session: Session, house: House) -> None:
    item = on_desk(session)
    with pytest.raises(BadInput, match="nơi nhận"):
        issue(session, house, item, draft=Draft("phieu-chuyen", signer_title="A", signer_name="B"))
    assert rows.last_number(session, "SXD", "PC", 2026) == 0


def test_a_form_sent_twice_makes_one_letter(session: Session, house: House) -> None:
    item = on_desk(session)
    first, again = (issue(session, house, item, key="một tờ") for _ in range(2))
    assert first.id == again.id
    assert issue(session, house, item, key="tờ khác").number == 2


def test_the_files_are_kept_byte_by_byte_and_told_in_the_history(session: Session, house: House) -> None:
    item = on_desk(session)
    letter = issue(session, house, item)
    kept = {form: service.download(session, letter.id, form, writer=OFFICER)[1] for form in ("pdf", "docx")}
    assert kept["pdf"].content.startswith(b"%PDF")
    assert kept["docx"].content.startswith(b"PK")
    hashes = {form: hashlib.sha256(file.content).hexdigest() for form, file in kept.items()}
    assert hashes == {form: file.sha256 for form, file in kept.items()} == rows.hashes(session, letter.id)
    event, _ = desks.events_of(session, item.id)[-1]
    assert event.words == "Cán bộ thử lập phiếu chuyển số 01/PC-SXD, gửi Công ty Điện lực."
    assert event.details["sha256"] == hashes
    item.text = "chữ đã đổi"
    session.flush()
    assert service.download(session, letter.id, "pdf", writer=OFFICER)[1].content == kept["pdf"].content
    audit.write_waiting(session)
    acts = session.scalars(select(t.Audit.act).where(t.Audit.actor == OFFICER.name).order_by(t.Audit.id)).all()
    assert acts == ["letter", "letter_downloaded", "letter_downloaded", "letter_downloaded"]


def test_officers_write_about_their_own_desk_alone(session: Session, house: House) -> None:
    other, helping = on_desk(session, "SNNMT"), make_item(session)
    make_assignment(session, helping, "SNNMT", coordinating=["SXD"])
    for item in (other, helping, make_item(session), make_post(session)):
        with pytest.raises(Forbidden, match="không nằm trên bàn"):
            issue(session, house, item)
        with pytest.raises(Forbidden):
            service.preview(session, [item.number], DRAFT, writer=OFFICER, house=house, now=NOON)
    assert issue(session, house, other, helping, writer=DISPATCHER).sign == "01/PC-UBND"


@pytest.mark.parametrize("role", ["press", "leader", "analyst", "handler", "citizen"])
def test_other_roles_neither_write_nor_read(session: Session, house: House, role: str) -> None:
    letter = issue(session, house, on_desk(session))
    writer = Writer("Người khác", role)
    with pytest.raises(Forbidden):
        issue(session, house, make_item(session), writer=writer)
    with pytest.raises(Forbidden):
        service.download(session, letter.id, "pdf", writer=writer)


@pytest.mark.parametrize("writer", [OFFICER, DISPATCHER, Writer("Quản trị", "admin")])
def test_restricted_items_do_not_exist_for_letters(session: Session, house: House, writer: Writer) -> None:
    secret = on_desk(session, restricted=True, kind="to_cao")
    with pytest.raises(NotFound):
        issue(session, house, secret, writer=writer)
    item = on_desk(session)
    letter = issue(session, house, item, writer=writer)
    item.restricted = True
    session.flush()
    with pytest.raises(NotFound):
        service.download(session, letter.id, "pdf", writer=writer)
    assert [(one.id, closed) for one, _, closed in rows.register(session, None, limit=1)] == [(letter.id, True)]


def test_another_units_letter_does_not_exist_for_an_officer(session: Session, house: House) -> None:
    letter = issue(session, house, on_desk(session))
    with pytest.raises(NotFound):
        service.open_letter(session, letter.id, Writer("Khác", "officer", None, "SNNMT"))
    assert service.open_letter(session, letter.id, DISPATCHER) is letter


def test_a_void_number_stays_in_the_register_with_its_reason(session: Session, house: House) -> None:
    item = on_desk(session)
    letter = issue(session, house, item)
    with pytest.raises(BadInput, match="lý do"):
        service.void(session, letter.id, "  ", writer=OFFICER, now=NOON)
    service.void(session, letter.id, "sai nơi nhận", writer=OFFICER, now=NOON)
    assert (letter.void_reason, letter.void_by) == ("sai nơi nhận", "Cán bộ thử")
    assert issue(session, house, item).number == 2
    assert service.download(session, letter.id, "pdf", writer=OFFICER)[1].content
    with pytest.raises(Conflict, match="đã huỷ"):
        service.void(session, letter.id, "lần nữa", writer=OFFICER, now=NOON)
    words = [event.words for event, _ in desks.events_of(session, item.id)]
    assert "Cán bộ thử huỷ văn bản số 01/PC-SXD: sai nơi nhận." in words


def test_a_letter_does_not_keep_an_officer_from_undoing_the_step_before(session: Session, house: House) -> None:
    account = t.Account(login="thu-van-ban", name="Thử", role="officer", password_hash="-", department_code="SXD")
    session.add(account)
    session.flush()
    item = on_desk(session)
    desks.add_event(session, item.id, "accept", "tiếp nhận", now=NOON, actor="person", account_id=account.id)
    session.flush()
    issue(session, house, item, writer=Writer("Thử", "officer", account.id, "SXD"))
    last = desks.last_event(session, item.id)
    assert last is not None
    assert last.kind == "accept"


def test_the_signatory_of_the_last_letter_is_remembered_by_unit(session: Session, house: House) -> None:
    issue(session, house, on_desk(session))
    assert service.remembered(session, OFFICER)["signer_name"] == "Người Ký Thử"
    assert service.remembered(session, DISPATCHER)["signer_name"] == ""


@pytest.mark.parametrize(
    ("kind", "values", "message"),
    [
        ("tra-loi", {"state": "accepted"}, "chưa có câu trả lời"),
        ("huong-dan", {"kind": "phan_anh"}, "chỉ dành cho khiếu nại"),
        ("khong-co", {}, "Không có loại văn bản"),
    ],
)
def test_a_kind_that_does_not_fit_the_item_is_refused(
    session: Session, house: House, kind: str, values: dict[str, Any], message: str
) -> None:
    draft = Draft(kind, addressee="A", signer_title="B", signer_name="C")
    with pytest.raises(BadInput, match=message):
        issue(session, house, on_desk(session, **values), draft=draft)


def test_letters_to_one_sender_tell_of_one_item_and_lists_have_an_end(session: Session, house: House) -> None:
    two = [on_desk(session).number for _ in range(2)]
    with pytest.raises(BadInput, match="một mục"):
        service.issue(session, two, Draft("tra-loi"), writer=OFFICER, house=house, now=NOON)
    with pytest.raises(BadInput, match="Chưa chọn mục"):
        service.choose(session, [" "], OFFICER)
    with pytest.raises(BadInput, match="tối đa 200"):
        service.choose(session, [f"PA-{n}" for n in range(201)], OFFICER)


def test_items_stand_in_the_order_in_which_they_were_chosen(session: Session, house: House) -> None:
    first, second = on_desk(session), on_desk(session)
    letter = issue(session, house, second, first, second)
    assert [item.id for item in rows.items_of(session, letter.id)] == [second.id, first.id]


def test_texts_that_were_never_read_are_masked_all_the_same(session: Session, house: House) -> None:
    item = on_desk(session, text="Gọi 0530000001 giúp em", masks=[], read_at=None, topic=None, urgency=None)
    (told,) = service.tell(session, [item], house.catalog)
    assert told.text == "Gọi [số điện thoại] giúp em"
    assert told.topic == "chưa phân loại"


def test_a_register_goes_on_after_a_number_on_paper_and_never_back(session: Session, house: House) -> None:
    service.start_after(session, KINDS["phieu-chuyen"], 119, writer=OFFICER, now=NOON)
    assert issue(session, house, on_desk(session)).sign == "120/PC-SXD"
    with pytest.raises(Conflict, match="tới số 120"):
        service.start_after(session, KINDS["phieu-chuyen"], 120, writer=OFFICER, now=NOON)


def test_the_database_itself_refuses_a_number_twice(session: Session, house: House) -> None:
    letter = issue(session, house, on_desk(session))
    names = (
        "issuer",
        "series",
        "year",
        "number",
        "sign",
        "kind",
        "subject",
        "addressee",
        "draft",
        "issued_on",
        "made_by",
    )
    session.add(t.Letter(**{name: getattr(letter, name) for name in names}))
    with pytest.raises(IntegrityError):
        session.flush()


def test_sample_letters_go_with_the_sample_items_and_give_their_numbers_back(session: Session, house: House) -> None:
    real, sample = on_desk(session), on_desk(session, sample=True)
    kept = issue(session, house, real, sample)
    gone = issue(session, house, sample)
    samples.remove(session)
    session.expire_all()
    assert rows.by_id(session, kept.id) is not None
    assert rows.by_id(session, gone.id) is None
    assert rows.last_number(session, "SXD", "PC", 2026) == 1


UNIT = "UBX-31150"  # a register of its own: these rows are really committed


@pytest.fixture
def committed(database: str) -> Iterator[list[str]]:
    """Numbers of items on a desk, committed for other connections to see; taken away again."""
    with session_scope() as session:
        made = [on_desk(session, UNIT) for _ in range(12)]
        numbers, ids = [item.number for item in made], [item.id for item in made]
    yield numbers
    with session_scope() as session:
        session.execute(text("SET LOCAL listener.erasing = 'on'"))
        for table in (t.Letter, t.LetterRegister):
            session.execute(delete(table).where(table.issuer == UNIT))
        session.execute(delete(t.Event).where(t.Event.item_id.in_(ids)))
        session.execute(delete(t.Item).where(t.Item.id.in_(ids)))


def test_twelve_at_once_take_twelve_numbers_and_one_who_fails_leaves_no_gap(committed: list[str]) -> None:
    start, failed = threading.Barrier(len(committed)), []

    def one(place: int, number: str) -> None:
        start.wait()
        try:
            with session_scope() as session:
                house = House(catalog_service.current(session), "UBND thành phố Cần Thơ", "Cần Thơ")
                writer = Writer("Thử", "officer", None, UNIT)
                service.issue(session, [number], DRAFT, writer=writer, house=house, now=NOON)
                if place % 4 == 0:
                    raise ListenerError("mất mạng giữa chừng")
        except ListenerError:
            failed.append(place)

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(committed)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with session_scope() as session:
        taken = sorted(session.scalars(select(t.Letter.number).where(t.Letter.issuer == UNIT)))
        last = rows.last_number(session, UNIT, "PC", 2026)
    assert sorted(failed) == [0, 4, 8]
    assert taken == list(range(1, 10))
    assert last == 9


def test_the_same_form_from_two_connections_makes_one_letter(committed: list[str]) -> None:
    start, made = threading.Barrier(2), []

    def one() -> None:
        start.wait()
        with session_scope() as session:
            house = House(catalog_service.current(session), "UBND thành phố Cần Thơ", "Cần Thơ")
            writer = Writer("Thử", "officer", None, UNIT)
            made.append(service.issue(session, committed, DRAFT, writer=writer, house=house, now=NOON, key="k").id)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(made) == 2
    assert len(set(made)) == 1


def test_the_city_writes_in_a_register_of_its_own(session: Session, house: House) -> None:
    letter = issue(session, house, make_post(session), writer=DISPATCHER)
    assert letter.issuer == CITY
    assert rows.of_item(session, rows.items_of(session, letter.id)[0].id, "SXD") == []
