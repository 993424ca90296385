"""What goes out: who receives, what happened in the order it is told, the outbox, and the texts that people edited."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from listener.store.tables.base import Base, Key, Made
from listener.store.tables.desks import Event
from listener.store.tables.items import Item


class Receiver(Base):
    """Who is told of a department's matters (None: of all), by which channel, of which kinds of events.

    ``sealed`` holds a webhook's secrets, encrypted. ``state`` is active, paused or disabled; ``note`` says why.
    """

    __tablename__ = "receivers"

    id: Mapped[Key]
    name: Mapped[str]
    department_code: Mapped[str | None] = mapped_column(ForeignKey("departments.code"))
    channel: Mapped[str]
    address: Mapped[str]
    kinds: Mapped[list[str]]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(default="active", server_default="active")
    note: Mapped[str] = mapped_column(default="", server_default="")
    made_at: Mapped[Made]


class Untold(Base):
    """A mark beside an event that is not yet in the feed; written with the event, taken away when it is told."""

    __tablename__ = "untold_events"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)

    event: Mapped[Event] = relationship()


class Told(Base):
    """An event as it is told to others, masked. ``id`` rises in the order of commits, because one writer gives it.

    ``uid`` never changes: receivers know an event again by it. ``departments`` are the desks that may hear of it.
    """

    __tablename__ = "feed"
    __table_args__ = (Index("ix_feed_departments", "departments", postgresql_using="gin"),)

    id: Mapped[Key]
    uid: Mapped[str] = mapped_column(unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), unique=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    departments: Mapped[list[str]]
    payload: Mapped[dict[str, Any]]
    told_at: Mapped[Made]


class Outgoing(Base):
    """One event for one receiver: waiting, sent, dead (given up) or dropped.

    ``target`` is ``receiver:<id>`` or ``sender``; ``line`` is what rests when it does not answer: one webhook, or
    the whole mail or Zalo channel. ``leased_until`` keeps other workers away while one sends.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("uq_outbox_told_target", "told_id", "target", unique=True),
        Index("ix_outbox_due", "next_try", "id", postgresql_where=text("state = 'waiting'")),
        Index("ix_outbox_order", "item_id", "target", "id", postgresql_where=text("state = 'waiting'")),
        Index("ix_outbox_dead", "channel", "cause", postgresql_where=text("state = 'dead'")),
        Index("ix_outbox_state", "channel", "state", "made_at"),
    )

    id: Mapped[Key]
    told_id: Mapped[int] = mapped_column(ForeignKey("feed.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    receiver_id: Mapped[int | None] = mapped_column(ForeignKey("receivers.id"))
    target: Mapped[str]
    channel: Mapped[str]
    line: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting", server_default="waiting")
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    next_try: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    cause: Mapped[str | None]
    problem: Mapped[str | None]
    made_at: Mapped[Made]
    ended_at: Mapped[datetime | None]

    told: Mapped[Told] = relationship()
    item: Mapped[Item] = relationship()
    receiver: Mapped[Receiver | None] = relationship()


class Line(Base):
    """How a line fares: until when it rests after failures in a row, and when it last took something."""

    __tablename__ = "outbox_lines"

    name: Mapped[str] = mapped_column(primary_key=True)
    quiet_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    problem: Mapped[str | None]
    last_sent: Mapped[datetime | None]


class Wording(Base):
    """A text that an administrator put in place of the one in the package."""

    __tablename__ = "wordings"

    name: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    body: Mapped[str]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    changed_at: Mapped[Made]
