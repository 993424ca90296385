"""The pull interface: whoever follows the cursor misses no event and reads none twice, whoever else writes."""

import threading
import time
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from make import NOON, make_assignment, make_item
from sqlalchemy import text
from test_deliver import LOCAL

from listener.accounts import service as accounts
from listener.catalog import service as catalog_service
from listener.deliver import service
from listener.store import desks
from listener.store.database import session_scope
from listener.web.app import create_app

WRITERS, EACH = 5, 40


@pytest.fixture
def matters(database: str) -> Iterator[list[int]]:
    """One matter a writer, on one desk."""
    with session_scope() as session:
        made = [make_item(session, f"Đèn hẻm {n} tắt ba đêm nay") for n in range(WRITERS)]
        for item in made:
            make_assignment(session, item, "UBX-31120")
        ids = [item.id for item in made]
    yield ids
    with session_scope() as session:
        session.execute(text("TRUNCATE items, api_tokens RESTART IDENTITY CASCADE"))


def head(department: str | None) -> dict[str, str]:
    with session_scope() as session:
        return {"Authorization": f"Bearer {accounts.make_token(session, name='thử', department=department)}"}


def tell() -> None:
    with session_scope() as session:
        service.tell_events(session, catalog=catalog_service.current(session), settings=LOCAL, now=NOON)


def write(item_id: int, pause: float) -> None:
    """Events in transactions that stay open for a while, so that they commit in another order than they began."""
    for n in range(EACH):
        with session_scope() as session:
            desks.add_event(
                session, item_id, "return", "x", now=NOON, department="UBX-31120", reason=f"lần {n} của {item_id}"
            )
            session.flush()
            time.sleep(pause * (n % 3))


def test_many_writers_and_a_reader_that_pages_meanwhile(matters: list[int]) -> None:
    mine, seen, cursor = head("UBX-31120"), [], "0"
    writers = [threading.Thread(target=write, args=(item_id, 0.001 * place)) for place, item_id in enumerate(matters)]
    over = threading.Event()

    def tell_on() -> None:
        while not over.is_set():
            tell()

    tellers = [threading.Thread(target=tell_on) for _ in range(2)]  # two workers tell at once
    with TestClient(create_app()) as client:
        for thread in (*writers, *tellers):
            thread.start()
        quiet = 0
        try:
            while quiet < 3:
                page = client.get("/api/v1/events", params={"after": cursor, "limit": 7}, headers=mine).json()
                seen += page["rows"]
                cursor = page["next"]
                quiet = 0 if page["rows"] or any(writer.is_alive() for writer in writers) else quiet + 1
                if quiet:
                    tell()
        finally:
            over.set()
            for thread in (*writers, *tellers):
                thread.join()
    ids = [event["id"] for event in seen]
    assert len(ids) == len(set(ids)) == WRITERS * EACH
    for item_id in matters:  # and each matter's events stand in their own order
        said = [event["data"]["reason"] for event in seen if event["data"]["reason"].endswith(f"của {item_id}")]
        assert said == [f"lần {n} của {item_id}" for n in range(EACH)]


def test_a_department_reads_its_own_desk_and_nothing_of_what_went_out_of_sight(matters: list[int]) -> None:
    with session_scope() as session:
        for item_id in matters:
            desks.add_event(session, item_id, "accept", "x", now=NOON, department="UBX-31120")
    tell()
    with TestClient(create_app()) as client:
        everything = client.get("/api/v1/events", headers=head(None)).json()
        assert (len(everything["rows"]), everything["more"]) == (WRITERS, False)
        assert client.get("/api/v1/events", headers=head("SXD")).json() == {"rows": [], "next": "0", "more": False}
        mine = head("UBX-31120")
        first = client.get("/api/v1/events", params={"limit": 2}, headers=mine).json()
        assert (len(first["rows"]), first["more"]) == (2, True)
        assert first["rows"][0]["type"] == "matter.accepted"
        with session_scope() as session:
            session.execute(text("UPDATE items SET restricted = true WHERE id = :id"), {"id": matters[0]})
        again = client.get("/api/v1/events", headers=mine).json()
        assert len(again["rows"]) == WRITERS - 1
        assert client.get("/api/v1/events").status_code == 401
        for wrong in ("x", "-1", "9" * 30, "1.5"):
            answer = client.get("/api/v1/events", params={"after": wrong}, headers=mine)
            assert answer.status_code == 422
            assert "con trỏ" in answer.json()["message"]
        assert client.get("/api/v1/events", params={"after": "999"}, headers=mine).json()["next"] == "999"
