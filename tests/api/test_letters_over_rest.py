"""Letters over REST: the preview, making, fetching byte by byte, the register, voiding, and who may."""

import hashlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from fastapi.testclient import TestClient
from make import make_assignment, make_item
from pypdf import PdfReader
from sqlalchemy.orm import Session

from listener.store import tables as t

Header = Callable[[str | None], dict[str, str]]
SIGNED = {"signer_title": "GIÁM ĐỐC", "signer_name": "Người Ký Thử"}
PATH = "/api/v1/letters"


@pytest.fixture
def item(session: Session) -> t.Item:
    item = make_item(session, "Đèn hẻm 51 tắt, gọi 0530000001")
    make_assignment(session, item, "SXD")
    return item


def wanted(*items: t.Item, **more: Any) -> dict[str, Any]:
    numbers = [item.number for item in items]
    return {"kind": "phieu-chuyen", "numbers": numbers, "addressee": "Công ty Điện lực", **SIGNED, **more}


def test_a_letter_is_made_listed_fetched_and_declared_void(client: TestClient, bearer: Header, item: t.Item) -> None:
    head = bearer("SXD")
    seen = client.post(f"{PATH}/preview", json=wanted(item), headers=head)
    assert seen.headers["content-type"] == "application/pdf"
    assert seen.headers["x-next-sign"] == "01/PC-SXD"
    assert "0530000001" not in PdfReader(BytesIO(seen.content)).pages[0].extract_text()
    made = client.post(PATH, json=wanted(item, key="k1", deadline="2099-12-04"), headers=head)
    assert made.status_code == 201, made.text
    letter = made.json()
    assert (letter["sign"], letter["numbers"], letter["issuer"]) == ("01/PC-SXD", [item.number], "SXD")
    assert client.post(PATH, json=wanted(item, key="k1"), headers=head).json()["id"] == letter["id"]
    for form in ("pdf", "docx"):
        files = [client.get(f"{PATH}/{letter['id']}/file.{form}", headers=head).content for _ in range(2)]
        assert files[0] == files[1]
        assert hashlib.sha256(files[0]).hexdigest() == letter["sha256"][form]
    assert client.get(PATH, headers=head).json()["rows"][0]["id"] == letter["id"]
    void = client.post(f"{PATH}/{letter['id']}/void", json={"reason": "sai nơi nhận"}, headers=head).json()
    assert void["void_reason"] == "sai nơi nhận"
    again = client.post(f"{PATH}/{letter['id']}/void", json={"reason": "lần nữa"}, headers=head)
    assert again.status_code == 409
    assert client.get(f"{PATH}/{letter['id']}", headers=head).json()["void_at"] is not None


def test_a_departments_token_reaches_its_own_desk_and_register_alone(
    client: TestClient, bearer: Header, item: t.Item
) -> None:
    mine, other, every = bearer("SXD"), bearer("SNNMT"), bearer(None)
    assert client.post(PATH, json=wanted(item), headers=other).status_code == 403
    letter = client.post(PATH, json=wanted(item), headers=mine).json()
    assert client.get(f"{PATH}/{letter['id']}", headers=other).status_code == 404
    assert client.get(f"{PATH}/{letter['id']}/file.pdf", headers=other).status_code == 404
    assert client.get(PATH, headers=other).json()["rows"] == []
    assert client.get(f"{PATH}/{letter['id']}", headers=every).status_code == 200
    assert client.get(PATH).status_code == 401


def test_restricted_items_are_unknown_and_their_letters_go_out_of_reach(
    client: TestClient, bearer: Header, session: Session, item: t.Item
) -> None:
    head = bearer(None)
    letter = client.post(PATH, json=wanted(item), headers=head).json()
    item.restricted = True
    session.flush()
    assert client.post(PATH, json=wanted(item), headers=head).status_code == 404
    assert client.get(f"{PATH}/{letter['id']}", headers=head).status_code == 404
    assert letter["id"] not in [row["id"] for row in client.get(PATH, headers=head).json()["rows"]]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "thu-tay"}, "kind"),
        ({"numbers": []}, "numbers"),
        ({"addressee": ""}, "addressee"),
        ({"signer_name": ""}, "signer_name"),
        ({"deadline": "mai"}, "deadline"),
        ({"deadline": "2020-01-01"}, "deadline"),
        ({"kind": "tra-loi"}, "kind"),
        ({"note": "x" * 4001}, "note"),
    ],
)
def test_what_cannot_be_written_is_named_by_field(
    client: TestClient, bearer: Header, item: t.Item, change: dict[str, Any], field: str
) -> None:
    answer = client.post(PATH, json={**wanted(item), **change}, headers=bearer("SXD"))
    assert answer.status_code == 422
    assert field in answer.json()["fields"]
    assert answer.json()["message"]


def test_the_register_is_read_a_page_at_a_time(client: TestClient, bearer: Header, item: t.Item) -> None:
    head = bearer("SXD")
    made = [client.post(PATH, json=wanted(item), headers=head).json()["id"] for _ in range(3)]
    first = client.get(PATH, params={"limit": 2}, headers=head).json()
    rest = client.get(PATH, params={"limit": 2, "before": first["next"]}, headers=head).json()
    assert [row["id"] for row in first["rows"] + rest["rows"]] == made[::-1]
    assert rest["next"] is None
