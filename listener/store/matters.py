"""Counts and one typical item of topic × area groups and of stories, and the four buckets of each desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from listener.store import tables as t
from listener.store.trends import Span, within

WORKING = ("assigned", "accepted", "waiting_citizen")
DONE = ("answered", "closed")


@dataclass(frozen=True, slots=True)
class Spread:
    """How far a matter went in a span: posts, reports, sources of the posts, first and last word."""

    posts: int
    reports: int
    sources: int
    negative: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Owed:
    """What the desks owe for a matter: on how many desks, how many answered, the earliest date due of the rest."""

    departments: tuple[str, ...]
    assigned: int
    answered: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Desk:
    """A department's four buckets: handled in the span on time or late, open at its end in time or overdue."""

    department: str
    on_time: int
    late: int
    open: int
    overdue: int

    @property
    def total(self) -> int:
        """All four."""
        return self.on_time + self.late + self.open + self.overdue


Matter = tuple[str, str]  # topic, area
_PAIR = tuple_(t.Item.topic, t.Item.unit_code)


def by_topic_and_area(session: Session, spans: Sequence[Span]) -> dict[Matter, list[int]]:
    """For each topic × area with an item in the first span, how many fell into each span."""
    columns = [func.count().filter(within(span)) for span in spans]
    whole = Span(min(span.start for span in spans), max(span.end for span in spans))
    query = (
        select(t.Item.topic, t.Item.unit_code, *columns)
        .where(within(whole), t.Item.topic.is_not(None), t.Item.unit_code.is_not(None))
        .group_by(t.Item.topic, t.Item.unit_code)
        .having(columns[0] > 0)
    )
    return {(row[0] or "", row[1] or ""): list(row[2:]) for row in session.execute(query)}


def spreads(session: Session, matters: Sequence[Matter], span: Span) -> dict[Matter, Spread]:
    """How far each of these matters went."""
    query = select(t.Item.topic, t.Item.unit_code, *_spread_columns()).where(within(span), _PAIR.in_(matters))
    return {
        (row[0], row[1]): Spread(*row[2:]) for row in session.execute(query.group_by(t.Item.topic, t.Item.unit_code))
    }


def typical(session: Session, matters: Sequence[Matter], span: Span) -> dict[Matter, t.Item]:
    """One item that stands for each matter: the most urgent, then the one most told, then the newest."""
    query = (
        select(t.Item)
        .outerjoin(t.StoryItem, t.StoryItem.item_id == t.Item.id)
        .outerjoin(t.Story, t.Story.id == t.StoryItem.story_id)
        .where(within(span), _PAIR.in_(matters), t.Item.read_at.is_not(None))
        .ext(distinct_on(t.Item.topic, t.Item.unit_code))
        .order_by(t.Item.topic, t.Item.unit_code, *_order())
    )
    return {(item.topic or "", item.unit_code or ""): item for item in session.scalars(query)}


def owed(session: Session, matters: Sequence[Matter], span: Span) -> dict[Matter, Owed]:
    """What the desks owe for each of these matters, as it stands now."""
    query = (
        select(t.Item.topic, t.Item.unit_code, *_owed_columns())
        .join(t.Assignment, and_(t.Assignment.item_id == t.Item.id, t.Assignment.active))
        .where(within(span), _PAIR.in_(matters))
        .group_by(t.Item.topic, t.Item.unit_code)
    )
    return {(row[0], row[1]): Owed(tuple(row[2]), *row[3:]) for row in session.execute(query)}


def stories(session: Session, span: Span, *, least: int, limit: int) -> list[tuple[int, Spread, t.Item]]:
    """Stories told most often in a span, each with one item that stands for it."""
    count = func.count()
    query = (
        select(t.StoryItem.story_id, *_spread_columns())
        .join(t.Item, t.Item.id == t.StoryItem.item_id)
        .where(within(span))
        .group_by(t.StoryItem.story_id)
        .having(count >= least)
        .order_by(count.desc(), t.StoryItem.story_id)
        .limit(limit)
    )
    found = {row[0]: Spread(*row[1:]) for row in session.execute(query)}
    examples = _story_examples(session, list(found), span)
    return [(story, spread, examples[story]) for story, spread in found.items() if story in examples]


