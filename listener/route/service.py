"""Putting items on desks: which one, by when, and why."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from listener.catalog.rule_words import QUESTIONS
from listener.catalog.shapes import Catalog
from listener.catalog.terms import words
from listener.log import logger
from listener.metrics import ROUTED
from listener.route import areas, deadlines, rules
from listener.route.case import assets_in
from listener.store import desks as rows
from listener.store import items as item_rows
from listener.store import readings as reading_rows
from listener.store import tables as t

UNDO_WINDOW = timedelta(minutes=10)
NEWS = "news"
RUNNING = ("assigned", "accepted")  # the clock of a desk runs in these states
LONGEST_TRACE = 8
log = logger("route")


def calendar(catalog: Catalog, department: str | None = None) -> deadlines.Calendar:
    """The working days and hours of an office, None for everyone's."""
    clock = catalog.clock_of(department)
    return deadlines.calendar_of(((one.day, one.kind) for one in catalog.holidays), clock.hours, clock.days)


def warn_next(assignment: t.Assignment, catalog: Catalog, *, now: datetime) -> None:
    """Set when somebody is told next about the due date as it now stands; a standing clock tells nobody."""
    office = calendar(catalog, assignment.department_code)
    coming = deadlines.next_warning(assignment.due_at, assignment.hours, office, after=now)
    running = assignment.active and assignment.paused_at is None and assignment.state in RUNNING
    assignment.next_warning_at = coming.at if coming is not None and running else None


def run_on(assignment: t.Assignment, catalog: Catalog, *, now: datetime) -> None:
    """Start a standing clock again: as much working time is left as when it was stopped."""
    if assignment.paused_at is None:
        return
    office = calendar(catalog, assignment.department_code)
    stood = deadlines.working_time(assignment.paused_at, now, office)
    assignment.due_at = deadlines.resumed(assignment.due_at, assignment.paused_at, now, office)
    assignment.paused_hours = (assignment.paused_hours or 0.0) + stood / timedelta(hours=1)
    assignment.paused_at = None


def route_items(session: Session, item_ids: Sequence[int], *, catalog: Catalog, now: datetime) -> list[int]:
    """Decide the desk of each item that was read and not routed yet; returns the ids done."""
    waiting = [
        item for item in item_rows.by_ids(session, item_ids) if item.routed_at is None and item.read_at is not None
    ]
    topics = reading_rows.topic_predictions(session, [item.id for item in waiting])
    for item in waiting:
        _route(session, item, topics.get(item.id), catalog, now)
    return [item.id for item in waiting]


def decision_for(item: t.Item, prediction: t.Prediction | None, catalog: Catalog) -> rules.Decision:
    """What the rules say of an item as it is understood now."""
    return rules.decide(case_of(item, prediction, catalog), catalog, load_taxonomy())


def _route(session: Session, item: t.Item, prediction: t.Prediction | None, catalog: Catalog, now: datetime) -> None:
    item.routed_at = now
    if prediction is None and item.topic is None:
        item.state = "triage"
        rows.add_event(session, item.id, "triage", item.problem or "Máy không đọc được; chờ người xem.", now=now)
        return
    where = areas.whereabouts(item.unit_code, None, _point(item), catalog.areas)
    decision = decision_for(item, prediction, catalog)
    if item.unit_code is None and where.settled:
        item.unit_code = where.code
    outcome = outcome_of(item, decision)
    ROUTED.labels(outcome).inc()
    if outcome == "assign" and decision.department is not None:
        put_on_desk(session, item, decision.department, decision, catalog, now=now, account_id=None)
        item.state = "assigned"
    else:
        item.state = {"restricted": "restricted", "listed": "listed"}.get(outcome, "triage")
        item.restricted = outcome == "restricted"
    told = "Có dấu hiệu tố cáo, chuyển phòng riêng." if item.restricted else decision.reason + _skipped(decision)
    details = {} if item.restricted else how_decided(decision)
    rows.add_event(
        session, item.id, outcome, told, now=now, department=decision.department, rule=decision.rule, **details
    )


