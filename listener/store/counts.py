"""Counts over items and assignments. Restricted matters are in none of them."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from listener.store import tables as t
from listener.store.database import CITY_ZONE


def served_since(session: Session, since: datetime) -> dict[str, int]:
    """Reports received since a moment, how many were answered, and how many of these on time."""
    reports = select(func.count(t.Item.id)).where(
        t.Item.is_report, t.Item.restricted.is_(False), t.Item.spam.is_(False), t.Item.received_at >= since
    )
    answered = (
        select(func.count(), func.count().filter(t.Assignment.answered_at <= t.Assignment.due_at))
        .join(t.Item, t.Item.id == t.Assignment.item_id)
        .where(
            t.Item.is_report,
            t.Item.restricted.is_(False),
            t.Assignment.active,
            t.Assignment.answered_at.is_not(None),
            t.Item.received_at >= since,
        )
    )
    done, on_time = session.execute(answered).one()
    return {"reports": session.scalar(reports) or 0, "answered": done, "on_time": on_time}


def department_name(session: Session, code: str | None) -> str | None:
    """The name of a department, None for no code."""
    return session.scalar(select(t.Department.name).where(t.Department.code == code)) if code else None


def routed_today(session: Session, now: datetime) -> dict[str, int] | None:
    """How many items the machine put on desks since midnight, and how many of these came back; None for none."""
    midnight = now.astimezone(CITY_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = select(func.count(), func.count().filter(t.Assignment.state == "returned")).where(
        t.Assignment.assigned_by.is_(None), t.Assignment.assigned_at >= midnight
    )
    routed, returned = session.execute(mine).one()
    return {"routed": routed, "returned": returned} if routed else None
