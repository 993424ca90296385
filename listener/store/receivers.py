"""Rows of receivers and of the texts that people edited."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from listener.errors import NotFound
from listener.store import tables as t

LARGEST = 2**63 - 1


def everyone(session: Session) -> Sequence[t.Receiver]:
    """All receivers, by name."""
    return session.scalars(select(t.Receiver).order_by(t.Receiver.name, t.Receiver.id)).all()


def not_disabled(session: Session) -> Sequence[t.Receiver]:
    """Receivers that letters are written for; those of paused ones wait until they run again."""
    return session.scalars(select(t.Receiver).where(t.Receiver.state != "disabled").order_by(t.Receiver.id)).all()


def by_id(session: Session, receiver_id: int) -> t.Receiver:
    """A receiver, locked.

    Raises
    ------
    NotFound
        There is none of that number.
    """
    receiver = session.get(t.Receiver, receiver_id, with_for_update=True) if receiver_id <= LARGEST else None
    if receiver is None:
        raise NotFound(f"Không có nơi nhận số {receiver_id}.")
    return receiver


def same(session: Session, channel: str, address: str, department: str | None) -> t.Receiver | None:
    """A receiver with this very address for this department."""
    query = select(t.Receiver).where(
        t.Receiver.channel == channel,
        t.Receiver.address == address,
        t.Receiver.department_code.is_not_distinct_from(department),
    )
    return session.scalar(query.limit(1))


def lines(session: Session) -> dict[str, t.Line]:
    """How each line fares, by name."""
    return {line.name: line for line in session.scalars(select(t.Line))}


def wordings(session: Session) -> dict[str, t.Wording]:
    """All edited texts, by name."""
    return {wording.name: wording for wording in session.scalars(select(t.Wording))}


def wording(session: Session, name: str) -> t.Wording | None:
    """The edited text of a name, where there is one."""
    return session.get(t.Wording, name)
