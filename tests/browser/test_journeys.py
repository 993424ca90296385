"""The ways of a matter, as people walk them: a citizen with a phone, an officer, a dispatcher, a named handler."""

import io
import re
import secrets
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from conftest import Visitors

pytestmark = pytest.mark.browser

NINH_KIEU = "UBX-31135"  # the desk of the sample officer
# True once nothing is left in the phone's store of reports.
LEFT = (
    "indexedDB.open('phan-anh').onsuccess = e => { const q = e.target.result.transaction('reports')"
    ".objectStore('reports').count(); q.onsuccess = () => r(q.result === 0) }"
)
ANSWER = "Sáng nay tổ điện đã thay bóng và dây ở trụ đèn, đèn sáng lại từ 18 giờ; có ảnh nghiệm thu."

expect.set_options(timeout=20_000)  # a shared machine may be slow; waits end as soon as the page is there


def photo_with_position() -> dict[str, Any]:
    """A photo as a phone's camera writes it: large, and with the place in its Exif."""
    image, data = Image.new("RGB", (2400, 1800), (40, 60, 90)), io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (10.0, 2.0, 1.0)  # GPSInfo, latitude
    exif[0x0110] = "Máy ảnh thử"
    image.save(data, "JPEG", exif=exif)
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def word() -> str:
    """A word that stands in no other text, so that a search finds one matter or none."""
    return "lx" + secrets.token_hex(4).translate(str.maketrans("0123456789", "ghijkmnpqr"))


def report(visitors: "Visitors", text: str, place: str = "phường Ninh Kiều") -> tuple[str, str]:
    """Send a report as programs do; its tracking code and its number."""
    answer = visitors.citizen().request.post("/api/v1/reports", data={"text": text, "place": place})
    assert answer.status == 201
    said = answer.json()
    return said["code"], said["number"]


def put_on_desk(visitors: "Visitors", number: str, department: str = NINH_KIEU) -> None:
    """The dispatcher hands the matter to a desk, wherever the machine has put it."""
    page = visitors.staff("dieuphoi")
    page.goto(f"/muc/{number}")
    page.get_by_test_id("act-assign").click()
    page.locator("#chon-department").select_option(department)
    page.locator("#chuyen button").click()
    expect(page.get_by_test_id("undo-bar")).to_contain_text("chuyển")


def row_of(page: Page, number: str) -> Any:
    return page.locator(f"tr[data-item='{number}']")


def test_a_citizen_reports_in_a_minute_and_it_lands_on_a_desk_or_with_the_dispatcher(visitors: "Visitors") -> None:
    here = {"latitude": 10.0336, "longitude": 105.7769}
    page = visitors.citizen(geolocation=here, permissions=["geolocation"])
    page.goto("/")
    page.get_by_test_id("home-report").click()
    page.get_by_test_id("report-text").fill("Den duong hem 51 tat 3 hom nay, toi om, ba con di lai so te")
    page.get_by_test_id("report-photo").set_input_files(photo_with_position())
    expect(page.locator("#anh-da-chon img")).to_have_count(1)
    page.get_by_test_id("report-next-place").click()
    page.get_by_test_id("report-locate").click()
    expect(page.locator("#noi-da-chon")).to_contain_text("sai số")
    page.get_by_test_id("report-next-review").click()
    expect(page.locator("#doc-thu")).to_contain_text("Đèn đường")
    page.get_by_test_id("report-send").click()
    code = page.get_by_test_id("report-code").inner_text()
    expect(page.get_by_test_id("page-receipt")).to_contain_text("Đèn đường")
    page.get_by_role("link", name="Theo dõi phản ánh").click()
    expect(page.get_by_test_id("track-step").first).to_contain_text("Đã nhận")
    assert visitors.complaints == []

    number = page.request.get(f"/api/v1/reports/{code}").json()["number"]
    desk = visitors.staff("dieuphoi")
    desk.goto(f"/muc/{number}")
    expect(desk.get_by_test_id("item-text")).to_contain_text("Den duong hem 51")
    expect(desk.get_by_test_id("reading-topic")).to_contain_text("Đèn đường")
    expect(desk.get_by_test_id("reading-area")).to_contain_text("Ninh Kiều")
    expect(desk.get_by_test_id("chip-state").first).to_have_text(re.compile("Cần tiếp nhận|Chờ điều phối"))
    address = desk.locator(".photo-list a").get_attribute("href") or ""
    kept = Image.open(io.BytesIO(desk.request.get(address).body()))
    assert max(kept.size) <= 1600
    assert dict(kept.getexif()) == {}


