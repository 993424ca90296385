"""Rows of the audit: who opened, exported or overrode what, and why; each row seals the one before it.

What a transaction does is gathered and written at its very end, so that the lock which makes one chain of many
writers is held for moments only. The rows are written in the same transaction or not at all.
"""

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, event, func, insert, select, text, update
from sqlalchemy.orm import Session, SessionTransaction

from classifiers.text.privacy import mask
from listener.settings import settings
from listener.store import tables as t

GENESIS = "0" * 64
CHAIN_LOCK = 0x61756469745F6C6F  # any number, the same in every process
WAITING = "audit_waiting"
BATCH = 5_000
TYPED = "reason"
COLUMNS = ("actor", "account_id", "act", "item_id", "details", "happened_at")


@dataclass(frozen=True, slots=True)
class Check:
    """What a walk along the chain found; ``broken_id`` and ``problem`` name the first row that does not hold."""

    rows: int
    head: str
    broken_id: int | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """What the audit's list is narrowed to; None means all."""

    actor: str | None = None
    act: str | None = None
    number: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def note(
    session: Session,
    *,
    actor: str,
    act: str,
    account_id: int | None = None,
    item_id: int | None = None,
    at: datetime | None = None,
    **details: Any,
) -> None:
    """Append a line to the audit when the transaction commits. Details are words, whole numbers, lists of them."""
    line = {
        "actor": _clean(actor),
        "account_id": account_id,
        "act": act,
        "item_id": item_id,
        "details": _clean({name: _masked(name, value) for name, value in details.items() if value not in (None, "")}),
        "happened_at": at or datetime.now(UTC),
    }
    if not session.in_transaction():
        session.begin()  # else a rollback would have nothing to tell of
    session.info.setdefault(WAITING, []).append((_savepoints(session), line))


def write_waiting(session: Session) -> None:
    """Write what was noted, under the lock that makes one chain of all writers; held until the transaction ends."""
    waiting = session.info.pop(WAITING, [])
    if not waiting:
        return
    session.execute(select(func.pg_advisory_xact_lock(CHAIN_LOCK)))
    previous = session.scalar(select(t.Audit.hash).order_by(t.Audit.id.desc()).limit(1)) or GENESIS
    for _, line in waiting:
        sealed = seal(line, previous, _key())
        session.execute(insert(t.Audit).values(**line, previous=previous, hash=sealed))
        previous = sealed


def seal(line: Mapping[str, Any], previous: str, key: bytes) -> str:
    """The hash of a row: HMAC-SHA256 over its canonical JSON and the hash of the row before."""
    plain = {name: line[name] for name in COLUMNS}
    plain |= {"happened_at": _written(line["happened_at"]), "previous": previous}
    content = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.digest(key, content.encode(), "sha256").hex()


def verify(session: Session) -> Check:
    """Walk the chain from its first row; stops at the first that does not hold."""
    key, previous, count = _key(), GENESIS, 0
    for identity, before, sealed, line in _lines(session.connection()):
        if before != previous:
            return Check(count, previous, identity, "không nối tiếp dòng ngay trước: có dòng bị xoá hoặc bị chèn")
        if not hmac.compare_digest(seal(line, before, key), sealed):
            return Check(count, previous, identity, "nội dung không khớp mã băm: dòng đã bị sửa")
        previous, count = sealed, count + 1
    return Check(count, previous)


def holds(session: Session, head: str) -> bool:
    """Whether a hash that was noted down earlier is still in the chain: else its end was cut off."""
    return head == GENESIS or session.scalar(select(t.Audit.id).where(t.Audit.hash == head)) is not None


def check(session: Session, *, now: datetime) -> Check:
    """Verify the chain, also that the end of the last good walk is still there, and keep the result."""
    found, last = verify(session), last_check(session)
    if found.broken_id is None and last is not None and last.broken_id is None and not holds(session, last.head):
        found = Check(found.rows, found.head, found.rows, f"mất các dòng cuối: lần trước có {last.rows} dòng")
    session.add(
        t.AuditCheck(checked_at=now, rows=found.rows, head=found.head, broken_id=found.broken_id, problem=found.problem)
    )
    session.flush()
    return found


