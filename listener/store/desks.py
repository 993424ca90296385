"""Rows of assignments and of the history."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from listener.store import tables as t


def active_assignment(session: Session, item_id: int) -> t.Assignment | None:
    """The assignment in force of an item."""
    return session.scalar(select(t.Assignment).where(t.Assignment.item_id == item_id, t.Assignment.active))


def add_event(
    session: Session,
    item_id: int,
    kind: str,
    words: str,
    *,
    actor: str = "machine",
    account_id: int | None = None,
    department: str | None = None,
    **details: Any,
) -> None:
    """Append a line to an item's history."""
    session.add(
        t.Event(item_id=item_id, kind=kind, words=words, actor=actor, account_id=account_id, department_code=department, details=details)
    )


def events_of(session: Session, item_id: int) -> Sequence[tuple[t.Event, str | None]]:
    """An item's history, oldest first, with the name of the account that acted."""
    query = select(t.Event, t.Account.name).outerjoin(t.Account, t.Account.id == t.Event.account_id)
    return [(event, name) for event, name in session.execute(query.where(t.Event.item_id == item_id).order_by(t.Event.id)).tuples()]


def last_event(session: Session, item_id: int) -> t.Event | None:
    """The newest line of an item's history that a person wrote."""
    query = select(t.Event).where(t.Event.item_id == item_id, t.Event.account_id.is_not(None))
    return session.scalar(query.order_by(t.Event.id.desc()).limit(1))


def end_assignment(session: Session, assignment: t.Assignment, state: str, *, now: datetime) -> None:
    """Take an assignment off its desk; the row stays as history."""
    assignment.state, assignment.active, assignment.ended_at = state, False, now
    session.flush()
