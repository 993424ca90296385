"""Rows of the feed: events as they are told, in an order that is safe to follow with a cursor."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select, text, update
from sqlalchemy.orm import Session

from listener.store import tables as t

_ONE_WRITER = 7_204_611  # the number of the advisory lock; any that no other lock of this database has


def take_untold(session: Session, *, limit: int) -> Sequence[t.Event]:
    """Events that others are still to be told of, in the order they were written; their marks are taken away.

    One transaction at a time: the next waits here until this one has committed. So the feed's numbers become
    visible in their own order, which identity values given by many writers do not.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ONE_WRITER})
    query = select(t.Event).join(t.Untold, t.Untold.event_id == t.Event.id).order_by(t.Event.id).limit(limit)
    events = session.scalars(query).all()
    session.execute(delete(t.Untold).where(t.Untold.event_id.in_([event.id for event in events])))
    return events


def any_untold(session: Session) -> bool:
    """Whether an event waits to be told."""
    return session.scalar(select(t.Untold.event_id).limit(1)) is not None


def add(session: Session, told: t.Told) -> t.Told:
    """Append to the feed; the number is given now."""
    session.add(told)
    session.flush()
    return told


def of_event(session: Session, event_id: int) -> t.Told | None:
    """What was told of an event."""
    return session.scalar(select(t.Told).where(t.Told.event_id == event_id))


def of_item(session: Session, item_id: int) -> Sequence[t.Told]:
    """What others were told of an item."""
    return session.scalars(select(t.Told).where(t.Told.item_id == item_id)).all()


def hide(session: Session, item_id: int) -> None:
    """Empty what was told of an item that went out of sight."""
    session.execute(update(t.Told).where(t.Told.item_id == item_id).values(payload={}))


def page(session: Session, department: str | None, *, after: int, limit: int) -> Sequence[t.Told]:
    """What a department (None: any) may hear of, after a cursor; nothing of an item that is out of sight by now."""
    query = select(t.Told).join(t.Item, t.Item.id == t.Told.item_id)
    query = query.where(t.Told.id > after, t.Item.restricted.is_(False), t.Told.payload != {})
    if department is not None:
        query = query.where(t.Told.departments.contains([department]))
    return session.scalars(query.order_by(t.Told.id).limit(limit)).all()


def desk_at(session: Session, item_id: int, department: str | None, moment: datetime) -> t.Assignment | None:
    """The assignment an event belongs to: the named department's newest, else the one in force at that moment."""
    before = t.Assignment.assigned_at <= moment
    query = select(t.Assignment).where(t.Assignment.item_id == item_id)
    if department is not None:
        query = query.where(t.Assignment.department_code == department)
    else:
        query = query.where(before, or_(t.Assignment.ended_at.is_(None), t.Assignment.ended_at > moment))
    return session.scalar(query.order_by(before.desc(), t.Assignment.id.desc()).limit(1))


def department_of(session: Session, assignment_id: int) -> str | None:
    """Whose desk an assignment is on."""
    return session.scalar(select(t.Assignment.department_code).where(t.Assignment.id == assignment_id))


def sender_channels(session: Session, item_id: int) -> Sequence[str]:
    """By which channels the sender of an item can be told; where stays sealed."""
    return session.scalar(select(t.Sender.channels).where(t.Sender.item_id == item_id)) or []
