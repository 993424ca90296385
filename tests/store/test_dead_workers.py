"""Jobs of a worker that died are done by another; jobs of one that lives are left to it."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from listener import schedule
from listener.collect.visit_service import hand_over_visit
from listener.jobs import hand_over, rescue
from listener.store import sources
from listener.store import tables as t

assert schedule  # its import put the jobs on the queue's table


def taken(session: Session, job: str, *, beat: str) -> None:
    """A worker took the waiting jobs of a kind and was last heard of so long ago."""
    query = text(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - CAST(:beat AS interval)) RETURNING id"
    )
    worker = session.execute(query, {"beat": beat}).scalar_one()
    session.execute(
        text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = :worker WHERE task_name = :job"),
        {"worker": worker, "job": job},
    )


def states(session: Session, job: str) -> list[str]:
    query = text("SELECT status::text FROM procrastinate_jobs WHERE task_name = :job ORDER BY id")
    return list(session.scalars(query, {"job": job}))


def test_job_of_a_dead_worker_waits_again(session: Session) -> None:
    hand_over(session, "classify", item_ids=[1])
    taken(session, "classify", beat="40 seconds")
    assert rescue(session) == 1
    assert states(session, "classify") == ["todo"]
    assert rescue(session) == 0


def test_job_of_a_living_worker_is_left_to_it(session: Session) -> None:
    hand_over(session, "classify", item_ids=[1])
    taken(session, "classify", beat="5 seconds")
    assert rescue(session) == 0
    assert states(session, "classify") == ["doing"]


def test_job_of_which_the_like_waits_already_is_not_doubled(session: Session) -> None:
    source = t.Source(slug="cu", name="Cũ", kind="rss", url="http://a.test/rss", options={}, memory={})
    session.add(source)
    session.flush()
    hand_over_visit(session, source)
    taken(session, "collect", beat="2 minutes")
    hand_over_visit(session, source)
    assert rescue(session) == 0
    assert states(session, "collect") == ["todo"]


def test_visits_to_one_host_run_one_after_the_other(session: Session) -> None:
    for slug, url in (("a", "http://a.test/1"), ("b", "http://A.test/2"), ("c", "http://c.test/1")):
        source = t.Source(slug=slug, name=slug, kind="rss", url=url, options={}, memory={})
        session.add(source)
        session.flush()
        hand_over_visit(session, source)
    locks = session.scalars(text("SELECT lock FROM procrastinate_jobs WHERE task_name = 'collect' ORDER BY id")).all()
    assert locks[0] == locks[1] != locks[2]
    assert sources.host_of("http://a.test:8080/x") == "a.test:8080"
