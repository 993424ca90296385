"""What runs by the clock; the duties of the night stand in `duties.py`."""

from listener import duties, pipeline
from listener.jobs import app, hand_over
from listener.store import sources as source_rows
from listener.store.database import session_scope

NIGHTLY = (duties.purge_old_data, duties.check_audit)


@app.periodic(cron="* * * * *")
@app.task(name="visit_sources", queue="collect", pass_context=False)
def visit_sources(timestamp: int) -> None:  # noqa: ARG001 (the queue hands every periodic task its minute)
    """Each minute: hand over a visit for every source whose time has come, never two of one source."""
    with session_scope() as session:
        for source in source_rows.due(session, now=pipeline.now()):
            hand_over(session, "collect", queueing_lock=f"collect:{source.id}", source_id=source.id)
