"""What is nobody's business: who sent it, the restricted room, and a person's wish to be erased."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect
from test_journeys import word
from walking import WIDTHS, fits, lamp, on_both, on_desk, told

if TYPE_CHECKING:
    from conftest import Visitors

pytestmark = pytest.mark.browser
NAME = "Người Gửi Thử"


def asked_to_erase(visitors: "Visitors", width: str, code: str) -> Page:
    """A citizen's page after the wish was sent."""
    page = visitors.citizen(**WIDTHS[width])
    page.goto("/du-lieu-ca-nhan")
    page.get_by_test_id("dsr-code").fill(code)
    fits(page)
    page.get_by_test_id("dsr-send").click()
    expect(page.get_by_test_id("dsr-state")).to_contain_text("Chờ quyết định")
    fits(page)
    return page


@on_both
def test_who_sent_it_is_shown_once_for_a_reason_and_the_reason_stands_in_the_audit(
    visitors: "Visitors", width: str
) -> None:
    _, number = on_desk(visitors, lamp(), name=NAME, phone="0530000002")
    page = visitors.staff("canbo", **WIDTHS[width])
    page.goto(f"/muc/{number}")
    assert NAME not in page.content()
    page.get_by_test_id("act-identity").click()
    page.locator("#identity_reason").fill("hẹn giờ tới sửa đèn")
    page.locator("#nguoi-gui").get_by_role("button", name="Xem").click()
    expect(page.get_by_test_id("identity")).to_contain_text(NAME)
    expect(page.get_by_test_id("identity")).to_contain_text("0530000002")
    fits(page)
    page.goto(f"/muc/{number}")
    assert NAME not in page.content()

    admin = visitors.staff("quantri", **WIDTHS[width])
    admin.goto(f"/muc/{number}")
    expect(admin.get_by_test_id("act-identity")).to_have_count(0)  # the administrator never
    admin.goto(f"/nhat-ky?viec=open_identity&so={number}")
    row = admin.get_by_test_id("audit-row")
    expect(row).to_contain_text("hẹn giờ tới sửa đèn")
    expect(row).to_contain_text("Cán bộ mẫu")
    fits(admin)
    assert visitors.complaints == []


@on_both
def test_a_person_asks_to_be_erased_and_gets_a_proof(visitors: "Visitors", width: str) -> None:
    code, number = told(visitors, lamp(), name=NAME, phone="0530000003")
    citizen = asked_to_erase(visitors, width, code)
    admin = visitors.staff("quantri", **WIDTHS[width])
    admin.goto("/yeu-cau-du-lieu")
    row = admin.get_by_test_id("dsr-row").filter(has_text=number)
    expect(row.get_by_test_id("dsr-found")).to_contain_text("1 danh tính")
    row.get_by_test_id("act-erase").click()  # without the word typed
    expect(row.get_by_role("alert")).to_contain_text("Gõ XOA để xác nhận")
    fits(admin)
    visitors.complaints.clear()  # the refusal itself: 422
    row.get_by_label("Gõ XOA để xoá").fill("XOA")
    row.get_by_test_id("act-erase").click()
    expect(row.get_by_test_id("act-erase")).to_have_count(0)
    expect(row).not_to_contain_text("Chờ quyết định")
    proof = citizen.get_by_test_id("dsr-proof")
    for _ in range(60):  # a job erases
        citizen.reload()
        if proof.count():
            break
        citizen.wait_for_timeout(500)
    expect(proof).to_contain_text("1 phản ánh")
    fits(citizen)
    assert visitors.complaints == []
    assert citizen.request.get(f"/tra-cuu/{code}").status == 404  # the code opens nothing any more
    desk = visitors.staff("dieuphoi")
    desk.goto(f"/muc/{number}")  # the matter goes on
    expect(desk.get_by_test_id("act-identity")).to_have_count(0)


def test_a_wish_is_refused_with_words_that_its_sender_reads(visitors: "Visitors") -> None:
    code, number = told(visitors, lamp(), phone="0530000005")
    citizen = asked_to_erase(visitors, "phone", code)
    admin = visitors.staff("quantri")
    admin.goto("/yeu-cau-du-lieu")
    row = admin.get_by_test_id("dsr-row").filter(has_text=number)
    row.get_by_text("Không xoá", exact=True).click()
    row.get_by_label("Vì sao (người gửi sẽ đọc)").fill("Vụ việc đang được thanh tra, phải giữ hồ sơ")
    row.get_by_test_id("act-refuse").click()
    expect(row).to_contain_text("đang được thanh tra")
    citizen.reload()
    expect(citizen.get_by_test_id("dsr-state")).to_contain_text("phải giữ hồ sơ")
    assert visitors.complaints == []


