"""A person who asks is erased everywhere, and the matter with its figures stays."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import InvalidToken
from PIL import Image
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from listener import duties, pipeline
from listener.accounts import service as accounts
from listener.catalog import service as catalog_service
from listener.classify import service as classifying
from listener.collect import codes, identity_service
from listener.collect import service as collecting
from listener.collect.found import FoundPost, NewReport, PhotoFile
from listener.errors import BadInput, Conflict, NotFound
from listener.retrain import service as retraining
from listener.route import desk_service
from listener.route.workflow import Actor
from listener.sealing import key_id, seal, unseal
from listener.settings import settings
from listener.store import audit, desks, feed, senders
from listener.store import sources as source_rows
from listener.store import tables as t

NAME, PHONE, MAIL = "Lâm Thị Bông Thử", "0530 111 222", "bong.thu@example.vn"
WORDS = (
    "Đèn đường hẻm 51 phường Cái Khế tắt ba hôm nay, tôi là Lâm Thị Bông Thử, số 0530.111.222, "
    "căn cước 092099001234, thư bong.thu@example.vn, mong sửa sớm"
)
# However a person may be told: as typed, as digits, without accents.
TRACES = ("Bông Thử", "bong thu", "0530", "530111222", "092099001234", "bong.thu@", "example.vn")


def picture() -> bytes:
    content = BytesIO()
    Image.new("RGB", (40, 30), "red").save(content, "JPEG")
    return content.getvalue()


@pytest.fixture
def at() -> datetime:
    return pipeline.now()


@pytest.fixture
def send(session: Session, at: datetime) -> Callable[..., pipeline.Receipt]:
    def send(words: str = WORDS, **more: Any) -> pipeline.Receipt:
        given = {"name": NAME, "phone": PHONE, "email": MAIL, "photos": (PhotoFile("a.jpg", picture()),), **more}
        return pipeline.take_in(session, NewReport(text=words, **given), at=at)

    return send


@pytest.fixture
def officer(session: Session) -> t.Account:
    return accounts.create(
        session, login="thu.riengtu", name="Phụ trách dữ liệu", role="admin", password="mat khau dai"
    )


def stored_of(session: Session, item_id: int) -> str:
    """Every word the store holds of an item, in all tables that name it, and its story's title."""
    found = [session.execute(text("SELECT to_jsonb(i) FROM items i WHERE id = :id"), {"id": item_id}).scalar_one()]
    for table in ("item_revisions", "photos", "senders", "events", "assignments", "predictions", "labels", "feed"):
        query = text(f"SELECT to_jsonb(x) FROM {table} x WHERE item_id = :id")
        found += session.execute(query, {"id": item_id}).scalars().all()
    found += session.execute(text("SELECT title FROM stories")).scalars().all()
    return json.dumps(found, ensure_ascii=False).casefold()


def traces_in(words: str) -> list[str]:
    return [trace for trace in TRACES if trace.casefold() in words.casefold()]


