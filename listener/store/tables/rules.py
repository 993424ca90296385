"""Versions of the routing rules, the days from which they hold, and what was tried before."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from listener.store.tables.base import Base, Key, Made


class RuleSet(Base):
    """One version of the rules: the one ``draft``, ``kept`` once activated (never changed again) or ``dropped``.

    ``editors`` are the accounts that changed it: none of them may activate it.
    """

    __tablename__ = "rule_sets"
    __table_args__ = (Index("uq_rule_sets_draft", "state", unique=True, postgresql_where=text("state = 'draft'")),)

    id: Mapped[Key]
    state: Mapped[str] = mapped_column(default="draft")
    rules: Mapped[list[dict[str, Any]]]
    based_on: Mapped[int | None]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    editors: Mapped[list[int]] = mapped_column(default=list, server_default="{}")
    made_at: Mapped[Made]
    changed_at: Mapped[Made]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads a plain dict)


class RuleActivation(Base):
    """From which day a version holds; ``set_id`` None means no rules beyond the owners. A later row of one day wins."""

    __tablename__ = "rule_activations"

    id: Mapped[Key]
    set_id: Mapped[int | None] = mapped_column(ForeignKey("rule_sets.id"))
    active_from: Mapped[date]
    kind: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[Made]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    rules: Mapped[RuleSet | None] = relationship()


class RuleRun(Base):
    """A dry run of a version over past items: waiting, running, done or failed. ``digest`` names the rules tried."""

    __tablename__ = "rule_runs"
    __table_args__ = (Index("ix_rule_runs_set_id", "set_id", "id"),)

    id: Mapped[Key]
    set_id: Mapped[int] = mapped_column(ForeignKey("rule_sets.id"))
    digest: Mapped[str]
    weeks: Mapped[int]
    state: Mapped[str] = mapped_column(default="waiting")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any] | None]
    problem: Mapped[str | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[Made]
    beat_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
