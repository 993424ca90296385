"""The queue: jobs are written in the caller's transaction and run by `listener work`."""

from typing import Any

import procrastinate
from sqlalchemy import text
from sqlalchemy.orm import Session

# The address is put in when a worker starts; handing a job over needs only the caller's own connection.
app = procrastinate.App(connector=procrastinate.PsycopgConnector())


def hand_over(session: Session, task: str, *, queueing_lock: str | None = None, **arguments: Any) -> None:
    """Write a job for ``task`` in the session's transaction: it exists when, and only when, the rows do.

    With ``queueing_lock`` a second waiting job of the same lock is not written.
    """
    connection = session.connection().connection.driver_connection
    if queueing_lock is not None and _waits(session, queueing_lock):
        return
    app.configure_task(task, queueing_lock=queueing_lock, connection=connection).defer(**arguments)


def _waits(session: Session, queueing_lock: str) -> bool:
    query = text("SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = :lock AND status = 'todo' LIMIT 1")
    return session.execute(query, {"lock": queueing_lock}).first() is not None


def run_worker(address: str, *, wait: bool = True, concurrency: int = 1) -> None:
    """Run waiting jobs; with ``wait`` until a signal comes, else until none is left."""
    with app.replace_connector(procrastinate.PsycopgConnector(conninfo=address)) as bound:
        bound.run_worker(wait=wait, concurrency=concurrency, install_signal_handlers=wait, listen_notify=wait)