def last_check(session: Session) -> t.AuditCheck | None:
    """The newest walk along the chain."""
    return session.scalar(select(t.AuditCheck).order_by(t.AuditCheck.id.desc()).limit(1))


def find(
    session: Session, filters: Filters, *, before_id: int | None = None, limit: int = 50
) -> list[tuple[t.Audit, str | None]]:
    """Rows that fit with the number of their item, newest first, before a row of the last page."""
    query = select(t.Audit, t.Item.number).outerjoin(t.Item, t.Item.id == t.Audit.item_id).where(*_fits(filters))
    if before_id is not None:
        query = query.where(t.Audit.id < before_id)
    return [(row, number) for row, number in session.execute(query.order_by(t.Audit.id.desc()).limit(limit))]


def acts(session: Session) -> list[str]:
    """The acts that stand in the audit."""
    return list(session.scalars(select(t.Audit.act).distinct().order_by(t.Audit.act)))


def chain_existing(connection: Connection) -> None:
    """Seal the rows from before there was a chain, in their order (for the migration)."""
    key, previous = _key(), GENESIS
    for identity, _, _, line in _lines(connection):
        sealed = seal(line, previous, key)
        connection.execute(
            update(t.Audit.__table__).where(t.Audit.id == identity).values(previous=previous, hash=sealed)  # type: ignore[arg-type]
        )
        previous = sealed


def _fits(filters: Filters) -> Iterator[ColumnElement[bool]]:
    if filters.actor is not None:
        yield t.Audit.actor.icontains(filters.actor, autoescape=True)
    if filters.act is not None:
        yield t.Audit.act == filters.act
    if filters.number is not None:
        yield t.Item.number == filters.number
    if filters.since is not None:
        yield t.Audit.happened_at >= filters.since
    if filters.until is not None:
        yield t.Audit.happened_at < filters.until


def _lines(connection: Connection) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
    """Rows in their order, in batches: id, previous, hash, and what is sealed."""
    query = text(
        "SELECT id, previous, hash, actor, account_id, act, item_id, details, happened_at "
        "FROM audit WHERE id > :after ORDER BY id LIMIT :batch"
    )
    after = 0
    while rows := connection.execute(query, {"after": after, "batch": BATCH}).all():
        for identity, previous, sealed, *values in rows:
            yield identity, previous, sealed, dict(zip(COLUMNS, values, strict=True))
        after = rows[-1][0]


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _masked(name: str, value: Any) -> Any:
    """What people typed goes in masked: the audit cannot be erased, so it must hold nobody's data."""
    return mask(value) if name == TYPED and isinstance(value, str) else value


def _clean(value: Any) -> Any:
    """Without NUL characters, which PostgreSQL cannot hold."""
    return json.loads(json.dumps(value, ensure_ascii=False).replace("\\u0000", ""))


def _key() -> bytes:
    return hmac.digest(settings().secret(), b"audit", "sha256")


def _savepoints(session: Session) -> tuple[SessionTransaction, ...]:
    """The savepoints that are open now, innermost first: what was noted in one is dropped when it is taken back."""
    found, current = [], session.get_nested_transaction()
    while current is not None and current.nested:
        found.append(current)
        current = current.parent
    return tuple(found)


@event.listens_for(Session, "before_commit")
def _write_at_the_end(session: Session) -> None:
    if session.get_nested_transaction() is None:
        write_waiting(session)


@event.listens_for(Session, "after_soft_rollback")
def _drop_taken_back(session: Session, taken_back: SessionTransaction) -> None:
    kept = [pair for pair in session.info.get(WAITING, []) if taken_back.nested and taken_back not in pair[0]]
    session.info[WAITING] = kept
