"""Rows of sources and their visits."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from listener.errors import NotFound
from listener.store import pages
from listener.store import tables as t
from listener.store.database import engine
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
    source = session.scalar(select(t.Source).where(t.Source.slug == slug, t.Source.removed_at.is_(None)))
    if source is None:
        listed = select(t.Source.slug).where(t.Source.removed_at.is_(None))
        known = ", ".join(session.scalars(listed.order_by(t.Source.slug)))
        raise NotFound(f"Không có nguồn “{slug}”. Các nguồn: {known or 'chưa có nguồn nào'}.")
    return source


def by_id(session: Session, source_id: int) -> t.Source:
    """The source of a number.

    Raises
    ------
    NotFound
        There is none any more.
    """
    source = session.get(t.Source, source_id)
    if source is None:
        raise NotFound(f"Nguồn số {source_id} không còn.")
    return source


def free_slug(session: Session, slug: str) -> str:
    """The short name itself, or with the first number that makes it nobody's."""
    taken = set(session.scalars(select(t.Source.slug).where(t.Source.slug.like(f"{slug}%"))))
    return next(name for name in (slug, *(f"{slug}-{number}" for number in range(2, 10_000))) if name not in taken)


def known_ids(session: Session, source_id: int, external_ids: Sequence[str]) -> set[str]:
    """Which of these names of posts the source's items have."""
    query = select(t.Item.external_id).where(t.Item.source_id == source_id, t.Item.external_id.in_(external_ids))
    return {name for name in session.scalars(query) if name is not None}


def active(session: Session) -> Sequence[t.Source]:
    """Sources that are visited."""
    visited = (t.Source.active, t.Source.kind != "file", t.Source.removed_at.is_(None))
    return session.scalars(select(t.Source).where(*visited).order_by(t.Source.id)).all()


def everything(session: Session) -> Sequence[t.Source]:
    """All sources: those in trouble first, then by name."""
    listed = select(t.Source).where(t.Source.removed_at.is_(None))
    return session.scalars(listed.order_by(t.Source.problem.is_(None), t.Source.name)).all()


def due(session: Session, *, now: datetime) -> Sequence[t.Source]:
    """Active sources whose next visit has come."""
    return [
        source
        for source in active(session)
        if (source.next_visit is None or source.next_visit <= now)
        and (source.rest_until is None or source.rest_until <= now)
    ]


def host_of(url: str) -> str:
    """The host that visits of an address go to."""
    return urlsplit(url).netloc.lower()


@contextmanager
def host_alone(host: str, *, patience: float = 600.0) -> Iterator[None]:
    """Keep a host to oneself: no other visit to it runs meanwhile, in whatever process.

    The lock is the database's own and goes with the process that held it, however that ended.

    Raises
    ------
    TimeoutError
        Another visit held the host for longer than ``patience`` seconds.
    """
    lock, until = text("SELECT pg_try_advisory_lock(hashtextextended(:host, 7))"), time.monotonic() + patience
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(lock, {"host": host}):
            if time.monotonic() > until:
                raise TimeoutError(host)
            time.sleep(0.5)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(hashtextextended(:host, 7))"), {"host": host})


def begin_visit(session: Session, source_id: int, *, now: datetime) -> Visit:
    """Open a visit of a source."""
    source = by_id(session, source_id)
    _close_broken_off(session, source_id, now=now)
    run = t.SourceRun(source_id=source_id, started_at=now)
    session.add(run)
    session.flush()
    again = pages.to_look_at(session, source_id, now=now) if source.options.get("looks", True) else []
    options, memory = dict(source.options), dict(source.memory)
    return Visit(run.id, source_id, source.slug, source.kind, source.url, options, memory, again)


def _close_broken_off(session: Session, source_id: int, *, now: datetime) -> None:
    """Visits that nobody ended were cut off with their process; the host is ours alone, so none of them still runs."""
    left = (t.SourceRun.source_id == source_id, t.SourceRun.outcome == "running")
    for run in session.scalars(select(t.SourceRun).where(*left)):
        run.outcome, run.ended_at = "stopped", now
        run.problem = "Lần thăm bị cắt cùng tiến trình; bài đã thu được giữ lại."


def note_progress(
    session: Session, run_id: int, seen: Mapping[str, str], *, found: int, new: int, changed: int
) -> None:
    """Count what came so far, and remember which entries are home, so that a visit cut off repeats nothing."""
    run = session.get_one(t.SourceRun, run_id)
    run.found, run.new, run.changed = run.found + found, run.new + new, run.changed + changed
    if seen:
        source = session.get_one(t.Source, run.source_id, with_for_update=True, populate_existing=True)
        source.memory = {**source.memory, "seen": {**source.memory.get("seen", {}), **seen}}


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

    A visit that failed leaves the source's memory alone but for what was brought home, so that a 304 after a failure
    is no success. One that was stopped is no news of the source; the next is due at once.
    """
    run = session.get_one(t.SourceRun, run_id)
    source = run.source
    run.ended_at, run.outcome, run.problem = now, outcome.status, outcome.problem
    run.found, run.new, run.changed = max(outcome.found, run.found or 0), new, changed
    run.dropped, run.peak_mb = list(dropped)[:KEEP_DROPPED], outcome.peak // 2**20
    if new:
        source.last_item = now
    if outcome.status == "stopped":
        source.next_visit = now
        return
    if outcome.status == "failed":
        source.problem = outcome.problem
        source.problem_since = source.problem_since or now
    else:
        source.problem = source.problem_since = None
        source.last_success = now
        source.memory = {**source.memory, **outcome.memory}
    source.every_minutes = _pace(source.every_minutes, outcome, new)
    source.next_visit = now + timedelta(minutes=source.every_minutes)
    if outcome.rest:
        _let_rest(session, host_of(source.url), until=now + timedelta(seconds=outcome.rest))


def _let_rest(session: Session, host: str, *, until: datetime) -> None:
    """Leave a host alone for as long as it asked, with all sources that lie there."""
    for source in session.scalars(select(t.Source).where(t.Source.url.ilike(f"%//{host}%"))):
        if host_of(source.url) == host:
            source.rest_until = until


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
        t.Source.kind == "facebook",
        t.Source.active,
        t.Source.removed_at.is_(None),
        t.Source.options["page"].astext == page,
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
