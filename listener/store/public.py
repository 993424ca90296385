"""Rows that the public may see."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import Session

from listener.store import tables as t

# The steps that change what is shown; what the sender adds or an officer corrects is nobody else's business.
TOLD = ("assign", "accept", "return", "answer", "close", "reopen", "undone")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be shown at all: these kinds, topics and states, and no flag but these."""

    kinds: Collection[str]
    topics: Collection[str]
    states: Collection[str]
    flags: Collection[str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; None means all. Times are inclusive, but ``updated_after``."""

    ids: Collection[str] | None = None
    topics: Collection[str] | None = None
    states: Collection[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    updated_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class PublicMatter:
    """A matter that may be shown, its desk, and when it last changed before everybody's eyes."""

    item: t.Item
    assignment: t.Assignment | None
    updated_at: datetime


def find(
    session: Session, allowed: Allowed, wanted: Wanted, *, limit: int = 1000, skip: int = 0
) -> Sequence[PublicMatter]:
    """Matters that may be shown and are wanted, newest first. What may not be shown is as if it were not there."""
    updated = func.coalesce(_last_told(), t.Item.received_at)
    query = (
        select(t.Item, t.Assignment, updated)
        .outerjoin(t.Assignment, (t.Assignment.item_id == t.Item.id) & t.Assignment.active)
        .where(*_may_be_shown(allowed), *_is_wanted(wanted, updated))
        .order_by(t.Item.received_at.desc(), t.Item.id.desc())
    )
    return [PublicMatter(*row) for row in session.execute(query.limit(limit).offset(skip))]


def _may_be_shown(allowed: Allowed) -> list[ColumnElement[bool]]:
    return [
        t.Item.is_report,
        t.Item.may_publish,
        t.Item.restricted.is_(False),
        t.Item.spam.is_(False),
        t.Item.read_at.is_not(None),
        t.Item.problem.is_(None),  # without a reading nothing is masked
        t.Item.state.in_(allowed.states),
        t.Item.kind.in_(allowed.kinds),
        t.Item.topic.in_(allowed.topics),
        t.Item.flags.contained_by(list(allowed.flags)),
    ]


def _is_wanted(wanted: Wanted, updated: ColumnElement[datetime]) -> list[ColumnElement[bool]]:
    among = {t.Item.public_id: wanted.ids, t.Item.topic: wanted.topics, t.Item.state: wanted.states}
    found: list[ColumnElement[bool]] = [column.in_(values) for column, values in among.items() if values is not None]
    if wanted.since is not None:
        found.append(t.Item.received_at >= wanted.since)
    if wanted.until is not None:
        found.append(t.Item.received_at <= wanted.until)
    if wanted.updated_after is not None:
        found.append(updated > wanted.updated_after)
    return found


def _last_told() -> ScalarSelect[datetime]:
    query = select(func.max(t.Event.happened_at)).where(t.Event.item_id == t.Item.id, t.Event.kind.in_(TOLD))
    return query.correlate(t.Item).scalar_subquery()
