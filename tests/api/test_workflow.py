"""The moves over REST: who may, what comes back, and what the sender sees meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

Header = Callable[[str | None], dict[str, str]]
HOME, OTHER = "UBX-31120", "UBX-31135"


class Desk:
    """A report on a desk, and its steps."""

    def __init__(self, client: TestClient, bearer: Header, street: int = 51) -> None:
        self.client, self.home, self.all, self.other = client, bearer(HOME), bearer(None), bearer(OTHER)
        text = f"Đèn đường hẻm {street} phường Cái Khế tắt ba hôm nay, tối om"
        self.receipt = client.post("/api/v1/reports", json={"text": text}).json()
        rows = client.get("/api/v1/assignments", headers=self.home, params={"limit": 100}).json()["rows"]
        self.id = next(row["id"] for row in rows if row["item"]["number"] == self.receipt["number"])

    def do(self, step: str, head: dict[str, str] | None = None, **given: Any) -> Any:
        return self.client.post(f"/api/v1/assignments/{self.id}/{step}", json=given, headers=head or self.home)


@pytest.fixture
def desk(client: TestClient, bearer: Header) -> Desk:
    return Desk(client, bearer)


def test_a_question_stops_the_clock_and_the_answer_on_the_tracking_page_starts_it(desk: Desk) -> None:
    asked = desk.do("ask", text="Trụ đèn số mấy, gần nhà ai?").json()
    assert (asked["state"], asked["paused_at"] is not None) == ("waiting_citizen", True)
    page = desk.client.get(f"/tra-cuu/{desk.receipt['code']}")
    assert "Trụ đèn số mấy, gần nhà ai?" in page.text
    assert "Đồng hồ" not in page.text  # said in the citizen's words
    sent = desk.client.post(
        f"/tra-cuu/{desk.receipt['code']}/bo-sung", data={"text": "Trụ số 14, gọi 0530000001"}, follow_redirects=False
    )
    assert sent.status_code == 303
    after = desk.client.get(f"/api/v1/assignments/{desk.id}", headers=desk.home).json()
    assert (after["state"], after["paused_at"]) == ("accepted", None)
    assert after["due"] >= asked["due"]
    page = desk.client.get(f"/tra-cuu/{desk.receipt['code']}").text
    assert "Trụ số 14" in page
    assert "0530000001" not in page


def test_an_extension_needs_the_dispatchers_token(desk: Desk) -> None:
    desk.do("accept")
    due = desk.client.get(f"/api/v1/assignments/{desk.id}", headers=desk.home).json()["due"]
    wrong = desk.do("ask_extension", hours=200, reason="chờ vật tư")
    assert (wrong.status_code, list(wrong.json()["fields"])) == (422, ["hours"])
    assert desk.do("ask_extension", hours=8, reason="chờ vật tư").json()["asked_hours"] == 8
    assert desk.do("grant_extension").status_code == 403
    granted = desk.do("grant_extension", desk.all).json()
    assert (granted["asked_hours"], granted["extended_hours"]) == (None, 8)
    assert granted["due"] > due
    assert "chờ vật tư" in desk.client.get(f"/tra-cuu/{desk.receipt['code']}").text


def test_a_coordinating_unit_reads_and_contributes_and_others_see_nothing(desk: Desk) -> None:
    path = f"/api/v1/assignments/{desk.id}"
    assert desk.client.get(path, headers=desk.other).status_code == 404
    assert desk.do("coordinate", department="KHONG-CO").status_code == 422
    assert OTHER in desk.do("coordinate", department=OTHER).json()["coordinating"]
    assert desk.client.get(path, headers=desk.other).status_code == 200
    assert desk.do("answer", desk.other, text="Chúng tôi đã thay bóng chiều nay.").status_code == 403
    assert desk.do("contribute", desk.other, text="Trụ này do Sở quản lý, đã có lịch thay.").status_code == 200


def test_merge_and_split_over_rest(desk: Desk, client: TestClient, bearer: Header) -> None:
    other = Desk(client, bearer, street=52)
    assert desk.do("merge").status_code == 422
    assert desk.do("merge", into="PA-2026-999999").status_code == 404
    merged = desk.do("merge", into=other.receipt["number"]).json()
    assert (merged["state"], merged["item"]["state"], merged["item"]["merged"]) == ("merged", "merged", True)
    other.do("answer", text="Chiều 23/11 đội điện đã thay bóng trụ 14.")
    page = client.get(f"/tra-cuu/{desk.receipt['code']}").text
    assert "Chiều 23/11 đội điện đã thay bóng trụ 14." in page
    assert other.receipt["number"] not in page
    assert desk.do("split").json()["item"]["merged"] is False
    again = desk.do("merge", into=other.receipt["number"])
    assert again.status_code == 409


def test_who_saw_an_older_version_is_told(desk: Desk) -> None:
    seen = desk.client.get(f"/api/v1/assignments/{desk.id}", headers=desk.home).json()["version"]
    assert desk.do("coordinate", department=OTHER, version=seen).status_code == 200
    late = desk.do("answer", text="Đã thay bóng chiều nay.", version=seen)
    assert late.status_code == 409
    assert "Xem thay đổi" in late.json()["message"]


def test_nothing_is_published_without_the_senders_consent(desk: Desk) -> None:
    assert desk.do("publish").status_code == 403
    refused = desk.do("publish", desk.all)
    assert (refused.status_code, "không đồng ý" in refused.json()["message"]) == (409, True)


def test_only_what_ended_is_reopened_by_its_sender(desk: Desk) -> None:
    client, code = desk.client, desk.receipt["code"]
    assert desk.do("return", reason="nhầm địa bàn", department=OTHER).status_code == 200
    assert "Chưa xong – mở lại" not in client.get(f"/tra-cuu/{code}").text
    unknown = client.post(f"/tra-cuu/{code}/mo-lai", data={"reason": "vẫn tối"}, follow_redirects=False)
    assert unknown.status_code == 409
