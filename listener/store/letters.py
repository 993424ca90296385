"""Rows of letters: taking a number, keeping the files, the register, who signed last."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from listener.store import tables as t


def last_number(session: Session, issuer: str, series: str, year: int) -> int:
    """The last number taken, 0 where none was."""
    return session.scalar(select(t.LetterRegister.last).where(*_register(issuer, series, year))) or 0


def take_number(session: Session, issuer: str, series: str, year: int) -> int:
    """The next number. Whoever comes second waits until the first has committed, or has given the number back."""
    first = insert(t.LetterRegister).values(issuer=issuer, series=series, year=year, last=1)
    query = first.on_conflict_do_update(
        index_elements=["issuer", "series", "year"], set_={"last": t.LetterRegister.last + 1}
    )
    return session.execute(query.returning(t.LetterRegister.last)).scalar_one()


def set_last(session: Session, issuer: str, series: str, year: int, last: int) -> None:
    """Let a register go on after ``last``, as when the year's first numbers were taken on paper."""
    query = insert(t.LetterRegister).values(issuer=issuer, series=series, year=year, last=last)
    session.execute(query.on_conflict_do_update(index_elements=["issuer", "series", "year"], set_={"last": last}))


def keep(session: Session, letter: t.Letter, files: Sequence[t.LetterFile], item_ids: Sequence[int]) -> None:
    """Write a letter with its files and the items it tells of, in their order."""
    session.add(letter)
    session.flush()
    for file in files:
        file.letter_id = letter.id
    session.add_all(files)
    session.add_all(
        t.LetterItem(letter_id=letter.id, item_id=item_id, position=place) for place, item_id in enumerate(item_ids, 1)
    )
    session.flush()


def by_id(session: Session, letter_id: int, *, lock: bool = False) -> t.Letter | None:
    """A letter."""
    return session.get(t.Letter, letter_id, with_for_update=lock or None)


def file_of(session: Session, letter_id: int, form: str) -> t.LetterFile | None:
    """A letter's file, ``pdf`` or ``docx``."""
    return session.get(t.LetterFile, (letter_id, form))


def hashes(session: Session, letter_id: int) -> dict[str, str]:
    """The SHA-256 of each of a letter's files, without the files."""
    query = select(t.LetterFile.form, t.LetterFile.sha256).where(t.LetterFile.letter_id == letter_id)
    return dict(session.execute(query).all())


def items_of(session: Session, letter_id: int) -> Sequence[t.Item]:
    """The items a letter tells of, in their order."""
    query = select(t.Item).join(t.LetterItem, t.LetterItem.item_id == t.Item.id)
    return session.scalars(query.where(t.LetterItem.letter_id == letter_id).order_by(t.LetterItem.position)).all()


def of_item(session: Session, item_id: int, issuer: str | None) -> Sequence[t.Letter]:
    """Letters that tell of an item, newest first; those of one issuer, or of all (None)."""
    query = select(t.Letter).join(t.LetterItem, t.LetterItem.letter_id == t.Letter.id)
    query = query.where(t.LetterItem.item_id == item_id)
    if issuer is not None:
        query = query.where(t.Letter.issuer == issuer)
    return session.scalars(query.order_by(t.Letter.id.desc())).all()


def by_key(session: Session, key: str) -> t.Letter | None:
    """The letter made of a form before; of two at the same moment, the second waits for the first."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"letter:{key}", 0))))
    return session.scalar(select(t.Letter).where(t.Letter.key == key))


def register(
    session: Session, issuer: str | None, *, before: int | None = None, limit: int = 50
) -> Sequence[tuple[t.Letter, int, bool]]:
    """Letters newest first, how many items each tells of, and whether one of these is restricted by now.

    ``before`` is the id a page ended with.
    """
    mine = t.LetterItem.letter_id == t.Letter.id
    told = select(func.count()).where(mine).correlate(t.Letter).scalar_subquery()
    closed = exists().where(mine, t.LetterItem.item_id == t.Item.id, t.Item.restricted)
    query = select(t.Letter, told, closed).order_by(t.Letter.id.desc()).limit(limit)
    if issuer is not None:
        query = query.where(t.Letter.issuer == issuer)
    if before is not None:
        query = query.where(t.Letter.id < before)
    return [(letter, count, shut) for letter, count, shut in session.execute(query)]


def last_of(session: Session, issuer: str) -> t.Letter | None:
    """The newest letter of an issuer: who signed it signs the next, unless said otherwise."""
    return session.scalar(select(t.Letter).where(t.Letter.issuer == issuer).order_by(t.Letter.id.desc()).limit(1))


def void(letter: t.Letter, *, by: str, reason: str, now: datetime) -> None:
    """Mark a letter as void; its number stays taken."""
    letter.void_at, letter.void_by, letter.void_reason = now, by, reason


def _register(issuer: str, series: str, year: int) -> tuple[ColumnElement[bool], ...]:
    row = t.LetterRegister
    return row.issuer == issuer, row.series == series, row.year == year
