"""The job of a dry run: batch by batch, each in a transaction of its own, so that its progress is seen."""

from listener import pipeline
from listener.catalog import service as catalog_service
from listener.jobs import app
from listener.log import logger
from listener.route import rehearsal_service as rehearsals
from listener.store import rules as rows
from listener.store.database import session_scope

log = logger("rehearsal")


@app.task(name="dry_run", queue="read")
def dry_run(run_id: int) -> None:
    """Carry out a dry run that was asked for; one that is done already is left as it is."""
    try:
        with session_scope() as session:
            run = rows.run_by_id(session, run_id)
            if run is None or run.state == "done":
                return
            catalog = catalog_service.current(session)
            for progress in rehearsals.carry_out(session, run, catalog, now=pipeline.now()):
                progress.beat_at = pipeline.now()
                session.commit()
    except Exception as error:
        log.exception("dry_run_failed", run=run_id)
        with session_scope() as session:
            failed = rows.run_by_id(session, run_id)
            if failed is not None:
                failed.state, failed.problem = "failed", type(error).__name__