def how_decided(decision: rules.Decision) -> dict[str, Any]:
    """What the history keeps of a decision: the version of the rules, what was tried, the other desks."""
    if decision.broken:
        log.error("rules_skipped", rules=list(decision.broken))
    return {
        "rule_set": decision.rule_set,
        "slug": decision.slug,
        "trace": trace(decision),
        "alternatives": _alternatives(decision),
        **({"broken": list(decision.broken)} if decision.broken else {}),
    }


def trace(decision: rules.Decision) -> list[dict[str, Any]]:
    """The rules tried before the deciding one, the last few, and why each did not fit; how many more there were."""
    shown = decision.trace[-LONGEST_TRACE:]
    lines: list[dict[str, Any]] = [
        {"name": one.name, "why": QUESTIONS.get(one.question, one.question)} for one in shown
    ]
    more = len(decision.trace) - len(shown)
    return [{"name": f"{more} quy tắc đứng trước", "why": "không khớp"}, *lines] if more else lines


def _skipped(decision: rules.Decision) -> str:
    names = ", ".join(f"“{name}”" for name in decision.broken)
    return f" Bỏ qua {len(decision.broken)} quy tắc hỏng: {names}." if names else ""


def _alternatives(decision: rules.Decision) -> list[dict[str, Any]]:
    return [{"department": a.department, "topic": a.topic, "share": round(a.share, 3)} for a in decision.alternatives]


def outcome_of(item: t.Item, decision: rules.Decision) -> str:
    """Reports always go somewhere; posts reach a desk only when they complain of a fault and the machine is sure."""
    if item.is_report or decision.outcome == "restricted":
        return "triage" if decision.outcome == "drop" else decision.outcome
    complains = item.kind == "phan_anh" and item.sentiment == "negative" and item.channel != NEWS
    if complains and decision.outcome == "assign":
        return "assign"
    return "triage" if complains and item.urgency == "khan" and not item.spam else "listed"


def case_of(item: t.Item, prediction: t.Prediction | None, catalog: Catalog) -> rules.Case:
    """What routing needs to know of an item as it is understood now, with the moment at which it came."""
    received = item.received_at.astimezone(deadlines.CITY_ZONE)
    text = words(item.body)
    place = words(" ".join((item.place_text or "", *(str(one.get("text", "")) for one in item.places))))
    types, owners = assets_in(text, place, catalog.assets)
    where = areas.whereabouts(item.unit_code, None, _point(item), catalog.areas)
    by_person = "topic" in item.decided_by
    return rules.Case(
        topic=item.topic or "khong-du-thong-tin",
        topic_certain=item.certain or by_person,
        kind=item.kind or "phan_anh",
        urgency=item.urgency or "thuong",
        flags=frozenset(item.flags),
        spam=item.spam,
        area=where.code,
        area_settled=where.settled,
        area_how=where.how,
        on=received.date(),
        topic_by="person" if by_person else "machine",
        runners_up=tuple((entry["label"], entry["probability"]) for entry in prediction.runners_up)
        if prediction
        else (),
        probability=1.0 if by_person else (prediction.probability if prediction else 0.0),
        channel=item.channel,
        hour=received.hour,
        weekday=received.isoweekday(),
        text=text,
        place=place,
        place_types=types,
        asset_owners=owners,
        chosen=item.chosen_topic,
    )


def _point(item: t.Item) -> tuple[float, float] | None:
    return (item.lat, item.lng) if item.lat is not None and item.lng is not None else None


def put_on_desk(
    session: Session,
    item: t.Item,
    department: str,
    decision: rules.Decision,
    catalog: Catalog,
    *,
    now: datetime,
    account_id: int | None,
) -> None:
    received = item.received_at if account_id is None else now
    assignment = t.Assignment(
        item_id=item.id,
        department_code=department,
        coordinating=[code for code in decision.coordinating if code in catalog.departments and code != department],
        reason=decision.reason,
        rule=decision.rule,
        alternatives=_alternatives(decision),
        trace=trace(decision),
        hours=decision.hours,
        due_at=deadlines.due(received, decision.hours, calendar(catalog, department)),
        state="assigned",
        active=True,
        assigned_at=now,
        assigned_by=account_id,
    )
    warn_next(assignment, catalog, now=now)
    session.add(assignment)
    session.flush()
