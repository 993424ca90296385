"""A visit from its beginning to its end: what comes is kept as it comes, each batch whole or not at all."""

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from listener.collect import crawling, making
from listener.collect import service as collecting
from listener.collect.found import FetchedPage, FoundPost
from listener.jobs import hand_over
from listener.log import logger
from listener.settings import Settings
from listener.store import pages
from listener.store import sources as rows
from listener.store import tables as t
from listener.store.shapes import Outcome, Visit

Scope = Callable[[], AbstractContextManager[Session]]
Clock = Callable[[], datetime]
Watch = Callable[[int, collecting.Kept], None]
log = logger("collect")


class Keep(Protocol):
    """Keeps posts and hands them to the next stage, in the session's transaction."""

    def __call__(
        self, session: Session, posts: Sequence[FoundPost], *, source_id: int | None, why_changed: str = ...
    ) -> collecting.Kept: ...


def hand_over_visit(session: Session, source: t.Source) -> None:
    """Write the job of a visit: one waiting for each source, one running for each host."""
    one, host = f"collect:{source.id}", f"host:{rows.host_of(source.url)}"
    hand_over(session, "collect", queueing_lock=one, lock=host, source_id=source.id)


def visit_source(
    source_id: int,
    *,
    scope: Scope,
    settings: Settings,
    clock: Clock,
    keep: Keep,
    watch: Watch | None = None,
    stop: threading.Event | None = None,
) -> Outcome:
    """Visit a source, with its host to ourselves.

    ``watch`` is told how many posts came and what is kept so far; ``stop`` ends the visit early with what it has.
    """
    with scope() as session:
        host = rows.host_of(rows.by_id(session, source_id).url)
    with rows.host_alone(host):
        with scope() as session:
            visit = rows.begin_visit(session, source_id, now=clock())
        kept = collecting.Kept()
        with crawling.begun(visit, settings, stop=stop) as journey:
            for brought in journey.batches():
                with scope() as session:
                    kept.add(_take(session, brought, visit, keep, clock()))
                if watch is not None:
                    watch(len(brought.posts), kept)
        tally = {"new": len(kept.new), "changed": len(kept.changed)}
        with scope() as session:
            rows.end_visit(session, visit.run_id, journey.outcome, **tally, dropped=kept.dropped, now=clock())
    return journey.outcome


def _take(session: Session, brought: crawling.Brought, visit: Visit, keep: Keep, now: datetime) -> collecting.Kept:
    """Keep a batch with all that belongs to it: items, jobs, pages, what was seen, what is gone."""
    kept = keep(session, brought.posts, source_id=visit.source_id)
    collecting.keep_pages(session, brought.pages, source_id=visit.source_id, now=now)
    pages.looked(session, visit.source_id, brought.looked, now=now)
    collecting.mark_gone(session, brought.gone, source_id=visit.source_id, now=now)
    tally = {"found": len(brought.posts), "new": len(kept.new), "changed": len(kept.changed)}
    rows.note_progress(session, visit.run_id, brought.seen, **tally)
    return kept


def read_again(session: Session, fetched: Sequence[t.FetchedPage], *, keep: Keep, now: datetime) -> collecting.Kept:
    """Make posts anew of pages that were kept; what comes out different becomes a new wording, nothing becomes new."""
    posts: dict[int, list[FoundPost]] = defaultdict(list)
    for row in fetched:
        options = rows.by_id(session, row.source_id).options
        names = ("external_id", "url", "kind", "entry", "body", "digest", "etag", "modified")
        page = FetchedPage(**{name: getattr(row, name) for name in names})
        try:
            posts[row.source_id].append(making.post_again(page, options, now=now))
        except Exception:  # one page that breaks a parser must not keep the others from being read
            log.exception("unreadable_page", url=row.url)
    kept = collecting.Kept()
    for source_id, found in posts.items():
        known = rows.known_ids(session, source_id, [post.external_id for post in found])
        ours = [post for post in found if post.external_id in known]
        kept.add(keep(session, ours, source_id=source_id, why_changed=collecting.READ_AGAIN))
    return kept
