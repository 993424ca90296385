"""Counts over spans of time, by day, source, field, area, urgency and kind. Restricted items are in none of them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Date, Text, and_, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from listener.store import tables as t
from listener.store.database import CITY_ZONE


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment up to, but not with, another."""

    start: datetime
    end: datetime

    def earlier(self, length: timedelta) -> "Span":
        """The same span some time before."""
        return Span(self.start - length, self.end - length)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many items of one key, kind of item and sentiment (None: not read) fell into a span.

    ``key`` is None where the items have no such value, for instance no area.
    """

    key: str | None
    is_report: bool
    sentiment: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Flow:
    """What came in during a span.

    ``copies`` repeat the words of another item of the span; ``reviewed`` were decided by a person, in part or whole.
    """

    received: int
    spam: int
    copies: int
    sample: int
    unread: int
    reviewed: int
    reviewed_topic: int
    reviewed_sentiment: int

    @property
    def kept(self) -> int:
        """What the counts count."""
        return self.received - self.spam

    @property
    def distinct(self) -> int:
        """How many of these say different things."""
        return self.kept - self.copies


@dataclass(frozen=True, slots=True)
class SourceWeek:
    """How the visits of one source went in a span; ``last_item`` and ``problem`` are as of now."""

    name: str
    visits: int
    failed: int
    new: int
    refused: int
    last_item: datetime | None
    problem: str | None


COLUMNS: dict[str, ColumnElement[str | None]] = {
    "day": cast(cast(func.timezone(CITY_ZONE.key, t.Item.received_at), Date), Text),
    "week": cast(cast(func.date_trunc("week", func.timezone(CITY_ZONE.key, t.Item.received_at)), Date), Text),
    "source": func.coalesce(literal("nguon:") + cast(t.Item.source_id, Text), literal("kenh:") + t.Item.channel),
    "field": t.Item.field.expression,
    "area": t.Item.unit_code.expression,
    "urgency": t.Item.urgency.expression,
    "kind": t.Item.kind.expression,
}


def within(span: Span) -> ColumnElement[bool]:
    """Items that count and came in during a span."""
    return and_(_open(span), t.Item.spam.is_(False))


def _open(span: Span) -> ColumnElement[bool]:
    return and_(t.Item.received_at >= span.start, t.Item.received_at < span.end, t.Item.restricted.is_(False))


def tallies(session: Session, by: str, span: Span) -> list[Tally]:
    """Counts of a span by one of `COLUMNS`, split into posts and reports and by sentiment."""
    column = COLUMNS[by]
    query = (
        select(column, t.Item.is_report, t.Item.sentiment, func.count())
        .where(within(span))
        .group_by(column, t.Item.is_report, t.Item.sentiment)
    )
    return [Tally(*row) for row in session.execute(query)]


def flow(session: Session, span: Span) -> Flow:
    """What came in, what was left out, and how much of the rest a person decided."""
    kept = t.Item.spam.is_(False)

    def decided(*tasks: str) -> ColumnElement[int]:
        return func.count().filter(kept, or_(*(t.Item.decided_by.any_() == task for task in tasks)))

    query = select(
        func.count(),
        func.count().filter(t.Item.spam),
        func.count().filter(kept, t.Item.sample),
        func.count().filter(kept, t.Item.read_at.is_(None)),
        func.count().filter(kept, func.cardinality(t.Item.decided_by) > 0),
        decided("topic"),
        decided("sentiment"),
    ).where(_open(span))
    received, spam, sample, unread, reviewed, topic, sentiment = session.execute(query).one()
    return Flow(received, spam, _copies(session, span), sample, unread, reviewed, topic, sentiment)


def _copies(session: Session, span: Span) -> int:
    """Items that repeat the words of another of the span: all but one of each group."""
    different = func.count(func.distinct(func.coalesce(t.Item.copy_group, t.Item.id)))
    return session.execute(select(func.count() - different).where(within(span))).scalar_one()


def source_names(session: Session) -> dict[str, str]:
    """Names of sources under the keys that `tallies` by source gives them."""
    return {f"nguon:{identity}": name for identity, name in session.execute(select(t.Source.id, t.Source.name))}


def coverage(session: Session, span: Span) -> list[SourceWeek]:
    """The visits to every source that is visited, those in trouble first."""
    refused = func.coalesce(func.sum(func.jsonb_array_length(t.SourceRun.dropped)), 0)
    during = and_(
        t.SourceRun.source_id == t.Source.id, t.SourceRun.started_at >= span.start, t.SourceRun.started_at < span.end
    )
    query = (
        select(
            t.Source.name,
            func.count(t.SourceRun.id),
            func.count(t.SourceRun.id).filter(t.SourceRun.outcome == "failed"),
            func.coalesce(func.sum(t.SourceRun.new), 0),
            refused,
            t.Source.last_item,
            t.Source.problem,
        )
        .outerjoin(t.SourceRun, during)
        .where(t.Source.active, t.Source.kind != "file")
        .group_by(t.Source.id)
        .order_by(t.Source.problem.is_(None), t.Source.name)
    )
    return [SourceWeek(*row) for row in session.execute(query)]


def versions(session: Session, span: Span) -> dict[str, int]:
    """How many items of a span each model version read."""
    query = select(t.Prediction.model_version, func.count(func.distinct(t.Prediction.item_id))).join(
        t.Item, t.Item.id == t.Prediction.item_id
    )
    query = query.where(within(span)).group_by(t.Prediction.model_version).order_by(t.Prediction.model_version)
    return dict(session.execute(query).all())


def first_day(session: Session) -> date | None:
    """The day on which the first item came in, None before there is one."""
    first = session.scalar(select(func.min(t.Item.received_at)).where(t.Item.restricted.is_(False)))
    return first.astimezone(CITY_ZONE).date() if first else None


def of_topic(session: Session, topic: str, span: Span) -> int:
    """How many items of a span are about a topic."""
    return session.scalar(select(func.count()).where(within(span), t.Item.topic == topic)) or 0
