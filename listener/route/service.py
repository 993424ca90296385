"""Putting items on desks: which one, by when, and why."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from listener.catalog.shapes import Catalog
from listener.metrics import ROUTED
from listener.route import areas, deadlines, rules
from listener.store import desks as rows
from listener.store import items as item_rows
from listener.store import readings as reading_rows
from listener.store import tables as t

UNDO_WINDOW = timedelta(minutes=10)
NEWS = "news"


def calendar(catalog: Catalog) -> deadlines.Calendar:
    """The city's working days."""
    return deadlines.calendar_of((holiday.day, holiday.kind) for holiday in catalog.holidays)


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
    return rules.decide(_case(item, prediction, catalog), catalog, load_taxonomy())


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
    outcome = _outcome(item, decision)
    ROUTED.labels(outcome).inc()
    if outcome == "assign" and decision.department is not None:
        put_on_desk(session, item, decision.department, decision, catalog, now=now, account_id=None)
        item.state = "assigned"
    else:
        item.state = {"restricted": "restricted", "listed": "listed"}.get(outcome, "triage")
        item.restricted = outcome == "restricted"
    words = "Có dấu hiệu tố cáo, chuyển phòng riêng." if item.restricted else decision.reason
    rows.add_event(session, item.id, outcome, words, now=now, department=decision.department, rule=decision.rule)


def _outcome(item: t.Item, decision: rules.Decision) -> str:
    """Reports always go somewhere; posts reach a desk only when they complain of a fault and the machine is sure."""
    if item.is_report or decision.outcome == "restricted":
        return "triage" if decision.outcome == "drop" else decision.outcome
    complains = item.kind == "phan_anh" and item.sentiment == "negative" and item.channel != NEWS
    if complains and decision.outcome == "assign":
        return "assign"
    return "triage" if complains and item.urgency == "khan" and not item.spam else "listed"


def _case(item: t.Item, prediction: t.Prediction | None, catalog: Catalog) -> rules.Case:
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
        on=item.received_at.astimezone(deadlines.CITY_ZONE).date(),
        topic_by="person" if by_person else "machine",
        runners_up=tuple((entry["label"], entry["probability"]) for entry in prediction.runners_up)
        if prediction
        else (),
        probability=1.0 if by_person else (prediction.probability if prediction else 0.0),
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
    session.add(
        t.Assignment(
            item_id=item.id,
            department_code=department,
            coordinating=[code for code in decision.coordinating if code in catalog.departments and code != department],
            reason=decision.reason,
            rule=decision.rule,
            alternatives=[
                {"department": a.department, "topic": a.topic, "share": round(a.share, 3)}
                for a in decision.alternatives
            ],
            hours=decision.hours,
            due_at=deadlines.due(item.received_at if account_id is None else now, decision.hours, calendar(catalog)),
            assigned_at=now,
            assigned_by=account_id,
        )
    )
    session.flush()
