"""Watching the sources: a gap is opened when one falls silent or cannot be read, and closed when it is heard again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from listener.collect import health
from listener.log import logger
from listener.metrics import SOURCE_GAPS
from listener.store import gaps, sources
from listener.store import tables as t

LOOKS_BACK = timedelta(days=60)
log = logger("collect")


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look changed: short names of sources whose gap began, and of those whose gap ended."""

    began: list[str]
    ended: list[str]


def look(session: Session, *, now: datetime) -> Looked:
    """Open and close gaps as the sources stand now; a second look changes nothing."""
    lasting = gaps.open_gaps(session)
    arrivals = sources.arrivals(session, since=now - LOOKS_BACK)
    looked = Looked([], [])
    for source in sources.everything(session):
        gap = lasting.pop(source.id, None)
        found = _trouble(source, arrivals.get(source.id, []), now)
        if gap is not None and (found is None or found.kind != gap.kind):
            gap.ended_at = _heard_again(source, gap, now) if found is None else found.since
            looked.ended.append(source.slug)
            gap = None
        if found is None:
            continue
        if gap is None:
            session.add(t.SourceGap(source_id=source.id, kind=found.kind, since=found.since, words=found.words))
            looked.began.append(source.slug)
            log.warning("source_gap", source=source.slug, kind=found.kind, since=found.since.isoformat())
        else:
            gap.words = found.words
    for gap in lasting.values():  # of sources that were removed
        gap.ended_at = now
    session.flush()
    SOURCE_GAPS.set(len(gaps.open_gaps(session)))
    return looked


def _trouble(source: t.Source, arrivals: list[datetime], now: datetime) -> health.Trouble | None:
    if not source.active or source.kind == "file":
        return None
    rhythm = health.rhythm(arrivals, now=now)
    return health.trouble(rhythm, problem=source.problem, problem_since=source.problem_since, now=now)


def _heard_again(source: t.Source, gap: t.SourceGap, now: datetime) -> datetime:
    """When the source was heard again, as near as it is known."""
    heard = source.last_item if gap.kind == "silent" else source.last_success
    return heard if heard is not None and gap.since < heard <= now else now
