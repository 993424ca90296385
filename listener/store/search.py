"""Lists of items: filters, accent-free search, keyset paging."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from listener.store import tables as t

MOST = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; None means all. ``query`` is folded text in web-search form (AND, OR, -, "…")."""

    query: str | None = None
    field: str | None = None
    topic: str | None = None
    area: str | None = None
    channel: str | None = None
    urgency: str | None = None
    sentiment: str | None = None
    kind: str | None = None
    state: str | None = None
    source: str | None = None
    is_report: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    spam: bool | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place in a list after which the next page begins, newest first."""

    received_at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.received_at.timestamp():.6f}_{self.id}"


def parse_cursor(text: str | None) -> Cursor | None:
    """A cursor from its written form; None for anything else, which begins at the top."""
    try:
        moment, identity = (text or "").split("_")
        return Cursor(datetime.fromtimestamp(float(moment), UTC), int(identity))
    except (ValueError, OverflowError):
        return None


def find(session: Session, filters: Filters, *, after: Cursor | None = None, limit: int = 50) -> Sequence[t.Item]:
    """Items that fit, newest first; never restricted ones."""
    query = _narrowed(select(t.Item), filters)
    if after is not None:
        query = query.where(tuple_(t.Item.received_at, t.Item.id) < (after.received_at, after.id))
    return session.scalars(
        query.order_by(t.Item.received_at.desc(), t.Item.id.desc()).limit(min(limit, MOST + 1))
    ).all()


def count(session: Session, filters: Filters) -> int:
    """How many items fit."""
    return session.scalar(_narrowed(select(func.count(t.Item.id)), filters)) or 0


def words(column: InstrumentedAttribute[str], query: str) -> ColumnElement[bool]:
    """Whether the folded words of a search stand in a folded column."""
    return func.to_tsvector("simple", column).bool_op("@@")(func.websearch_to_tsquery("simple", query))


def _narrowed(query: Select[Any], filters: Filters) -> Select[Any]:
    query = query.where(t.Item.restricted.is_(False))
    plain = {
        t.Item.field: filters.field,
        t.Item.topic: filters.topic,
        t.Item.unit_code: filters.area,
        t.Item.channel: filters.channel,
        t.Item.urgency: filters.urgency,
        t.Item.sentiment: filters.sentiment,
        t.Item.kind: filters.kind,
        t.Item.state: filters.state,
        t.Item.is_report: filters.is_report,
        t.Item.spam: filters.spam,
    }
    for column, value in plain.items():
        if value is not None:
            query = query.where(column == value)
    if filters.source is not None:
        query = query.join(t.Source, t.Source.id == t.Item.source_id).where(t.Source.slug == filters.source)
    if filters.query:
        query = query.where(words(t.Item.search_text, filters.query))
    if filters.since is not None:
        query = query.where(t.Item.received_at >= filters.since)
    if filters.until is not None:
        query = query.where(t.Item.received_at < filters.until)
    return query
