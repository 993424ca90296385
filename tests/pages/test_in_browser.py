"""Every template in a real browser: no console error, no sideways scrolling, WCAG AA in both themes, live scripts."""

import shutil
from collections.abc import Iterator
from threading import Thread

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, sync_playwright
from preview import serve
from samples import SAMPLES

from listener.web.pages.rendering import STATIC, WEB

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))), None)
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
EVERY_RULE = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
LOOKS = ["color-contrast", "target-size", "scrollable-region-focusable"]  # what theme and width can change
FRAGMENTS = {"report-preview", "report-calm", "row-answer", "rule-sentence"}
PAGES = [name for name in SAMPLES if name not in FRAGMENTS]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.skipif(not (STATIC / "manifest.json").exists(), reason="npm run build has not run"),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = serve()
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


class Opened:
    """A page and what its console complained of."""

    def __init__(self, browser: Browser, width: int = 1440, theme: str = "light", **more: object) -> None:
        size = {"width": width, "height": 900}
        self.page: Page = browser.new_page(viewport=size, color_scheme=theme, **more)  # type: ignore[arg-type]
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)


def too_wide(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": 900})
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def faults(page: Page, name: str, rules: list[str]) -> list[str]:
    """What axe says against a page, once it was told to it."""
    asked = {"runOnly": rules, "resultTypes": ["violations"]}
    return [
        f"{name}: {rule['id']}: {node['html'][:120]} {node['failureSummary'][:160]}"
        for rule in page.evaluate("rules => axe.run(rules)", asked)["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.skipif(not AXE.exists(), reason="npm ci has not run")
def test_every_page_opens_without_an_error_fits_any_width_and_axe_finds_nothing(browser: Browser, address: str) -> None:
    opened = Opened(browser)
    axe, found = AXE.read_text(encoding="utf-8"), []
    for name in PAGES:
        opened.page.set_viewport_size({"width": 1440, "height": 900})
        opened.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        opened.page.goto(address + name)
        opened.page.evaluate(axe)
        found += faults(opened.page, name, EVERY_RULE)
        found += [
            f"{name}: {width} px: scrolls sideways" for width in (1440, 1200, 1024, 320) if too_wide(opened.page, width)
        ]
        opened.page.set_viewport_size({"width": 390, "height": 844})
        opened.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found += faults(opened.page, name, LOOKS)
        found += [f"{name}: {complaint}" for complaint in opened.complaints]
        opened.complaints.clear()
    opened.page.close()
    assert found == [], "\n".join(found)


@pytest.mark.slow
@pytest.mark.skipif(not AXE.exists(), reason="npm ci has not run")
@pytest.mark.parametrize(("width", "theme"), [(1440, "dark"), (390, "light")])
def test_axe_finds_nothing_the_other_way_round(browser: Browser, address: str, width: int, theme: str) -> None:
    opened = Opened(browser, width, theme)
    found = []
    for name in PAGES:
        opened.page.goto(address + name)
        opened.page.evaluate(AXE.read_text(encoding="utf-8"))
        found += faults(opened.page, name, EVERY_RULE)
    opened.page.close()
    assert found == [], "\n".join(found)


def test_the_report_goes_step_by_step_and_back(browser: Browser, address: str) -> None:
    page = Opened(browser, 390).page
    page.goto(address + "report")
    page.get_by_test_id("report-next-place").click()
    assert page.locator("#loi").is_visible()
    page.get_by_test_id("report-text").fill("Cay do de nguoi, dut day dien")
    assert page.locator("#khan-cap").is_visible()
    page.get_by_test_id("report-next-place").click()
    assert page.get_by_test_id("report-place-name").is_visible()
    page.go_back()
    assert page.get_by_test_id("report-text").input_value() == "Cay do de nguoi, dut day dien"
    page.close()


def test_the_map_moves_its_pin_by_buttons(browser: Browser, address: str) -> None:
    opened = Opened(browser, 390)
    page = opened.page
    page.goto(address + "report")
    page.get_by_test_id("report-text").fill("Den hu")
    page.get_by_test_id("report-next-place").click()
    page.get_by_test_id("report-map").click()
    page.locator(".leaflet-container").wait_for()
    page.get_by_test_id("report-pin-left").click()
    page.locator("#noi-da-chon", has_text="ghim").wait_for()
    assert float(page.locator("[name=lng]").input_value()) < 105.7469
    assert opened.complaints == []
    page.close()


def test_what_was_typed_is_offered_again(browser: Browser, address: str) -> None:
    page = Opened(browser, 390).page
    page.goto(address + "report")
    page.get_by_test_id("report-text").fill("Rac dong chan cau")
    page.get_by_text("Đã lưu trên máy").wait_for()
    page.reload()
    page.get_by_role("button", name="Viết tiếp").click()
    assert page.get_by_test_id("report-text").input_value() == "Rac dong chan cau"
    page.close()


def test_without_a_network_the_report_waits_on_the_phone(browser: Browser, address: str) -> None:
    page = Opened(browser, 390).page
    page.goto(address + "report")
    page.get_by_test_id("report-text").fill("Ngap nuoc")
    page.get_by_test_id("report-next-place").click()
    page.get_by_test_id("report-next-review").click()
    page.context.set_offline(True)
    page.get_by_test_id("report-send").click()
    page.get_by_test_id("report-waiting").wait_for()
    kept = page.evaluate(
        "new Promise(r => { indexedDB.open('phan-anh').onsuccess = e => { const q = e.target.result"
        ".transaction('reports').objectStore('reports').getAll(); q.onsuccess = () => r(q.result) } })"
    )
    assert [report["state"] for report in kept] == ["waiting"]
    page.close()


def test_without_scripts_all_three_parts_of_the_form_stand_open(browser: Browser, address: str) -> None:
    page = Opened(browser, 390, java_script_enabled=False).page
    page.goto(address + "report")
    for field in ("report-text", "report-photo", "report-place-name", "report-send"):
        assert page.get_by_test_id(field).is_visible(), field
    assert not page.get_by_test_id("report-locate").is_visible()
    page.close()


def test_one_question_is_lit_at_a_time(browser: Browser, address: str) -> None:
    page = Opened(browser).page
    page.goto(address + "item")
    mark = page.locator("mark[data-q=urgency]").first
    plain = mark.evaluate("e => getComputedStyle(e).backgroundColor")
    page.get_by_role("button", name="Mức khẩn").click()
    assert mark.evaluate("e => getComputedStyle(e).backgroundColor") != plain
    assert page.locator("[data-evidence=topic]").is_hidden()
    page.close()


def test_keys_move_choose_and_stay_quiet_while_one_types(browser: Browser, address: str) -> None:
    page = Opened(browser).page
    page.goto(address + "inbox")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("input[name=ids]").first.is_checked()
    assert page.get_by_test_id("bulk-bar").is_visible()
    page.locator("#q").fill("")
    page.locator("#q").press("x")
    assert page.locator("input[name=ids]:checked").count() == 1
    page.locator("h1").click()
    page.keyboard.press("Shift+Slash")
    assert page.locator("#phim-tat").is_visible()
    page.close()


def test_the_due_dates_arithmetic_opens_on_request(browser: Browser, address: str) -> None:
    page = Opened(browser).page
    page.goto(address + "item")
    assert page.locator("#cach-tinh").is_hidden()
    page.get_by_test_id("due-clock").click()
    assert page.locator("#cach-tinh").is_visible()
    page.close()


def test_typing_in_the_search_asks_once_and_swaps_only_the_list(browser: Browser, address: str) -> None:
    opened = Opened(browser)
    page = opened.page
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url.removeprefix(address))
        assert route.request.headers["hx-request-type"] == "partial"
        route.fulfill(status=200, body="<p id=moi>Kết quả mới</p>", content_type="text/html")

    page.route("**/ban-lam-viec?*", answer)
    page.goto(address + "inbox")
    page.locator("#q").press_sequentially("den", delay=30)
    page.locator("#ket-qua #moi").wait_for()
    assert asked == ["ban-lam-viec?q=den&linh-vuc=&muc-khan="]
    assert page.locator("#q").evaluate("e => e === document.activeElement")
    page.get_by_test_id("filter-muc-khan").select_option("khan")
    page.wait_for_url("**muc-khan=khan")
    assert opened.complaints == []
    page.close()


def test_when_the_network_fails_a_bar_says_so_and_the_page_stays(browser: Browser, address: str) -> None:
    page = Opened(browser).page
    page.goto(address + "inbox")
    page.route("**/ban-lam-viec?*", lambda route: route.fulfill(status=503, body="<h1>Bad gateway</h1>"))
    page.get_by_test_id("filter-muc-khan").select_option("khan")
    page.locator("#mang", has_text="Máy chủ đang bận").wait_for()
    assert page.get_by_test_id("item-row").count() == 4
    page.close()
