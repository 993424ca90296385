"""What runs by the clock; the duties of the night stand in `duties.py`."""

from listener import duties, pipeline, rehearsal
from listener.catalog import service as catalog_service
from listener.collect import health_service
from listener.collect.visit_service import hand_over_visit
from listener.deliver import reply_service
from listener.deliver import service as delivering
from listener.jobs import app, hand_over, rescue
from listener.route import clock_service
from listener.settings import settings
from listener.store import sources as source_rows
from listener.store.database import session_scope

assert rehearsal  # its import put the dry run on the queue's table
NIGHTLY = (duties.purge_old_data, duties.check_audit)


@app.periodic(cron="* * * * *")
@app.task(name="visit_sources", queue="collect", pass_context=False)
def visit_sources(timestamp: int) -> None:  # noqa: ARG001 (the queue hands every periodic task its minute)
    """Each minute: hand over a visit for every source whose time has come, never two of one source."""
    with session_scope() as session:
        for source in source_rows.due(session, now=pipeline.now()):
            hand_over_visit(session, source)


@app.periodic(cron="*/10 * * * *")
@app.task(name="watch_sources", queue="read", pass_context=False)
def watch_sources(timestamp: int) -> None:  # noqa: ARG001
    """Every ten minutes: which source fell silent, which is heard again."""
    with session_scope() as session:
        health_service.look(session, now=pipeline.now())


@app.periodic(cron="* * * * *")
@app.task(name="rescue_jobs", queue="read", pass_context=False)
def rescue_jobs(timestamp: int) -> None:  # noqa: ARG001
    """Each minute: jobs of a worker that died are done by another."""
    with session_scope() as session:
        rescue(session)


@app.periodic(cron="* * * * *")
@app.task(name="tell_and_send", queue="deliver", pass_context=False)
def tell_and_send(timestamp: int) -> None:  # noqa: ARG001
    """Each minute: tell what was not told yet and send what is due again."""
    with session_scope() as session:
        hand_over(session, "deliver", queueing_lock="deliver")


@app.task(name="send", queue="deliver")
def send() -> None:
    """Send the letters whose time has come; the job before it wrote them."""
    reply_service.send_due(session_scope, settings=settings(), clock=pipeline.now)
    delivering.send_due(session_scope, settings=settings(), clock=pipeline.now)


@app.periodic(cron="17 3 * * *")
@app.task(name="clear_out_letters", queue="deliver", pass_context=False)
def clear_out_letters(timestamp: int) -> None:  # noqa: ARG001
    """Each night: letters that ended long ago go."""
    with session_scope() as session:
        delivering.clear_out(session, now=pipeline.now())
        reply_service.clear_out(session, now=pipeline.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="watch_clocks", queue="read", pass_context=False)
def watch_clocks(timestamp: int) -> None:  # noqa: ARG001 (the queue hands every periodic task its minute)
    """Every five minutes: tell who must hear of due dates, and let clocks run on where no sender answered."""
    with session_scope() as session:
        clock_service.look(session, catalog=catalog_service.current(session), now=pipeline.now())
