"""Rows of the routing rules: versions, activations, dry runs, and the past items that a dry run replays."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, load_only

from listener.store import tables as t

MOST_IN_FORCE = 12  # the catalogue is read for each request; items are routed within days of receipt
READ_FOR_ROUTING = (
    t.Item.number,
    t.Item.is_report,
    t.Item.channel,
    t.Item.title,
    t.Item.text,
    t.Item.received_at,
    t.Item.place_text,
    t.Item.lat,
    t.Item.lng,
    t.Item.unit_code,
    t.Item.topic,
    t.Item.sentiment,
    t.Item.urgency,
    t.Item.kind,
    t.Item.certain,
    t.Item.places,
    t.Item.masks,
    t.Item.flags,
    t.Item.spam,
    t.Item.restricted,
    t.Item.decided_by,
)


def activations(session: Session) -> Sequence[t.RuleActivation]:
    """What holds from which day, in force or to come, by day and then in the order made: the newest few."""
    query = select(t.RuleActivation).where(t.RuleActivation.cancelled_at.is_(None))
    query = query.options(joinedload(t.RuleActivation.rules)).limit(MOST_IN_FORCE)
    return session.scalars(query.order_by(t.RuleActivation.active_from.desc(), t.RuleActivation.id.desc())).all()[::-1]


def history(session: Session, *, limit: int = 30) -> Sequence[tuple[t.RuleActivation, str | None]]:
    """All activations, the newest first, with the name of who made them."""
    query = select(t.RuleActivation, t.Account.name).outerjoin(t.Account, t.Account.id == t.RuleActivation.account_id)
    return session.execute(query.order_by(t.RuleActivation.id.desc()).limit(limit)).all()


def activation(session: Session, number: int) -> t.RuleActivation | None:
    """An activation of that number."""
    return session.get(t.RuleActivation, number)


def draft(session: Session, *, lock: bool = False) -> t.RuleSet | None:
    """The one draft, or None."""
    query = select(t.RuleSet).where(t.RuleSet.state == "draft")
    return session.scalar(query.with_for_update() if lock else query)


def is_empty(session: Session) -> bool:
    """Whether no version of the rules was ever made."""
    return session.scalar(select(t.RuleSet.id).limit(1)) is None


def set_by_id(session: Session, number: int) -> t.RuleSet | None:
    """A version of the rules."""
    return session.get(t.RuleSet, number)


def run_by_id(session: Session, number: int) -> t.RuleRun | None:
    """A dry run."""
    return session.get(t.RuleRun, number)


def last_run(session: Session, set_id: int) -> t.RuleRun | None:
    """The newest dry run of a version."""
    return session.scalar(select(t.RuleRun).where(t.RuleRun.set_id == set_id).order_by(t.RuleRun.id.desc()).limit(1))


def past_count(session: Session, *, since: datetime) -> int:
    """How many items a dry run since a moment replays."""
    return session.scalar(_past(select(func.count(t.Item.id)), since)) or 0


def past_items(session: Session, *, since: datetime, after: int, limit: int) -> Sequence[t.Item]:
    """Read items since a moment in the order of their ids, never restricted ones nor spam."""
    query = _past(select(t.Item), since).where(t.Item.id > after).options(load_only(*READ_FOR_ROUTING))
    return session.scalars(query.order_by(t.Item.id).limit(limit)).all()


def topic_predictions(session: Session, ids: Sequence[int]) -> dict[int, t.Prediction]:
    """The topic predictions of items, without the words that spoke for them."""
    query = select(t.Prediction).where(t.Prediction.item_id.in_(ids), t.Prediction.task == "topic")
    wanted = load_only(t.Prediction.item_id, t.Prediction.probability, t.Prediction.runners_up)
    return {row.item_id: row for row in session.scalars(query.options(wanted))}


def people_said(session: Session, ids: Sequence[int]) -> tuple[dict[int, str], dict[int, set[str]]]:
    """Of items: the desk a person sent each to last, and the desks that sent it back."""
    query = select(t.Label.item_id, t.Label.task, t.Label.value).where(
        t.Label.item_id.in_(ids), t.Label.task.in_(("department", "not_department")), t.Label.withdrawn_at.is_(None)
    )
    right: dict[int, str] = {}
    wrong: dict[int, set[str]] = {}
    for item_id, task, value in session.execute(query.order_by(t.Label.id)):
        if task == "department":
            right[item_id] = value
        else:
            wrong.setdefault(item_id, set()).add(value)
    return right, wrong


def skipped_since(session: Session, since: datetime) -> dict[str, int]:
    """Rules that routing had to skip since a moment, and for how many items."""
    name = func.jsonb_array_elements_text(t.Event.details["broken"]).label("name")
    query = select(name, t.Event.item_id).where(
        t.Event.happened_at >= since, t.Event.actor == "machine", t.Event.details.has_key("broken")
    )
    found = query.subquery()
    pairs = session.execute(select(found.c.name, func.count(found.c.item_id.distinct())).group_by(found.c.name))
    return dict(pairs.all())


def in_force(session: Session, day: date) -> t.RuleActivation | None:
    """The activation that holds on a day."""
    held = [one for one in activations(session) if one.active_from <= day]
    return held[-1] if held else None


def _past(query: Select[Any], since: datetime) -> Select[Any]:
    return query.where(
        t.Item.received_at >= since,
        t.Item.restricted.is_(False),
        t.Item.spam.is_(False),
        t.Item.read_at.is_not(None),
        t.Item.topic.is_not(None),
    )