def story_owed(session: Session, story_ids: Sequence[int], span: Span) -> dict[int, Owed]:
    """What the desks owe for the items of each story, as it stands now."""
    query = (
        select(t.StoryItem.story_id, *_owed_columns())
        .join(t.Item, t.Item.id == t.StoryItem.item_id)
        .join(t.Assignment, and_(t.Assignment.item_id == t.Item.id, t.Assignment.active))
        .where(within(span), t.StoryItem.story_id.in_(story_ids))
        .group_by(t.StoryItem.story_id)
    )
    return {row[0]: Owed(tuple(row[1]), *row[2:]) for row in session.execute(query)}


def desks(session: Session, span: Span) -> list[Desk]:
    """Every department's four buckets at the end of a span, those with most overdue first.

    Later moves are left out of what was open then: an answer given after the span does not count.
    A matter that was reopened counts as open.
    """
    a = t.Assignment
    handled = and_(a.state.in_(DONE), a.answered_at >= span.start, a.answered_at < span.end)
    unanswered = or_(a.answered_at.is_(None), a.answered_at >= span.end, a.state.in_(WORKING))
    there = and_(a.assigned_at < span.end, or_(a.ended_at.is_(None), a.ended_at >= span.end))
    waiting = and_(unanswered, there)
    # a clock that stands while the sender is asked does not run over
    late, over = a.answered_at > a.due_at, a.due_at < func.least(a.paused_at, span.end)
    overdue = func.count().filter(waiting, over)
    too_late = func.count().filter(handled, late)
    query = (
        select(
            a.department_code,
            func.count().filter(handled, ~late),
            too_late,
            func.count().filter(waiting, ~over),
            overdue,
        )
        .join(t.Item, t.Item.id == a.item_id)
        .where(t.Item.restricted.is_(False), t.Item.spam.is_(False), or_(handled, waiting))
        .group_by(a.department_code)
        .order_by(overdue.desc(), too_late.desc(), a.department_code)
    )
    return [Desk(*row) for row in session.execute(query)]


def _spread_columns() -> list[ColumnElement[Any]]:
    return [
        func.count().filter(t.Item.is_report.is_(False)),
        func.count().filter(t.Item.is_report),
        func.count(func.distinct(t.Item.source_id)),
        func.count().filter(t.Item.sentiment == "negative"),
        func.min(t.Item.received_at),
        func.max(t.Item.received_at),
    ]


def _owed_columns() -> list[ColumnElement[Any]]:
    open_due = func.min(t.Assignment.due_at).filter(t.Assignment.state.in_(WORKING))
    return [
        func.array_agg(func.distinct(t.Assignment.department_code)),
        func.count(),
        func.count().filter(t.Assignment.state.in_(DONE)),
        open_due,
    ]


def _order() -> tuple[ColumnElement[Any], ...]:
    rank = case((t.Item.urgency == "khan", 0), (t.Item.urgency == "cao", 1), else_=2)
    return (rank, func.coalesce(t.Story.size, 1).desc(), t.Item.received_at.desc(), t.Item.id.desc())


def _story_examples(session: Session, story_ids: Sequence[int], span: Span) -> dict[int, t.Item]:
    query = (
        select(t.StoryItem.story_id, t.Item)
        .join(t.Item, t.Item.id == t.StoryItem.item_id)
        .where(within(span), t.StoryItem.story_id.in_(story_ids), t.Item.read_at.is_not(None))
        .ext(distinct_on(t.StoryItem.story_id))
        .order_by(t.StoryItem.story_id, t.Item.received_at, t.Item.id)
    )
    return dict(session.execute(query).all())
