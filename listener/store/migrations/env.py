"""Alembic's entrance: migrate over the service's own engine."""

from alembic import context

from listener.store.database import engine
from listener.store.tables import Base


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Leave the job queue's own tables to the queue."""
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))


with engine().connect() as connection:
    context.configure(
        connection=connection, target_metadata=Base.metadata, include_name=include_name, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()
