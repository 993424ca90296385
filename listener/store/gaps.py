"""Rows of times in which a source was silent or could not be read."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, contains_eager

from listener.errors import NotFound
from listener.store import tables as t


def open_gaps(session: Session) -> dict[int, t.SourceGap]:
    """The gap that lasts, of each source that has one."""
    query = select(t.SourceGap).where(t.SourceGap.ended_at.is_(None)).order_by(t.SourceGap.id)
    return {gap.source_id: gap for gap in session.scalars(query)}


def alerts(session: Session) -> Sequence[t.SourceGap]:
    """Gaps that last and of which nobody has taken note, the longest first."""
    query = (
        select(t.SourceGap)
        .join(t.SourceGap.source)
        .options(contains_eager(t.SourceGap.source))
        .where(t.SourceGap.ended_at.is_(None), t.SourceGap.known_at.is_(None), t.Source.removed_at.is_(None))
        .order_by(t.SourceGap.since)
    )
    return session.scalars(query).all()


def count_alerts(session: Session) -> int:
    """How many there are."""
    lasting = (t.SourceGap.ended_at.is_(None), t.SourceGap.known_at.is_(None), t.Source.removed_at.is_(None))
    return session.scalar(select(func.count(t.SourceGap.id)).join(t.SourceGap.source).where(*lasting)) or 0


def during(session: Session, start: datetime, end: datetime) -> Sequence[t.SourceGap]:
    """Gaps that fell into a span, in the order in which they began."""
    query = (
        select(t.SourceGap)
        .join(t.SourceGap.source)
        .options(contains_eager(t.SourceGap.source))
        .where(t.SourceGap.since < end, or_(t.SourceGap.ended_at.is_(None), t.SourceGap.ended_at > start))
        .order_by(t.SourceGap.since, t.SourceGap.id)
    )
    return session.scalars(query).all()


def of_source(session: Session, source_id: int, limit: int = 10) -> Sequence[t.SourceGap]:
    """A source's newest gaps."""
    query = select(t.SourceGap).where(t.SourceGap.source_id == source_id)
    return session.scalars(query.order_by(t.SourceGap.since.desc()).limit(limit)).all()


def take_note(session: Session, source_id: int, *, now: datetime) -> None:
    """Somebody knows of the source's gap: it raises no alert any more.

    Raises
    ------
    NotFound
        The source has no gap now.
    """
    gap = open_gaps(session).get(source_id)
    if gap is None:
        raise NotFound("Nguồn này không còn cảnh báo nào.")
    gap.known_at = gap.known_at or now
