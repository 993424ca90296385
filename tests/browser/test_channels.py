"""A receiver breaks and is repaired, as an administrator lives through it on the page of channels."""

import re
from typing import TYPE_CHECKING

import httpx
import pytest
from inbox import webhook_inbox
from playwright.sync_api import expect

if TYPE_CHECKING:
    from conftest import Visitors

pytestmark = pytest.mark.browser

WARD = "UBX-31120"
TEXT = "Đèn đường hẻm 51 phường Cái Khế tắt ba hôm nay, tối om"


def test_a_broken_receiver_leaves_a_dead_letter_that_one_button_sends_again(visitors: "Visitors") -> None:
    page = visitors.staff("quantri")
    with webhook_inbox() as inbox:
        page.goto("/quan-tri/kenh-gui/noi-nhan/moi")
        page.get_by_label("Tên nơi nhận").fill("Phần mềm một cửa thử")
        page.get_by_label("Địa chỉ nhận", exact=True).fill(inbox.url)
        page.get_by_label("Việc của đơn vị").select_option(WARD)
        page.get_by_test_id("act-save").click()
        inbox.secret = page.get_by_test_id("secret").inner_text()
        page.get_by_test_id("act-test").click()
        expect(page.get_by_test_id("notice")).to_contain_text("đã tới")
        inbox.got.clear()
        inbox.asked.clear()

        inbox.mood = lambda: "410"
        sent = httpx.post(f"{visitors.url}/api/v1/reports", json={"text": TEXT}).json()
        assert sent["department"] == WARD
        page.goto("/quan-tri/kenh-gui")
        letter = page.get_by_test_id("dead-letter").filter(has_text=sent["number"])
        for _ in range(40):
            if letter.count():
                break
            page.wait_for_timeout(500)
            page.reload()
        expect(letter).to_contain_text("Phần mềm một cửa thử")
        letter.get_by_text("Xem nội dung").click()
        expect(letter.locator("pre")).to_contain_text("matter.assigned")
        expect(page.get_by_test_id("receiver-row").filter(has_text="thử")).to_contain_text("đã tắt")

        inbox.mood = lambda: "ok"
        page.get_by_role("link", name="Phần mềm một cửa thử").click()
        page.get_by_test_id("act-pause").click()  # runs again
        page.get_by_role("link", name=re.compile("Kênh gửi")).last.click()
        page.get_by_test_id("act-retry-group").click()
        expect(page.get_by_test_id("notice")).to_contain_text("1 thư về hàng chờ")
        waiting = page.locator('[data-channel="webhook"] td').nth(2)
        expect(waiting).to_have_text(re.compile(r"0$"), timeout=30_000)  # the figures renew themselves
        assert list(inbox.got) == inbox.asked[:1]
        assert inbox.forged == 0
    assert visitors.complaints == []
