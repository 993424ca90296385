"""What everybody may read: a person lets it out, everybody finds it, a person takes it back."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from test_journeys import ANSWER, word
from walking import WIDTHS, fits, give, lamp, on_both, on_desk, step, told_by_form, undone

if TYPE_CHECKING:
    from conftest import Visitors

pytestmark = pytest.mark.browser


@on_both
def test_what_is_published_is_found_read_with_its_answer_and_gone_once_taken_back(
    visitors: "Visitors", width: str
) -> None:
    marker = word()
    _, number = told_by_form(visitors, lamp(f"{marker}, gọi 0530000004"), public="1")
    give(visitors, number, accepted=True)
    page = visitors.staff("dieuphoi", **WIDTHS[width])
    page.goto(f"/muc/{number}")
    expect(page.get_by_test_id("public-preview")).to_contain_text(marker)
    expect(page.get_by_test_id("public-preview")).not_to_contain_text("0530000004")
    page.get_by_test_id("act-publish").click()
    undone(page, "công khai")
    page.get_by_test_id("act-publish").click()
    expect(page.get_by_test_id("public-since")).to_be_visible()
    fits(page)
    step(visitors, "canbo", number, "tra-loi", text=ANSWER)

    reader = visitors.citizen(**WIDTHS[width])
    reader.goto("/cong-khai")
    reader.get_by_test_id("filter-q").fill(marker)
    reader.get_by_test_id("filter-trang-thai").select_option(index=0)
    reader.get_by_role("button", name="Lọc").click()
    expect(reader.get_by_test_id("count-results")).to_have_text("1 phản ánh")
    fits(reader)
    reader.get_by_test_id("pub-card").get_by_role("link").first.click()
    expect(reader.get_by_test_id("pub-text")).to_contain_text(marker)
    expect(reader.get_by_test_id("pub-answer")).to_contain_text("thay bóng")
    assert "0530000004" not in reader.content()
    fits(reader)

    page.reload()
    page.get_by_test_id("act-unpublish").click()
    page.locator("#ly-do-thoi").fill("Người gửi đổi ý")
    fits(page)
    page.get_by_test_id("act-unpublish-send").click()
    expect(page.get_by_test_id("public-since")).to_have_count(0)
    expect(page.get_by_test_id("timeline-event").last).to_contain_text("Người gửi đổi ý")
    assert visitors.complaints == []
    gone = reader.reload()
    assert gone is not None
    assert gone.status == 404
    reader.goto(f"/cong-khai?q={marker}")
    expect(reader.get_by_test_id("pub-empty")).to_be_visible()


@on_both
def test_what_its_sender_did_not_agree_to_is_never_offered_for_publication(visitors: "Visitors", width: str) -> None:
    _, number = on_desk(visitors, lamp())
    page = visitors.staff("dieuphoi", **WIDTHS[width])
    page.goto(f"/muc/{number}")
    expect(page.get_by_test_id("act-assign")).to_be_visible()
    expect(page.get_by_test_id("act-publish")).to_have_count(0)
    fits(page)
    assert visitors.complaints == []
