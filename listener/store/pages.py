"""Rows of what was fetched: kept as it came, found again for a second look or a second reading, purged."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from listener.store import tables as t

LOOKED_FOR = timedelta(days=7)  # an older post is hardly ever edited
YOUNG, OFTEN, SELDOM = timedelta(days=1), timedelta(hours=6), timedelta(days=1)  # a young post is looked at more often
LOOKS = 5  # second looks of one visit, so that they never crowd out what is new


def keep(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Keep pages; a body that is known already is only seen again."""
    if not rows:
        return
    unique = {(row["source_id"], row["external_id"], row["digest"]): row for row in rows}
    write = insert(t.FetchedPage).values(list(unique.values()))
    renewed = {name: write.excluded[name] for name in ("looked_at", "etag", "modified", "entry")}
    session.execute(write.on_conflict_do_update(index_elements=["source_id", "external_id", "digest"], set_=renewed))


def looked(session: Session, source_id: int, external_ids: Sequence[str], *, now: datetime) -> None:
    """Remember that posts were seen again as they were."""
    mine = (t.FetchedPage.source_id == source_id, t.FetchedPage.external_id.in_(external_ids))
    session.execute(update(t.FetchedPage).where(*mine).values(looked_at=now))


def to_look_at(session: Session, source_id: int, *, now: datetime, limit: int = LOOKS) -> list[dict[str, Any]]:
    """The newest page of posts whose second look has come, those that waited longest first."""
    page, newer = t.FetchedPage, aliased(t.FetchedPage)
    of_post = (newer.source_id == page.source_id) & (newer.external_id == page.external_id)
    query = (
        select(page)
        .join(t.Item, (t.Item.source_id == page.source_id) & (t.Item.external_id == page.external_id))
        .where(
            page.source_id == source_id,
            page.body.is_not(None),
            t.Item.gone_at.is_(None),
            t.Item.received_at > now - LOOKED_FOR,
            page.looked_at < now - OFTEN,
            (t.Item.received_at > now - YOUNG) | (page.looked_at < now - SELDOM),
            ~select(newer.id).where(of_post, newer.id > page.id).exists(),
        )
        .order_by(page.looked_at)
        .limit(limit)
    )
    names = ("external_id", "url", "entry", "digest", "etag", "modified")
    return [{name: getattr(row, name) for name in names} for row in session.scalars(query)]


def newest(
    session: Session, source_id: int | None, *, since: datetime, after: int = 0, limit: int = 200
) -> Sequence[t.FetchedPage]:
    """The newest page of each post that was fetched since a moment, by their numbers, from one on."""
    page, newer = t.FetchedPage, aliased(t.FetchedPage)
    of_post = (newer.source_id == page.source_id) & (newer.external_id == page.external_id)
    query = select(page).where(
        page.id > after, page.fetched_at >= since, ~select(newer.id).where(of_post, newer.id > page.id).exists()
    )
    if source_id is not None:
        query = query.where(page.source_id == source_id)
    return session.scalars(query.order_by(page.id).limit(limit)).all()


def every_newest(session: Session, source_id: int | None, *, since: datetime) -> Iterator[Sequence[t.FetchedPage]]:
    """All those pages, some at a time."""
    after = 0
    while batch := newest(session, source_id, since=since, after=after):
        yield batch
        after = batch[-1].id


def forget(session: Session, source_id: int, external_id: str) -> int:
    """Delete what was fetched for a post; returns how many pages."""
    mine = (t.FetchedPage.source_id == source_id, t.FetchedPage.external_id == external_id)
    return len(session.execute(delete(t.FetchedPage).where(*mine).returning(t.FetchedPage.id)).all())


def purge(session: Session, *, before: datetime, limit: int) -> int:
    """Delete some pages that were fetched before a moment; returns how many."""
    old = select(t.FetchedPage.id).where(t.FetchedPage.fetched_at < before).order_by(t.FetchedPage.id).limit(limit)
    return len(
        session.execute(delete(t.FetchedPage).where(t.FetchedPage.id.in_(old)).returning(t.FetchedPage.id)).all()
    )


def held(session: Session) -> tuple[int, int]:
    """How many pages are kept and how many bytes they fill."""
    query = select(func.count(), func.coalesce(func.sum(func.length(t.FetchedPage.body)), 0))
    count, size = session.execute(query.select_from(t.FetchedPage)).one()
    return int(count), int(size)
