"""Every page of every role, on a desk and on a phone: it opens, its console is silent, nothing scrolls sideways."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from conftest import Visitors

pytestmark = pytest.mark.browser

DESKS = "?tab=tiep-nhan ?tab=dang-lam ?tab=da-tra-loi ?tab=da-xong".split()
QUEUES = "?hang=chua-chac ?hang=tra-lai ?hang=qua-han /quy-tac".split()
STREAM = ["/dong-tin", "/dong-tin?q=den+duong&sac-thai=negative&ky=30n"]
CHANNELS = "/noi-nhan/moi /mau /mau/sender.received.mail /mau/department.assign.zalo".split()
OUTGOING = ["/quan-tri/kenh-gui", *(f"/quan-tri/kenh-gui{page}" for page in CHANNELS)]
ADMIN = ["/nguon", "/nguon?tinh-trang=paused", "/dieu-phoi", "/tong-quan", "/bao-cao", "/tai-khoan"]
PAGES = {
    "quantri": [
        *(f"/quan-tri/kenh-gui{page}" for page in CHANNELS),
        "/nhat-ky",
        "/nhat-ky?viec=read",
        "/yeu-cau-du-lieu",
        "/nguon",
        "/nguon?tinh-trang=paused",
        "/dieu-phoi",
        *STREAM,
        "/tong-quan",
        "/bao-cao",
        "/tai-khoan",
    ],
    "dieuphoi": [
        *(f"/dieu-phoi{queue}" for queue in QUEUES),
        "/dieu-phoi/quy-tac",
        *STREAM,
        "/tong-quan",
        "/bao-cao",
        "/tai-khoan",
    ],
    "canbo": [*(f"/ban-lam-viec{tab}" for tab in DESKS), "/ban-lam-viec?q=khongcogi", "/tong-quan", "/tai-khoan"],
    "baochi": [*STREAM, "/tong-quan", "/bao-cao", "/nguon", "/tai-khoan"],
    "lanhdao": ["/tong-quan", *STREAM, "/bao-cao", "/tai-khoan"],
    "phantich": [*STREAM, "/tong-quan", "/nguon", "/bao-cao", "/tai-khoan"],
    "phongrieng": ["/phong-rieng", "/yeu-cau-du-lieu", "/tai-khoan"],
}
# The first link of a list leads to a page whose address the sample items decide.
LEADS = {"dieuphoi": "/dong-tin", "canbo": "/ban-lam-viec?tab=dang-lam", "baochi": "/bao-cao", "lanhdao": "/dong-tin"}
CITIZEN = [
    "/",
    "/gui-phan-anh",
    "/tra-cuu",
    "/du-lieu-ca-nhan",
    "/huong-dan",
    "/dang-nhap",
    "/cong-khai",
    "/cong-khai?q=khongcogi",
]
WIDTHS = {"desk": {"viewport": {"width": 1440, "height": 900}}, "phone": {"viewport": {"width": 390, "height": 844}}}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("login", PAGES)
def test_every_page_of_a_role_opens(
    visitors: "Visitors", sideways: Callable[[Page], int], login: str, width: str
) -> None:
    page = visitors.staff(login, **WIDTHS[width])
    addresses = list(PAGES[login])
    if login in LEADS:
        page.goto(LEADS[login])
        addresses.append(page.locator("a.words").first.get_attribute("href") or "")
    look_at(visitors, page, addresses, sideways)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_of_a_citizen_opens(visitors: "Visitors", sideways: Callable[[Page], int], width: str) -> None:
    look_at(visitors, visitors.citizen(**WIDTHS[width]), CITIZEN, sideways)


def look_at(visitors: "Visitors", page: Page, addresses: list[str], sideways: Callable[[Page], int]) -> None:
    wrong: dict[str, Any] = {}
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        found = [f"status {answer.status}"] if answer.status != 200 else []
        if wide := max(sideways(page), 0):
            found.append(f"{wide} px too wide")
        if found or visitors.complaints:
            wrong[address] = [*found, *visitors.complaints]
        visitors.complaints.clear()
    assert wrong == {}


@pytest.mark.parametrize(
    ("login", "address", "status"),
    [
        ("dieuphoi", "/phong-rieng", 404),  # its existence is a secret
        ("quantri", "/phong-rieng", 404),
        ("baochi", "/ban-lam-viec", 403),
        ("canbo", "/dieu-phoi", 403),
        ("dieuphoi", "/quan-tri/kenh-gui", 403),
        ("phongrieng", "/dong-tin", 403),
        ("canbo", "/muc/PA-2026-999999", 404),
    ],
)
def test_pages_of_other_roles_stay_shut_and_say_so(visitors: "Visitors", login: str, address: str, status: int) -> None:
    page = visitors.staff(login)
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == status
    expect(page.get_by_test_id("page-error")).to_be_visible()
    page.get_by_role("link", name="Về trang đầu").click()
    expect(page.get_by_test_id("page-home")).to_be_visible()


def test_without_a_session_one_signs_in_and_lands_where_one_wanted(visitors: "Visitors") -> None:
    page = visitors.citizen(viewport={"width": 1440, "height": 900})
    page.goto("/dong-tin?q=den+duong&ky=30n")
    expect(page.get_by_test_id("page-sign-in")).to_be_visible()
    page.get_by_test_id("signin-name").fill("baochi")
    page.get_by_test_id("signin-password").fill("không phải mật khẩu này")
    page.get_by_test_id("signin-send").click()
    expect(page.get_by_test_id("signin-error")).to_contain_text("chưa đúng")
    page.get_by_test_id("signin-password").fill(visitors.password)
    page.get_by_test_id("signin-send").click()
    page.wait_for_url("**/dong-tin?q=den+duong&ky=30n")
    page.get_by_test_id("me").click()
    page.get_by_test_id("sign-out").click()
    expect(page.get_by_test_id("page-sign-in")).to_be_visible()
    page.goto("/dong-tin")
    expect(page.get_by_test_id("page-sign-in")).to_be_visible()