def test_a_report_without_a_network_is_kept_and_sent_once(visitors: "Visitors") -> None:
    marker = word()
    page = visitors.citizen()
    page.goto("/gui-phan-anh")
    page.get_by_test_id("report-text").fill(f"Ngap nuoc truoc cho, {marker}")
    page.get_by_test_id("report-next-place").click()
    page.get_by_test_id("report-next-review").click()
    page.context.set_offline(True)
    page.get_by_test_id("report-send").click()
    expect(page.get_by_test_id("report-waiting")).to_be_visible()
    page.context.set_offline(False)
    page.goto("/")  # it is said on every page until one has seen the code
    expect(page.locator("#da-tu-gui")).to_be_visible()
    page.locator("#da-tu-gui a").click()
    expect(page.get_by_test_id("report-code")).to_be_visible()
    page.wait_for_function(f"new Promise(r => {{ {LEFT} }})")
    page.goto("/gui-phan-anh")
    expect(page.get_by_test_id("report-text")).to_be_visible()
    expect(page.locator("#da-tu-gui")).to_be_hidden()
    expect(page.get_by_test_id("draft-row")).to_be_hidden()
    stream = visitors.staff("baochi")
    stream.goto(f"/dong-tin?q={marker}")
    expect(stream.get_by_test_id("count-results")).to_have_text("1 mục")


def test_without_scripts_one_reports_tracks_rates_and_an_officer_answers(visitors: "Visitors") -> None:
    citizen = visitors.citizen(java_script_enabled=False)
    citizen.goto("/gui-phan-anh")
    citizen.get_by_test_id("report-text").fill("Đèn đường hẻm 9 đường Mậu Thân tắt ba đêm, tối om")
    citizen.get_by_test_id("report-place-name").fill("hẻm 9 đường Mậu Thân, phường Ninh Kiều")
    citizen.get_by_test_id("report-photo").set_input_files(photo_with_position())
    citizen.get_by_test_id("report-send").click()
    code = citizen.get_by_test_id("report-code").inner_text()
    citizen.goto("/tra-cuu")
    citizen.get_by_test_id("track-code").fill(code.lower().replace("-", " "))
    citizen.get_by_role("button", name="Xem").click()
    expect(citizen.get_by_test_id("track-step").first).to_contain_text("Đã nhận")

    number = citizen.request.get(f"/api/v1/reports/{code}").json()["number"]
    put_on_desk(visitors, number)
    officer = visitors.staff("canbo", java_script_enabled=False)
    officer.goto("/ban-lam-viec")
    row_of(officer, number).get_by_test_id("act-accept").click()
    expect(officer.get_by_test_id("undo-bar")).to_contain_text(number)
    officer.goto(f"/muc/{number}")
    officer.get_by_test_id("answer-text").fill(ANSWER)
    officer.get_by_test_id("act-answer").click()
    expect(officer.get_by_test_id("page-inbox")).to_be_visible()

    citizen.goto(f"/tra-cuu/{code}")
    expect(citizen.get_by_test_id("track-answer")).to_contain_text("thay bóng")
    citizen.get_by_test_id("track-rate-bad").check()
    citizen.locator("#ly-do").fill("Đèn vẫn chập chờn")
    citizen.get_by_role("button", name="Gửi đánh giá").click()
    expect(citizen.get_by_text("Bạn đã đánh giá: Không hài lòng")).to_be_visible()


