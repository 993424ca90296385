"""Every route × every actor × own, foreign and restricted items: nobody reads what is not theirs."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from reach import ACTORS, LOOKERS, REACH, SEES, routes
from sqlalchemy.orm import Session
from town import LETTER, NEEDLES, Matter, Town, build, words_in

from listener.brief.trends import Week
from listener.pipeline import now
from listener.store.database import CITY_ZONE
from listener.web.app import create_app

WEEK = str(Week.of(now().astimezone(CITY_ZONE).date()))
REFUSED = {401, 403, 404}
BODIES: dict[str, dict[str, Any]] = {
    "POST /api/v1/reports": {"json": {"text": "Rác chất đống ở phường Tân An"}},
    "POST /api/v1/assignments/{assignment_id}/{step}": {"json": {}},
    "POST /open311/v2/requests.{_format}": {
        "data": {"service_code": "den-duong-hong", "description": "Đèn tắt", "address_string": "phường Tân An"}
    },
    "POST /gui-phan-anh": {"data": {"text": "Rác chất đống ở phường Tân An"}},
    "POST /gui-phan-anh/doc-thu": {"data": {"text": "Rác chất đống"}},
    "POST /gui-phan-anh/gan-day": {"data": {"text": "Rác chất đống"}},
}
FORM = {"reason": "cần xem để xử lý", "text": "Chiều nay đã thay bóng đèn.", "task": "topic", "value": "den-duong-hong"}


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app()


@pytest.fixture(scope="module")
def town(database: str, app: FastAPI) -> Iterator[Town]:
    """One town for all routes: what a request does is taken back, so each finds it as it was."""
    from listener.catalog import service as catalog_service
    from listener.store.database import engine
    from listener.web.deps import catalog, store

    with engine().connect() as connection, connection.begin() as transaction:
        with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:

            def same_session() -> Iterator[Session]:
                with session.begin_nested():
                    yield session

            app.dependency_overrides[store] = same_session
            whole = catalog_service.current(session)
            app.dependency_overrides[catalog] = lambda: whole  # reading it is most of a request
            yield build(session, TestClient(app, raise_server_exceptions=False))
            app.dependency_overrides.clear()
        transaction.rollback()


NAMING = {"GET /van-ban/moi", "POST /van-ban", "POST /api/v1/letters", "POST /api/v1/letters/preview"}
NAMING |= {"POST /api/v1/assignments"}  # they name their item in the query or the body
# Whom these do not turn away they still answer so: there is nothing there, or nothing to take back.
NOTHING_THERE = {
    "GET /viec",
    "POST /dang-xuat",
    "GET /open311/v2/{_path:path}",
    "GET /cong-khai/{public_id}",
    "POST /cong-khai/{public_id}/cung-gap",
}
NOTHING_THERE |= {"POST /muc/{so}/khong-trung"}  # the other matter is not named


def address(line: str, matter: Matter, town: Town) -> tuple[str, str]:
    """Method and path of a line for one item."""
    method, path = line.split(" ")
    photos = matter.item.photos
    values = {
        "so": matter.item.number,
        "ma": matter.code,
        "code": matter.code,
        "photo_id": photos[0].id if photos else 0,
        "assignment_id": matter.assignment,
        "request_id": matter.item.public_id if "open311" in path else matter.request,
        "name": "sender.received.mail" if "/mau/" in path else WEEK,
        "letter_id": matter.letter,
        "public_id": matter.item.public_id,
        "receiver_id": town.receiver,
        "number": town.run,
        "form": "pdf",
        "token": matter.code,
        "_format": "json",
        "slug": "vnexpress-thoi-su",
        "step": "accept" if "assignments" in path else "tam-dung",
    }
    if "/services/" in path:
        values["code"] = "den-duong-hong"
    return method, path.replace("{_path:path}", "khong-co.json").format(**values)


def ask(town: Town, actor: str, line: str, matter: Matter) -> Response:
    method, path = address(line, matter, town)
    body = BODIES.get(line)
    if method == "GET":
        body = {"params": {"q": matter.query, "muc": matter.item.number}} if "{" not in line else {}
    elif line == "POST /api/v1/assignments":
        body = {"json": {"number": matter.item.number, "department": "UBX-31135"}}
    elif line.startswith("POST /api/v1/letters"):
        body = {"json": {**LETTER, "numbers": [matter.item.number]}}
    elif body is None:
        lists = {"ids": [matter.item.number], "action": "negative", "department": "UBX-31117", "login": "thu.admin"}
        body = {
            "data": {
                **FORM,
                **lists,
                "code": matter.code,
                "current": "mat khau dai",
                "new": "mat khau dai hon",
                "again": "mat khau dai hon",
                "confirmation": "XOA",
                "answer": "xoa",
                **LETTER,
                "muc": matter.item.number,
                "ma": town.rule,
                "huong": "len",
                "department": "UBX-31117",
            }
        }
    with town.undone():
        return town.go(actor, method, path, **body)


def turned_away(answer: Response) -> bool:
    leads = answer.headers.get("location", "")
    return answer.status_code in REFUSED or (answer.status_code == 303 and leads.startswith("/dang-nhap"))


def test_every_route_has_its_line_and_every_line_its_route(app: FastAPI) -> None:
    found = routes(app)
    assert sorted(set(found) - set(REACH)) == [], "a new route needs a line in reach.py"
    assert sorted(set(REACH) - set(found)) == [], "these lines name no route any more"


@pytest.mark.parametrize("line", sorted(REACH))
def test_who_reaches_the_route_and_what_they_read(town: Town, line: str) -> None:
    wrong = []
    bound = line in NAMING or any(name in line for name in ("{so}", "{assignment_id}", "{letter_id}"))
    codes = "{ma}" in line or "{code}" in line
    kinds = list(town.matters) if "{" in line or line in NAMING or line.startswith("POST") else ["own"]
    if line.endswith((".pdf", ".docx", ".xlsx")) or "{name}" in line:
        kinds = ["own"]
    for kind in kinds:
        for actor in ACTORS:
            matter = town.matters[kind]
            may = actor in REACH[line] and (not bound or actor in SEES[kind])
            answer = ask(town, actor, line, matter)
            said = f"{actor} × {kind}: {answer.status_code}"
            if answer.status_code >= 500:
                wrong.append(f"{said} broke")
            elif not may and not turned_away(answer):
                wrong.append(f"{said} was let in")
            elif may and not bound and not codes and "{request_id}" not in line and turned_away(answer):
                if line not in NOTHING_THERE:
                    wrong.append(f"{said} was turned away")
            elif (
                may and bound and turned_away(answer) and not in_another_room(line, kind) and line not in NOTHING_THERE
            ):
                wrong.append(f"{said} was turned away from the own item")
            wrong += [
                f"{said} reads of {name}"
                for name in unseen(line, actor, kind)
                if NEEDLES[name].split()[1] in words_in(answer)
            ]
    assert wrong == []


def in_another_room(line: str, kind: str) -> bool:
    """Restricted items have a room of their own; there are no ordinary ones in it."""
    return (kind == "restricted") != ("/phong-rieng/" in line and not line.endswith("/phong-rieng"))


def unseen(line: str, actor: str, kind: str) -> set[str]:
    """Whose words must not stand in the answer: everything the actor does not see, but for who holds its code."""
    hidden = {name for name, seers in SEES.items() if actor not in seers}
    if actor == "handler" and not line.endswith(("/mo", "/danh-tinh", "/xac-nhan", "/tra-ve")):
        hidden.add("restricted")  # even its handler reads nothing before a reason is given
    held = "{ma}" in line or "{code}" in line or line in ("POST /tra-cuu", "POST /du-lieu-ca-nhan")
    return hidden - ({kind} if held and kind != "restricted" else set())


@pytest.mark.parametrize(
    "actor", [actor for actor in ACTORS if actor not in ("officer", "token-own", "token-all", *LOOKERS)]
)
def test_the_needles_are_there_for_who_may_see_them(town: Town, actor: str) -> None:
    """Were the items' words shown to nobody at all, the tests above would prove nothing."""
    matter = town.matters["own"]
    assert matter.secret in words_in(town.go("officer", "GET", f"/muc/{matter.item.number}"))
    assert matter.secret not in words_in(town.go(actor, "GET", f"/muc/{matter.item.number}"))
    room = town.go(
        "handler", "POST", f"/phong-rieng/{town.matters['restricted'].item.number}/mo", data={"reason": "xem"}
    )
    assert town.matters["restricted"].secret in words_in(room)
