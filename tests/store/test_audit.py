"""The audit is one chain: every row seals the one before, whoever writes, and what was tampered with is named."""

import threading
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from listener.store import audit
from listener.store import tables as t
from listener.store.database import engine, new_session


def tamper(session: Session, statement: str, **values: Any) -> int:
    """Change the audit as somebody would who owns the database: without the trigger."""
    session.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
    touched = session.execute(text(statement), values)
    session.execute(text("ALTER TABLE audit ENABLE TRIGGER USER"))
    return int(touched.rowcount)  # type: ignore[attr-defined]


@pytest.fixture
def ids(session: Session) -> list[int]:
    """Six rows written by three transactions' worth of notes."""
    for number in range(6):
        audit.note(session, actor="Điều phối", act="route", item_id=number, reason=f"lý do {number}", n=number)
        if number % 2:
            audit.write_waiting(session)
    return list(session.scalars(select(t.Audit.id).where(t.Audit.actor == "Điều phối").order_by(t.Audit.id)))


def test_an_untouched_chain_holds(session: Session, ids: list[int]) -> None:
    found = audit.verify(session)
    assert (found.broken_id, len(ids)) == (None, 6)
    assert found.rows == session.scalar(select(func.count()).select_from(t.Audit))
    assert found.head == session.get_one(t.Audit, ids[-1]).hash


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'Ai khác'",
        "act = 'export'",
        "item_id = 99",
        """details = '{"reason": "khác"}'""",
        "happened_at = happened_at + interval '1 microsecond'",
        "account_id = NULL, item_id = NULL",
        "hash = repeat('a', 64)",
    ],
)
def test_a_changed_row_is_the_first_broken_one(session: Session, ids: list[int], change: str) -> None:
    assert tamper(session, f"UPDATE audit SET {change} WHERE id = :id", id=ids[2]) == 1
    assert audit.verify(session).broken_id == ids[2]


def test_a_row_taken_out_breaks_the_row_behind_it(session: Session, ids: list[int]) -> None:
    tamper(session, "DELETE FROM audit WHERE id = :id", id=ids[2])
    assert audit.verify(session).broken_id == ids[3]


def test_a_chain_made_anew_without_the_key_does_not_hold(session: Session, ids: list[int]) -> None:
    row = session.get_one(t.Audit, ids[-1])
    line = {name: getattr(row, name) for name in audit.COLUMNS} | {"act": "nothing"}
    forged = audit.seal(line, row.previous, b"not the key")
    tamper(session, "UPDATE audit SET act = 'nothing', hash = :hash WHERE id = :id", hash=forged, id=ids[-1])
    assert audit.verify(session).broken_id == ids[-1]


def test_an_end_cut_off_is_seen_by_the_last_walk_and_by_a_hash_noted_down(session: Session, ids: list[int]) -> None:
    from listener.pipeline import now

    head = audit.check(session, now=now()).head
    tamper(session, "DELETE FROM audit WHERE id = :id", id=ids[-1])
    assert audit.verify(session).broken_id is None
    assert not audit.holds(session, head)
    assert "mất các dòng cuối" in (audit.check(session, now=now()).problem or "")


@pytest.mark.parametrize("change", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
@pytest.mark.parametrize("erasing", ["off", "on"])
def test_no_statement_changes_the_audit_even_while_a_person_is_erased(
    session: Session, ids: list[int], change: str, erasing: str
) -> None:
    session.execute(text(f"SET LOCAL listener.erasing = '{erasing}'"))
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(change))


def test_what_a_savepoint_took_back_is_not_written(session: Session) -> None:
    audit.note(session, actor="Thử lui", act="before")
    taken_back = session.begin_nested()
    audit.note(session, actor="Thử lui", act="inside")
    with session.begin_nested():
        audit.note(session, actor="Thử lui", act="deeper")
    taken_back.rollback()
    with session.begin_nested():
        audit.note(session, actor="Thử lui", act="kept")
    audit.write_waiting(session)
    query = select(t.Audit.act).where(t.Audit.actor == "Thử lui").order_by(t.Audit.id)
    assert list(session.scalars(query)) == ["before", "kept"]


def test_many_writers_make_one_chain(database: str) -> None:
    """Each writer has a connection of its own; the rows stay, since nothing can take them out."""
    with engine().connect():
        before = new_session()
        rows = audit.verify(before).rows
        before.close()

    def write(writer: int) -> None:
        for number in range(15):
            session = new_session()
            audit.note(session, actor=f"người {writer}", act="test", n=number)
            session.commit()
            session.close()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = new_session()
    found = audit.verify(after)
    after.close()
    assert (found.broken_id, found.rows - rows) == (None, 120)


def test_a_transaction_taken_back_leaves_no_row(database: str) -> None:
    session = new_session()
    audit.note(session, actor="lui", act="never")
    session.rollback()
    session.commit()
    assert session.scalar(select(func.count()).select_from(t.Audit).where(t.Audit.act == "never")) == 0
    session.close()


def test_the_migration_chains_rows_that_stood_before(session: Session) -> None:
    session.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
    session.execute(text("ALTER TABLE audit DROP CONSTRAINT uq_audit_previous"))
    session.execute(text("DELETE FROM audit"))
    for number in range(4):
        values = {"act": f"a{number}", "details": '{"reason": "cũ"}'}
        session.execute(
            text(
                "INSERT INTO audit (actor, act, details, previous, hash) "
                "VALUES ('Phụ trách', :act, CAST(:details AS jsonb), '', '')"
            ),
            values,
        )
    audit.chain_existing(session.connection())
    session.execute(text("ALTER TABLE audit ADD CONSTRAINT uq_audit_previous UNIQUE (previous)"))
    assert audit.verify(session) == audit.Check(4, audit.verify(session).head)
    audit.note(session, actor="sau", act="after")
    audit.write_waiting(session)
    assert audit.verify(session).rows == 5
