"""The moves of a matter on real tables: clocks that stand, extensions, coordination, merging, publication, undo."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from make import make_assignment, make_item
from sqlalchemy import select
from sqlalchemy.orm import Session

from listener.catalog import service as catalog_service
from listener.catalog.shapes import Catalog
from listener.errors import BadInput, Conflict, Forbidden, MoveRefused
from listener.route import clock_service, deadlines, desk_service
from listener.route.workflow import Actor
from listener.store import copies, desks, matters
from listener.store import tables as t
from listener.store.trends import Span

MONDAY = datetime(2026, 11, 16, 8, tzinfo=deadlines.CITY_ZONE)
AREA = "31120"
HOME, OTHER = "UBX-31120", "SXD"
CITIZEN = Actor("Người gửi", "citizen")
QUESTION = "Trụ đèn số mấy, gần nhà ai?"


@pytest.fixture
def catalog(session: Session) -> Catalog:
    return catalog_service.current(session)


@pytest.fixture
def actors(session: Session) -> dict[str, Actor]:
    found = {}
    for role, department in (("officer", HOME), ("dispatcher", None), ("press", None), ("neighbour", OTHER)):
        kept = "officer" if role == "neighbour" else role
        account = t.Account(
            login=f"thu-{role}", name=f"Thử {role}", role=kept, password_hash="x", department_code=department
        )
        session.add(account)
        session.flush()
        found[role] = Actor(account.name, kept, account.id, department)
    return found


class Desk:
    """A matter on a desk, and steps with it."""

    def __init__(self, session: Session, catalog: Catalog, actors: dict[str, Actor], **values: Any) -> None:
        self.session, self.catalog, self.actors = session, catalog, {**actors, "citizen": CITIZEN}
        self.item = make_item(session, at=MONDAY, state="accepted", unit_code=AREA, may_publish=True, **values)
        office = deadlines.calendar_of((one.day, one.kind) for one in catalog.holidays)
        make_assignment(
            session,
            self.item,
            HOME,
            hours=16,
            state="accepted",
            accepted_at=MONDAY,
            due_at=deadlines.due(MONDAY, 16, office),
        )

    def do(self, role: str, name: str, after: float = 0, **given: Any) -> None:
        now = MONDAY + timedelta(hours=after)
        desk_service.act(self.session, self.item, name, actor=self.actors[role], catalog=self.catalog, now=now, **given)

    @property
    def row(self) -> t.Assignment:
        found = desks.active_assignment(self.session, self.item.id)
        assert found is not None
        return found

    def kinds(self) -> list[str]:
        return [event.kind for event, _ in desks.events_of(self.session, self.item.id)]


@pytest.fixture
def desk(session: Session, catalog: Catalog, actors: dict[str, Actor]) -> Desk:
    return Desk(session, catalog, actors)


def test_the_clock_stands_while_the_sender_is_asked_and_runs_on_with_the_answer(desk: Desk) -> None:
    promised = desk.row.due_at
    desk.do("officer", "ask", text=QUESTION)
    assert (desk.item.state, desk.row.paused_at, desk.row.next_warning_at) == ("waiting_citizen", MONDAY, None)
    span = Span(MONDAY - timedelta(days=1), MONDAY + timedelta(days=30))
    assert [(one.open, one.overdue) for one in matters.desks(desk.session, span)] == [(1, 0)]
    desk.do("citizen", "supply", after=25, text="Trụ số 14")  # one office day later
    assert (desk.item.state, desk.row.state, desk.item.waiting_until) == ("accepted", "accepted", None)
    assert desk.row.due_at == promised + timedelta(days=1, hours=1)
    assert desk.row.paused_hours == pytest.approx(8.5)
    assert desk.row.next_warning_at is not None
    assert matters.desks(desk.session, span)[0].overdue == 1


def test_nobody_answers_and_the_clock_runs_on_by_itself_once(desk: Desk) -> None:
    desk.do("officer", "ask", text=QUESTION)
    until = desk.item.waiting_until
    assert until == datetime(2026, 11, 23, 8, tzinfo=deadlines.CITY_ZONE)  # five working days
    look = {"catalog": desk.catalog}
    assert clock_service.look(desk.session, now=until - timedelta(minutes=1), **look).resumed == 0
    assert clock_service.look(desk.session, now=until, **look).resumed == 1
    assert clock_service.look(desk.session, now=until, **look).resumed == 0
    assert desk.item.state == "accepted"
    assert desk.row.due_at > until
    assert desk.kinds()[-1] == "resume"


def test_what_waits_with_the_dispatcher_goes_back_there(session: Session, catalog: Catalog, desk: Desk) -> None:
    item = make_item(session, state="triage", at=MONDAY)
    dispatcher = desk.actors["dispatcher"]
    desk_service.act(session, item, "ask", actor=dispatcher, catalog=catalog, now=MONDAY, text=QUESTION)
    assert item.state == "waiting_citizen"
    desk_service.act(session, item, "supply", actor=CITIZEN, catalog=catalog, now=MONDAY, text="Ở hẻm 51")
    assert item.state == "triage"


@pytest.mark.parametrize("text", ["", "mấy?", "x" * 501])
def test_a_question_has_a_sensible_length(desk: Desk, text: str) -> None:
    with pytest.raises(BadInput, match="câu hỏi"):
        desk.do("officer", "ask", text=text)
    assert desk.item.state == "accepted"


def test_a_post_has_no_sender_to_ask(session: Session, catalog: Catalog, actors: dict[str, Actor]) -> None:
    post = Desk(session, catalog, actors, is_report=False)
    with pytest.raises(MoveRefused, match="không có người gửi"):
        post.do("officer", "ask", text=QUESTION)


def test_warnings_are_told_once_and_start_anew_with_a_new_date(desk: Desk) -> None:
    from listener.route import service

    service.warn_next(desk.row, desk.catalog, now=MONDAY)
    told = []
    for day in range(10):
        for _ in range(2):
            clock_service.look(desk.session, catalog=desk.catalog, now=MONDAY + timedelta(days=day))
    for event, _ in desks.events_of(desk.session, desk.item.id):
        told.append((event.kind, tuple(event.details["told"])))
    assert told[-1] == ("overdue", ("officer", "dispatcher", "leader"))
    assert len(told) == len(set(told)) >= 2
    desk.do("officer", "ask_extension", after=10 * 24, hours=80, reason="chờ vật tư")
    desk.do("dispatcher", "grant_extension", after=10 * 24)
    desk.session.flush()
    assert desk.row.next_warning_at is not None


def test_an_extension_is_asked_by_the_officer_and_decided_by_the_dispatcher(desk: Desk) -> None:
    promised = desk.row.due_at
    with pytest.raises(MoveRefused, match="lý do"):
        desk.do("officer", "ask_extension", hours=8)
    for hours in (None, 0, 81):
        with pytest.raises(BadInput, match="từ 1 đến 80"):
            desk.do("officer", "ask_extension", hours=hours, reason="chờ vật tư")
    desk.do("officer", "ask_extension", hours=8, reason="chờ vật tư")
    with pytest.raises(MoveRefused, match="đang chờ duyệt"):
        desk.do("officer", "ask_extension", hours=8, reason="chờ vật tư")
    with pytest.raises(Forbidden):
        desk.do("officer", "grant_extension")
    desk.do("dispatcher", "refuse_extension", reason="còn kịp")
    assert (desk.row.due_at, desk.row.asked_hours) == (promised, None)
    desk.do("officer", "ask_extension", hours=8, reason="chờ vật tư lần hai")
    desk.do("dispatcher", "grant_extension")
    office = deadlines.calendar_of((one.day, one.kind) for one in desk.catalog.holidays)
    assert deadlines.working_time(promised, desk.row.due_at, office) == timedelta(hours=8)
    assert (desk.row.extended_hours, desk.row.extended_reason) == (8, "chờ vật tư lần hai")
    with pytest.raises(MoveRefused, match="Không có lần xin"):
        desk.do("dispatcher", "grant_extension")


def test_a_coordinating_unit_sees_and_contributes_but_does_not_answer(desk: Desk) -> None:
    neighbour = desk.actors["neighbour"]
    assert not desk_service.may_see(neighbour, desk.item, desk.row)
    with pytest.raises(Forbidden):
        desk.do("neighbour", "contribute", text="Tuyến này Sở quản lý trụ, phường quản lý bóng.")
    desk.do("officer", "coordinate", department=OTHER)
    assert desk_service.may_see(neighbour, desk.item, desk.row)
    assert desk_service.moves_for(desk.session, desk.item, desk.row, neighbour) == ["contribute"]
    desk.do("neighbour", "contribute", text="Tuyến này Sở quản lý trụ, phường quản lý bóng.")
    with pytest.raises(Forbidden, match="chủ trì"):
        desk.do("neighbour", "answer", text="Chúng tôi đã thay bóng chiều nay.")
    with pytest.raises(BadInput, match="đã phối hợp"):
        desk.do("officer", "coordinate", department=OTHER)
    with pytest.raises(BadInput, match="chủ trì"):
        desk.do("officer", "coordinate", department=HOME)
    desk.do("officer", "uncoordinate", department=OTHER)
    assert not desk_service.may_see(neighbour, desk.item, desk.row)
    assert "contribute" in desk.kinds()


def test_a_return_names_the_better_owner_and_leaves_a_label(desk: Desk) -> None:
    with pytest.raises(BadInput, match="đang là đơn vị của bạn"):
        desk.do("officer", "return", reason="nhầm", department=HOME)
    desk.do("officer", "return", reason="Đường do Sở quản lý", department=OTHER)
    event = desks.returned_events(desk.session, [desk.item.id])[desk.item.id]
    assert event.details["suggested"] == OTHER
    assert "Sở Xây dựng" in event.words
    desk.do("dispatcher", "assign", department=OTHER)
    labels = select(t.Label.task, t.Label.value).where(t.Label.item_id == desk.item.id).order_by(t.Label.id)
    assert desk.session.execute(labels).all() == [("not_department", HOME), ("department", OTHER)]


def test_two_matters_become_one_and_are_taken_apart_again(
    desk: Desk, session: Session, catalog: Catalog, actors: dict[str, Actor]
) -> None:
    other = Desk(session, catalog, actors)
    assert copies.offers(session, desk.item, states=("accepted",)) == [other.item]
    desk.do("officer", "merge", into=other.item.number)
    assert (desk.item.state, desk.item.merged_into) == ("merged", other.item.id)
    assert desks.active_assignment(session, desk.item.id) is None
    assert copies.root(session, desk.item) is other.item
    assert list(copies.repeats(session, other.item)) == [desk.item]
    assert other.kinds() == ["merged_in"]
    with pytest.raises(MoveRefused, match="không còn mở"):
        other.do("officer", "merge", into=desk.item.number)
    desk.do("officer", "split", after=24)
    assert (desk.item.state, desk.item.merged_into, desk.row.active) == ("accepted", None, True)
    office = deadlines.calendar_of((one.day, one.kind) for one in catalog.holidays)
    assert deadlines.working_time(MONDAY + timedelta(hours=24), desk.row.due_at, office) == timedelta(hours=16)
    assert copies.offers(session, desk.item, states=("accepted",)) == []
    with pytest.raises(MoveRefused, match="hai việc khác nhau"):
        desk.do("dispatcher", "merge", into=other.item.number)


def test_a_pair_said_to_be_two_is_not_offered_until_that_is_undone(
    desk: Desk, session: Session, catalog: Catalog, actors: dict[str, Actor]
) -> None:
    other = Desk(session, catalog, actors)
    desk.do("officer", "not_same", into=other.item.number)
    assert copies.offers(session, other.item, states=("accepted",)) == []
    desk_service.undo(session, desk.item, actor=actors["officer"], now=MONDAY)
    assert copies.offers(session, other.item, states=("accepted",)) == [desk.item]


def test_nearest_point_is_offered_first_and_another_desk_not_at_all(
    desk: Desk, session: Session, catalog: Catalog, actors: dict[str, Actor]
) -> None:
    desk.item.lat, desk.item.lng = 10.03, 105.78
    far, near = (Desk(session, catalog, actors, lat=lat, lng=105.78) for lat in (10.09, 10.031))
    nowhere = Desk(session, catalog, actors)
    found = copies.offers(session, desk.item, states=("accepted",), department=HOME)
    assert found == [near.item, far.item, nowhere.item]
    assert copies.offers(session, desk.item, states=("accepted",), department=OTHER) == []


def test_an_officer_merges_only_within_the_own_desk(desk: Desk, session: Session) -> None:
    elsewhere = make_item(session, state="accepted", at=MONDAY, unit_code=AREA)
    make_assignment(session, elsewhere, OTHER, state="accepted")
    with pytest.raises(Forbidden, match="đơn vị khác"):
        desk.do("officer", "merge", into=elsewhere.number)
    with pytest.raises(BadInput, match="mục khác"):
        desk.do("officer", "merge", into=desk.item.number)


def test_a_merge_can_be_undone_at_once(
    desk: Desk, session: Session, catalog: Catalog, actors: dict[str, Actor]
) -> None:
    other = Desk(session, catalog, actors)
    desk.do("officer", "merge", into=other.item.number)
    desk_service.undo(session, desk.item, actor=actors["officer"], now=MONDAY)
    assert (desk.item.state, desk.item.merged_into, desk.row.state) == ("accepted", None, "accepted")
    assert not copies.is_rejected(session, desk.item.id, other.item.id)


def test_publication_is_a_persons_decision_with_masked_words(desk: Desk) -> None:
    start = desk.item.body.index("51")
    desk.item.masks = [{"start": start, "end": start + 2, "type": "home_number"}]
    with pytest.raises(Forbidden):
        desk.do("officer", "publish")
    desk.do("press", "publish")
    assert desk.item.public_at == MONDAY
    assert desk.item.public_text == desk.item.body.replace("51", "███")
    with pytest.raises(MoveRefused, match="lý do"):
        desk.do("press", "unpublish")
    desk.do("dispatcher", "unpublish", reason="người gửi xin rút")
    assert (desk.item.public_at, desk.item.public_text) == (None, None)


@pytest.mark.parametrize(
    "values",
    [
        {"flags": ["tre_em"]},
        {"kind": "to_cao"},
        {"kind": "khieu_nai"},
        {"topic": "tre-em-xam-hai"},
        {"spam": True},
        {"is_report": False},
    ],
)
def test_some_matters_are_never_published(
    session: Session, catalog: Catalog, actors: dict[str, Actor], values: dict[str, Any]
) -> None:
    never = Desk(session, catalog, actors, **values)
    with pytest.raises(MoveRefused):
        never.do("dispatcher", "publish")
    assert never.item.public_at is None
    assert "publish" not in desk_service.moves_for(session, never.item, never.row, actors["dispatcher"])


def test_without_the_senders_consent_nothing_is_published_and_the_restricted_room_takes_it_back(desk: Desk) -> None:
    desk.do("press", "publish")
    desk.do("dispatcher", "restrict")
    assert (desk.item.public_at, desk.item.public_text) == (None, None)
    private = make_item(desk.session, state="answered", at=MONDAY)
    with pytest.raises(MoveRefused, match="không đồng ý"):
        desk_service.act(desk.session, private, "publish", actor=desk.actors["press"], catalog=desk.catalog, now=MONDAY)


def test_a_refused_matter_is_reopened_to_the_dispatcher(session: Session, catalog: Catalog) -> None:
    item = make_item(session, state="refused", at=MONDAY)
    desk_service.act(session, item, "reopen", actor=CITIZEN, catalog=catalog, now=MONDAY, reason="Vẫn còn tối")
    assert item.state == "triage"
    assert desks.events_of(session, item.id)[-1][0].actor == "citizen"


def test_undo_is_refused_once_the_sender_has_answered(desk: Desk, actors: dict[str, Actor]) -> None:
    desk.do("officer", "ask", text=QUESTION)
    desk.do("citizen", "supply", text="Trụ số 14")
    with pytest.raises(MoveRefused, match="bước khác"):
        desk_service.undo(desk.session, desk.item, actor=actors["officer"], now=MONDAY)


def test_undo_brings_back_the_clock_as_it_stood(desk: Desk, actors: dict[str, Actor]) -> None:
    promised = desk.row.due_at
    desk.do("officer", "ask", text=QUESTION)
    desk_service.undo(desk.session, desk.item, actor=actors["officer"], now=MONDAY)
    assert (desk.item.state, desk.row.paused_at, desk.row.due_at) == ("accepted", None, promised)
    assert desk.item.waiting_until is None


@pytest.mark.parametrize("name", ["coordinate", "ask_extension", "publish", "not_same"])
def test_every_step_counts_the_version_up(desk: Desk, name: str, session: Session) -> None:
    before = desk.item.version
    given = {
        "coordinate": {"department": OTHER},
        "ask_extension": {"hours": 4, "reason": "chờ vật tư"},
        "not_same": {"into": make_item(session, at=MONDAY).number},
    }.get(name, {})
    desk.do("press" if name == "publish" else "officer", name, **given)
    assert desk.item.version == before + 1
    with pytest.raises(Conflict, match="vừa thay đổi mục này"):
        desk.do("officer", "answer", version=before, text="Đã thay bóng chiều nay.")
