"""POST and GET /api/v1/reports: the receipt, the public state, and every kind of bad input."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from listener.store import tables as t

LAMP = "Đèn đường hẻm 51 phường Cái Khế tắt ba hôm nay"


def test_a_report_comes_back_with_code_topic_department_and_due_date(client: TestClient) -> None:
    answer = client.post("/api/v1/reports", json={"text": LAMP, "name": "Người gửi thử", "phone": "0530000001"})
    assert answer.status_code == 201
    receipt = answer.json()
    assert receipt["topic"]["slug"] == "den-duong-hong"
    assert receipt["topic"]["field"] == "ha-tang-ky-thuat"
    assert receipt["sentiment"] == "negative"
    assert receipt["department_name"] == "UBND phường Cái Khế"
    state = client.get(f"/api/v1/reports/{receipt['code'].lower()}").json()
    assert state["state_name"] == "Cần tiếp nhận"
    assert state["due"] == receipt["due"]
    assert "text" not in state


def test_the_typed_place_settles_the_ward(client: TestClient) -> None:
    receipt = client.post(
        "/api/v1/reports", json={"text": "Đèn đường tắt ba hôm nay, tối om", "place": "hẻm 51, P. Cái Khế"}
    ).json()
    assert receipt["department"] == "UBX-31120"


def test_the_point_on_the_map_settles_the_ward(client: TestClient) -> None:
    receipt = client.post(
        "/api/v1/reports", json={"text": "Đèn đường tắt ba hôm nay, tối om", "lat": 10.0545, "lng": 105.77956}
    ).json()
    assert receipt["department"] == "UBX-31120"


def test_the_same_key_gives_the_same_code_and_one_item(client: TestClient, session: Session) -> None:
    first, second = (client.post("/api/v1/reports", json={"text": LAMP, "key": "k-1"}).json() for _ in range(2))
    assert (first["code"], first["number"]) == (second["code"], second["number"])
    assert session.scalar(select(func.count()).select_from(t.Item).where(t.Item.idempotency_key == "k-1")) == 1


def test_the_sender_is_kept_apart_and_encrypted(client: TestClient, session: Session) -> None:
    client.post("/api/v1/reports", json={"text": LAMP, "name": "Người gửi thử", "phone": "0530000001", "key": "k-2"})
    item = session.scalars(select(t.Item).where(t.Item.idempotency_key == "k-2")).one()
    sender = session.get_one(t.Sender, item.id)
    assert b"0530000001" not in sender.sealed
    assert "0530000001" not in item.search_text


def test_a_suspected_denunciation_says_only_that_the_office_has_it(client: TestClient, session: Session) -> None:
    text = (
        "Tôi tố cáo ông cán bộ địa chính xã Hiệp Hưng nhận 20 triệu mới chịu làm sổ, tôi có ghi âm, xin giữ kín tên tôi"
    )
    receipt = client.post("/api/v1/reports", json={"text": text, "key": "k-3"}).json()
    assert receipt["topic"] is receipt["department"] is receipt["kind"] is None
    item = session.scalars(select(t.Item).where(t.Item.idempotency_key == "k-3")).one()
    assert (item.restricted, item.state) == (True, "restricted")
    assert client.get(f"/api/v1/reports/{receipt['code']}").json()["state_name"] == "Cơ quan có thẩm quyền đã nhận"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "Thiếu “text”"),
        ({"text": ""}, "Chưa có nội dung"),
        ({"text": "   \n "}, "Chưa có nội dung"),
        ({"text": 5}, "“text” phải là chữ"),
        ({"text": "a" * 1_000_000}, "Hãy rút gọn"),
        ({"text": "\u0000\u0001\u0002" * 50}, "không phải chữ"),
        ({"text": LAMP, "lat": 200}, "“lat” phải từ"),
        ({"text": LAMP, "lat": "xa"}, "“lat” phải là số"),
        ([1, 2], "đối tượng JSON"),
    ],
)
def test_bad_input_gets_a_sentence_and_nothing_is_kept(
    client: TestClient, session: Session, body: object, words: str
) -> None:
    before = session.scalar(select(func.count()).select_from(t.Item))
    answer = client.post("/api/v1/reports", json=body)
    assert answer.status_code == 422
    assert words in answer.json()["message"]
    assert session.scalar(select(func.count()).select_from(t.Item)) == before


@pytest.mark.parametrize("content", [b'{"text": "a', b"\xff\xfe\x00\x81", b"", b"text=abc"])
def test_what_is_no_json_gets_a_sentence(client: TestClient, content: bytes) -> None:
    answer = client.post("/api/v1/reports", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert "Traceback" not in answer.text


def test_a_body_over_the_limit_is_refused_unread(client: TestClient) -> None:
    answer = client.post("/api/v1/reports", content=b"x" * 3_000_000, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert "quá lớn" in answer.json()["message"]


@pytest.mark.parametrize("code", ["7K3M-29QD-XW", "x", "AAAA-AAAA-AA", "../../etc"])
def test_unknown_codes_give_one_answer(client: TestClient, code: str) -> None:
    answer = client.get(f"/api/v1/reports/{code}")
    assert answer.status_code == 404
