"""Rows whose time has come: warnings to give, questions that nobody answered."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from listener.store import tables as t


def warnings_due(session: Session, *, now: datetime, limit: int = 500) -> Sequence[t.Assignment]:
    """Assignments of which somebody must be told by now; what is held by another is left for the next look."""
    query = select(t.Assignment).where(t.Assignment.active, t.Assignment.next_warning_at <= now)
    query = query.order_by(t.Assignment.next_warning_at).limit(limit).with_for_update(skip_locked=True)
    return session.scalars(query).all()


def questions_over(session: Session, *, now: datetime, limit: int = 500) -> Sequence[t.Item]:
    """Items whose question to the sender has stood long enough."""
    query = select(t.Item).where(t.Item.state == "waiting_citizen", t.Item.waiting_until <= now)
    query = query.order_by(t.Item.waiting_until).limit(limit).with_for_update(skip_locked=True)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def extensions_asked(session: Session) -> Sequence[tuple[t.Assignment, t.Item]]:
    """Assignments with an extension asked for and not decided, the earliest due first."""
    query = select(t.Assignment, t.Item).join(t.Item, t.Item.id == t.Assignment.item_id)
    query = query.where(t.Assignment.active, t.Assignment.asked_hours.is_not(None), t.Item.restricted.is_(False))
    return session.execute(query.order_by(t.Assignment.due_at)).all()