def test_nothing_of_the_person_is_left_and_the_matter_and_its_figures_stay(
    session: Session, send: Callable[..., pipeline.Receipt], at: datetime, officer: t.Account
) -> None:
    receipt = send(lat=10.0451234, lng=105.7461234)
    item, catalog = receipt.item, catalog_service.current(session)
    session.add(t.ItemRevision(item_id=item.id, title="", text=f"Bản trước của {NAME}, gọi {PHONE}"))
    desks.add_event(session, item.id, "added", f"Người gửi bổ sung: gọi tôi {PHONE}, {NAME}", now=at, actor="citizen")
    dispatcher = Actor("Điều phối", "dispatcher", officer.id)
    step = {"actor": dispatcher, "catalog": catalog, "now": at}
    if desks.active_assignment(session, item.id) is None:
        desk_service.act(session, item, "assign", department="UBX-31120", reason=f"theo lời {NAME}", **step)
    desk_service.act(session, item, "answer", text=f"Đã thay bóng đèn, báo bà {NAME} qua {PHONE} chiều nay.", **step)
    desk = desks.active_assignment(session, item.id)
    assert desk is not None
    desk.asked_reason = desk.extended_reason = f"chờ bà {NAME} ở nhà, gọi {PHONE}"
    item.public_text, item.media_url = f"Đèn tắt trước nhà {NAME}", "https://anh.example.vn/bong-thu.jpg"
    event = session.scalars(select(t.Event).where(t.Event.item_id == item.id).order_by(t.Event.id)).first()
    assert event is not None
    told = {"data": {"text": f"Đèn tắt trước nhà {NAME}", "added": f"gọi {PHONE}"}}
    feed.add(
        session,
        t.Told(uid="evt_thu", event_id=event.id, item_id=item.id, kind=event.kind, departments=[], payload=told),
    )
    classifying.correct(session, item, task="topic", value="den-duong-hong", account_id=officer.id, now=at)
    assert len(traces_in(stored_of(session, item.id))) > 4  # the person is there, so that the test can fail
    files = [settings().data_dir / photo.path for photo in item.photos]
    kept = (item.number, item.topic, item.field, item.sentiment, item.urgency, item.unit_code, item.state)

    request = duties.ask_for_erasure(session, receipt.code, whole_person=False, catalog=catalog, at=at)
    duties.decide(session, request, accept=True, words="", confirmation="xoa", account=officer, at=at)
    erased = duties.carry_out(session, request, at=at)
    duties.forget_files(erased.files if erased else [])
    session.flush()
    session.expire_all()

    assert traces_in(stored_of(session, item.id)) == []
    assert senders.of_item(session, item.id) is None
    assert [file for file in files if file.exists()] == []
    assert item.photos == []
    assert "Đèn đường hẻm 51 phường Cái Khế tắt ba hôm nay" in item.text
    assert (item.number, item.topic, item.field, item.sentiment, item.urgency, item.unit_code, item.state) == kept
    assert (item.lat, item.lng) == (10.045, 105.746)
    assert [item.body[m["start"] : m["end"]].strip("█") for m in item.masks] == [""] * len(item.masks)
    answer = desks.active_assignment(session, item.id)
    assert answer is not None
    assert "Đã thay bóng đèn" in (answer.answer or "")
    assert request.proof["identities"] == request.proof["items"] == request.proof["photos"] == 1


def test_the_audit_proves_it_without_a_word_of_the_person(
    session: Session, send: Callable[..., pipeline.Receipt], at: datetime, officer: t.Account
) -> None:
    receipt, catalog = send(), catalog_service.current(session)
    request = duties.ask_for_erasure(session, receipt.code, whole_person=False, catalog=catalog, at=at)
    duties.decide(
        session, request, accept=True, words=f"Bà {NAME} gọi {PHONE}", confirmation="XOA", account=officer, at=at
    )
    duties.carry_out(session, request, at=at)
    audit.write_waiting(session)
    rows = session.scalars(select(t.Audit).where(t.Audit.account_id == officer.id)).all()
    assert {row.act for row in rows} >= {"accept_erasure", "erase", "erased_person"}
    assert traces_in(json.dumps([row.details for row in rows], ensure_ascii=False)) == []
    assert audit.verify(session).broken_id is None


def test_erasing_a_whole_person_reaches_all_reports_of_the_contact_but_never_the_restricted_room(
    session: Session, send: Callable[..., pipeline.Receipt], at: datetime, officer: t.Account
) -> None:
    first, second, other = send(), send(f"Rác chất đống ở phường Tân An, tôi là {NAME}"), send(phone="0541 772 093")
    hidden = send(f"Vũng nước trước chợ, tôi là {NAME}")
    hidden.item.restricted = True
    session.flush()
    catalog = catalog_service.current(session)
    request = duties.ask_for_erasure(session, first.code, whole_person=True, catalog=catalog, at=at)
    duties.decide(session, request, accept=True, words="", confirmation="XOA", account=officer, at=at)
    duties.carry_out(session, request, at=at)
    erased = [one.item.erased_at is not None for one in (first, second, other, hidden)]
    assert erased == [True, True, False, False]
    assert traces_in(second.item.text) == []
    assert senders.of_item(session, hidden.item.id) is not None


