"""Rows of persons' wishes, and of what is purged."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from listener.store import tables as t


def by_id(session: Session, request_id: int, *, lock: bool = False) -> t.DataRequest | None:
    """A wish by its number."""
    query = select(t.DataRequest).where(t.DataRequest.id == request_id)
    return session.scalar(query.with_for_update() if lock else query)


def by_code_hash(session: Session, hashed: str) -> t.DataRequest | None:
    """The newest wish under a report's code."""
    query = select(t.DataRequest).where(t.DataRequest.code_hash == hashed)
    return session.scalar(query.order_by(t.DataRequest.id.desc()).limit(1))


def queue(session: Session, *, restricted: bool, limit: int = 200) -> Sequence[t.DataRequest]:
    """Wishes that concern the restricted room, or those that do not: open ones first, the earliest due on top."""
    query = select(t.DataRequest).join(t.Item).where(t.Item.restricted == restricted)
    done = t.DataRequest.state.in_(("done", "refused"))
    return session.scalars(query.order_by(done, t.DataRequest.answer_due, t.DataRequest.id).limit(limit)).all()


def count_open(session: Session, *, restricted: bool) -> int:
    """How many wishes wait for a decision."""
    query = select(func.count()).select_from(t.DataRequest).join(t.Item)
    return session.scalar(query.where(t.Item.restricted == restricted, t.DataRequest.state == "new")) or 0


def retention(session: Session) -> Sequence[t.Retention]:
    """What is purged after how many days, and when it was last."""
    return session.scalars(select(t.Retention).order_by(t.Retention.what)).all()


def days_kept(session: Session, what: str) -> int | None:
    """How many days a kind of data is kept, None for ever."""
    return session.scalar(select(t.Retention.days).where(t.Retention.what == what))


def purge_authors(session: Session, *, before: datetime, limit: int) -> int:
    """Take the author's pseudonym off some posts that came before a moment; returns how many."""
    old = (
        select(t.Item.id)
        .where(t.Item.author_key.is_not(None), t.Item.is_report.is_(False), t.Item.received_at < before)
        .order_by(t.Item.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    done = session.execute(
        update(t.Item).where(t.Item.id.in_(old)).values(author_key=None).returning(t.Item.id),
        execution_options={"synchronize_session": False},
    )
    return len(done.all())


def note_purge(session: Session, what: str, purged: int, *, at: datetime) -> None:
    """Remember a purge."""
    session.execute(update(t.Retention).where(t.Retention.what == what).values(last_run=at, purged=purged))