@on_both
def test_a_suspected_denunciation_is_found_by_its_handler_alone(visitors: "Visitors", width: str) -> None:
    marker = word()
    citizen = visitors.citizen(**WIDTHS[width])
    citizen.goto("/gui-phan-anh")
    citizen.get_by_test_id("report-text").fill(
        f"Tôi tố cáo cán bộ địa chính phường nhận hối lộ, ép dân đưa tiền mới làm sổ đỏ, mật danh {marker}"
    )
    citizen.get_by_test_id("report-next-place").click()
    citizen.get_by_test_id("report-next-review").click()
    expect(citizen.get_by_test_id("report-calm")).to_contain_text("tố cáo")
    citizen.get_by_text("Nhận tin khi có trả lời").click()
    citizen.locator("#name").fill(NAME)
    citizen.locator("#phone").fill("0530000006")
    fits(citizen)
    citizen.get_by_test_id("report-send").click()
    code = citizen.get_by_test_id("report-code").inner_text()
    expect(citizen.get_by_test_id("page-receipt")).to_contain_text("chuyển riêng đến người có thẩm quyền")
    number = told_number(citizen, code)

    for login, search in (("baochi", "/dong-tin"), ("dieuphoi", "/dieu-phoi"), ("canbo", "/ban-lam-viec")):
        page = visitors.staff(login, **WIDTHS[width])
        page.goto(f"{search}?q={marker}")
        expect(page.get_by_test_id("item-row")).to_have_count(0)
        expect(page.get_by_test_id("triage-card")).to_have_count(0)
        fits(page)
        assert page.request.get(f"/muc/{number}").status == 404

    handler = visitors.staff("phongrieng", **WIDTHS[width])
    handler.goto("/phong-rieng")
    assert marker not in handler.content()
    row = handler.get_by_test_id("restricted-row").filter(has_text=number)
    row.get_by_test_id("restricted-reason").fill("Được phân công xác minh")
    fits(handler)
    row.get_by_role("button", name="Mở").click()
    expect(handler.locator(".item-text")).to_contain_text(marker)
    handler.get_by_test_id("act-identity").click()
    handler.locator("#identity_reason").fill("mời người gửi tới làm việc")
    handler.locator("details[open]").get_by_role("button", name="Xem").click()
    expect(handler.get_by_test_id("identity")).to_contain_text(NAME)
    fits(handler)
    handler.get_by_test_id("act-confirm-kind").click()
    expect(row).to_contain_text("đã xác nhận")
    assert visitors.complaints == []


def told_number(page: Page, code: str) -> str:
    return str(page.request.get(f"/api/v1/reports/{code}").json()["number"])


@on_both
def test_what_an_officer_moved_to_the_room_by_mistake_comes_back(visitors: "Visitors", width: str) -> None:
    _, number = on_desk(visitors, lamp())
    page = visitors.staff("canbo", **WIDTHS[width])
    page.goto(f"/muc/{number}")
    page.get_by_test_id("act-restricted").click()
    page.get_by_role("button", name="Chuyển vào phòng riêng").click()
    expect(page.get_by_test_id("page-inbox")).to_be_visible()
    handler = visitors.staff("phongrieng", **WIDTHS[width])
    handler.goto("/phong-rieng")
    row = handler.get_by_test_id("restricted-row").filter(has_text=number)
    row.get_by_test_id("restricted-reason").fill("Xem có phải tố cáo không")
    row.get_by_role("button", name="Mở").click()
    handler.get_by_text("Không phải, trả về luồng thường").click()
    handler.locator("#ly-do-tra").fill("Chỉ là đèn hỏng")
    fits(handler)
    handler.get_by_test_id("act-return-flow").click()
    expect(handler.get_by_test_id("undo-bar")).to_contain_text("đưa ra khỏi phòng riêng")
    expect(row).to_have_count(0)
    handler.get_by_test_id("act-undo").click()  # a slip of the hand: back into the room
    expect(row).to_have_count(1)
    assert visitors.complaints == []