def test_an_officer_accepts_and_answers_and_the_citizen_rates_and_reopens(visitors: "Visitors") -> None:
    code, number = report(visitors, "Đèn đường trước chợ tắt cả tuần, gọi 0912 345 678 để hỏi thêm")
    put_on_desk(visitors, number)
    officer = visitors.staff("canbo")
    officer.goto("/ban-lam-viec")
    waiting = int(officer.get_by_test_id("count-tiep-nhan").inner_text())
    row_of(officer, number).get_by_test_id("act-accept").click()
    expect(row_of(officer, number)).to_contain_text("đã tiếp nhận")  # the row stays where it was
    expect(officer.get_by_test_id("count-tiep-nhan")).to_have_text(str(waiting - 1))
    officer.keyboard.press("u")
    expect(officer.get_by_test_id("count-tiep-nhan")).to_have_text(str(waiting))

    officer.locator(f"input[value='{number}']").check()
    officer.get_by_test_id("bulk-tiep-nhan").click()
    expect(officer.get_by_test_id("bulk-result")).to_contain_text("1 xong")
    officer.goto(f"/muc/{number}")
    expect(officer.get_by_test_id("item-text")).not_to_contain_text("0912")
    officer.get_by_test_id("answer-text").fill("Xong")
    officer.get_by_test_id("act-answer").click()
    expect(officer.get_by_test_id("error-summary")).to_contain_text("đã làm gì và khi nào")
    expect(officer.get_by_test_id("answer-text")).to_have_value("Xong")
    officer.get_by_test_id("answer-text").fill(ANSWER)
    officer.get_by_test_id("act-answer").click()
    expect(officer.get_by_test_id("undo-bar")).to_contain_text("trả lời")

    citizen = visitors.citizen()
    citizen.goto(f"/tra-cuu/{code}")
    expect(citizen.get_by_test_id("track-answer")).to_contain_text("thay bóng")
    citizen.get_by_label("Chấp nhận được").check()
    citizen.get_by_role("button", name="Gửi đánh giá").click()
    expect(citizen.get_by_text("Bạn đã đánh giá: Chấp nhận được")).to_be_visible()
    citizen.locator("#mo-lai").fill("Đêm qua lại tắt")
    citizen.get_by_test_id("track-reopen").click()
    expect(citizen.locator("[aria-current=step]")).to_have_text(re.compile("Đang xử lý"))
    citizen.get_by_text("Bổ sung thông tin").click()
    citizen.locator("#them").fill("Trụ đèn số 14, gọi 0912345678")
    citizen.get_by_test_id("track-add").click()
    expect(citizen.get_by_test_id("track-added")).to_contain_text("Trụ đèn số 14")

    officer.goto("/ban-lam-viec?tab=dang-lam")
    expect(row_of(officer, number)).to_be_visible()
    officer.goto(f"/muc/{number}")
    expect(officer.get_by_test_id("timeline-event").last).to_contain_text("Trụ đèn số 14")
    expect(officer.get_by_test_id("timeline-event").last).not_to_contain_text("0912345678")


def test_a_matter_on_the_wrong_desk_goes_back_and_on_with_one_key(visitors: "Visitors") -> None:
    code, number = report(visitors, "Đèn đường trên quốc lộ tắt, xe chạy rất nguy hiểm")
    put_on_desk(visitors, number)
    officer = visitors.staff("canbo")
    officer.goto(f"/muc/{number}")
    officer.keyboard.press("r")
    officer.locator("#reason").fill("Tuyến này do Sở Xây dựng quản lý")
    officer.get_by_role("button", name="Trả lại điều phối").click()
    expect(officer.get_by_test_id("undo-bar")).to_contain_text("trả lại")
    expect(row_of(officer, number)).to_have_count(0)

    dispatcher = visitors.staff("dieuphoi")
    dispatcher.goto(f"/dieu-phoi?hang=tra-lai&muc={number}")
    card = dispatcher.get_by_test_id("triage-card")
    expect(card).to_have_attribute("data-item", number)
    expect(card).to_contain_text("Tuyến này do Sở Xây dựng quản lý")
    first = dispatcher.get_by_test_id("guess-1")
    name = first.locator("b").inner_text()
    assert name != "UBND phường Ninh Kiều"  # that desk has just said no
    dispatcher.keyboard.press("1")
    expect(dispatcher.get_by_test_id("undo-bar")).to_contain_text(number)
    assert "hang=tra-lai" in dispatcher.url
    citizen = visitors.citizen()
    citizen.goto(f"/tra-cuu/{code}")
    expect(citizen.get_by_test_id("track-step").nth(1)).to_contain_text(name)

    dispatcher.keyboard.press("u")
    expect(dispatcher.get_by_test_id("triage-card")).to_have_attribute("data-item", number)
    dispatcher.get_by_text("Hỏi thêm").click()
    dispatcher.locator("#hoi").fill("Đoạn nào của quốc lộ?")
    dispatcher.get_by_test_id("act-ask").click()
    citizen.goto(f"/tra-cuu/{code}")
    expect(citizen.get_by_text("Đoạn nào của quốc lộ?")).to_be_visible()
    dispatcher.goto(f"/dieu-phoi?hang=cho-nguoi-gui&muc={number}")
    dispatcher.get_by_text("Không đủ thông tin, rác").click()
    dispatcher.locator("#ly-do-tu-choi").fill("Gửi trùng")
    dispatcher.get_by_test_id("act-refuse").click()
    citizen.goto(f"/tra-cuu/{code}")
    expect(citizen.get_by_test_id("track-refused")).to_contain_text("Gửi trùng")


