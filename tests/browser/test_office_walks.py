"""An administrator's day: receivers and their keys, the texts of messages, the audit."""

import csv
import io
from typing import TYPE_CHECKING

import pytest
from inbox import webhook_inbox
from playwright.sync_api import expect
from test_journeys import word
from walking import WIDTHS, fits, lamp, on_both, on_desk

if TYPE_CHECKING:
    from conftest import Visitors

pytestmark = pytest.mark.browser
TEXTS = {"desk": "sender.received.mail", "phone": "department.assign.zalo"}


@on_both
def test_a_receiver_is_added_paused_and_given_a_new_key(visitors: "Visitors", width: str) -> None:
    name = f"Một cửa {word()}"
    page = visitors.staff("quantri", **WIDTHS[width])
    page.goto("/quan-tri/kenh-gui")
    page.get_by_test_id("act-add-receiver").click()
    page.get_by_label("Tên nơi nhận").fill(name)
    page.get_by_label("Địa chỉ nhận", exact=True).fill("ftp://khong-phai-web")
    page.get_by_test_id("act-save").click()
    expect(page.get_by_test_id("error-summary")).to_be_visible()
    expect(page.get_by_label("Tên nơi nhận")).to_have_value(name)
    visitors.complaints.clear()  # the refusal itself: 422
    with webhook_inbox() as inbox:
        page.get_by_label("Địa chỉ nhận", exact=True).fill(inbox.url)
        page.get_by_label("Việc của đơn vị").select_option("SVHTTDL")
        page.get_by_test_id("act-save").click()
        first = inbox.secret = page.get_by_test_id("secret").inner_text()
        fits(page)
        page.get_by_text("Khoá ký", exact=True).click()
        page.get_by_test_id("act-rotate").click()
        inbox.secret = page.get_by_test_id("secret").inner_text()
        assert inbox.secret != first
        page.get_by_test_id("act-end-old-secret").click()
        expect(page.get_by_test_id("act-end-old-secret")).to_have_count(0)
        page.get_by_test_id("act-test").click()
        expect(page.get_by_test_id("notice")).to_contain_text("đã tới")
        assert (len(inbox.got), inbox.forged) == (1, 0)  # signed with the new key
    page.get_by_test_id("act-pause").click()
    expect(page.get_by_test_id("act-pause")).to_have_text("Chạy tiếp")
    page.goto("/quan-tri/kenh-gui")
    expect(page.get_by_test_id("receiver-row").filter(has_text=name)).to_contain_text("tạm dừng")
    fits(page)
    assert visitors.complaints == []


@on_both
def test_the_text_of_a_message_is_tried_kept_and_given_back(visitors: "Visitors", width: str) -> None:
    page = visitors.staff("quantri", **WIDTHS[width])
    page.goto("/quan-tri/kenh-gui")
    page.get_by_test_id("to-templates").click()
    fits(page)
    address = f"/quan-tri/kenh-gui/mau/{TEXTS[width]}"
    page.locator(f"a[href='{address}']").click()
    body = page.locator("#body")
    first = body.input_value()
    body.fill(f"{first}\n{{{{ khong_co }}}}")
    page.get_by_test_id("act-preview").click()
    expect(page.get_by_test_id("error-summary")).to_contain_text("khong_co")
    visitors.complaints.clear()  # the refusal itself: 422
    marker = word()
    body.fill(f"{first}\n{marker}")
    page.get_by_test_id("act-preview").click()
    expect(page.get_by_test_id("preview")).to_contain_text(marker)
    expect(page.get_by_test_id("preview")).to_contain_text("Chưa lưu")
    fits(page)
    page.get_by_test_id("act-save").click()
    expect(page.get_by_test_id("template-row").filter(has_text="đã sửa").first).to_be_visible()
    page.locator(f"a[href='{address}']").click()
    expect(page.get_by_test_id("preview")).to_contain_text(marker)
    page.get_by_test_id("act-reset").click()
    expect(page.get_by_test_id("preview")).not_to_contain_text(marker)
    assert page.locator("#body").input_value() == first
    assert visitors.complaints == []


@on_both
def test_the_audit_is_filtered_fetched_as_a_file_and_its_chain_walked(visitors: "Visitors", width: str) -> None:
    _, number = on_desk(visitors, lamp(), accepted=True)
    page = visitors.staff("quantri", **WIDTHS[width])
    page.goto("/nhat-ky")
    page.get_by_label("Mục", exact=True).fill(number)
    page.get_by_label("Việc").select_option("route")
    page.get_by_test_id("filter-go").click()
    rows = page.get_by_test_id("audit-row")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Cán bộ mẫu")
    expect(rows.last).to_contain_text("Điều phối mẫu")
    fits(page)
    with page.expect_download() as download:
        page.get_by_test_id("audit-csv").click()
    lines = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    assert [line["muc"] for line in lines] == [number, number]
    assert lines[0]["ma_truoc"] != lines[1]["ma"] or lines[0]["ma_truoc"]
    page.get_by_test_id("act-verify").click()
    expect(page.get_by_test_id("audit-check")).to_contain_text("Chuỗi còn nguyên")
    fits(page)
    page.goto("/nhat-ky?viec=export")
    expect(page.get_by_test_id("audit-row").first).to_contain_text("nhat-ky.csv")  # the fetching itself
    assert visitors.complaints == []
