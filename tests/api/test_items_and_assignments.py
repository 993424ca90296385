"""Items and assignments over REST: tokens, filters, cursors, the steps of the workflow."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

Header = Callable[[str | None], dict[str, str]]


def send(client: TestClient, text: str) -> dict[str, Any]:
    answer = client.post("/api/v1/reports", json={"text": text})
    assert answer.status_code == 201, answer.text
    receipt: dict[str, Any] = answer.json()
    return receipt


LAMP = "Đèn đường hẻm 51 phường Cái Khế tắt ba hôm nay, gọi số 0530000001 không ai nghe"


@pytest.mark.parametrize("path", ["/api/v1/items", "/api/v1/assignments"])
def test_without_a_token_nothing_is_shown(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 401
    assert "Bearer" in answer.json()["message"]
    assert client.get(path, headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_items_are_masked_filtered_and_searched_without_accents(client: TestClient, bearer: Header) -> None:
    receipt = send(client, LAMP)
    head = bearer(None)
    found = client.get(
        "/api/v1/items", params={"q": "den duong hem 51", "topic": "den-duong-hong"}, headers=head
    ).json()["rows"]
    item = next(row for row in found if row["number"] == receipt["number"])
    assert "0530000001" not in str(item)
    assert "số điện thoại" in item["text"]
    assert client.get("/api/v1/items", params={"q": "khong co tu nay dau zzz"}, headers=head).json() == {
        "rows": [],
        "next": None,
    }


def test_a_cursor_walks_through_everything_once(client: TestClient, bearer: Header) -> None:
    sent = {send(client, f"Đèn đường hẻm {n} phường Cái Khế tắt ba hôm nay rồi")["number"] for n in range(1, 8)}
    head, seen, after = bearer(None), [], None
    while True:
        page = client.get(
            "/api/v1/items", params={"limit": 3, **({"after": after} if after else {})}, headers=head
        ).json()
        seen += [row["number"] for row in page["rows"]]
        after = page["next"]
        if after is None:
            break
    assert len(seen) == len(set(seen))
    assert sent <= set(seen)


def test_a_department_sees_and_works_only_its_own_desk(client: TestClient, bearer: Header) -> None:
    receipt = send(client, LAMP)
    mine, other = bearer("UBX-31120"), bearer("UBX-31135")
    rows = client.get("/api/v1/assignments", headers=mine).json()["rows"]
    row = next(row for row in rows if row["item"]["number"] == receipt["number"])
    path = f"/api/v1/assignments/{row['id']}"
    assert client.get(path, headers=other).status_code == 404
    assert client.post(f"{path}/accept", json={}, headers=other).status_code == 404
    assert client.get("/api/v1/items", headers=mine).status_code == 403
    assert client.post(f"{path}/accept", json={}, headers=mine).json()["state"] == "accepted"
    short = client.post(f"{path}/answer", json={"text": "xong"}, headers=mine)
    assert (short.status_code, short.json()["fields"].keys()) == (422, {"text"})
    answered = client.post(
        f"{path}/answer", json={"text": "Chiều 23/11 đội điện đã thay bóng trụ 14."}, headers=mine
    ).json()
    assert answered["state"] == "answered"
    state = client.get(f"/api/v1/reports/{receipt['code']}").json()
    assert state["answer"] == "Chiều 23/11 đội điện đã thay bóng trụ 14."
    assert client.post(f"{path}/close", json={}, headers=mine).json()["state"] == "closed"
    again = client.post(f"{path}/accept", json={}, headers=mine)
    assert again.status_code == 409
    assert "Đã đóng" in again.json()["message"]


def test_a_returned_matter_is_put_on_another_desk(client: TestClient, bearer: Header) -> None:
    receipt = send(client, LAMP)
    mine, all_desks = bearer("UBX-31120"), bearer(None)
    rows = client.get("/api/v1/assignments", headers=mine).json()["rows"]
    row = next(row for row in rows if row["item"]["number"] == receipt["number"])
    without = client.post(f"/api/v1/assignments/{row['id']}/return", json={}, headers=mine)
    assert (without.status_code, "lý do" in without.json()["message"]) == (409, True)
    assert (
        client.post(
            f"/api/v1/assignments/{row['id']}/return", json={"reason": "Trụ đèn này do Sở quản lý"}, headers=mine
        ).status_code
        == 200
    )
    wrong = client.post(
        "/api/v1/assignments", json={"number": receipt["number"], "department": "ABC"}, headers=all_desks
    )
    assert (wrong.status_code, "“ABC”" in wrong.json()["message"]) == (422, True)
    moved = client.post(
        "/api/v1/assignments", json={"number": receipt["number"], "department": "SXD"}, headers=all_desks
    )
    assert moved.status_code == 201
    assert moved.json()["department_name"] == "Sở Xây dựng"


def test_health_readiness_metrics_and_openapi(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").status_code == 200
    assert "listener_items_total" in client.get("/metrics").text
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/reports", "/api/v1/reports/{code}", "/api/v1/items", "/api/v1/assignments"} <= set(paths)
