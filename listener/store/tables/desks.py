"""Assignments on departments' desks, the append-only history, and stories of items about one happening."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from listener.store.tables.base import Base, Key, Made
from listener.store.tables.items import Item


class Assignment(Base):
    """An item on a department's desk, with its due date. At most one of an item is ``active``.

    ``paused_at``: since when the clock stands, waiting for the sender; ``paused_hours`` is the working time it stood
    before. ``asked_hours`` is an extension asked for and not yet decided, ``extended_hours`` what was granted so far.
    ``next_warning_at``: when somebody is told next that it is due soon or over.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        Index("uq_assignments_active_item", "item_id", unique=True, postgresql_where=text("active")),
        Index("ix_assignments_desk", "department_code", "state", "due_at"),
        Index("ix_assignments_next_warning_at", "next_warning_at", postgresql_where=text("active")),
        Index("ix_assignments_coordinating", "coordinating", postgresql_using="gin"),
    )

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    department_code: Mapped[str] = mapped_column(ForeignKey("departments.code"))
    coordinating: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    state: Mapped[str] = mapped_column(default="assigned")
    active: Mapped[bool] = mapped_column(default=True)
    reason: Mapped[str]
    rule: Mapped[str]
    alternatives: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default="[]")
    trace: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default="[]")
    hours: Mapped[int]
    due_at: Mapped[datetime]
    assigned_at: Mapped[Made]
    assigned_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    paused_hours: Mapped[float] = mapped_column(default=0.0, server_default="0")
    asked_hours: Mapped[int | None]
    asked_reason: Mapped[str | None]
    extended_hours: Mapped[int] = mapped_column(default=0, server_default="0")
    extended_reason: Mapped[str | None]
    next_warning_at: Mapped[datetime | None]

    item: Mapped[Item] = relationship()


class Event(Base):
    """One line of an item's history. Append-only: a trigger refuses to change or delete it."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_item_id", "item_id", "id"),)

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    kind: Mapped[str]
    actor: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    department_code: Mapped[str | None]
    words: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    happened_at: Mapped[Made]


class RejectedPair(Base):
    """Two items that a person said are not one matter; the smaller id stands first. They are not offered again."""

    __tablename__ = "rejected_pairs"

    first_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    rejected_at: Mapped[Made]


class Story(Base):
    """Items about the same happening, whatever channel they came by."""

    __tablename__ = "stories"

    id: Mapped[Key]
    title: Mapped[str]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
    size: Mapped[int] = mapped_column(default=1)


class StoryItem(Base):
    """Membership of an item in a story and how alike it was to the story's first item (0..1)."""

    __tablename__ = "story_items"

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"), index=True)
    similarity: Mapped[float]