def test_done_twice_it_changes_nothing_and_the_code_still_tells_its_state(
    session: Session, send: Callable[..., pipeline.Receipt], at: datetime, officer: t.Account
) -> None:
    receipt, catalog = send(), catalog_service.current(session)
    request = duties.ask_for_erasure(session, receipt.code, whole_person=False, catalog=catalog, at=at)
    assert duties.ask_for_erasure(session, receipt.code, whole_person=True, catalog=catalog, at=at) is request
    duties.decide(session, request, accept=True, words="", confirmation="XOA", account=officer, at=at)
    duties.carry_out(session, request, at=at)
    words, proof = receipt.item.text, dict(request.proof)
    assert duties.carry_out(session, request, at=at) is None
    assert (receipt.item.text, request.proof) == (words, proof)
    assert duties.ask_for_erasure(session, receipt.code, whole_person=False, catalog=catalog, at=at) is request


def test_a_wish_is_answered_in_two_working_days_and_carried_out_in_twenty(
    session: Session, send: Callable[..., pipeline.Receipt], officer: t.Account
) -> None:
    friday = datetime.fromisoformat("2026-11-13T16:00:00+07:00")
    receipt, catalog = send(), catalog_service.current(session)
    request = duties.ask_for_erasure(session, receipt.code, whole_person=False, catalog=catalog, at=friday)
    assert request.answer_due.isoformat() == "2026-11-17T16:00:00+07:00"
    assert request.erase_due - friday == timedelta(days=20)
    with pytest.raises(BadInput, match="XOA"):
        duties.decide(session, request, accept=True, words="", confirmation="", account=officer, at=friday)
    with pytest.raises(BadInput, match="lý do"):
        duties.decide(session, request, accept=False, words="", confirmation="", account=officer, at=friday)
    duties.decide(
        session, request, accept=False, words="Vụ việc đang được xử lý", confirmation="", account=officer, at=friday
    )
    with pytest.raises(Conflict):
        duties.decide(session, request, accept=True, words="", confirmation="XOA", account=officer, at=friday)
    with pytest.raises(NotFound):
        duties.ask_for_erasure(session, "0000-0000-00", whole_person=False, catalog=catalog, at=friday)


def test_an_erased_person_is_in_no_training_set(
    session: Session, send: Callable[..., pipeline.Receipt], at: datetime, officer: t.Account
) -> None:
    receipt = send()
    classifying.correct(session, receipt.item, task="topic", value="den-duong-hong", account_id=officer.id, now=at)
    session.flush()
    mine = f"r-b999-{receipt.item.id:04d}"
    assert mine in {one.id for one in retraining.desk_labels(session)}
    duties.erase_items(session, [receipt.item], actor="thử", account_id=None, at=at)
    assert mine not in {one.id for one in retraining.desk_labels(session)}


def test_an_erased_post_loses_handle_and_address_and_its_source_does_not_bring_it_back(
    session: Session, at: datetime
) -> None:
    source = source_rows.file_source(session, "thu-xoa", "Thử xoá")
    post = FoundPost(
        external_id="p-1",
        text="Nắp cống vỡ ở Cái Khế, nick Bông Thử đăng",
        author="bong.thu",
        url="https://x.vn/bong.thu/1",
    )
    found = {"source_id": source.id, "secret": settings().secret(), "now": at}
    item = session.get_one(t.Item, collecting.keep_posts(session, [post], **found).new[0])
    theirs, known = duties.belonging_to(session, handle="bong.thu")
    assert theirs == [item]
    duties.erase_items(session, theirs, actor="thử", account_id=None, at=at, known=known)
    assert (item.author_key, item.url) == (None, None)
    assert "p-1" not in (item.external_id or "")
    again = collecting.keep_posts(session, [post], **found)
    assert (again.new, again.changed) == ([], [])
    assert "Nắp cống vỡ ở Cái Khế" in item.text


