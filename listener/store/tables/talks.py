"""Conversations with people who write to the city's account: what they have said so far, and what is answered."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from listener.store.tables.base import Base, Key, Made


class Talk(Base):
    """One person's conversation on one channel, under the pseudonym of the id there.

    ``sealed`` holds what is not a report yet. ``item_id`` is the last report, to which a picture or a place sent soon
    after belongs. Who stopped following (``follows``) is told nothing more until they follow again.
    """

    __tablename__ = "talks"

    person_key: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id", ondelete="SET NULL"), index=True)
    spoke_at: Mapped[datetime | None] = mapped_column(index=True)
    follows: Mapped[bool] = mapped_column(default=True, server_default="true")
    follows_since: Mapped[datetime | None]


class ReplyRow(Base):
    """An answer within a conversation; address and words are sealed together, since they may hold a tracking code.

    ``key`` names the message that is answered, so that the same message is answered once. What ended is emptied.
    """

    __tablename__ = "replies"
    __table_args__ = (
        Index("ix_replies_due", "next_try", "id", postgresql_where=text("state = 'waiting'")),
        Index("ix_replies_person_key", "person_key"),
    )

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    person_key: Mapped[str]
    channel: Mapped[str]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(default="waiting", server_default="waiting")
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    next_try: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    cause: Mapped[str | None]
    problem: Mapped[str | None]
    made_at: Mapped[Made]
    ended_at: Mapped[datetime | None]
