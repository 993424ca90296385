"""Rows of assignments and of the history."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session

from listener.store import tables as t


def active_assignment(session: Session, item_id: int) -> t.Assignment | None:
    """The assignment in force of an item."""
    query = select(t.Assignment).where(t.Assignment.item_id == item_id, t.Assignment.active)
    return session.scalar(query.execution_options(populate_existing=True))  # what was read before a lock may be old


def last_assignment(session: Session, item_id: int) -> t.Assignment | None:
    """The newest assignment of an item, in force or not."""
    query = select(t.Assignment).where(t.Assignment.item_id == item_id).order_by(t.Assignment.id.desc()).limit(1)
    return session.scalar(query)


def add_event(
    session: Session,
    item_id: int,
    kind: str,
    words: str,
    *,
    now: datetime,
    actor: str = "machine",
    account_id: int | None = None,
    department: str | None = None,
    **details: Any,
) -> None:
    """Append a line to an item's history, with the mark that others are still to be told of it."""
    event = t.Event(
        item_id=item_id,
        kind=kind,
        words=words,
        actor=actor,
        account_id=account_id,
        department_code=department,
        details=details,
        happened_at=now,
    )
    session.add_all((event, t.Untold(event=event)))


def events_of(session: Session, item_id: int) -> Sequence[tuple[t.Event, str | None]]:
    """An item's history, oldest first, with the name of the account that acted."""
    query = select(t.Event, t.Account.name).outerjoin(t.Account, t.Account.id == t.Event.account_id)
    return [
        (event, name) for event, name in session.execute(query.where(t.Event.item_id == item_id).order_by(t.Event.id))
    ]


def last_event(session: Session, item_id: int) -> t.Event | None:
    """The newest line of an item's history that a person wrote."""
    query = select(t.Event).where(t.Event.item_id == item_id, t.Event.account_id.is_not(None))
    return session.scalar(query.order_by(t.Event.id.desc()).limit(1))


def end_assignment(session: Session, assignment: t.Assignment, state: str, *, now: datetime) -> None:
    """Take an assignment off its desk; the row stays as history."""
    assignment.state, assignment.active, assignment.ended_at = state, False, now
    session.flush()


def desk(
    session: Session,
    department: str | None,
    *,
    states: Sequence[str],
    after_id: int = 0,
    limit: int = 100,
    by_due: bool = False,
) -> Sequence[tuple[t.Assignment, t.Item]]:
    """Active assignments of a department (None: of all) in some states, by due date or in the order they were made."""
    query = select(t.Assignment, t.Item).join(t.Item, t.Item.id == t.Assignment.item_id)
    query = query.where(
        t.Assignment.active, t.Assignment.state.in_(states), t.Item.restricted.is_(False), t.Assignment.id > after_id
    )
    if department is not None:
        query = query.where(t.Assignment.department_code == department)
    order = (t.Assignment.due_at, t.Assignment.id) if by_due else (t.Assignment.id,)
    return session.execute(query.order_by(*order).limit(limit)).all()


def coordinated(session: Session, department: str, *, limit: int = 100) -> Sequence[tuple[t.Assignment, t.Item]]:
    """Open matters on other desks that a department coordinates, the earliest due first."""
    query = select(t.Assignment, t.Item).join(t.Item, t.Item.id == t.Assignment.item_id).where(*_helps(department))
    return session.execute(query.order_by(t.Assignment.due_at).limit(limit)).all()


def coordinated_count(session: Session, department: str) -> int:
    """How many these are."""
    query = select(func.count()).select_from(t.Assignment).join(t.Item, t.Item.id == t.Assignment.item_id)
    return session.scalar(query.where(*_helps(department))) or 0


def _helps(department: str) -> tuple[ColumnElement[bool], ...]:
    open_states = ("assigned", "accepted", "waiting_citizen")
    helping = t.Assignment.coordinating.contains([department])
    return (t.Assignment.active.is_(True), helping, t.Assignment.state.in_(open_states), t.Item.restricted.is_(False))


def desk_counts(session: Session, department: str) -> dict[str, int]:
    """How many active assignments a department has in each state."""
    query = select(t.Assignment.state, func.count()).join(t.Item, t.Item.id == t.Assignment.item_id)
    query = query.where(t.Assignment.active, t.Assignment.department_code == department, t.Item.restricted.is_(False))
    return dict(session.execute(query.group_by(t.Assignment.state)).all())


