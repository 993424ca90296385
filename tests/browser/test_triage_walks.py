"""A dispatcher's day: no to what cannot be worked and yes after all, the whole circle, Tết, a post made work."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from test_journeys import ANSWER, row_of, word
from walking import OTHER_WARD, WIDTHS, change, fits, give, lamp, on_both, on_desk, step, told, undone

if TYPE_CHECKING:
    from conftest import Visitors

pytestmark = pytest.mark.browser
VAGUE = "Chỗ đó lại bị nữa rồi, ai coi dùm"
TO_POOL = "Trả lại để thử"
RECEIVED = datetime.fromisoformat("2027-02-01T09:00:00+07:00")  # a Monday
LAST_HOUR = datetime.fromisoformat("2027-02-03T17:00:00+07:00")  # offices close here for Tết


def in_pool(visitors: "Visitors", text: str) -> tuple[str, str]:
    """A report that waits for the dispatcher, wherever the machine had put it."""
    code, number = on_desk(visitors, text)
    step(visitors, "canbo", number, "tra-lai", reason=TO_POOL)
    return code, number


@on_both
def test_a_report_that_says_too_little_is_refused_with_a_reason_and_taken_up_after_all(
    visitors: "Visitors", width: str
) -> None:
    code, number = told(visitors, f"{VAGUE} {word()}")
    page = visitors.staff("dieuphoi", **WIDTHS[width])
    page.goto(f"/muc/{number}")
    if page.get_by_test_id("chip-state").first.inner_text() != "Chờ điều phối":
        give(visitors, number)
        step(visitors, "canbo", number, "tra-lai", reason=TO_POOL)
        step(visitors, "dieuphoi", number, "hoi-them", text="Chỗ nào?")
        page.reload()
    page.get_by_test_id("act-refuse").click()
    page.locator("#ly-do-tu-choi").fill("Chưa rõ chuyện gì, ở đâu")
    fits(page)
    page.get_by_test_id("act-refuse-send").click()
    expect(page.get_by_test_id("chip-state").first).to_have_text("Từ chối")
    citizen = visitors.citizen(**WIDTHS[width])
    citizen.goto(f"/tra-cuu/{code}")
    expect(citizen.get_by_test_id("track-refused")).to_contain_text("Chưa rõ chuyện gì, ở đâu")
    fits(citizen)
    page.get_by_test_id("act-reopen").click()
    page.locator("#ly-do-mo").fill("Người gửi gọi tổng đài nói rõ")
    page.get_by_test_id("act-reopen-send").click()
    expect(page.get_by_test_id("chip-state").first).not_to_have_text("Từ chối")
    expect(page.get_by_test_id("timeline-event").last).to_contain_text("Người gửi gọi tổng đài")
    citizen.reload()
    expect(citizen.get_by_test_id("track-refused")).to_have_count(0)
    assert visitors.complaints == []


@on_both
def test_without_accents_routed_by_itself_answered_rated_bad_and_reopened(visitors: "Visitors", width: str) -> None:
    marker = word()
    citizen = visitors.citizen(**WIDTHS[width])
    citizen.goto("/gui-phan-anh")
    citizen.get_by_test_id("report-text").fill(f"Den duong bi hu, tat ba dem nay, toi om, {marker}")
    citizen.get_by_test_id("report-next-place").click()
    citizen.get_by_test_id("report-place-name").fill("phuong Ninh Kieu")
    citizen.get_by_test_id("report-next-review").click()
    expect(citizen.locator("#doc-thu")).to_contain_text("Đèn đường")
    fits(citizen)
    citizen.get_by_test_id("report-send").click()
    code = citizen.get_by_test_id("report-code").inner_text()
    expect(citizen.get_by_test_id("page-receipt")).to_contain_text("UBND phường Ninh Kiều")  # nobody was asked

    officer = visitors.staff("canbo", **WIDTHS[width])
    officer.goto(f"/ban-lam-viec?q={marker}")
    row = officer.get_by_test_id("item-row")
    row.get_by_test_id("act-accept").click()
    expect(row).to_contain_text("đã tiếp nhận")
    row.locator("a.words").click()
    expect(officer.get_by_test_id("why-here")).to_be_visible()
    number = officer.url.rsplit("/", 1)[1]
    officer.get_by_test_id("answer-text").fill(ANSWER)
    officer.get_by_test_id("act-answer").click()
    expect(officer.get_by_test_id("undo-bar")).to_contain_text("trả lời")

    citizen.goto(f"/tra-cuu/{code}")
    expect(citizen.get_by_test_id("track-answer")).to_contain_text("thay bóng")
    citizen.get_by_test_id("track-rate-bad").check()
    citizen.locator("#ly-do").fill("Đèn vẫn chập chờn")
    citizen.get_by_role("button", name="Gửi đánh giá").click()
    expect(citizen.get_by_text("Bạn đã đánh giá: Không hài lòng")).to_be_visible()
    citizen.locator("#mo-lai").fill("Tối qua lại tắt")
    citizen.get_by_test_id("track-reopen").click()
    expect(citizen.get_by_test_id("track-answer")).to_have_count(0)
    fits(citizen)
    officer.goto(f"/ban-lam-viec?tab=dang-lam&q={marker}")
    expect(row_of(officer, number)).to_be_visible()
    officer.goto(f"/muc/{number}")
    expect(officer.locator("#dien-bien")).to_contain_text("Không hài lòng")
    expect(officer.locator("#dien-bien")).to_contain_text("Tối qua lại tắt")
    assert visitors.complaints == []


@on_both
def test_one_tap_sends_a_matter_back_with_the_machines_second_guess_and_on_to_it(
    visitors: "Visitors", width: str
) -> None:
    _, number = on_desk(visitors, f"Đèn đường trên quốc lộ tắt, xe chạy nguy hiểm, {word()}")
    officer = visitors.staff("canbo", **WIDTHS[width])
    officer.goto(f"/muc/{number}")
    officer.get_by_test_id("act-return").click()
    guess = officer.get_by_test_id("return-to").first
    name = guess.inner_text().removeprefix("Trả lại, của ")
    fits(officer)
    guess.click()
    expect(officer.get_by_test_id("page-inbox")).to_be_visible()
    dispatcher = visitors.staff("dieuphoi", **WIDTHS[width])
    dispatcher.goto(f"/dieu-phoi?hang=tra-lai&muc={number}")
    first = dispatcher.get_by_test_id("guess-1")
    expect(first).to_contain_text(name)
    expect(first).to_contain_text("đề nghị")
    fits(dispatcher)
    first.click()
    expect(dispatcher.get_by_test_id("undo-bar")).to_contain_text(f"tới {name}")
    dispatcher.goto(f"/muc/{number}")
    expect(dispatcher.locator("#lam-gi")).to_contain_text(name)
    assert visitors.complaints == []


@on_both
def test_a_due_date_steps_over_tet(visitors: "Visitors", service: Any, width: str) -> None:
    code, number = on_desk(visitors, lamp(), accepted=True)
    change(
        service,
        "UPDATE assignments SET assigned_at = %s, accepted_at = %s, due_at = %s"
        " WHERE active AND item_id = (SELECT id FROM items WHERE number = %s)",
        RECEIVED,
        RECEIVED,
        LAST_HOUR,
        number,
    )
    officer = visitors.staff("canbo", **WIDTHS[width])
    officer.goto(f"/muc/{number}")
    officer.get_by_test_id("act-ask-extension").click()
    officer.locator("#gio").fill("15")  # two working days
    officer.locator("#ly-do-gia-han").fill("chờ vật tư trước Tết")
    officer.get_by_test_id("act-ask-extension-send").click()
    expect(officer.get_by_test_id("extension-asked")).to_contain_text("17:00 thứ Sáu, 12/02")

    dispatcher = visitors.staff("dieuphoi", **WIDTHS[width])
    dispatcher.goto(f"/dieu-phoi?hang=gia-han&muc={number}")
    expect(dispatcher.get_by_test_id("extension-card")).to_contain_text("17:00 thứ Sáu, 12/02")
    fits(dispatcher)
    dispatcher.get_by_test_id("act-grant").click()
    expect(dispatcher.get_by_test_id("undo-bar")).to_contain_text("duyệt gia hạn")
    officer.reload()
    officer.get_by_test_id("due-clock").click()
    clock = officer.locator("#cach-tinh")
    for day in ("04/02", "05/02", "08/02", "09/02", "10/02"):  # the days of Tết that are no weekend
        expect(clock).to_contain_text(day)
    fits(officer)
    citizen = visitors.citizen(**WIDTHS[width])
    citizen.goto(f"/tra-cuu/{code}")
    expect(citizen.get_by_test_id("track-due")).to_contain_text("17:00 thứ Sáu, 12/02")
    fits(citizen)
    assert visitors.complaints == []


@on_both
def test_a_queue_is_searched_and_filtered_and_the_filter_holds_after_a_choice(visitors: "Visitors", width: str) -> None:
    marker = word()
    numbers = [in_pool(visitors, lamp(f"{marker} trụ {place}"))[1] for place in (1, 2)]
    page = visitors.staff("dieuphoi", **WIDTHS[width])
    page.goto("/dieu-phoi?hang=tra-lai")
    if width == "phone":
        page.get_by_role("button", name="Lọc").first.click()
    page.locator("#q").fill(marker)
    page.wait_for_url(f"**q={marker}")
    expect(page.locator(".queue li")).to_have_count(2)
    fits(page)
    page.locator("#chon-department").select_option(OTHER_WARD)
    page.get_by_test_id("guess-other").get_by_role("button", name="Chuyển").click()
    expect(page.get_by_test_id("undo-bar")).to_contain_text("chuyển")
    assert f"q={marker}" in page.url
    expect(page.locator(".queue li")).to_have_count(1)
    expect(page.get_by_test_id("triage-card")).to_contain_text(marker)
    assert page.get_by_test_id("triage-card").get_attribute("data-item") in numbers
    assert visitors.complaints == []


def test_every_step_of_a_dispatcher_is_taken_back_on_the_same_page(visitors: "Visitors") -> None:
    _, number = in_pool(visitors, lamp())
    page = visitors.staff("dieuphoi")
    page.goto(f"/muc/{number}")
    page.get_by_test_id("act-assign").click()
    page.locator("#chon-department").select_option(OTHER_WARD)
    page.locator("#chuyen button").click()
    undone(page, "chuyển tới UBND phường Cái Khế")
    expect(page.get_by_test_id("chip-state").first).to_have_text("Chờ điều phối")
    page.get_by_test_id("act-refuse").click()
    page.locator("#ly-do-tu-choi").fill("Gửi nhầm")
    page.get_by_test_id("act-refuse-send").click()
    undone(page, "từ chối")
    expect(page.get_by_test_id("chip-state").first).to_have_text("Chờ điều phối")
    give(visitors, number, accepted=True)
    step(visitors, "canbo", number, "xin-gia-han", hours="8", reason="chờ vật tư")
    page.reload()
    page.get_by_test_id("act-grant").click()
    undone(page, "duyệt gia hạn 8 giờ")
    expect(page.get_by_test_id("extension-asked")).to_be_visible()
    page.get_by_test_id("act-refuse-extension").click()
    page.locator("#ly-do-khong-gia-han").fill("Đủ giờ rồi")
    page.get_by_test_id("act-refuse-extension-send").click()
    undone(page, "không duyệt gia hạn")
    expect(page.get_by_test_id("extension-asked")).to_be_visible()
    assert visitors.complaints == []


def test_a_post_in_the_stream_becomes_a_departments_work(visitors: "Visitors") -> None:
    page = visitors.staff("baochi")
    page.goto("/dong-tin?trang-thai=listed")
    page.get_by_test_id("item-row").first.locator("a.words").click()
    number = page.url.rsplit("/", 1)[1].split("?")[0]
    page.get_by_test_id("act-assign").click()
    page.locator("#chon-department").select_option(OTHER_WARD)
    page.locator("#ly-do-chuyen").fill("Báo nêu, cần trả lời")
    page.locator("#chuyen button").click()
    expect(page.locator("#dien-bien")).to_contain_text("Báo nêu, cần trả lời")
    page.goto(f"/muc/{number}")
    expect(page.locator("#lam-gi")).to_contain_text("UBND phường Cái Khế")
    page.get_by_test_id("act-undo").click()
    expect(page.get_by_test_id("chip-state").first).to_have_text("Chỉ theo dõi")
    assert visitors.complaints == []
