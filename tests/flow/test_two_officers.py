"""Two people act on one matter at the same moment, each on a connection of their own: one wins, the other is told."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from make import make_assignment, make_item
from sqlalchemy import text

from listener.catalog import service as catalog_service
from listener.errors import Conflict
from listener.route import desk_service
from listener.route.workflow import Actor
from listener.store import items
from listener.store import tables as t
from listener.store.database import session_scope

NOW = datetime(2026, 11, 18, 2, tzinfo=UTC)
HOME = "UBX-31120"


@dataclass
class Shared:
    """Two matters that every connection sees, and the accounts of two officers."""

    number: str
    other: str
    actors: tuple[Actor, Actor]


@pytest.fixture
def shared(database: str) -> Iterator[Shared]:
    with session_scope() as session:
        made = [make_item(session, state="accepted", unit_code="31120", at=NOW) for _ in range(2)]
        for item in made:
            make_assignment(session, item, HOME, state="accepted")
        accounts = [
            t.Account(
                login=f"hai-{n}-{uuid4().hex[:8]}",
                name=f"Cán bộ {n}",
                role="officer",
                password_hash="x",
                department_code=HOME,
            )
            for n in (1, 2)
        ]
        session.add_all(accounts)
        session.flush()
        actors = tuple(Actor(one.name, one.role, one.id, HOME) for one in accounts)
        kept = Shared(made[0].number, made[1].number, (actors[0], actors[1]))
    yield kept
    with session_scope() as session:
        session.execute(text("TRUNCATE items CASCADE"))


def race(shared: Shared, first: dict[str, Any], second: dict[str, Any]) -> list[str]:
    """Both saw the matter at version 1; both press their button. What each is told, in the order of the officers."""
    told = ["", ""]
    start = threading.Barrier(2)

    def press(place: int, step: dict[str, Any]) -> None:
        given = dict(step)
        name, number = given.pop("name"), given.pop("number", shared.number)
        try:
            with session_scope() as session:
                catalog = catalog_service.current(session)
                items.by_number(session, number)  # the page had been read before the button was pressed
                start.wait(20)
                item = items.by_number(session, number, lock=True)
                actor = shared.actors[place]
                desk_service.act(session, item, name, actor=actor, catalog=catalog, now=NOW, version=1, **given)
            told[place] = "done"
        except Conflict as error:
            told[place] = error.message

    threads = [threading.Thread(target=press, args=(place, step)) for place, step in enumerate((first, second))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return told


def test_of_two_answers_one_stands_and_the_other_officer_is_told_who_was_first(shared: Shared) -> None:
    told = race(
        shared,
        {"name": "answer", "text": "Đội điện thứ nhất đã thay bóng."},
        {"name": "answer", "text": "Đội điện thứ hai đã thay bóng."},
    )
    assert sorted(word == "done" for word in told) == [False, True]
    loser = next(word for word in told if word != "done")
    winner = shared.actors[told.index("done")]
    assert f"{winner.name} vừa thay đổi mục này lúc" in loser
    with session_scope() as session:
        item = items.by_number(session, shared.number)
        assert (item.state, item.version) == ("answered", 2)


def test_a_step_that_leaves_the_state_alone_also_tells_the_second(shared: Shared) -> None:
    told = race(
        shared,
        {"name": "ask_extension", "hours": 8, "reason": "chờ vật tư"},
        {"name": "coordinate", "department": "SXD"},
    )
    assert sorted(word == "done" for word in told) == [False, True]


def test_two_matters_merged_into_each_other_at_once_leave_one_open(shared: Shared) -> None:
    told = race(
        shared,
        {"name": "merge", "into": shared.other},
        {"name": "merge", "number": shared.other, "into": shared.number},
    )
    assert told.count("done") <= 1
    with session_scope() as session:
        states = sorted(items.by_number(session, number).state for number in (shared.number, shared.other))
        assert states in (["accepted", "merged"], ["accepted", "accepted"])
