"""Rows of conversations, and of the answers within them."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from listener.store import tables as t

WAITING, DROPPED = "waiting", "dropped"


def locked(session: Session, person_key: str, channel: str) -> t.Talk:
    """A person's conversation, begun if need be; a second message waits here until the first is done."""
    session.execute(insert(t.Talk).values(person_key=person_key, channel=channel).on_conflict_do_nothing())
    return session.get_one(t.Talk, person_key, with_for_update=True, populate_existing=True)


def is_answered(session: Session, key: str) -> bool:
    """Whether a message was answered before."""
    return session.scalar(select(t.ReplyRow.id).where(t.ReplyRow.key == key)) is not None


def answer(session: Session, *, key: str, person_key: str, channel: str, sealed: bytes, now: datetime) -> None:
    """Write an answer, once for each message."""
    values = {
        "key": key,
        "person_key": person_key,
        "channel": channel,
        "sealed": sealed,
        "next_try": now,
        "made_at": now,
    }
    session.execute(insert(t.ReplyRow).values(values).on_conflict_do_nothing())


def next_due(session: Session, *, now: datetime, lease: timedelta) -> t.ReplyRow | None:
    """Take the answer that is due next; no other worker gets it before the lease is over."""
    query = (
        select(t.ReplyRow)
        .outerjoin(t.Line, t.Line.name == t.ReplyRow.channel)
        .where(*_due(now))
        .order_by(t.ReplyRow.next_try, t.ReplyRow.id)
        .limit(1)
        .with_for_update(of=t.ReplyRow, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    reply = session.scalar(query)
    if reply is not None:
        reply.leased_until = now + lease
        reply.attempts += 1
        session.flush()
    return reply


def any_due(session: Session, *, now: datetime) -> bool:
    """Whether an answer could be sent now."""
    query = select(t.ReplyRow.id).outerjoin(t.Line, t.Line.name == t.ReplyRow.channel)
    return session.scalar(query.where(*_due(now)).limit(1)) is not None


def _due(now: datetime) -> list[ColumnElement[bool]]:
    """Its time has come, nobody is sending it, and its channel does not rest."""
    return [
        t.ReplyRow.state == WAITING,
        t.ReplyRow.next_try <= now,
        or_(t.ReplyRow.leased_until.is_(None), t.ReplyRow.leased_until <= now),
        or_(t.Line.quiet_until.is_(None), t.Line.quiet_until <= now),
    ]


def held(session: Session, reply_id: int, attempt: int) -> t.ReplyRow | None:
    """The answer, locked, if it still is this try's."""
    reply = session.get(t.ReplyRow, reply_id, with_for_update=True, populate_existing=True)
    return reply if reply is not None and reply.state == WAITING and reply.attempts == attempt else None


def end(reply: t.ReplyRow, state: str, *, now: datetime, cause: str | None = None, problem: str | None = None) -> None:
    """Sent, given up or dropped; what it said is forgotten."""
    reply.state, reply.ended_at, reply.leased_until, reply.sealed = state, now, None, None
    reply.cause, reply.problem = cause, problem


def stop(session: Session, person_key: str, channel: str, *, now: datetime, problem: str) -> None:
    """Nothing more goes to a person on a channel: neither what waits, nor what would be told of their matters later."""
    theirs = select(t.Sender.item_id).where(t.Sender.person_key == person_key)
    values = {"state": DROPPED, "ended_at": now, "problem": problem}
    session.execute(
        update(t.Outgoing)
        .where(t.Outgoing.item_id.in_(theirs), t.Outgoing.target == "sender", t.Outgoing.channel == channel)
        .where(t.Outgoing.state == WAITING)
        .values(values)
    )
    waiting = update(t.ReplyRow).where(t.ReplyRow.person_key == person_key, t.ReplyRow.state == WAITING)
    session.execute(waiting.values({**values, "sealed": None}))
    session.execute(
        update(t.Sender)
        .where(t.Sender.person_key == person_key)
        .values(channels=func.array_remove(t.Sender.channels, channel))
    )


def resume(session: Session, person_key: str, channel: str) -> None:
    """The person may be told again of what they sent by this channel."""
    sent = select(t.Item.id).where(t.Item.channel == channel)
    session.execute(
        update(t.Sender)
        .where(t.Sender.person_key == person_key, t.Sender.item_id.in_(sent), ~t.Sender.channels.contains([channel]))
        .values(channels=func.array_append(t.Sender.channels, channel))
    )


def forget(session: Session, person_key: str, *, now: datetime, problem: str) -> None:
    """Delete a conversation of who is erased. Its answers stay as bare keys, so that no message is taken in again."""
    session.execute(delete(t.Talk).where(t.Talk.person_key == person_key))
    theirs = t.ReplyRow.person_key == person_key
    dropped = {"state": DROPPED, "ended_at": now, "problem": problem}
    session.execute(update(t.ReplyRow).where(theirs, t.ReplyRow.state == WAITING).values(dropped))
    session.execute(
        delete(t.ReplyRow).where(theirs, t.ReplyRow.key.startswith("follow:"))
    )  # these keys hold a pseudonym
    session.execute(update(t.ReplyRow).where(theirs).values(person_key="", sealed=None))


def clear_out(session: Session, *, drafts_before: datetime, replies_before: datetime) -> None:
    """Empty drafts nobody went on with, delete answers that ended long ago."""
    session.execute(update(t.Talk).where(t.Talk.spoke_at < drafts_before).values(sealed=None))
    ended = t.ReplyRow.ended_at < replies_before
    session.execute(delete(t.ReplyRow).where(t.ReplyRow.state != WAITING, ended))
