"""What persons may ask of their data, and what is purged by itself after some days."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from listener.store.tables.base import Base, Key, Made
from listener.store.tables.items import Item


class DataRequest(Base):
    """A sender's wish that their data be erased; found again under the report's own code, by its hash.

    Holds nothing of the person: ``words`` are the office's, ``proof`` says by counts what was erased.
    """

    __tablename__ = "data_requests"

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(index=True)
    whole_person: Mapped[bool]
    state: Mapped[str] = mapped_column(default="new", server_default="new")
    received_at: Mapped[Made]
    answer_due: Mapped[datetime]
    erase_due: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    words: Mapped[str] = mapped_column(default="")
    done_at: Mapped[datetime | None]
    proof: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")

    item: Mapped[Item] = relationship()


class Retention(Base):
    """How many days a kind of data is kept (part of the catalogue), and the last purge."""

    __tablename__ = "retention"

    what: Mapped[str] = mapped_column(primary_key=True)
    days: Mapped[int]
    last_run: Mapped[datetime | None]
    purged: Mapped[int] = mapped_column(default=0, server_default="0")