def test_pseudonyms_of_authors_go_after_the_days_of_the_catalogue(session: Session, at: datetime) -> None:
    from listener.store import duties as rows

    ages = {"new": 10, "edge": 179, "old": 181}
    for name, days in ages.items():
        row = t.Item(
            number=f"BD-{name}", is_report=False, channel="forum", text="x", author_key="k", flags=[], decided_by=[]
        )
        row.received_at = at - timedelta(days=days)
        session.add(row)
    session.flush()
    days = rows.days_kept(session, "author")
    assert days == 180
    assert rows.purge_authors(session, before=at - timedelta(days=days), limit=100) == 1
    session.expire_all()
    left = session.scalars(select(t.Item.number).where(t.Item.author_key == "k").order_by(t.Item.number)).all()
    assert left == ["BD-edge", "BD-new"]


def test_keys_are_rotated_in_batches_and_every_identity_stays_readable_in_between(session: Session) -> None:
    session.execute(text("DELETE FROM senders"))
    ids = []
    for number in range(7):
        item = t.Item(number=f"PA-K{number}", is_report=True, channel="web", text="x", flags=[], decided_by=[])
        session.add(item)
        session.flush()
        session.add(t.Sender(item_id=item.id, sealed=seal({"name": f"n{number}"}, b"old"), person_key="p"))
        ids.append(item.id)
    session.flush()
    ring = (b"new", b"old")

    def readable() -> list[str]:
        session.expire_all()
        return [unseal(session.get_one(t.Sender, one).sealed, ring)["name"] for one in ids]

    everyone = [f"n{number}" for number in range(7)]
    assert identity_service.rotate(session, ring, limit=3) == 3  # then the machine stops
    assert readable() == everyone
    assert senders.count_under_other_keys(session, key_id(ring)) == 4
    assert [identity_service.rotate(session, ring, limit=3) for _ in range(3)] == [3, 1, 0]
    assert readable() == everyone
    assert [unseal(session.get_one(t.Sender, one).sealed, b"new")["name"] for one in ids] == everyone
    with pytest.raises(InvalidToken):
        unseal(session.get_one(t.Sender, ids[0]).sealed, b"old")


def test_a_key_made_in_the_data_folder_comes_first_and_the_older_ones_still_open(tmp_path: Path) -> None:
    here = settings().model_copy(update={"data_dir": tmp_path, "identity_keys": None})
    before = here.identity_secrets()
    here.add_identity_key()
    here.add_identity_key()
    after = here.identity_secrets()
    assert len(after) == 3
    assert after[-1:] == before
    assert unseal(seal({"a": "b"}, before), after) == {"a": "b"}
    assert key_id(after) != key_id(before)


def test_an_identity_opens_with_a_reason_alone_and_the_opening_is_audited(
    session: Session, send: Callable[..., pipeline.Receipt], at: datetime
) -> None:
    item = send().item
    asked = {"secrets": settings().identity_secrets(), "actor": "Điều phối Z", "account_id": None, "now": at}
    with pytest.raises(BadInput):
        identity_service.open_identity(session, item, reason=" ", **asked)
    assert identity_service.open_identity(session, item, reason="Cần hỏi vị trí", **asked)["phone"] == PHONE
    audit.write_waiting(session)
    rows = session.scalars(select(t.Audit).where(t.Audit.actor == "Điều phối Z")).all()
    assert [(row.act, row.item_id, row.details) for row in rows] == [
        ("open_identity", item.id, {"reason": "Cần hỏi vị trí"})
    ]


def test_codes_are_kept_as_hashes_only(send: Callable[..., pipeline.Receipt]) -> None:
    receipt = send()
    assert receipt.item.code_hash == codes.code_hash(receipt.code, settings().secret())