def test_a_denunciation_shows_nowhere_but_in_the_restricted_room(visitors: "Visitors") -> None:
    marker = word()
    text = f"Tôi tố cáo cán bộ địa chính nhận hối lộ, ép dân đưa tiền mới làm sổ đỏ, mật danh {marker}"
    code, number = report(visitors, text)
    addresses = [
        f"/dong-tin?q={marker}",
        f"/dieu-phoi?q={marker}",
        f"/ban-lam-viec?q={marker}",
        f"/muc/{number}",
        "/phong-rieng",
        f"/api/v1/items?q={marker}",
    ]
    for login in ("dieuphoi", "canbo", "baochi", "lanhdao", "phantich", "quantri"):
        reader = visitors.staff(login).request
        for address in addresses:
            answer = reader.get(address)
            assert number not in answer.text() or "/muc/" in address, (login, address)
            assert marker not in answer.text().replace(f"q={marker}", "").replace(f'value="{marker}"', "").replace(
                f"“{marker}”", ""
            ), (login, address)
            if address.startswith(("/muc/", "/phong-rieng")):
                assert answer.status == 404, (login, address)
    assert marker not in visitors.staff("lanhdao").request.get("/tong-quan").text()
    citizen = visitors.citizen()
    citizen.goto(f"/tra-cuu/{code}")
    expect(citizen.get_by_text("Cơ quan có thẩm quyền đang giữ")).to_be_visible()
    assert marker not in citizen.content()

    handler = visitors.staff("phongrieng")
    handler.goto(f"/muc/{number}")  # no way around the reason
    expect(handler.get_by_test_id("page-restricted")).to_be_visible()
    assert marker not in handler.content()
    row = handler.get_by_test_id("restricted-row").filter(has_text=number)
    row.get_by_test_id("restricted-reason").fill("Được phân công xác minh")
    row.get_by_role("button", name="Mở").click()
    expect(handler.locator(".item-text")).to_contain_text(marker)
    handler.get_by_test_id("act-confirm-kind").click()
    expect(row).to_contain_text("đã xác nhận")
    assert marker not in handler.content()


def test_a_false_suspicion_returns_to_the_flow_and_a_slip_of_the_key_is_undone(visitors: "Visitors") -> None:
    marker = word()
    _, number = report(visitors, f"Đèn đường tắt, {marker}")
    put_on_desk(visitors, number)
    officer = visitors.staff("canbo")
    officer.goto(f"/muc/{number}")
    officer.get_by_test_id("act-restricted").click()
    officer.get_by_role("button", name="Chuyển vào phòng riêng").click()
    expect(officer.get_by_test_id("page-inbox")).to_be_visible()

    handler = visitors.staff("phongrieng")
    handler.goto("/phong-rieng")
    row = handler.get_by_test_id("restricted-row").filter(has_text=number)
    row.get_by_test_id("restricted-reason").fill("Xem có phải tố cáo không")
    row.get_by_role("button", name="Mở").click()
    handler.get_by_text("Không phải, trả về luồng thường").click()
    handler.locator("#ly-do-tra").fill("Chỉ là đèn hỏng")
    handler.get_by_test_id("act-return-flow").click()
    expect(row).to_have_count(0)

    dispatcher = visitors.staff("dieuphoi")
    dispatcher.goto(f"/dieu-phoi?muc={number}")
    expect(dispatcher.get_by_test_id("triage-card")).to_have_attribute("data-item", number)
    dispatcher.keyboard.press("t")
    expect(dispatcher.get_by_test_id("undo-bar")).to_contain_text("phòng riêng")
    dispatcher.keyboard.press("u")
    expect(dispatcher.get_by_test_id("triage-card")).to_have_attribute("data-item", number)


