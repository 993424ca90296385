"""The queue: jobs are written in the caller's transaction and run by `listener work`."""

from typing import Any

import procrastinate
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

# The address is put in when a worker starts.
app = procrastinate.App(connector=procrastinate.PsycopgConnector())
# Handing a job over needs no connection of its own, only the caller's; it works inside a running job as well.
_writer = JobManager(procrastinate.SyncPsycopgConnector())

# Trouble that passes (two transactions in each other's way, a broken connection) is tried again: after 16 seconds,
# then each time four times as long, about a day in all. A fault of ours stays failed, and is seen.
AGAIN = procrastinate.RetryStrategy(max_attempts=7, exponential_wait=4, retry_exceptions={OperationalError})
AT_ONCE = 3
DEAD_AFTER = 30  # seconds without a heartbeat; workers send one every ten
STALLED = """
SELECT job.id, job.queueing_lock FROM procrastinate_jobs job
LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing'
  AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => :seconds))
FOR UPDATE OF job SKIP LOCKED
"""


def hand_over(
    session: Session, task: str, *, queueing_lock: str | None = None, lock: str | None = None, **arguments: Any
) -> None:
    """Write a job for ``task`` in the session's transaction: it exists when, and only when, the rows do.

    With ``queueing_lock`` a second waiting job of the same lock is not written; jobs of one ``lock`` run one after the
    other.
    """
    connection = session.connection().connection.driver_connection
    if queueing_lock is not None and _waits(session, queueing_lock):
        return
    known = app.tasks[task]
    job = Job(id=None, task_name=task, queue=known.queue, lock=lock, queueing_lock=queueing_lock, task_kwargs=arguments)
    _writer.defer_job(job=job, connection=connection)


def hand_over_once(session: Session, task: str) -> None:
    """Write one job for ``task`` in the session's transaction, however often it is called there.

    The lock carries the transaction's own number, so that no two transactions ever wait for each other.
    """
    own = session.execute(text("SELECT pg_current_xact_id()::text")).scalar_one()
    hand_over(session, task, queueing_lock=f"{task}:{own}")


def rescue(session: Session) -> int:
    """Put jobs whose worker died back into the queue, since every stage can run twice; returns how many.

    One of which the like waits already is left to that one.
    """
    rescued = 0
    for job_id, queueing_lock in session.execute(text(STALLED), {"seconds": DEAD_AFTER}).all():
        if queueing_lock is not None and _waits(session, queueing_lock):
            session.execute(text("SELECT procrastinate_finish_job_v1(:id, 'failed', true)"), {"id": job_id})
            continue
        session.execute(text("SELECT procrastinate_retry_job_v2(:id, now(), NULL, NULL, NULL)"), {"id": job_id})
        rescued += 1
    return rescued


def _waits(session: Session, queueing_lock: str) -> bool:
    query = text("SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = :lock AND status = 'todo' LIMIT 1")
    return session.execute(query, {"lock": queueing_lock}).first() is not None


def run_worker(address: str, *, wait: bool = True) -> None:
    """Run waiting jobs; with ``wait`` until a signal comes, else until none is left.

    Several at once, so that a source that answers slowly keeps no other waiting; one after the other when it ends with
    the last job, since a job may write the next.
    """
    with app.replace_connector(procrastinate.PsycopgConnector(conninfo=address)) as bound:
        bound.run_worker(
            wait=wait, concurrency=AT_ONCE if wait else 1, install_signal_handlers=wait, listen_notify=wait
        )
