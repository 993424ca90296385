"""The tables come up from nothing and are exactly those the code declares."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from listener.store import tables as t
from listener.store.database import engine, up_to_date


def test_migrations_lead_to_the_declared_tables(database: str) -> None:
    def ours(name: str | None, kind: str, _parents: object) -> bool:
        return not (kind == "table" and (name or "").startswith("procrastinate_"))

    with engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": ours, "compare_type": True})
        assert compare_metadata(context, t.Base.metadata) == []
    assert up_to_date()


@pytest.mark.parametrize("change", ["UPDATE events SET words = 'x'", "DELETE FROM events"])
def test_history_cannot_be_rewritten(session: Session, change: str) -> None:
    item = t.Item(number="PA-X", is_report=True, channel="web", text="x", flags=[], decided_by=[])
    session.add(item)
    session.flush()
    session.add(t.Event(item_id=item.id, kind="received", actor="citizen"))
    session.flush()
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(change))
