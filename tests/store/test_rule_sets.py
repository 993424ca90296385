"""Versions of the rules in the database: drafts, a second person, dates, going back, dry runs, broken rows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from make import NOON, make_item
from sqlalchemy import select
from sqlalchemy.orm import Session

from listener.catalog import service as catalog_service
from listener.catalog.routing import RoutingRule, RuleSet
from listener.errors import BadInput, Conflict, Forbidden, MoveRefused
from listener.route import rehearsal_service as rehearsals
from listener.route import rules_service
from listener.route.service import route_items
from listener.route.workflow import Actor
from listener.store import audit
from listener.store import rules as rows
from listener.store import tables as t

TODAY = date(2026, 11, 18)
PARK = {"name": "Đèn công viên", "words": ["công viên"], "department": "SVHTTDL"}


@pytest.fixture
def people(session: Session) -> Callable[[str], Actor]:
    def person(login: str, role: str = "dispatcher") -> Actor:
        account = t.Account(login=login, name=f"Người {login}", role=role, password_hash="-")
        session.add(account)
        session.flush()
        return Actor(account.name, role, account.id)

    return person


@pytest.fixture
def author(people: Callable[[str], Actor]) -> Actor:
    return people("soan")


@pytest.fixture
def second(people: Callable[[str], Actor]) -> Actor:
    return people("duyet")


def put(session: Session, actor: Actor, entry: dict[str, Any], slug: str | None = None) -> RoutingRule:
    catalog = catalog_service.current(session)
    rules_service.open_draft(session, actor=actor, catalog=catalog, now=NOON, today=TODAY)
    return rules_service.put_rule(session, entry, slug=slug, version=None, actor=actor, catalog=catalog, now=NOON)


def try_out(session: Session, actor: Actor, weeks: int = 4) -> t.RuleRun:
    draft = rows.draft(session)
    assert draft is not None
    run = rehearsals.ask_for(session, draft, weeks=weeks, actor=actor, now=NOON)
    for _ in rehearsals.carry_out(session, run, catalog_service.current(session), now=NOON):
        pass
    return run


def activate(session: Session, actor: Actor, start: date = TODAY, **values: Any) -> t.RuleActivation:
    plain: dict[str, Any] = {"version": None, "overlaps_seen": False, "now": NOON, "today": TODAY}
    catalog = catalog_service.current(session)
    return rules_service.activate(session, actor=actor, catalog=catalog, active_from=start, **{**plain, **values})


def in_force(
    session: Session, author: Actor, second: Actor, entry: dict[str, Any], start: date = TODAY, slug: str | None = None
) -> None:
    put(session, author, entry, slug)
    try_out(session, author)
    activate(session, second, start)


def desk_of(session: Session, text: str, **values: Any) -> str | None:
    item = make_item(session, text, unit_code="31120", certain=True, **values)
    session.add(
        t.Prediction(
            item_id=item.id,
            task="topic",
            label="den-duong-hong",
            probability=0.99,
            certain=True,
            runners_up=[],
            why=[],
            model_version="x",
            made_at=NOON,
        )
    )
    session.flush()
    route_items(session, [item.id], catalog=catalog_service.current(session), now=NOON)
    return session.scalar(
        select(t.Assignment.department_code).where(t.Assignment.item_id == item.id, t.Assignment.active)
    )


def test_a_rule_put_in_force_decides_and_its_name_and_trace_are_kept(
    session: Session, author: Actor, second: Actor
) -> None:
    put(session, author, {"name": "Vỉa hè", "words": ["vỉa hè"], "department": "SXD"})
    put(session, author, PARK)
    try_out(session, author)
    activate(session, second, overlaps_seen=True)
    assert desk_of(session, "Den trong cong vien tat") == "SVHTTDL"
    assignment = session.scalars(select(t.Assignment).order_by(t.Assignment.id.desc())).first()
    assert assignment is not None
    assert "“Đèn công viên”" in assignment.rule
    assert assignment.trace == [{"name": "Vỉa hè", "why": "bài không có chữ cần"}]
    event = session.scalars(select(t.Event).where(t.Event.item_id == assignment.item_id)).one()
    assert event.details["slug"] == "q2"
    assert event.details["trace"] == assignment.trace
    assert {one["department"] for one in event.details["alternatives"]} == {"SVHTTDL", "UBX-31120"}


def test_what_came_before_the_day_goes_the_old_way(session: Session, author: Actor, second: Actor) -> None:
    in_force(session, author, second, PARK, start=TODAY + timedelta(days=1))
    assert desk_of(session, "Đèn công viên tắt") == "UBX-31120"
    assert desk_of(session, "Đèn công viên tắt", at=NOON + timedelta(days=1)) == "SVHTTDL"


def test_who_edited_may_not_activate_and_an_officer_may_nothing(
    session: Session, author: Actor, second: Actor, people: Callable[..., Actor]
) -> None:
    put(session, author, PARK)
    put(session, second, {**PARK, "words": ["vườn hoa"]}, slug="q1")
    try_out(session, author)
    for actor in (author, second):
        with pytest.raises(Forbidden, match="người thứ hai"):
            activate(session, actor)
    with pytest.raises(Forbidden):
        activate(session, people("canbo-x", "officer"))
    assert activate(session, people("ba")).kind == "activate"


def test_only_exactly_what_was_tried_within_a_day_is_put_in_force(
    session: Session, author: Actor, second: Actor
) -> None:
    put(session, author, PARK)
    with pytest.raises(MoveRefused, match="chưa được chạy thử"):
        activate(session, second)
    try_out(session, author)
    put(session, author, {**PARK, "hours": 8}, slug="q1")
    with pytest.raises(MoveRefused, match="chưa được chạy thử"):
        activate(session, second)
    try_out(session, author)
    with pytest.raises(MoveRefused, match="24 giờ"):
        activate(session, second, now=NOON + timedelta(hours=25))
    with pytest.raises(BadInput, match="từ hôm nay"):
        activate(session, second, TODAY - timedelta(days=1))
    activate(session, second)


def test_faults_bar_activation_and_overlaps_must_be_seen(session: Session, author: Actor, second: Actor) -> None:
    put(session, author, PARK)
    put(session, author, {"name": "Công viên lớn", "words": ["công viên Lưu Hữu Phước"], "department": "SXD"})
    try_out(session, author)
    with pytest.raises(MoveRefused, match="“Công viên lớn” không bao giờ dùng tới: “Đèn công viên”"):
        activate(session, second)
    rules_service.remove_rule(session, "q2", version=None, actor=author, now=NOON)
    put(session, author, {"name": "Đêm", "hour_from": 18, "hour_to": 6, "department": "SXD"})
    try_out(session, author)
    with pytest.raises(MoveRefused, match="“Đèn công viên” và “Đêm”"):
        activate(session, second)
    activate(session, second, overlaps_seen=True)


def test_going_back_is_one_step_and_a_planned_day_can_be_called_off(
    session: Session, author: Actor, second: Actor
) -> None:
    in_force(session, author, second, PARK)
    first = rows.activations(session)[-1]
    in_force(session, author, second, {**PARK, "department": "SXD"}, slug="q1")  # a draft copies what is in force
    assert desk_of(session, "Đèn công viên tắt") == "SXD"
    rules_service.roll_back(session, first.id, actor=author, now=NOON, today=TODAY)
    assert desk_of(session, "Đèn công viên tắt") == "SVHTTDL"
    with pytest.raises(MoveRefused, match="đang được áp dụng"):
        rules_service.roll_back(session, first.id, actor=author, now=NOON, today=TODAY)
    rules_service.to_owners_only(session, actor=author, now=NOON, today=TODAY)
    assert desk_of(session, "Đèn công viên tắt") == "UBX-31120"
    in_force(session, author, second, PARK, start=TODAY + timedelta(days=3))
    planned = rows.activations(session)[-1]
    rules_service.cancel(session, planned.id, actor=author, now=NOON, today=TODAY)
    assert planned not in rows.activations(session)
    audit.write_waiting(session)
    acts = set(session.scalars(select(t.Audit.act).where(t.Audit.act.like("rules.%"))))
    assert acts >= {"rules.draft", "rules.edit", "rules.activate", "rules.rollback", "rules.cancel"}


def test_two_people_editing_at_once_do_not_overwrite_one_another(
    session: Session, author: Actor, second: Actor
) -> None:
    put(session, author, PARK)
    draft = rows.draft(session)
    assert draft is not None
    seen = draft.version
    put(session, second, {**PARK, "name": "Khác"})
    with pytest.raises(Conflict, match="vừa sửa bản nháp"):
        rules_service.move_rule(session, "q2", -1, version=seen, actor=author, now=NOON)
    rules_service.move_rule(session, "q2", -1, version=draft.version, actor=author, now=NOON)
    assert [rule["slug"] for rule in draft.rules] == ["q2", "q1"]


def test_a_rule_that_became_broken_is_skipped_and_stands_in_the_history_and_in_the_alert(
    session: Session, author: Actor, second: Actor
) -> None:
    in_force(session, author, second, PARK)
    department = session.get_one(t.Department, "SVHTTDL")
    department.active = False
    session.flush()
    assert desk_of(session, "Đèn công viên tắt") == "UBX-31120"
    event = session.scalars(select(t.Event).order_by(t.Event.id.desc())).first()
    assert event is not None
    assert event.details["broken"] == ["Đèn công viên"]
    assert "Bỏ qua 1 quy tắc hỏng: “Đèn công viên”" in event.words
    assert rows.skipped_since(session, NOON - timedelta(days=1)) == {"Đèn công viên": 1}


def test_a_stored_rule_that_cannot_be_read_stops_nothing(session: Session, author: Actor, second: Actor) -> None:
    in_force(session, author, second, PARK)
    held = rows.activations(session)[-1].rules
    assert held is not None
    held.rules = [{"slug": "q1", "name": "Hỏng", "words": 7}, "không phải bảng"]  # type: ignore[list-item]
    session.flush()
    assert desk_of(session, "Đèn công viên tắt") == "UBX-31120"


def test_a_dry_run_changes_nothing_and_counts_what_people_knew_better(
    session: Session, author: Actor, second: Actor
) -> None:
    at = NOON - timedelta(days=7)
    one = make_item(session, "Đèn công viên tắt", unit_code="31120", certain=True, at=at)
    two = make_item(session, "Đèn công viên hỏng, sửa giùm", unit_code="31120", certain=True, at=at)
    make_item(session, "Đèn hẻm 9 tắt", unit_code="31120", certain=True, at=at)
    make_item(session, "Đèn công viên", unit_code="31120", restricted=True, at=at)
    make_item(session, "Đèn công viên", unit_code="31120", at=NOON - timedelta(weeks=9))
    for item, task, value in (
        (one, "department", "SVHTTDL"),
        (one, "not_department", "UBX-31120"),
        (two, "department", "UBX-31120"),
    ):
        session.add(t.Label(item_id=item.id, task=task, value=value, origin="triage", set_at=NOON))
    put(session, author, PARK)
    said = try_out(session, author).result
    assert said is not None
    assert (said["total"], said["changed"]) == (3, 2)
    assert said["moves"] == [["UBX-31120", "SVHTTDL", 2]]
    assert (said["corrected"], said["mended"], said["spoiled"]) == (2, 1, 1)
    assert (said["returns_saved"], said["returns_new"]) == (1, 0)
    assert {one["so"]: one["verdict"] for one in said["shown"]} == {one.number: "mended", two.number: "spoiled"}
    assert "theo quy tắc “Đèn công viên”" in said["shown"][0]["would"]
    assert "theo quy tắc" not in said["shown"][0]["was"]
    assert session.scalars(select(t.Event).where(t.Event.item_id == one.id)).all() == []


def test_packs_put_rules_in_force_once_and_later_only_into_a_draft(session: Session) -> None:
    rules = RuleSet((RoutingRule("a", "Một", department="SXD"),))
    assert catalog_service.keep_rules(session, rules) == "active"
    assert catalog_service.keep_rules(session, rules) == "same"
    other = RuleSet((replace(rules.rules[0], name="Hai"),))
    assert catalog_service.keep_rules(session, other) == "draft"
    assert catalog_service.keep_rules(session, RuleSet((replace(rules.rules[0], hours=9),))) == "waiting"
    assert [rule.name for rule in catalog_service.current(session).rules_on(TODAY).rules] == ["Một"]


def test_five_hundred_items_are_replayed_quickly(session: Session, author: Actor) -> None:
    import time

    for number in range(500):
        make_item(session, f"Đèn công viên số {number} tắt", unit_code="31120", certain=True)
    put(session, author, PARK)
    started = time.perf_counter()
    run = try_out(session, author)
    assert run.done == 500
    assert time.perf_counter() - started < 3  # a sixth of it on an idle core
