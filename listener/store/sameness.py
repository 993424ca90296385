"""Copies of one text: likely ones, groups of them, and how many."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Integer, bindparam, column, func, or_, select, text, update
from sqlalchemy.orm import Session, aliased

from listener.store import tables as t

_LINKING = 7_210_014  # the advisory lock of who links items
MOST_LIKELY = 50  # candidates compared word by word; those that share most runs first


def one_linker_at_a_time(session: Session) -> None:
    """Wait until no other transaction links, and hold that until the end of this one: both must see each other's."""
    session.execute(select(func.pg_advisory_xact_lock(_LINKING)))


def likely_copies(session: Session, ids: Sequence[int], *, within: timedelta, shared: int) -> dict[int, list[int]]:
    """For each of these items those near in time that share so many runs of words with it, most shared first.

    Linked items, and others of these, count; an item that shares with none is left out. One statement for all: asked
    one by one, a thousand items cost a thousand round trips.
    """
    own, other = aliased(t.Item, name="own"), aliased(t.Item, name="other")
    run = func.unnest(other.runs).table_valued(column("run", Integer)).render_derived("kept")
    common = select(func.count()).select_from(run).where(run.c.run == own.runs.any_()).scalar_subquery()
    near = other.received_at.between(own.received_at - within, own.received_at + within)
    alike = (
        select(own.id.label("own_id"), other.id.label("other_id"), common.label("common"))
        .join(other, other.runs.overlap(own.runs))
        .where(
            own.id.in_(ids),
            other.id != own.id,
            or_(other.linked_at.is_not(None), other.id.in_(ids)),
            near,
            *(one.is_(False) for one in (other.restricted, other.spam, own.restricted, own.spam)),
        )
        .cte("alike")
        .prefix_with("MATERIALIZED")
    )
    query = (
        select(alike.c.own_id, alike.c.other_id)
        .where(alike.c.common >= shared)
        .order_by(alike.c.own_id, alike.c.common.desc(), alike.c.other_id)
    )
    found: dict[int, list[int]] = {}
    with _by_index(session):
        for own_id, other_id in session.execute(query):
            likely = found.setdefault(own_id, [])
            if len(likely) < MOST_LIKELY:
                likely.append(other_id)
    return found


@contextmanager
def _by_index(session: Session) -> Iterator[None]:
    """Comparing the arrays of all rows costs 30 µs each, which the planner takes for nothing."""
    setting = "SELECT set_config('enable_seqscan', :value, true), set_config('jit', :value, true)"
    session.execute(text(setting), {"value": "off"})
    yield
    session.execute(text(setting), {"value": "on"})


def put_together(session: Session, found: Sequence[Sequence[t.Item]]) -> list[list[int]]:
    """Make one group of the items of each of these lists and of the groups they are in; returns the ids of each group.

    A group is named by its lowest id. The statements are few, however many the lists.
    """
    name = func.coalesce(t.Item.copy_group, t.Item.id)
    ids = {item.id for items in found for item in items}
    named = dict(session.execute(select(t.Item.id, name).where(t.Item.id.in_(ids))).all())
    lowest = _joined([[named[item.id] for item in items] for items in found])
    members = select(t.Item.id, name).where(t.Item.id.in_(lowest) | t.Item.copy_group.in_(lowest)).order_by(t.Item.id)
    rows = [{"id": member, "copy_group": lowest[group]} for member, group in session.execute(members)]
    table = t.Item.__table__  # the group is no step on a desk: the row's version stays
    change = update(table).where(table.c.id == bindparam("member")).values(copy_group=bindparam("group"))  # type: ignore[arg-type]  # a table, typed as any FROM
    session.connection().execute(change, [{"member": row["id"], "group": row["copy_group"]} for row in rows])
    for item in {item for items in found for item in items}:
        session.expire(item, ["copy_group"])
    groups: dict[int, list[int]] = {}
    for row in rows:
        groups.setdefault(row["copy_group"], []).append(row["id"])
    return list(groups.values())


def _joined(lists: Sequence[Sequence[int]]) -> dict[int, int]:
    """Each number → the lowest of all numbers it is tied to by lists that share one.

    >>> _joined([[5, 3], [8, 9], [9, 5]])
    {5: 3, 3: 3, 8: 3, 9: 3}
    """
    tied: dict[int, int] = {}

    def lowest(number: int) -> int:
        while (below := tied.setdefault(number, number)) != number:
            number = below
        return number

    for numbers in lists:
        ends = [lowest(number) for number in numbers]
        for end in ends:
            tied[end] = min(ends)
    return {number: lowest(number) for number in list(tied)}


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
