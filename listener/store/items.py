"""Rows of items: numbers, look-ups, lists."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from listener.errors import NotFound
from listener.store import tables as t

_KEEPING = 7_210_013  # the advisory lock of who keeps posts


def next_number(session: Session, *, is_report: bool, year: int) -> str:
    """The next public number: PA-2026-000123 for a report, BD-… for a post."""
    return next_numbers(session, 1, is_report=is_report, year=year)[0]


def next_numbers(session: Session, count: int, *, is_report: bool, year: int) -> list[str]:
    """The next public numbers, so many at once."""
    if not count:
        return []
    sequence = "report_numbers" if is_report else "post_numbers"
    query = text("SELECT nextval(CAST(:sequence AS regclass)) FROM generate_series(1, :count)")
    values = session.scalars(query, {"sequence": sequence, "count": count})
    return [f"{'PA' if is_report else 'BD'}-{year}-{value:06d}" for value in values]


def by_ids(session: Session, ids: Sequence[int]) -> list[t.Item]:
    """Items of these ids, in the order of their ids; ids that are gone are left out."""
    return list(session.scalars(select(t.Item).where(t.Item.id.in_(ids)).order_by(t.Item.id)))


def by_number(session: Session, number: str, *, restricted: bool = False, lock: bool = False) -> t.Item:
    """The item of a public number; restricted ones only for who may see them.

    Raises
    ------
    NotFound
        There is none, or it may not be seen.
    """
    query = select(t.Item).where(t.Item.number == number)
    # what this session read before it got the lock may be old by now
    locked = query.with_for_update().execution_options(populate_existing=True)
    item = session.scalar(locked if lock else query)
    if item is None or (item.restricted and not restricted):
        raise NotFound(f"Không tìm thấy mục {number}.")
    return item


def by_numbers(session: Session, numbers: Sequence[str]) -> dict[str, t.Item]:
    """Items of these public numbers; restricted ones and those that are gone are left out."""
    query = select(t.Item).where(t.Item.number.in_(numbers), t.Item.restricted.is_(False))
    return {item.number: item for item in session.scalars(query)}


def by_code_hash(session: Session, hashed: str) -> t.Item | None:
    """The item of a tracking code's hash."""
    return session.scalar(select(t.Item).where(t.Item.code_hash == hashed))


def by_idempotency_key(session: Session, key: str) -> t.Item | None:
    """The item that a request with this key made before; of two at the same moment, the second waits for the first."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    return session.scalar(select(t.Item).where(t.Item.idempotency_key == key))


def by_external_ids(session: Session, source_id: int, external_ids: Sequence[str]) -> dict[str, t.Item]:
    """A source's items by its own names for them."""
    query = select(t.Item).where(t.Item.source_id == source_id, t.Item.external_id.in_(external_ids))
    return {item.external_id: item for item in session.scalars(query) if item.external_id is not None}


def one_keeper_at_a_time(session: Session) -> None:
    """Wait until no other transaction keeps posts, and hold that until the end of this one."""
    session.execute(select(func.pg_advisory_xact_lock(_KEEPING)))


def by_addresses(session: Session, addresses: Sequence[str]) -> dict[str, t.Item]:
    """The items of these canonical addresses, by address; one that no item has is left out."""
    if not addresses:
        return {}
    return {str(item.address): item for item in session.scalars(select(t.Item).where(t.Item.address.in_(addresses)))}


def look_alikes(session: Session, item: t.Item, *, days: int = 30, limit: int = 5) -> Sequence[t.Item]:
    """Other reports of the same topic and area within some days, nearest in time first."""
    if item.unit_code is None or item.topic is None:
        return []
    window = timedelta(days=days)
    query = select(t.Item).where(
        t.Item.id != item.id,
        t.Item.unit_code == item.unit_code,
        t.Item.topic == item.topic,
        t.Item.restricted.is_(False),
        t.Item.spam.is_(False),
        t.Item.received_at.between(item.received_at - window, item.received_at + window),
    )
    return session.scalars(query.order_by(t.Item.received_at.desc()).limit(limit)).all()


def photo_counts(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """How many photos each of these items has."""
    query = select(t.Photo.item_id, func.count()).where(t.Photo.item_id.in_(ids)).group_by(t.Photo.item_id)
    return dict(session.execute(query).all())
