"""A change of the rules, as people make it: draft, dry run, a second person, and a new report on the new desk."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from test_journeys import report, word

if TYPE_CHECKING:
    from conftest import Visitors

pytestmark = pytest.mark.browser
PAGE = "/dieu-phoi/quy-tac"


def test_a_change_of_the_rules_is_tried_put_in_force_by_a_second_person_and_decides(visitors: "Visitors") -> None:
    marker = word()
    text = f"Đèn đường trong khu {marker} phường Ninh Kiều tắt ba đêm nay, tối om"
    _, before = report(visitors, text)
    author = visitors.staff("dieuphoi")
    author.goto("/dieu-phoi")
    author.get_by_test_id("to-rules").click()
    author.get_by_test_id("rule-draft").click()
    for name, words, desk in (("Khu thử", marker, "SVHTTDL"), ("Khác", f"{marker} abc", "SXD")):
        author.get_by_test_id("rule-add").click()
        author.get_by_test_id("rule-name").fill(name)
        author.get_by_test_id("rule-words").fill(words)
        author.locator("#department").select_option(desk)
        expect(author.get_by_test_id("rule-sentence")).to_contain_text(f"Khi bài có chữ “{words}” → chuyển")
        author.get_by_test_id("rule-save").click()
    expect(author.get_by_test_id("rule-fault").first).to_contain_text("không bao giờ dùng tới")
    author.get_by_test_id("rule-len").nth(1).press("Enter")  # by keyboard: the exception goes before the rule
    expect(author.get_by_test_id("rule-row").first).to_contain_text("Khác")
    expect(author.get_by_test_id("rule-fault")).to_have_count(0)
    author.get_by_test_id("rule-dryrun").click()
    expect(author.get_by_test_id("dryrun-matrix")).to_contain_text("Sở Văn hóa")
    expect(author.get_by_test_id("dryrun-change").first).to_contain_text(before)
    author.goto(f"{PAGE}?ban=nhap")
    expect(author.get_by_test_id("rule-second")).to_be_visible()
    expect(author.get_by_test_id("rule-activate")).to_have_count(0)

    second = visitors.staff("quantri")
    second.goto(f"{PAGE}?ban=nhap")
    second.get_by_test_id("rule-activate").click()
    expect(second.get_by_test_id("rule-version").first).to_contain_text("đang áp dụng")

    _, number = report(visitors, text.replace("ba đêm", "bốn đêm"))
    author.goto(f"/muc/{number}")
    expect(author.get_by_test_id("why-here")).to_contain_text("theo quy tắc “Khu thử”")
    expect(author.get_by_test_id("why-here")).to_contain_text("Sở Văn hóa")
    author.locator("#vi-sao summary").click()
    expect(author.get_by_test_id("rule-trace")).to_contain_text("Khác: bài không có chữ cần")

    phone = visitors.staff("dieuphoi", viewport={"width": 390, "height": 844})
    phone.goto(PAGE)
    expect(phone.get_by_test_id("rule-draft")).to_be_hidden()  # on a phone one reads and goes back
    phone.get_by_test_id("rule-rollback-owners").click()
    expect(phone.get_by_test_id("state-empty")).to_be_visible()
    _, after = report(visitors, text.replace("ba đêm", "năm đêm"))
    author.goto(f"/muc/{after}")
    expect(author.get_by_test_id("why-here")).not_to_contain_text("theo quy tắc")
    assert visitors.complaints == []