def test_the_stream_is_searched_filtered_paged_and_corrected(visitors: "Visitors") -> None:
    page = visitors.staff("baochi")
    page.goto("/dong-tin")
    page.locator("#q").press_sequentially("den duong", delay=20)
    page.wait_for_url("**/dong-tin?q=den+duong")  # nothing empty in the address
    expect(page.locator("#ket-qua")).to_contain_text("Đèn đường")
    page.get_by_test_id("filter-sac-thai").select_option("negative")
    page.wait_for_url("**/dong-tin?q=den+duong&sac-thai=negative")
    expect(page.locator(".active-filters")).to_contain_text("Sắc thái: Tiêu cực")
    box = page.locator("input[name=ids]").first
    number = box.get_attribute("value") or ""
    box.check()
    page.wait_for_timeout(700)  # leaving the search field must not load the list again under the tick
    expect(box).to_be_checked()
    page.get_by_test_id("bulk-neutral").click()
    expect(page.get_by_test_id("bulk-result")).to_contain_text("1 xong")
    assert "q=den+duong&sac-thai=negative" in page.url
    expect(row_of(page, number)).to_have_count(0)
    page.goto(f"/muc/{number}")
    expect(page.get_by_test_id("reading-sentiment")).to_contain_text("Trung tính")
    expect(page.get_by_test_id("reading-sentiment")).to_contain_text("Báo chí mẫu")
    page.keyboard.press("u")
    expect(page.get_by_test_id("reading-sentiment")).to_contain_text("Tiêu cực")

    page.goto("/dong-tin")
    before = page.get_by_test_id("item-row").first.get_attribute("data-item")
    page.get_by_test_id("pager").click()
    page.wait_for_url("**sau=**")
    expect(page.get_by_test_id("item-row").first).not_to_have_attribute("data-item", before or "")
    assert visitors.complaints == []


def test_an_officer_corrects_what_the_machine_understood(visitors: "Visitors") -> None:
    _, number = report(visitors, "Rác đổ đống đầu hẻm bốc mùi cả tuần nay chưa ai dọn")
    put_on_desk(visitors, number)
    page = visitors.staff("canbo")
    page.goto(f"/muc/{number}")
    topic, area = page.get_by_test_id("reading-topic"), page.get_by_test_id("reading-area")
    topic.get_by_text("Chọn khác").click()
    page.locator("#sua-topic").select_option("den-duong-hong")
    topic.get_by_role("button", name="Lưu").click()
    expect(topic.locator(".value")).to_contain_text("Đèn đường")
    expect(topic).to_contain_text("Cán bộ mẫu")
    expect(topic).to_contain_text("máy:")
    area.get_by_text("Chọn khác").click()
    page.locator("#sua-area").select_option(index=1)
    chosen = page.locator("#sua-area option:checked").inner_text()
    area.get_by_role("button", name="Lưu").click()
    expect(area.locator(".value")).to_have_text(chosen)
    page.get_by_test_id("act-undo").click()
    expect(area.locator(".value")).to_have_text("Phường Ninh Kiều")
    expect(area).to_contain_text("máy đề xuất")


def test_sources_are_pulled_paused_and_set_going_again(visitors: "Visitors") -> None:
    page = visitors.staff("quantri")
    page.goto("/nguon?loai=file")
    row = page.get_by_test_id("source-row").first
    slug = row.get_attribute("data-item")
    row = page.locator(f"#m-{slug}")
    row.get_by_role("button", name="Tạm dừng").click()
    expect(row).to_contain_text("tạm dừng")
    row.get_by_role("button", name="Chạy tiếp").click()
    expect(row).not_to_contain_text("tạm dừng")
    assert visitors.complaints == []
    press = visitors.staff("baochi")
    press.goto("/nguon")
    expect(press.get_by_test_id("act-pull")).to_have_count(0)


def test_the_weekly_report_comes_as_a_page_as_word_and_as_pdf(visitors: "Visitors") -> None:
    page = visitors.staff("baochi")
    page.goto("/bao-cao")
    page.get_by_test_id("briefing-row").nth(1).locator("a.words").click()
    expect(page.get_by_test_id("brief-section").first).to_be_visible()
    for link, head in (("brief-docx", b"PK"), ("brief-pdf", b"%PDF"), ("brief-xlsx", b"PK")):
        answer = page.request.get(page.get_by_test_id(link).get_attribute("href") or "")
        assert answer.ok
        assert answer.body().startswith(head)


def test_account_settings_hold(visitors: "Visitors") -> None:
    page = visitors.staff("phantich")
    page.goto("/tai-khoan")
    page.get_by_label("Gọn, nhiều dòng hơn").check()
    page.get_by_label("Tối").check()
    page.get_by_test_id("account-keys").uncheck()
    page.get_by_test_id("account-save").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("body")).to_have_class("gon no-keys")
    page.locator("#current").fill("không phải")
    page.locator("#new").fill("một câu dài dễ nhớ")
    page.locator("#again").fill("một câu dài dễ nhớ")
    page.get_by_test_id("account-password").click()
    expect(page.get_by_test_id("error-summary")).to_contain_text("chưa đúng")
