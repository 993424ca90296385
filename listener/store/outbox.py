"""Rows of the outbox: taking the next letter, noting how it went, the figures of the channels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from listener.store import tables as t

WAITING, SENT, DEAD, DROPPED = "waiting", "sent", "dead", "dropped"


@dataclass(frozen=True, slots=True)
class Figures:
    """How a channel fares: letters by state in a span, how many wait and since when, how many went out just now."""

    sent: int = 0
    dead: int = 0
    waiting: int = 0
    oldest: datetime | None = None
    last_sent: datetime | None = None
    just_sent: int = 0


@dataclass(frozen=True, slots=True)
class DeadGroup:
    """Dead letters of one channel and cause."""

    channel: str
    cause: str
    problem: str
    count: int
    first_at: datetime | None
    last_at: datetime | None


def next_due(session: Session, *, now: datetime, lease: timedelta) -> t.Outgoing | None:
    """Take the letter that is due next; no other worker gets it before the lease is over.

    Not taken: what another worker holds, letters of paused receivers or resting lines, and letters that come after
    a waiting one of the same matter to the same target.
    """
    earlier = aliased(t.Outgoing)
    behind = exists().where(
        earlier.item_id == t.Outgoing.item_id,
        earlier.target == t.Outgoing.target,
        earlier.state == WAITING,
        earlier.id < t.Outgoing.id,
    )
    query = (
        select(t.Outgoing)
        .outerjoin(t.Receiver, t.Receiver.id == t.Outgoing.receiver_id)
        .outerjoin(t.Line, t.Line.name == t.Outgoing.line)
        .where(*_due(now), ~behind)
        .order_by(t.Outgoing.next_try, t.Outgoing.id)
        .limit(1)
        .with_for_update(of=t.Outgoing, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    letter = session.scalar(query)
    if letter is not None:
        letter.leased_until = now + lease
        letter.attempts += 1
        session.flush()
    return letter


def any_due(session: Session, *, now: datetime) -> bool:
    """Whether a letter could be taken now."""
    query = (
        select(t.Outgoing.id)
        .outerjoin(t.Receiver, t.Receiver.id == t.Outgoing.receiver_id)
        .outerjoin(t.Line, t.Line.name == t.Outgoing.line)
    )
    return session.scalar(query.where(*_due(now)).limit(1)) is not None


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        t.Outgoing.state == WAITING,
        t.Outgoing.next_try <= now,
        or_(t.Outgoing.leased_until.is_(None), t.Outgoing.leased_until <= now),
        or_(t.Outgoing.receiver_id.is_(None), t.Receiver.state == "active"),
        or_(t.Line.quiet_until.is_(None), t.Line.quiet_until <= now),
    )


def held(session: Session, letter_id: int, attempt: int) -> t.Outgoing | None:
    """The letter, locked, if it is still this try's: None when the lease ran out and another took it, or it ended."""
    letter = session.get(t.Outgoing, letter_id, with_for_update=True, populate_existing=True)
    return letter if letter is not None and letter.state == WAITING and letter.attempts == attempt else None


def end(letter: t.Outgoing, state: str, *, now: datetime, cause: str | None = None, problem: str | None = None) -> None:
    """Sent, given up or dropped."""
    letter.state, letter.ended_at, letter.leased_until = state, now, None
    letter.cause, letter.problem = cause, problem


def line(session: Session, name: str) -> t.Line:
    """How a line fares, locked."""
    session.execute(insert(t.Line).values(name=name).on_conflict_do_nothing())
    return session.get_one(t.Line, name, with_for_update=True, populate_existing=True)


def drop_item(session: Session, item_id: int, *, now: datetime, problem: str) -> None:
    """Drop all that waits or was given up of an item."""
    query = update(t.Outgoing).where(t.Outgoing.item_id == item_id, t.Outgoing.state.in_((WAITING, DEAD)))
    session.execute(query.values(state=DROPPED, ended_at=now, cause="restricted", problem=problem))


def give_up_receiver(session: Session, receiver_id: int, *, now: datetime, cause: str, problem: str) -> None:
    """Make all that waits for a receiver dead letters, where a person sees them and may send them later."""
    query = update(t.Outgoing).where(t.Outgoing.receiver_id == receiver_id, t.Outgoing.state == WAITING)
    session.execute(query.values(state=DEAD, ended_at=now, leased_until=None, cause=cause, problem=problem))


def drop_to_sender(session: Session, told_id: int, *, now: datetime, problem: str) -> None:
    """Drop what waits for the sender of one event that was taken back."""
    query = update(t.Outgoing).where(
        t.Outgoing.told_id == told_id, t.Outgoing.target == "sender", t.Outgoing.state == WAITING
    )
    session.execute(query.values(state=DROPPED, ended_at=now, cause="undone", problem=problem))


