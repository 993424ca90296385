"""A conversation locks no report it does not change, tells no code to who guesses, and leaves no pseudonym behind."""

from datetime import timedelta
from typing import Any

import pytest
from make import NOON, make_item
from sqlalchemy import select
from sqlalchemy.orm import Session

from listener import pipeline, talks
from listener.collect.found import NewReport
from listener.collect.zalo_events import ZaloEvent
from listener.settings import Settings
from listener.store import items
from listener.store import tables as t
from listener.store import talks as rows

HANH = "7712345678901234567"
LAMP = "Đèn đường hẻm 51 phường Cái Khế tắt ba hôm nay"
OWN = Settings(secret_key="a key for tests only")


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[NewReport]:
    """The reports that came in; they are kept without being read."""
    reports: list[NewReport] = []

    def take_in(session: Session, report: NewReport, **_: object) -> pipeline.Receipt:
        reports.append(report)
        return pipeline.Receipt(make_item(session, report.text, channel="zalo"), "7K3M29QDXW")

    monkeypatch.setattr(pipeline, "take_in", take_in)
    return reports


def say(session: Session, words: str, message: str, *, minutes: int = 0, name: str = "user_send_text") -> None:
    moment = NOON + timedelta(minutes=minutes)
    catalog: Any = None
    talks.take(session, ZaloEvent(name, HANH, moment, message, words), catalog=catalog, settings=OWN, now=moment)


def test_a_report_of_its_own_holds_no_lock_on_the_one_before(
    session: Session, taken: list[NewReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who links copies may wait for that row while this report waits to be linked."""
    say(session, LAMP, "m1")
    locked: list[str] = []
    by_number = items.by_number
    monkeypatch.setattr(
        items, "by_number", lambda session, number, **how: locked.append(number) or by_number(session, number, **how)
    )
    say(session, "Nước máy ở đường Trần Phú đục ngầu từ sáng tới giờ", "m2", minutes=60)
    assert (len(taken), locked) == (2, [])
    say(session, "gần chợ", "m3", minutes=61)
    assert len(locked) == 1


def test_the_key_of_a_report_is_not_the_messages_own(session: Session, taken: list[NewReport]) -> None:
    """Who sends a form with the key of a report is led to its code."""
    say(session, LAMP, "m1")
    assert "m1" not in str(taken[0].key)
    assert len(str(taken[0].key)) > 30


def test_two_answers_at_once_never_wait_for_each_others_job(session: Session, taken: list[NewReport]) -> None:
    say(session, LAMP, "m1")
    (lock,) = (
        session.connection()
        .exec_driver_sql("SELECT queueing_lock FROM procrastinate_jobs WHERE task_name = 'send'")
        .scalars()
    )
    assert lock.startswith("send:")


def test_what_is_left_of_an_erased_conversation_holds_no_pseudonym(session: Session, taken: list[NewReport]) -> None:
    say(session, "", "", name="follow")
    say(session, LAMP, "m1", minutes=1)
    (talk,) = session.scalars(select(t.Talk)).all()
    person = talk.person_key
    rows.forget(session, person, now=NOON, problem="xoá")
    session.expire_all()
    (left,) = session.scalars(select(t.ReplyRow)).all()
    assert (left.key, left.person_key, left.sealed) == ("zalo:m1", "", None)
    assert person[:16] not in left.key
