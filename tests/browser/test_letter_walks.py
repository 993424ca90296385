"""Letters: from an item to a preview, a number, both files and a void; several matters in one letter."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect
from test_journeys import word
from walking import WIDTHS, fits, lamp, on_both, on_desk

if TYPE_CHECKING:
    from conftest import Visitors

pytestmark = pytest.mark.browser
HEADS = {"pdf": b"%PDF", "docx": b"PK"}


def written(page: Page) -> None:
    page.locator("#addressee").fill("Công ty Điện lực thành phố")
    page.locator("#signer_title").fill("TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH")
    page.locator("#signer_name").fill("Người Ký Thử")


@on_both
def test_a_letter_is_previewed_made_fetched_in_both_forms_and_declared_void(visitors: "Visitors", width: str) -> None:
    _, number = on_desk(visitors, lamp(), accepted=True)
    page = visitors.staff("canbo", **WIDTHS[width])
    page.goto(f"/muc/{number}")
    page.get_by_test_id("act-letter").click()
    page.locator("#addressee").fill("")
    page.get_by_test_id("letter-issue").click()
    expect(page.get_by_test_id("error-summary")).to_be_visible()  # no addressee: said at once, nothing numbered
    fits(page)
    visitors.complaints.clear()  # the refusal itself: 422
    written(page)
    page.get_by_test_id("letter-preview-button").click()
    expect(page.get_by_test_id("letter-preview").locator("img").first).to_be_visible()
    expect(page.locator("#signer_name")).to_have_value("Người Ký Thử")
    fits(page)
    page.get_by_test_id("letter-issue").click()
    expect(page.get_by_test_id("page-letter")).to_contain_text("Công ty Điện lực thành phố")
    fits(page)
    for form, head in HEADS.items():
        with page.expect_download() as download:
            page.get_by_test_id(f"letter-{form}").click()
        assert download.value.path().read_bytes().startswith(head)
    sign = page.locator("h1").inner_text()
    page.locator("#reason").fill("sai nơi nhận")
    page.get_by_test_id("letter-void-button").click()
    expect(page.get_by_test_id("letter-void")).to_contain_text("sai nơi nhận")
    page.goto("/van-ban")
    row = page.get_by_test_id("letter-row").first
    expect(row).to_contain_text("đã huỷ")
    expect(row).to_contain_text(sign.rsplit(" ", 1)[1])
    fits(page)
    page.goto(f"/muc/{number}")
    expect(page.get_by_test_id("letter-panel")).to_contain_text("đã huỷ")
    assert visitors.complaints == []


def test_ticked_matters_of_a_desk_go_into_one_letter(visitors: "Visitors") -> None:
    marker = word()
    numbers = [on_desk(visitors, lamp(f"{marker} trụ {place}"))[1] for place in (1, 2)]
    page = visitors.staff("canbo")
    page.goto(f"/ban-lam-viec?q={marker}")
    page.get_by_label("Chọn tất cả").check()
    page.get_by_test_id("bulk-van-ban").click()
    for number in numbers:
        expect(page.locator(".col-side")).to_contain_text(number)
    written(page)
    page.get_by_test_id("letter-issue").click()
    expect(page.locator(".col-side")).to_contain_text("2 mục nêu trong văn bản")
    for number in numbers:
        expect(page.locator(".col-side")).to_contain_text(number)
    assert visitors.complaints == []