def figures(session: Session, *, since: datetime, just: datetime) -> dict[str, Figures]:
    """How each channel fares since a moment."""
    query = select(
        t.Outgoing.channel,
        func.count().filter(t.Outgoing.state == SENT, t.Outgoing.ended_at >= since),
        func.count().filter(t.Outgoing.state == DEAD),
        func.count().filter(t.Outgoing.state == WAITING),
        func.min(t.Outgoing.made_at).filter(t.Outgoing.state == WAITING),
        func.max(t.Outgoing.ended_at).filter(t.Outgoing.state == SENT),
        func.count().filter(t.Outgoing.state == SENT, t.Outgoing.ended_at >= just),
    ).where(or_(t.Outgoing.state.in_((WAITING, DEAD)), t.Outgoing.ended_at >= since))
    return {row[0]: Figures(*row[1:]) for row in session.execute(query.group_by(t.Outgoing.channel))}


def by_receiver(session: Session, *, since: datetime) -> dict[int, tuple[int, int, int]]:
    """For each receiver how many letters were sent since a moment, wait, and were given up."""
    query = select(
        t.Outgoing.receiver_id,
        func.count().filter(t.Outgoing.state == SENT),
        func.count().filter(t.Outgoing.state == WAITING),
        func.count().filter(t.Outgoing.state == DEAD),
    ).where(
        t.Outgoing.receiver_id.is_not(None),
        or_(t.Outgoing.state.in_((WAITING, DEAD)), t.Outgoing.ended_at >= since),
    )
    return {row[0] or 0: (row[1], row[2], row[3]) for row in session.execute(query.group_by(t.Outgoing.receiver_id))}


def dead_groups(session: Session) -> list[DeadGroup]:
    """Dead letters by channel and cause, the largest group first."""
    count = func.count()
    cause = func.coalesce(t.Outgoing.cause, "")
    query = (
        select(
            t.Outgoing.channel,
            cause,
            func.max(func.coalesce(t.Outgoing.problem, "")),
            count,
            func.min(t.Outgoing.ended_at),
            func.max(t.Outgoing.ended_at),
        )
        .where(t.Outgoing.state == DEAD)
        .group_by(t.Outgoing.channel, cause)
        .order_by(count.desc(), t.Outgoing.channel, cause)
    )
    return [DeadGroup(*row) for row in session.execute(query)]


def dead_count(session: Session) -> int:
    """How many letters were given up and wait for a person."""
    return session.scalar(select(func.count()).select_from(t.Outgoing).where(t.Outgoing.state == DEAD)) or 0


def dead_letters(
    session: Session, channel: str | None = None, cause: str | None = None, *, limit: int = 50
) -> Sequence[t.Outgoing]:
    """Letters that were given up, newest first."""
    query = select(t.Outgoing).where(t.Outgoing.state == DEAD)
    if channel is not None:
        query = query.where(t.Outgoing.channel == channel)
    if cause is not None:
        query = query.where(func.coalesce(t.Outgoing.cause, "") == cause)
    return session.scalars(query.order_by(t.Outgoing.ended_at.desc(), t.Outgoing.id.desc()).limit(limit)).all()


def revive(
    session: Session,
    *,
    now: datetime,
    ids: Sequence[int] | None = None,
    channel: str | None = None,
    cause: str | None = None,
) -> int:
    """Let dead letters (these, or a group, or all) be tried anew, with the ids they always had; returns how many."""
    wanted = [t.Outgoing.state == DEAD]
    if ids is not None:
        wanted.append(t.Outgoing.id.in_(ids))
    if channel is not None:
        wanted.append(t.Outgoing.channel == channel)
    if cause is not None:
        wanted.append(func.coalesce(t.Outgoing.cause, "") == cause)
    values: dict[str, Any] = {"state": WAITING, "attempts": 0, "next_try": now, "leased_until": None, "ended_at": None}
    query = update(t.Outgoing).where(*wanted).values(values).returning(t.Outgoing.line)
    lines = session.scalars(query).all()
    session.execute(update(t.Line).where(t.Line.name.in_(set(lines))).values(quiet_until=None, failures=0))
    return len(lines)


def drop(session: Session, *, now: datetime, ids: Sequence[int], reason: str) -> int:
    """Drop dead letters with a reason; returns how many."""
    query = update(t.Outgoing).where(t.Outgoing.id.in_(ids), t.Outgoing.state == DEAD)
    values = {"state": DROPPED, "ended_at": now, "problem": reason}
    return len(session.scalars(query.values(values).returning(t.Outgoing.id)).all())


def clear_out(session: Session, *, before: datetime) -> int:
    """Delete letters that were sent or dropped before a moment; the feed and the history stay."""
    query = delete(t.Outgoing).where(t.Outgoing.state.in_((SENT, DROPPED)), t.Outgoing.ended_at < before)
    return len(session.scalars(query.returning(t.Outgoing.id)).all())
