"""A citizen on a phone and at a desk: the public list and map, what is near before sending, joining, proof of work."""

import re
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, Request, expect

if TYPE_CHECKING:
    from conftest import Visitors

pytestmark = pytest.mark.browser

HERE = {"latitude": 10.0312, "longitude": 105.7701}
DESK = {"viewport": {"width": 1440, "height": 900}, "has_touch": False}
PUBLISHED = "report-lookalike"

expect.set_options(timeout=20_000)


def word() -> str:
    return "lx" + secrets.token_hex(4).translate(str.maketrans("0123456789", "ghijkmnpqr"))


def published(visitors: "Visitors", text: str) -> str:
    """A lamp that somebody reported here by form, that a desk took up and a dispatcher published; its code."""
    sender = visitors.citizen().request
    fields = {"text": text, "place": "phường Ninh Kiều", "lat": "10.0312", "lng": "105.7701", "public": "1"}
    answer = sender.post("/gui-phan-anh", form=fields)
    code = answer.url.rsplit("/", 1)[1]
    number = sender.get(f"/api/v1/reports/{code}").json()["number"]
    page = visitors.staff("dieuphoi")
    page.goto(f"/muc/{number}")
    page.get_by_test_id("act-assign").click()
    page.locator("#chon-department").select_option("UBX-31135")
    page.locator("#chuyen button").click()
    expect(page.get_by_test_id("undo-bar")).to_contain_text("chuyển")
    page.goto(f"/muc/{number}")
    expect(page.get_by_test_id("public-preview")).to_contain_text(text)
    page.get_by_test_id("act-publish").click()
    expect(page.get_by_test_id("public-since")).to_be_visible()
    return code


def to_review(page: Page, text: str) -> None:
    page.goto("/gui-phan-anh")
    page.get_by_test_id("report-text").fill(text)
    page.get_by_test_id("report-next-place").click()
    page.get_by_test_id("report-locate").click()
    expect(page.locator("#noi-da-chon")).to_contain_text("sai số")
    page.get_by_test_id("report-next-review").click()


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_what_is_near_is_offered_and_one_tap_joins_it(
    visitors: "Visitors", sideways: Callable[[Page], int], width: str
) -> None:
    marker = word()
    published(visitors, f"Đèn đường tắt ba hôm nay, tối om, {marker}")
    own: dict[str, Any] = DESK if width == "desk" else {}
    page = visitors.citizen(geolocation=HERE, permissions=["geolocation"], **own)
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    to_review(page, "Den duong tat may hom roi, toi om")
    near = page.get_by_test_id(PUBLISHED).filter(has_text=marker)
    expect(near).to_contain_text("cách khoảng 0 m")
    expect(page.get_by_test_id("report-send")).to_contain_text("Vẫn gửi báo cáo mới")
    assert sideways(page) <= 0
    near.get_by_test_id("report-join").click()
    expect(page.get_by_test_id("receipt-joined")).to_be_visible()
    proof = re.search(r'name="proof"\r\n\r\n(1\.[^\r]+)', sent[-1].post_data or "")
    assert proof is not None, "the browser worked a proof out"
    page.get_by_role("link", name="Theo dõi phản ánh").click()
    expect(page.get_by_test_id("track-merged")).to_be_visible()

    page.goto("/cong-khai")
    page.get_by_test_id("filter-q").fill(marker)
    page.get_by_role("button", name="Lọc").click()
    expect(page.get_by_test_id("count-results")).to_have_text("1 phản ánh")
    expect(page.get_by_test_id("pub-card")).to_contain_text("1 người cũng gặp")
    page.get_by_role("button", name="Xem bản đồ").click()
    expect(page.locator(".leaflet-container")).to_be_visible()
    assert sideways(page) <= 0
    page.get_by_test_id("pub-card").get_by_role("link").click()
    expect(page.get_by_test_id("pub-text")).to_contain_text(marker)
    assert sideways(page) <= 0
    page.get_by_test_id("pub-metoo").click()
    expect(page.get_by_test_id("receipt-joined")).to_be_visible()
    assert visitors.complaints == []


def test_another_matter_is_sent_on_its_own_and_enter_never_joins(visitors: "Visitors") -> None:
    marker = word()
    published(visitors, f"Đèn đường tắt ba hôm nay, tối om, {marker}")
    page = visitors.citizen(geolocation=HERE, permissions=["geolocation"])
    to_review(page, "Den duong tat may hom roi, toi om")
    expect(page.get_by_test_id(PUBLISHED).first).to_be_visible()
    page.get_by_text("Nhận tin khi có trả lời").click()
    page.locator("#phone").fill("0530000001")
    page.locator("#phone").press("Enter")
    expect(page.get_by_test_id("report-code")).to_be_visible()
    expect(page.get_by_test_id("receipt-joined")).to_have_count(0)


def test_joining_without_a_network_waits_on_the_phone_and_is_sent_with_a_fresh_proof(visitors: "Visitors") -> None:
    marker = word()
    published(visitors, f"Đèn đường tắt ba hôm nay, tối om, {marker}")
    page = visitors.citizen(geolocation=HERE, permissions=["geolocation"])
    to_review(page, "Den duong tat may hom roi, toi om")
    near = page.get_by_test_id(PUBLISHED).filter(has_text=marker)
    expect(near).to_be_visible()
    page.context.set_offline(True)
    near.get_by_test_id("report-join").click()
    expect(page.get_by_test_id("report-waiting")).to_be_visible()
    page.context.set_offline(False)
    page.goto("/")
    page.locator("#da-tu-gui a").click()
    expect(page.get_by_test_id("receipt-joined")).to_be_visible()


def test_without_scripts_one_looks_first_and_joins(visitors: "Visitors") -> None:
    marker = word()
    published(visitors, f"Đèn đường Mậu Thân tắt ba hôm nay, {marker}")
    page = visitors.citizen(java_script_enabled=False)
    page.goto("/gui-phan-anh")
    page.get_by_test_id("report-text").fill("Đèn đường Mậu Thân tắt mấy đêm, tối om")
    page.get_by_test_id("report-place-name").fill("đường Mậu Thân, phường Ninh Kiều")
    page.get_by_test_id("report-look-near").click()
    near = page.get_by_test_id(PUBLISHED).filter(has_text=marker)
    expect(near).to_contain_text("cùng đường")
    near.get_by_test_id("report-join").click()
    expect(page.get_by_test_id("receipt-joined")).to_be_visible()