def assignment_by_id(session: Session, assignment_id: int) -> t.Assignment | None:
    """An assignment of that number."""
    return session.get(t.Assignment, assignment_id)


def pool(session: Session, *, limit: int = 200) -> Sequence[t.Item]:
    """The dispatcher's pool: urgent first, then oldest first."""
    rank = case((t.Item.urgency == "khan", 0), (t.Item.urgency == "cao", 1), else_=2)
    query = select(t.Item).where(t.Item.state == "triage", t.Item.restricted.is_(False))
    return session.scalars(query.order_by(rank, t.Item.received_at).limit(limit)).all()


def waiting_pool(session: Session, *, limit: int = 200) -> Sequence[t.Item]:
    """What lies on no desk and waits for its sender's word, the question that ends first on top."""
    query = select(t.Item).where(*_waiting()).order_by(t.Item.waiting_until).limit(limit)
    return session.scalars(query).all()


def _waiting() -> tuple[ColumnElement[bool], ...]:
    on_desk = exists().where(t.Assignment.item_id == t.Item.id, t.Assignment.active)
    return (t.Item.state == "waiting_citizen", t.Item.restricted.is_(False), ~on_desk)


def pool_counts(session: Session, *, now: datetime) -> dict[str, int]:
    """Sizes of the dispatcher's queues: unsure, returned, overdue on desks."""
    waiting = select(func.count()).select_from(t.Item).where(t.Item.state == "triage", t.Item.restricted.is_(False))
    returned = waiting.where(exists().where(t.Assignment.item_id == t.Item.id, t.Assignment.state == "returned"))
    overdue = (
        select(func.count())
        .select_from(t.Assignment)
        .where(t.Assignment.active, t.Assignment.state.in_(("assigned", "accepted")), t.Assignment.due_at < now)
    )
    back = session.scalar(returned) or 0
    longer = select(func.count()).select_from(t.Assignment).join(t.Item, t.Item.id == t.Assignment.item_id)
    longer = longer.where(t.Assignment.active, t.Assignment.asked_hours.is_not(None), t.Item.restricted.is_(False))
    return {
        "unsure": (session.scalar(waiting) or 0) - back,
        "returned": back,
        "waiting": session.scalar(select(func.count()).select_from(t.Item).where(*_waiting())) or 0,
        "extensions": session.scalar(longer) or 0,
        "overdue": session.scalar(overdue) or 0,
    }


def overdue(session: Session, *, now: datetime, limit: int = 200) -> Sequence[tuple[t.Assignment, t.Item]]:
    """Assignments past their due date on all desks, the latest due first of all."""
    query = select(t.Assignment, t.Item).join(t.Item, t.Item.id == t.Assignment.item_id)
    query = query.where(
        t.Assignment.active, t.Assignment.state.in_(("assigned", "accepted")), t.Assignment.due_at < now
    )
    return session.execute(query.where(t.Item.restricted.is_(False)).order_by(t.Assignment.due_at).limit(limit)).all()


def returned_events(session: Session, ids: Sequence[int]) -> dict[int, t.Event]:
    """The newest return of each of some items, with the officer's words."""
    query = select(t.Event).where(t.Event.item_id.in_(ids), t.Event.kind == "return").order_by(t.Event.id)
    return {event.item_id: event for event in session.scalars(query)}


def restricted_items(session: Session) -> Sequence[t.Item]:
    """The restricted room, oldest first."""
    return session.scalars(select(t.Item).where(t.Item.restricted).order_by(t.Item.received_at)).all()


def active_assignments(session: Session, ids: Sequence[int]) -> dict[int, t.Assignment]:
    """The assignments in force of some items."""
    query = select(t.Assignment).where(t.Assignment.item_id.in_(ids), t.Assignment.active)
    return {assignment.item_id: assignment for assignment in session.scalars(query)}


def account_names(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Names of accounts."""
    query = select(t.Account.id, t.Account.name).where(t.Account.id.in_(ids))
    return dict(session.execute(query).all())


def confirmed_ids(session: Session, ids: Sequence[int]) -> set[int]:
    """Which of these restricted items a handler has confirmed."""
    return set(session.scalars(select(t.Event.item_id).where(t.Event.item_id.in_(ids), t.Event.kind == "confirm")))
