"""Where posts come from, and what each visit brought."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from listener.store.tables.base import Base, Key, Made


class Source(Base):
    """A place items come from. ``options`` belong to its spider (lead selectors, date rule, …).

    ``memory`` is what the last good visit left for the next: ETag, Last-Modified, body hash by address.
    """

    __tablename__ = "sources"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    url: Mapped[str]
    options: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    memory: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    every_minutes: Mapped[int] = mapped_column(default=30, server_default="30")
    next_visit: Mapped[datetime | None]
    last_success: Mapped[datetime | None]
    last_item: Mapped[datetime | None]
    problem: Mapped[str | None]
    problem_since: Mapped[datetime | None]

    runs: Mapped[list["SourceRun"]] = relationship(back_populates="source", order_by="SourceRun.started_at.desc()")


class SourceRun(Base):
    """One visit: when, how it ended, how many posts were found, new, copies or refused, and why it failed."""

    __tablename__ = "source_runs"
    __table_args__ = (Index("ix_source_runs_source_id", "source_id", "started_at"),)

    id: Mapped[Key]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id", ondelete="CASCADE"))
    started_at: Mapped[Made]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="running")
    found: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    dropped: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default="[]")
    problem: Mapped[str | None]

    source: Mapped[Source] = relationship(back_populates="runs")
