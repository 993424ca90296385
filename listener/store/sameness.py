"""Copies of one text: likely ones, groups of them, and how many."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Integer, column, func, literal, select, text, true, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from listener.store import tables as t

_LINKING = 7_210_014  # the advisory lock of who links items
MOST_LIKELY = 50  # candidates compared word by word; those that share most runs first


def one_linker_at_a_time(session: Session) -> None:
    """Wait until no other transaction links, and hold that until the end of this one: both must see each other's."""
    session.execute(select(func.pg_advisory_xact_lock(_LINKING)))


def likely_copies(session: Session, item: t.Item, *, within: timedelta, shared: int) -> Sequence[t.Item]:
    """Linked items near in time that share so many runs of words with this one, most shared first."""
    if not item.runs:
        return []
    wanted = literal(item.runs, ARRAY(Integer))
    alike = select(t.Item.id, t.Item.runs).where(t.Item.runs.overlap(wanted)).cte("alike").prefix_with("MATERIALIZED")
    run = func.unnest(alike.c.runs).table_valued(column("run", Integer)).render_derived("kept")
    common = select(func.count()).select_from(run).where(run.c.run == wanted.any_()).scalar_subquery().lateral()
    query = (
        select(t.Item)
        .join(alike, alike.c.id == t.Item.id)
        .join(common, true())
        .where(
            t.Item.received_at.between(item.received_at - within, item.received_at + within),
            t.Item.linked_at.is_not(None),
            t.Item.restricted.is_(False),
            t.Item.spam.is_(False),
            t.Item.id != item.id,
            common.c[0] >= shared,
        )
    )
    with _by_index(session):
        return session.scalars(query.order_by(common.c[0].desc(), t.Item.id).limit(MOST_LIKELY)).all()


@contextmanager
def _by_index(session: Session) -> Iterator[None]:
    """Comparing the arrays of all rows costs 30 µs each, which the planner takes for nothing."""
    setting = "SELECT set_config('enable_seqscan', :value, true), set_config('jit', :value, true)"
    session.execute(text(setting), {"value": "off"})
    yield
    session.execute(text(setting), {"value": "on"})


def put_together(session: Session, found: Sequence[t.Item]) -> list[int]:
    """Make one group of items and of the groups they are in, named by its lowest id; returns the ids of the group."""
    name = func.coalesce(t.Item.copy_group, t.Item.id)
    names = set(session.scalars(select(name).where(t.Item.id.in_([item.id for item in found]))))
    query = (
        update(t.Item)
        .where(t.Item.id.in_(names) | t.Item.copy_group.in_(names))
        .values(copy_group=min(names))
        .returning(t.Item.id)
        .execution_options(synchronize_session=False)
    )
    ids = list(session.scalars(query))
    for item in found:
        session.expire(item, ["copy_group"])
    return ids


def copy_counts(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """How many items say the same in the same words as each of these; those that stand alone are left out."""
    own, other = t.Item.__table__.alias("own"), t.Item.__table__.alias("other")
    query = (
        select(own.c.id, func.count())
        .join(other, other.c.copy_group == own.c.copy_group)
        .where(own.c.id.in_(ids), other.c.restricted.is_(False), other.c.spam.is_(False))
        .group_by(own.c.id)
        .having(func.count() > 1)
    )
    return dict(session.execute(query).all())
