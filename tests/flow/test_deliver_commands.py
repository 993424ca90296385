"""`listener deliver`: what an operator sees and does without the pages."""

import pytest
from inbox import Inbox
from sqlalchemy import select
from test_deliver import Clock, clock, happens, inbox, matter, states, subscribe, tell  # noqa: F401 - fixtures too
from typer.testing import CliRunner

from listener import pipeline
from listener.cli import app
from listener.store import tables as t
from listener.store.database import session_scope


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["deliver", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_now_sends_dead_lists_and_retry_sends_again(inbox: Inbox) -> None:  # noqa: F811
    subscribe(inbox)
    assert "không có thư đến lượt" in run("now")
    assert "Không có thư hỏng" in run("dead")
    happens(matter(), "assign", pipeline.now())
    assert "đã gửi 1" in run("now")
    with session_scope() as session:
        letter = session.scalars(select(t.Outgoing)).one()
        letter.state, letter.cause, letter.problem = "dead", "http-500", "Máy nhận trả lỗi [500]."
        letter.ended_at = pipeline.now()
    listed = run("dead")
    assert "http-500" in listed
    assert "[500]" in listed  # square brackets are no markup
    assert "0 thư" in run("retry", "--cause", "timeout")
    assert "1 thư" in run("retry", "--channel", "webhook", "--cause", "http-500")
    assert "đã gửi 1" in run("now")
    assert states() == {"sent": 1}
    assert len(inbox.asked) == 2
    assert len(set(inbox.asked)) == 1


@pytest.mark.parametrize("arguments", [("retry", "--letter", "999"), ("retry",)])
def test_nothing_to_retry_is_said_and_no_fault(inbox: Inbox, arguments: tuple[str, ...]) -> None:  # noqa: F811
    assert "0 thư" in run(*arguments)
