"""When things go wrong at the desk: two at once, a session that ends, a search that finds nothing."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from test_journeys import ANSWER, word
from walking import WIDTHS, fits, lamp, on_both, on_desk, step, told

if TYPE_CHECKING:
    from conftest import Visitors

pytestmark = pytest.mark.browser


@on_both
def test_of_two_who_act_at_once_the_second_is_told_who_was_first_and_keeps_every_word(
    visitors: "Visitors", width: str
) -> None:
    _, number = on_desk(visitors, lamp())
    page = visitors.staff("canbo", **WIDTHS[width])
    page.goto(f"/muc/{number}")
    page.get_by_test_id("answer-text").fill(ANSWER)
    step(visitors, "dieuphoi", number, "tiep-nhan")  # meanwhile
    page.get_by_test_id("act-answer").click()
    panel = page.get_by_test_id("conflict-panel")
    expect(panel).to_contain_text("Điều phối mẫu vừa thay đổi mục này lúc")
    expect(page.get_by_test_id("answer-text")).to_have_value(ANSWER)
    expect(page.get_by_test_id("chip-state").first).to_have_text("Đang xử lý")
    fits(page)
    assert [complaint[:3] for complaint in visitors.complaints] == ["409"]
    visitors.complaints.clear()

    step(visitors, "dieuphoi", number, "tra-loi", text="Điều phối đã trả lời thay: đèn đã sáng từ tối qua, có ảnh.")
    page.get_by_test_id("act-answer").click()
    expect(panel).to_be_visible()
    expect(page.get_by_test_id("conflict-typed")).to_contain_text("tổ điện đã thay bóng")  # no field left: it is shown
    expect(page.locator("#tra-loi")).to_contain_text("Điều phối đã trả lời thay")
    fits(page)
    visitors.complaints.clear()
    page.goto(f"/muc/{number}")
    expect(panel).to_have_count(0)
    assert visitors.complaints == []


@on_both
def test_a_session_that_ends_while_one_answers_costs_a_password_and_no_word(visitors: "Visitors", width: str) -> None:
    code, number = on_desk(visitors, lamp(), accepted=True)
    page = visitors.citizen(**WIDTHS[width])
    visitors.sign_in(page, "canbo")
    page.goto(f"/muc/{number}")
    page.get_by_test_id("answer-text").press_sequentially(ANSWER)
    page.context.clear_cookies()
    page.get_by_test_id("act-answer").click()
    expect(page.get_by_test_id("page-error")).to_contain_text("Chữ bạn viết còn nguyên")
    fits(page)
    assert [complaint[:3] for complaint in visitors.complaints] == ["401"]
    visitors.complaints.clear()
    page.get_by_role("link", name="Đăng nhập lại").click()
    page.get_by_test_id("signin-name").fill("canbo")
    page.get_by_test_id("signin-password").fill(visitors.password)
    page.get_by_test_id("signin-send").click()
    expect(page.get_by_test_id("answer-text")).to_have_value(ANSWER)
    page.get_by_test_id("act-answer").click()
    expect(page.get_by_test_id("undo-bar")).to_contain_text("trả lời")
    citizen = visitors.citizen(**WIDTHS[width])
    citizen.goto(f"/tra-cuu/{code}")
    expect(citizen.get_by_test_id("track-answer")).to_contain_text("thay bóng")
    assert visitors.complaints == []


@on_both
def test_each_filter_of_the_stream_narrows_says_so_and_comes_off_again(visitors: "Visitors", width: str) -> None:
    marker = word()
    _, number = told(visitors, lamp(marker))
    page = visitors.staff("baochi", **WIDTHS[width])
    page.goto("/dong-tin")
    if width == "phone":
        page.get_by_role("button", name="Lọc").first.click()
    page.get_by_test_id("filter-q").fill(marker)
    expect(page.get_by_test_id("count-results")).to_have_text("1 mục")
    page.get_by_test_id("filter-ky").select_option("24h")
    page.get_by_test_id("filter-kenh").select_option("api")
    page.wait_for_url("**kenh=api**")
    expect(page.get_by_test_id("item-row")).to_have_attribute("data-item", number)
    page.get_by_test_id("filter-muc-khan").select_option("khan")
    page.wait_for_url("**muc-khan=khan**")
    expect(page.get_by_test_id("state-filtered")).to_be_visible()
    fits(page)
    page.locator(".active-filters a", has_text="Mức khẩn").click()
    expect(page.get_by_test_id("item-row")).to_have_attribute("data-item", number)
    address = page.url
    fits(page)
    page.get_by_test_id("item-row").locator("a.words").click()
    expect(page.get_by_test_id("item-text")).to_contain_text(marker)
    page.go_back()
    assert page.url == address  # the address is the state
    expect(page.get_by_test_id("item-row")).to_have_count(1)
    page.locator(".active-filters").get_by_text("Bỏ hết lọc").click()
    page.wait_for_url("**/dong-tin")
    assert visitors.complaints == []


@on_both
def test_a_code_of_nobody_and_a_number_of_nobody_say_what_to_do(visitors: "Visitors", width: str) -> None:
    page = visitors.citizen(**WIDTHS[width])
    page.goto("/tra-cuu")
    page.get_by_test_id("track-code").fill("0000000000")
    page.get_by_role("button", name="Xem").click()
    expect(page.get_by_test_id("track-not-found")).to_contain_text("Mã có 10 ký tự")
    fits(page)
    officer = visitors.staff("canbo", **WIDTHS[width])
    officer.goto("/muc/PA-2026-999999")
    expect(officer.get_by_test_id("page-error")).to_be_visible()
    fits(officer)
    assert [complaint[:3] for complaint in visitors.complaints] == ["404", "404"]
