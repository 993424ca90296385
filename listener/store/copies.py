"""Matters told twice: what may be merged, what was, and pairs that a person said are not one."""

from collections.abc import Sequence

from sqlalchemy import Exists, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from listener.store import tables as t

DAYS = 30  # look-alikes lie no further apart
FARTHEST = 10**6  # where a point is missing, after all that have one


def offers(
    session: Session, item: t.Item, *, states: Sequence[str], department: str | None = None, limit: int = 5
) -> Sequence[t.Item]:
    """Other matters of the same topic and area within some days, nearest first; pairs once rejected are left out.

    With ``department`` only what lies on that desk.
    """
    if item.unit_code is None or item.topic is None:
        return []
    apart = func.abs(func.extract("epoch", t.Item.received_at - item.received_at))
    query = select(t.Item).where(
        t.Item.id != item.id,
        t.Item.unit_code == item.unit_code,
        t.Item.topic == item.topic,
        t.Item.state.in_(states),
        t.Item.restricted.is_(False),
        t.Item.spam.is_(False),
        apart <= DAYS * 86400,
        ~_rejected(item.id),
    )
    if department is not None:
        query = query.where(
            exists().where(
                t.Assignment.item_id == t.Item.id, t.Assignment.active, t.Assignment.department_code == department
            )
        )
    nearest = (
        func.coalesce(func.power(t.Item.lat - item.lat, 2) + func.power(t.Item.lng - item.lng, 2), FARTHEST)
        if item.lat is not None and item.lng is not None
        else FARTHEST * t.Item.id / t.Item.id
    )
    return session.scalars(query.order_by(nearest, apart).limit(limit)).all()


def _rejected(item_id: int) -> Exists:
    pair, other = t.RejectedPair, t.Item.id
    both = or_(
        (pair.first_id == item_id) & (pair.second_id == other), (pair.second_id == item_id) & (pair.first_id == other)
    )
    return exists().where(both)


def reject(session: Session, one: int, other: int) -> None:
    """Remember that two items are not one matter."""
    pair = {"first_id": min(one, other), "second_id": max(one, other)}
    session.execute(insert(t.RejectedPair).values(pair).on_conflict_do_nothing())


def unreject(session: Session, one: int, other: int) -> None:
    """Forget it again."""
    pair = session.get(t.RejectedPair, (min(one, other), max(one, other)))
    if pair is not None:
        session.delete(pair)


def is_rejected(session: Session, one: int, other: int) -> bool:
    """Whether a person said that two items are not one matter."""
    return session.get(t.RejectedPair, (min(one, other), max(one, other))) is not None


def root(session: Session, item: t.Item) -> t.Item:
    """The matter that an item was merged into in the end; the item itself where it was not."""
    while item.merged_into is not None:
        item = session.get_one(t.Item, item.merged_into)
    return item


def repeats(session: Session, item: t.Item) -> Sequence[t.Item]:
    """What was merged into an item, oldest first; what went to the restricted room since is not told."""
    query = select(t.Item).where(t.Item.merged_into == item.id, t.Item.restricted.is_(False))
    return session.scalars(query.order_by(t.Item.id)).all()


def to_merge_into(session: Session, number: str) -> t.Item | None:
    """The matter of a number, held until the transaction ends; None where there is none or somebody else holds it."""
    query = select(t.Item).where(t.Item.number == number, t.Item.restricted.is_(False))
    held = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return session.scalar(held)
