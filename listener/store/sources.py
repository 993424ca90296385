"""Rows of sources and their visits."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from listener.errors import NotFound
from listener.store import tables as t
from listener.store.shapes import Outcome, Visit

KEEP_DROPPED = 50
FASTEST, SLOWEST = 10, 24 * 60  # minutes between two visits, connectors.md


def by_slug(session: Session, slug: str) -> t.Source:
    """The source of a short name.

    Raises
    ------
    NotFound
        There is none; the message lists the known ones.
    """
    source = session.scalar(select(t.Source).where(t.Source.slug == slug))
    if source is None:
        known = ", ".join(session.scalars(select(t.Source.slug).order_by(t.Source.slug)))
        raise NotFound(f"Không có nguồn “{slug}”. Các nguồn: {known or 'chưa có nguồn nào'}.")
    return source


def active(session: Session) -> Sequence[t.Source]:
    """Sources that are visited."""
    return session.scalars(select(t.Source).where(t.Source.active, t.Source.kind != "file").order_by(t.Source.id)).all()


def everything(session: Session) -> Sequence[t.Source]:
    """All sources: those in trouble first, then by name."""
    return session.scalars(select(t.Source).order_by(t.Source.problem.is_(None), t.Source.name)).all()


def due(session: Session, *, now: datetime) -> Sequence[t.Source]:
    """Active sources whose next visit has come."""
    return [source for source in active(session) if source.next_visit is None or source.next_visit <= now]


def begin_visit(session: Session, source_id: int, *, now: datetime) -> Visit:
    """Open a visit of a source."""
    source = session.get(t.Source, source_id)
    if source is None:
        raise NotFound(f"Nguồn số {source_id} không còn.")
    run = t.SourceRun(source_id=source_id, started_at=now)
    session.add(run)
    session.flush()
    return Visit(run.id, source_id, source.slug, source.kind, source.url, dict(source.options), dict(source.memory))


def end_visit(
    session: Session,
    run_id: int,
    outcome: Outcome,
    *,
    new: int,
    changed: int,
    dropped: Sequence[dict[str, str]],
    now: datetime,
) -> None:
    """Write down how a visit ended, and when the next is due.

    A visit that failed leaves the source's memory alone, so that a 304 after a failure is no success.
    """
    run = session.get_one(t.SourceRun, run_id)
    source = run.source
    run.ended_at, run.outcome, run.problem = now, outcome.status, outcome.problem
    run.found, run.new, run.changed, run.dropped = outcome.found, new, changed, list(dropped)[:KEEP_DROPPED]
    if outcome.status == "failed":
        source.problem = outcome.problem
        source.problem_since = source.problem_since or now
    else:
        source.problem = source.problem_since = None
        source.last_success = now
        source.memory = {**source.memory, **outcome.memory}
    if new:
        source.last_item = now
    source.every_minutes = _pace(source.every_minutes, outcome, new)
    source.next_visit = now + timedelta(minutes=source.every_minutes)


def _pace(minutes: int, outcome: Outcome, new: int) -> int:
    """Slower when over two thirds of what is found is known already, faster under one third."""
    if outcome.status == "failed":
        return min(minutes * 2, SLOWEST)
    known = 1 - new / outcome.found if outcome.found else 1.0
    if known > 2 / 3:
        return min(round(minutes * 1.5), SLOWEST)
    return max(round(minutes / 1.5), FASTEST) if known < 1 / 3 else minutes


def recent_runs(session: Session, source_id: int, limit: int = 10) -> Sequence[t.SourceRun]:
    """A source's newest visits."""
    query = select(t.SourceRun).where(t.SourceRun.source_id == source_id)
    return session.scalars(query.order_by(t.SourceRun.started_at.desc()).limit(limit)).all()


def new_by_day(session: Session, *, since: datetime) -> dict[int, dict[str, int]]:
    """New items of each source by day (ISO date)."""
    day = func.to_char(t.SourceRun.started_at, "YYYY-MM-DD")
    query = select(t.SourceRun.source_id, day, func.sum(t.SourceRun.new)).where(t.SourceRun.started_at >= since)
    found: dict[int, dict[str, int]] = {}
    for source_id, when, count in session.execute(query.group_by(t.SourceRun.source_id, day)):
        found.setdefault(source_id, {})[when] = count
    return found


def add(session: Session, source: t.Source) -> t.Source | None:
    """Add a source; None where its short name is taken."""
    if session.scalar(select(t.Source.id).where(t.Source.slug == source.slug)) is not None:
        return None
    session.add(source)
    session.flush()
    return source


def file_source(session: Session, slug: str, name: str) -> t.Source:
    """The source that stands for a file somebody imports; made at the first import."""
    source = session.scalar(select(t.Source).where(t.Source.slug == slug))
    if source is None:
        source = t.Source(slug=slug, name=name, kind="file", url="", options={}, memory={})
        session.add(source)
        session.flush()
    return source


def mapping_of(session: Session, slug: str) -> dict[str, str]:
    """Which column of a source's files means what, as it was said last; empty where nobody said."""
    options = session.scalar(select(t.Source.options).where(t.Source.slug == slug)) or {}
    return dict(options.get("map") or {})


def keep_mapping(session: Session, source_id: int, mapping: dict[str, str]) -> None:
    """Remember which column means what."""
    source = session.get_one(t.Source, source_id)
    if mapping and source.options.get("map") != mapping:
        source.options = {**source.options, "map": mapping}


def of_page(session: Session, page: str) -> t.Source | None:
    """The source that stands for a Facebook page, if it may run."""
    query = select(t.Source).where(
        t.Source.kind == "facebook", t.Source.active, t.Source.options["page"].astext == page
    )
    return session.scalar(query.order_by(t.Source.id).limit(1))


def arrivals(session: Session, *, since: datetime) -> dict[int, list[datetime]]:
    """The moments at which each source brought something new."""
    query = select(t.SourceRun.source_id, t.SourceRun.started_at).where(
        t.SourceRun.new > 0, t.SourceRun.started_at >= since
    )
    found: dict[int, list[datetime]] = {}
    for source_id, moment in session.execute(query.order_by(t.SourceRun.started_at)):
        found.setdefault(source_id, []).append(moment)
    return found


def day_totals(session: Session, *, since: datetime) -> dict[int, tuple[int, int]]:
    """What each source's visits found and what of it was new, since a moment."""
    query = select(t.SourceRun.source_id, func.sum(t.SourceRun.found), func.sum(t.SourceRun.new))
    rows = session.execute(query.where(t.SourceRun.started_at >= since).group_by(t.SourceRun.source_id))
    return {source_id: (int(found), int(new)) for source_id, found, new in rows}


def last_visits(session: Session) -> dict[int, datetime]:
    """When each source was visited last."""
    query = select(t.SourceRun.source_id, func.max(t.SourceRun.started_at)).group_by(t.SourceRun.source_id)
    return dict(session.execute(query).all())
