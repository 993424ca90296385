"""An officer's day: several at once, the next one, keys, a partner, a question nobody answers, time refused."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from test_journeys import ANSWER, row_of, word
from walking import OTHER_WARD, WIDTHS, fits, give, lamp, on_both, on_desk, step, told, undone

if TYPE_CHECKING:
    from conftest import Visitors

pytestmark = pytest.mark.browser


@on_both
def test_three_are_accepted_at_once_and_the_one_already_taken_is_named(visitors: "Visitors", width: str) -> None:
    marker = word()
    alone, *numbers = (on_desk(visitors, lamp(f"{marker} trụ {place}"))[1] for place in (13, 14, 15, 16))
    page = visitors.staff("canbo", **WIDTHS[width])
    page.goto(f"/ban-lam-viec?q={marker}")
    row_of(page, alone).get_by_test_id("act-accept").click()
    expect(page.get_by_test_id("undo-bar")).to_contain_text(alone)  # stays, and is in nobody's way
    for number in numbers:
        page.locator(f"input[value='{number}']").check()
    expect(page.get_by_test_id("bulk-bar")).to_contain_text("3")
    fits(page)
    step(visitors, "dieuphoi", numbers[2], "tiep-nhan")  # meanwhile
    page.get_by_test_id("bulk-tiep-nhan").click()
    result = page.get_by_test_id("bulk-result")
    expect(result).to_contain_text("2 xong, 1 bỏ qua")
    expect(result.get_by_role("link", name=numbers[2])).to_be_visible()
    expect(row_of(page, numbers[0])).to_have_count(0)
    fits(page)
    page.goto(f"/ban-lam-viec?tab=dang-lam&q={marker}")
    expect(page.get_by_test_id("item-row")).to_have_count(4)
    assert visitors.complaints == []


@on_both
def test_the_next_thing_is_what_is_due_first_and_after_an_answer_one_is_back_at_the_desk(
    visitors: "Visitors", width: str
) -> None:
    on_desk(visitors, lamp())
    page = visitors.staff("canbo", **WIDTHS[width])
    page.goto("/ban-lam-viec")
    page.get_by_test_id("next-item").click()
    number = page.url.rsplit("/", 1)[1].split("?")[0]
    fits(page)
    page.get_by_test_id("answer-text").fill(ANSWER)
    page.get_by_test_id("act-answer").click()
    expect(page.get_by_test_id("page-inbox")).to_be_visible()
    expect(page.get_by_test_id("undo-bar")).to_contain_text(number)
    expect(page.get_by_test_id("next-item")).not_to_have_attribute("href", f"/muc/{number}")
    page.get_by_test_id("act-undo").click()
    expect(page.get_by_test_id("undo-bar")).to_have_count(0)
    assert visitors.complaints == []


def test_the_desk_is_worked_with_the_keyboard_alone(visitors: "Visitors") -> None:
    marker = word()
    for place in (1, 2):
        on_desk(visitors, lamp(f"{marker} trụ {place}"))
    page = visitors.staff("canbo")
    page.goto("/ban-lam-viec")
    page.keyboard.press("/")
    page.keyboard.type(marker)
    rows = page.get_by_test_id("item-row")
    expect(rows).to_have_count(2)
    page.locator("#q").blur()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    first = rows.first
    expect(first).to_contain_class("cursor")
    number = first.get_attribute("data-item") or ""
    page.keyboard.press("x")
    expect(page.locator(f"input[value='{number}']")).to_be_checked()
    page.keyboard.press("x")
    page.keyboard.press("a")
    expect(row_of(page, number)).to_contain_text("đã tiếp nhận")
    page.keyboard.press("u")
    expect(row_of(page, number)).to_contain_text("Tiếp nhận")
    page.keyboard.press("Shift+Slash")
    expect(page.get_by_role("dialog")).to_contain_text("phím tắt")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("page-item")).to_be_visible()
    page.keyboard.press("r")
    expect(page.locator("#tra-lai")).to_have_attribute("open", "")
    page.keyboard.press("e")
    expect(page.get_by_test_id("answer-text")).to_be_focused()
    assert visitors.complaints == []


@on_both
def test_a_partner_is_invited_says_what_it_knows_and_is_let_go(visitors: "Visitors", width: str) -> None:
    _, number = told(visitors, lamp())
    give(visitors, number, OTHER_WARD)
    dispatcher = visitors.staff("dieuphoi", **WIDTHS[width])
    dispatcher.goto(f"/muc/{number}")
    dispatcher.get_by_test_id("act-coordinate").click()
    dispatcher.locator("#chon-don-vi-phoi-hop").select_option("UBX-31135")
    dispatcher.get_by_test_id("act-coordinate-send").click()
    expect(dispatcher.locator("#lam-gi")).to_contain_text("Phối hợp: ")
    expect(dispatcher.locator("#thoi-phoi-hop")).to_contain_text("Thôi, UBND phường Ninh Kiều")

    partner = visitors.staff("canbo", **WIDTHS[width])
    partner.goto("/ban-lam-viec?tab=phoi-hop")
    row_of(partner, number).get_by_role("link", name="Góp ý").click()
    expect(partner.get_by_test_id("answer-text")).to_have_count(0)  # the answer is the other desk's
    partner.get_by_test_id("act-contribute").click()
    partner.locator("#loi-gop-y").fill("Tủ điện chung nằm ở hẻm 9, khoá số 4")
    fits(partner)
    partner.get_by_test_id("act-contribute-send").click()
    expect(partner.get_by_test_id("timeline-event").last).to_contain_text("Tủ điện chung nằm ở hẻm 9")

    dispatcher.reload()
    expect(dispatcher.get_by_test_id("timeline-event").last).to_contain_text("góp ý")
    dispatcher.get_by_test_id("act-uncoordinate").click()
    dispatcher.get_by_role("button", name="Thôi, UBND phường Ninh Kiều").click()
    expect(dispatcher.get_by_test_id("undo-bar")).to_contain_text("thôi phối hợp với UBND phường Ninh Kiều")
    expect(dispatcher.locator("#thoi-phoi-hop")).not_to_contain_text("Thôi, UBND phường Ninh Kiều")
    fits(dispatcher)
    assert visitors.complaints == []
    answer = partner.goto(f"/muc/{number}")
    assert answer is not None
    assert answer.status == 403


@on_both
def test_a_question_without_an_answer_does_not_stop_the_work_for_ever(visitors: "Visitors", width: str) -> None:
    code, number = on_desk(visitors, lamp(), accepted=True)
    page = visitors.staff("canbo", **WIDTHS[width])
    page.goto(f"/muc/{number}")
    page.get_by_test_id("act-ask").click()
    page.locator("#cau-hoi").fill("Trụ đèn số mấy?")
    page.get_by_test_id("act-ask-send").click()
    expect(page.get_by_test_id("asked-question")).to_contain_text("đồng hồ chạy tiếp lúc")
    citizen = visitors.citizen(**WIDTHS[width])
    citizen.goto(f"/tra-cuu/{code}")
    expect(citizen.get_by_test_id("track-ask")).to_contain_text("Trụ đèn số mấy?")
    fits(citizen)
    page.get_by_test_id("act-resume").click()
    expect(page.get_by_test_id("asked-question")).to_have_count(0)
    expect(page.get_by_test_id("chip-due").first).to_contain_text("còn")
    fits(page)
    citizen.reload()
    expect(citizen.get_by_test_id("track-ask")).to_have_count(0)
    expect(citizen.get_by_test_id("track-due")).to_be_visible()
    assert visitors.complaints == []


@on_both
def test_more_time_is_asked_for_and_refused_with_a_reason(visitors: "Visitors", width: str) -> None:
    _, number = on_desk(visitors, lamp(), accepted=True)
    page = visitors.staff("canbo", **WIDTHS[width])
    page.goto(f"/muc/{number}")
    due = page.get_by_test_id("chip-due").first.get_attribute("datetime")
    page.get_by_test_id("act-ask-extension").click()
    page.locator("#gio").fill("30")
    page.locator("#ly-do-gia-han").fill("chờ vật tư")
    fits(page)
    page.get_by_test_id("act-ask-extension-send").click()
    expect(page.get_by_test_id("extension-asked")).to_contain_text("30 giờ làm việc")

    dispatcher = visitors.staff("dieuphoi", **WIDTHS[width])
    dispatcher.goto(f"/dieu-phoi?hang=gia-han&muc={number}")
    dispatcher.get_by_text("Không duyệt", exact=True).first.click()
    dispatcher.locator("#ly-do-gia-han").fill("Vật tư có sẵn trong kho")
    fits(dispatcher)
    dispatcher.get_by_test_id("act-refuse-extension").click()
    expect(dispatcher.get_by_test_id("undo-bar")).to_contain_text("không duyệt gia hạn")

    page.reload()
    expect(page.get_by_test_id("extension-asked")).to_have_count(0)
    expect(page.get_by_test_id("timeline-event").last).to_contain_text("Vật tư có sẵn trong kho")
    assert page.get_by_test_id("chip-due").first.get_attribute("datetime") == due
    assert visitors.complaints == []


def test_every_step_of_an_officer_is_taken_back_on_the_same_page(visitors: "Visitors") -> None:
    _, number = on_desk(visitors, lamp())
    page = visitors.staff("canbo")
    page.goto(f"/muc/{number}")
    page.get_by_test_id("act-accept").click()
    undone(page, "tiếp nhận")
    expect(page.get_by_test_id("act-accept")).to_be_visible()
    page.get_by_test_id("act-accept").click()
    expect(page.get_by_test_id("act-accept")).to_have_count(0)
    for opens, fields, told_as in (
        ("act-ask", {"#cau-hoi": "Trụ số mấy?"}, "hỏi người gửi"),
        ("act-ask-extension", {"#gio": "8", "#ly-do-gia-han": "chờ vật tư"}, "xin gia hạn 8 giờ"),
    ):
        page.get_by_test_id(opens).click()
        for field, value in fields.items():
            page.locator(field).fill(value)
        page.get_by_test_id(f"{opens}-send").click()
        undone(page, told_as)
    page.get_by_test_id("act-coordinate").click()
    page.locator("#chon-don-vi-phoi-hop").select_option(OTHER_WARD)
    page.get_by_test_id("act-coordinate-send").click()
    undone(page, "mời phối hợp")
    expect(page.locator("#thoi-phoi-hop")).not_to_contain_text("UBND phường Cái Khế")
    step(visitors, "canbo", number, "tra-loi", text=ANSWER)
    page.reload()
    page.get_by_test_id("act-close").click()
    expect(page.get_by_test_id("undo-bar")).to_contain_text("đóng")
    page.get_by_test_id("act-undo").click()
    page.goto(f"/muc/{number}")
    expect(page.get_by_test_id("act-close")).to_be_visible()
    page.get_by_test_id("act-reopen").click()
    page.locator("#ly-do-mo").fill("Đèn lại tắt")
    page.get_by_test_id("act-reopen-send").click()
    undone(page, "mở lại")
    expect(page.get_by_test_id("chip-state").first).to_have_text("Đã trả lời")
    assert visitors.complaints == []
