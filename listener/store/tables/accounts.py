"""Who may sign in, tokens of other systems, and the audit of what was opened or changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from listener.store.tables.base import Base, Key, Made


class Account(Base):
    """A member of staff. ``epoch`` is raised to end all sessions at once; ``prefs`` are display choices."""

    __tablename__ = "accounts"

    id: Mapped[Key]
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    role: Mapped[str]
    department_code: Mapped[str | None] = mapped_column(ForeignKey("departments.code"))
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    sample: Mapped[bool] = mapped_column(default=False, server_default="false")
    epoch: Mapped[int] = mapped_column(default=1, server_default="1")
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    locked_until: Mapped[datetime | None]
    last_seen: Mapped[datetime | None]
    last_address: Mapped[str | None]
    prefs: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    made_at: Mapped[Made]


class ApiToken(Base):
    """A token of another system; only its SHA-256 is kept. Acts for one department, or for all when None."""

    __tablename__ = "api_tokens"

    id: Mapped[Key]
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    department_code: Mapped[str | None] = mapped_column(ForeignKey("departments.code"))
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    made_at: Mapped[Made]
    last_used: Mapped[datetime | None]


class Audit(Base):
    """Who opened, exported or overrode what, and why. Append-only: a trigger refuses to change or delete it.

    ``hash`` seals the row and the ``previous`` row's hash, so that the rows make one chain (``store/audit.py``).
    """

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_item_id", "item_id"),)

    id: Mapped[Key]
    actor: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    act: Mapped[str]
    item_id: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    happened_at: Mapped[Made]
    previous: Mapped[str] = mapped_column(unique=True)
    hash: Mapped[str]


class AuditCheck(Base):
    """One walk along the audit's chain: how many rows held, the last hash, and the first broken row, if any."""

    __tablename__ = "audit_checks"

    id: Mapped[Key]
    checked_at: Mapped[Made]
    rows: Mapped[int] = mapped_column(BigInteger)
    head: Mapped[str]
    broken_id: Mapped[int | None] = mapped_column(BigInteger)
    problem: Mapped[str | None]
