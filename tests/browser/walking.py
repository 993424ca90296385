"""Steps that journeys share: what stands before the walk is set up without a page, the walk itself is made on one."""

import re
from typing import TYPE_CHECKING, Any

import httpx
import psycopg
import pytest
from playwright.sync_api import Page, expect
from test_journeys import NINH_KIEU, word

from listener.store.embedded import start_embedded

if TYPE_CHECKING:
    from conftest import Visitors

WIDTHS: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1440, "height": 900}, "has_touch": False},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
}
on_both = pytest.mark.parametrize("width", WIDTHS)
OTHER_WARD = "UBX-31120"


def lamp(more: str = "") -> str:
    """A broken lamp that no other test speaks of."""
    return f"Đèn đường trước chợ tắt ba đêm nay, tối om, {more or word()}"


def told(visitors: "Visitors", text: str, **more: Any) -> tuple[str, str]:
    """A report sent by a program; its tracking code and its number."""
    answer = httpx.post(
        f"{visitors.url}/api/v1/reports", json={"text": text, "place": "phường Ninh Kiều", **more}, timeout=60
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["code"], answer.json()["number"]


def told_by_form(visitors: "Visitors", text: str, **more: str) -> tuple[str, str]:
    """A report by the citizens' form, which alone may allow publication."""
    with httpx.Client(base_url=visitors.url, timeout=60) as client:
        sent = client.post("/gui-phan-anh", data={"text": text, "place": "phường Ninh Kiều", **more})
        code = sent.headers["location"].rsplit("/", 1)[1]
        return code, client.get(f"/api/v1/reports/{code}").json()["number"]


def step(visitors: "Visitors", login: str, number: str, name: str, **fields: str) -> None:
    """A step with an item as its page's form sends it."""
    if login not in visitors.sessions:
        visitors.staff(login).context.close()
    cookies = {one["name"]: one["value"] for one in visitors.sessions[login]["cookies"]}
    with httpx.Client(base_url=visitors.url, cookies=cookies, timeout=60) as client:
        page = client.get(f"/muc/{number}").text
        sealed = {key: re.findall(f'name="{key}" value="([^"]+)"', page)[0] for key in ("csrf", "version")}
        referer = {"referer": f"{visitors.url}/muc/{number}"}
        answer = client.post(f"/muc/{number}/{name}", data={**sealed, **fields}, headers=referer)
    assert answer.status_code == 303, answer.text


def on_desk(visitors: "Visitors", text: str, *, accepted: bool = False, **more: Any) -> tuple[str, str]:
    """A report on the sample officer's desk."""
    code, number = told(visitors, text, **more)
    give(visitors, number, accepted=accepted)
    return code, number


def give(visitors: "Visitors", number: str, department: str = NINH_KIEU, *, accepted: bool = False) -> None:
    """The dispatcher puts a matter on a desk, whose officer may take it up."""
    step(visitors, "dieuphoi", number, "chuyen", department=department)
    if accepted:
        step(visitors, "canbo", number, "tiep-nhan")


def change(service: Any, statement: str, *values: Any) -> None:
    """Change a row of the service's database, where only time itself could have."""
    with psycopg.connect(start_embedded(service.data_dir)) as connection:
        assert connection.execute(statement, values).rowcount == 1


def fits(page: Page) -> None:
    """Nothing scrolls sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{wide} px too wide: {page.url}"


def undone(page: Page, words: str) -> None:
    """The undo bar says what was done, and its button takes it back."""
    bar = page.get_by_test_id("undo-bar")
    expect(bar).to_contain_text(words)
    fits(page)
    bar.get_by_test_id("act-undo").click()
    expect(page.get_by_test_id("timeline-event").last).to_contain_text("Hoàn tác")
