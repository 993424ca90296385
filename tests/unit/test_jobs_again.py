"""A job of the chain that met passing trouble is done again; a fault of the code is not."""

import pytest
from procrastinate.jobs import Job
from sqlalchemy.exc import DataError, OperationalError

import listener.pipeline  # noqa: F401 - names the jobs
from listener.jobs import app

DEADLOCK = OperationalError("UPDATE items", {}, Exception("deadlock detected"))
FAULT = DataError("UPDATE items", {}, Exception("number out of range"))


def job(task: str, attempts: int) -> Job:
    return Job(id=1, queue="read", lock=None, queueing_lock=None, task_name=task, attempts=attempts)


@pytest.mark.parametrize("task", ["classify", "link", "route"])
def test_passing_trouble_is_tried_again_for_hours_and_a_fault_never(task: str) -> None:
    strategy = app.tasks[task].retry_strategy
    assert strategy is not None
    for attempts in range(7):
        assert strategy.get_retry_decision(exception=DEADLOCK, job=job(task, attempts)) is not None
    assert strategy.get_retry_decision(exception=DEADLOCK, job=job(task, 7)) is None
    assert strategy.get_retry_decision(exception=FAULT, job=job(task, 0)) is None
