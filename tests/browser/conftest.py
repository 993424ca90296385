"""Visitors of the running service: citizens on a phone, staff by role, and what their consoles complained of."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, StorageState, sync_playwright

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))), None)
ROOT = "document.documentElement"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESK = {"viewport": {"width": 1440, "height": 900}}
CITY = {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@dataclass
class Visitors:
    """Opens pages for people; a role signs in once and keeps its session."""

    browser: Browser
    url: str
    password: str
    complaints: list[str] = field(default_factory=list)
    open: list[BrowserContext] = field(default_factory=list)
    sessions: dict[str, StorageState] = field(default_factory=dict)

    def citizen(self, **options: Any) -> Page:
        """A citizen on a phone, without an account."""
        return self._page(**{**PHONE, **options})

    def staff(self, login: str, **options: Any) -> Page:
        """A member of staff at a desk, signed in."""
        if login not in self.sessions:
            page = self._page()
            self.sign_in(page, login)
            self.sessions[login] = page.context.storage_state()
            page.context.close()
        return self._page(**{**DESK, **options, "storage_state": self.sessions[login]})

    def sign_in(self, page: Page, login: str) -> None:
        page.goto("/dang-nhap")
        page.get_by_test_id("signin-name").fill(login)
        page.get_by_test_id("signin-password").fill(self.password)
        page.get_by_test_id("signin-send").click()
        page.get_by_test_id("me").wait_for()

    def _page(self, **options: Any) -> Page:
        context = self.browser.new_context(base_url=self.url, **{**CITY, **options})
        context.set_default_timeout(30_000)
        self.open.append(context)
        page = context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("response", self._response)
        return page

    def _console(self, message: ConsoleMessage) -> None:
        # What the network refused is said by _response, with its address.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")


@pytest.fixture(scope="module")
def signed_in() -> dict[str, StorageState]:
    return {}


@pytest.fixture
def visitors(
    browser: Browser, signed_in: dict[str, StorageState], request: pytest.FixtureRequest
) -> Iterator[Visitors]:
    service = request.getfixturevalue("service")  # only once a browser is there: without one nothing need start
    found = Visitors(browser, service.url, service.password, sessions=signed_in)
    yield found
    for context in found.open:
        context.close()


@pytest.fixture
def sideways() -> Callable[[Page], int]:
    """How far a page scrolls sideways, in pixels."""
    return lambda page: int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )
