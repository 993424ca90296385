"""Letters: the numbers taken, what was written, the files as they went out, and which items they tell of."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from listener.store.tables.base import Base, Key, Made


class LetterRegister(Base):
    """The last number an issuer took of a kind of paper (``series``) in a year; the row's lock orders the takers."""

    __tablename__ = "letter_registers"

    issuer: Mapped[str] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Letter(Base):
    """A numbered paper. ``issuer`` is a department's code, or the city's own office; a void one keeps its number.

    ``key`` names the form it was sent from, so that a form sent twice makes one letter.
    ``draft`` is what its writer chose (addressee, words, signatory, …), so that the next letter can begin with it.
    """

    __tablename__ = "letters"
    __table_args__ = (UniqueConstraint("issuer", "series", "year", "number"),)

    id: Mapped[Key]
    issuer: Mapped[str]
    series: Mapped[str]
    year: Mapped[int]
    number: Mapped[int]
    sign: Mapped[str]
    key: Mapped[str | None] = mapped_column(unique=True)
    kind: Mapped[str]
    subject: Mapped[str]
    addressee: Mapped[str]
    draft: Mapped[dict[str, Any]]
    issued_on: Mapped[date]
    made_at: Mapped[Made]
    made_by: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    void_at: Mapped[datetime | None]
    void_by: Mapped[str | None]
    void_reason: Mapped[str | None]


class LetterFile(Base):
    """A letter's file as it was made: never made again, so that it can be had byte by byte."""

    __tablename__ = "letter_files"

    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id", ondelete="CASCADE"), primary_key=True)
    form: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class LetterItem(Base):
    """An item that a letter tells of, and where it stands in it."""

    __tablename__ = "letter_items"
    __table_args__ = (Index("ix_letter_items_item_id", "item_id"),)

    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int]
