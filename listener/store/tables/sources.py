"""Where posts come from, and what each visit brought."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from listener.store.tables.base import Base, Key, Made


class Source(Base):
    """A place items come from. ``options`` belong to its spider (lead selectors, date rule, …).

    ``memory`` is what the last good visit left for the next: ETag, Last-Modified, body hash by address.
    ``rest_until``: until then its server asked to be left alone. ``removed_at``: taken off the list, its items stay.
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
    rest_until: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]

    runs: Mapped[list["SourceRun"]] = relationship(back_populates="source", order_by="SourceRun.started_at.desc()")


class SourceRun(Base):
    """One visit: when, how it ended, how many posts were found, new, copies or refused, and why it failed.

    ``peak_mb`` is the most memory that the visit's process held.
    """

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
    peak_mb: Mapped[int] = mapped_column(default=0, server_default="0")

    source: Mapped[Source] = relationship(back_populates="runs")


class FetchedPage(Base):
    """What was fetched for a post, packed, for as long as the catalogue says, so that it can be read again.

    One row for each body that the address had; ``looked_at`` is when it was last seen to be so.
    """

    __tablename__ = "fetched_pages"
    __table_args__ = (Index("uq_fetched_pages_body", "source_id", "external_id", "digest", unique=True),)

    id: Mapped[Key]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id", ondelete="CASCADE"))
    external_id: Mapped[str]
    url: Mapped[str]
    kind: Mapped[str] = mapped_column(default="")
    entry: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    digest: Mapped[str]
    etag: Mapped[str] = mapped_column(default="")
    modified: Mapped[str] = mapped_column(default="")
    fetched_at: Mapped[Made] = mapped_column(index=True)
    looked_at: Mapped[Made]


class SourceGap(Base):
    """A time in which a source was silent or could not be read: raised as an alert, told in reports.

    ``kind`` is silent or failing; ``ended_at`` is None while it lasts; ``known_at`` is when an administrator took note.
    """

    __tablename__ = "source_gaps"
    __table_args__ = (Index("ix_source_gaps_source_id", "source_id", "since"),)

    id: Mapped[Key]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id", ondelete="CASCADE"))
    kind: Mapped[str]
    since: Mapped[datetime]
    words: Mapped[str]
    noticed_at: Mapped[Made]
    ended_at: Mapped[datetime | None]
    known_at: Mapped[datetime | None]

    source: Mapped[Source] = relationship()
