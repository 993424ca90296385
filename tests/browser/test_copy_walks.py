"""One matter told many times: twelve become one and one answer reaches all; what is not the same stays two."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from test_journeys import ANSWER, word
from walking import WIDTHS, fits, lamp, on_both, on_desk, step, told, undone

if TYPE_CHECKING:
    from conftest import Visitors

pytestmark = pytest.mark.browser
CULVERT = "Cống hộp đường Mậu Thân bị sập nắp, xe máy vướng bánh, {marker}, người báo thứ {place}"
DONE = "Sáng nay đội thoát nước đã thay nắp cống hộp bằng nắp gang, có ảnh nghiệm thu."


@on_both
def test_twelve_reports_of_one_culvert_become_one_matter_and_one_answer_reaches_all(
    visitors: "Visitors", width: str
) -> None:
    marker = word()
    first, *rest = (told(visitors, CULVERT.format(marker=marker, place=place)) for place in range(1, 13))
    step(visitors, "dieuphoi", first[1], "chuyen", department="UBX-31135")
    page = visitors.staff("dieuphoi", **WIDTHS[width])
    for _, number in rest[:9]:  # as the page's form sends it
        step(visitors, "dieuphoi", number, "gop", into=first[1])
    for _, number in rest[9:]:
        page.goto(f"/muc/{number}")
        page.get_by_test_id("act-merge-other").click()
        page.locator("#so-muc-kia").fill(first[1])
        page.get_by_test_id("act-merge-other-send").click()
        expect(page.get_by_test_id("merged-into")).to_contain_text(first[1])
        fits(page)
    page.goto(f"/muc/{first[1]}")
    expect(page.get_by_test_id("merged-item")).to_have_count(11)
    fits(page)
    officer = visitors.staff("canbo", **WIDTHS[width])
    officer.goto(f"/ban-lam-viec?q={marker}")
    expect(officer.get_by_test_id("item-row")).to_have_count(1)
    officer.goto(f"/muc/{first[1]}")
    officer.get_by_test_id("answer-text").fill(DONE)
    officer.get_by_test_id("act-answer").click()
    expect(officer.get_by_test_id("undo-bar")).to_contain_text("trả lời")
    citizen = visitors.citizen(**WIDTHS[width])
    for code, _ in (first, rest[0], rest[10]):
        citizen.goto(f"/tra-cuu/{code}")
        expect(citizen.get_by_test_id("track-answer")).to_contain_text("nắp gang")
        expect(citizen.get_by_test_id("track-merged")).to_have_count(0 if code == first[0] else 1)
    fits(citizen)
    for code, _ in rest:  # every single one of them
        assert "nắp gang" in citizen.request.get(f"/tra-cuu/{code}").text()
    assert visitors.complaints == []


@on_both
def test_what_is_not_the_same_is_never_offered_again_until_one_takes_it_back(visitors: "Visitors", width: str) -> None:
    marker = word()
    _, other = on_desk(visitors, lamp(f"{marker} đầu hẻm"))
    _, number = on_desk(visitors, lamp(f"{marker} cuối hẻm"))
    page = visitors.staff("canbo", **WIDTHS[width])
    page.goto(f"/muc/{number}")
    pair = page.get_by_test_id("dup-compare").filter(has_text=other)
    expect(pair).to_be_visible()
    fits(page)
    pair.get_by_test_id("act-not-same").click()
    expect(page.get_by_test_id("undo-bar")).to_contain_text(f"không trùng với {other}")
    expect(pair).to_have_count(0)
    undone(page, "không trùng")
    expect(pair).to_be_visible()
    pair.get_by_test_id("act-merge").click()
    expect(page.get_by_test_id("undo-bar")).to_contain_text(f"gộp vào {other}")
    page.get_by_test_id("act-undo").click()
    page.goto(f"/muc/{number}")
    expect(page.get_by_test_id("merged-into")).to_have_count(0)
    expect(page.get_by_test_id("answer-text")).to_be_visible()
    assert visitors.complaints == []


def test_what_was_split_off_wrongly_is_one_again(visitors: "Visitors") -> None:
    marker = word()
    _, other = on_desk(visitors, lamp(f"{marker} đầu hẻm"))
    code, number = on_desk(visitors, lamp(f"{marker} cuối hẻm"))
    step(visitors, "canbo", number, "gop", into=other)
    page = visitors.staff("canbo")
    page.goto(f"/muc/{other}")
    page.get_by_test_id("act-split").click()
    undone(page, f"tách khỏi {other}")
    page.goto(f"/muc/{other}")
    expect(page.get_by_test_id("merged-item")).to_contain_text(number)
    page.get_by_test_id("answer-text").fill(ANSWER)
    page.get_by_test_id("act-answer").click()
    citizen = visitors.citizen()
    citizen.goto(f"/tra-cuu/{code}")
    expect(citizen.get_by_test_id("track-answer")).to_contain_text("thay bóng")
    assert visitors.complaints == []
