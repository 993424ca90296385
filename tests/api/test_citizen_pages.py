"""What a citizen meets: the public list, one matter, what is near, joining it, and what is asked of who sends much."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from fastapi.testclient import TestClient
from make import NOON, make_assignment, make_item
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from listener.accounts import service as accounts
from listener.catalog import service as catalog_service
from listener.route import desk_service, public_service
from listener.route.workflow import Actor
from listener.settings import settings
from listener.store import copies
from listener.store import tables as t
from listener.web import deps, limits, proof

LAMP = "Đèn đường hẻm 51 phường Cái Khế tắt ba hôm nay, tối om"
HERE = {"lat": "10.0545", "lng": "105.77956"}
FAR = {"X-Forwarded-For": "203.0.113.7"}  # not the machine itself, so that limits hold


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    limits._sent.clear()
    yield
    limits._sent.clear()


@pytest.fixture
def noon(client: TestClient) -> None:
    client.app.dependency_overrides[deps.clock] = lambda: NOON  # type: ignore[attr-defined]


@pytest.fixture
def easy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proofs that a test finds at once."""
    monkeypatch.setattr(settings(), "proof_bits", 4)


def published(session: Session, text: str = LAMP, **values: Any) -> t.Item:
    values = {"may_publish": True, "state": "accepted", "public_at": NOON, "unit_code": "31120", **values}
    item = make_item(session, text, **values)
    item.public_text = public_service.public_text(item) if item.public_at else None
    make_assignment(session, item, "UBX-31120")
    return item


def newest(session: Session) -> t.Item:
    return session.scalars(select(t.Item).order_by(t.Item.id.desc()).limit(1)).one()


def reports(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(t.Item)) or 0


def send(client: TestClient, headers: dict[str, str] | None = None, **fields: str) -> Any:
    data = {"text": LAMP, **HERE, **fields}
    return client.post("/gui-phan-anh", data=data, headers=headers or {}, follow_redirects=False)


def solve(client: TestClient) -> str:
    challenge = client.get("/gui-phan-anh/thach-do", headers=FAR).text
    bits = int(challenge.split(".")[2])
    return next(one for one in (f"{challenge}.{n}" for n in count()) if proof.zeros(one) >= bits)


# ── what is public ──


def test_the_list_shows_what_was_published_and_nothing_else(client: TestClient, session: Session, noon: None) -> None:
    shown = published(session, "Đèn hẻm 51 tắt, gọi 0530000001", masks=[{"start": 20, "end": 30, "type": "phone"}])
    hidden = published(session, "Chuyện chưa ai duyệt", public_at=None)
    secret = published(session, "Chuyện kín", restricted=True)
    page = client.get("/cong-khai").text
    assert "Đèn hẻm 51 tắt, gọi ███" in page
    assert f"/cong-khai/{shown.public_id}" in page
    for words in ("0530000001", "Chuyện chưa ai duyệt", "Chuyện kín", shown.number, hidden.public_id, secret.public_id):
        assert words not in page
    for item in (hidden, secret):
        answer = client.get(f"/cong-khai/{item.public_id}")
        assert (answer.status_code, answer.text) == (404, client.get("/cong-khai/0123456789ABCDEF").text)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=den+hem", True),
        ("q=khong-co-gi", False),
        ("linh-vuc=ha-tang-ky-thuat&trang-thai=dang-xu-ly", True),
        ("trang-thai=da-xong", False),
        ("don-vi=UBX-31120&dia-ban=31120", True),
        ("dia-ban=31135", False),
        ("linh-vuc=%27%22%3E&trang=-4", False),
        ("trang=999", False),
    ],
)
def test_filters_find_and_an_empty_list_says_what_to_do(
    client: TestClient, session: Session, noon: None, query: str, found: bool
) -> None:
    item = published(session, "Đèn hẻm 51 tắt")
    answer = client.get(f"/cong-khai?{query}")
    assert answer.status_code == 200
    assert (item.public_id in answer.text) == found
    assert ('data-testid="pub-empty"' in answer.text) == (not found)


def test_pages_hold_twenty_and_walk_through_all(client: TestClient, session: Session, noon: None) -> None:
    made = {published(session, at=NOON - timedelta(minutes=n)).public_id for n in range(23)}
    pages = [client.get(f"/cong-khai?trang={n}").text for n in (1, 2)]
    seen = [{one for one in made if f'data-item="{one}"' in page} for page in pages]
    assert ([len(one) for one in seen], seen[0] | seen[1]) == ([20, 3], made)


def test_one_matter_tells_its_way_without_names_or_reasons(client: TestClient, session: Session, noon: None) -> None:
    item = published(session, state="assigned", place_text="hẻm 51, gọi 0538111222")
    catalog = catalog_service.current(session)

    def act(actor: Actor, name: str, **given: Any) -> None:
        desk_service.act(session, item, name, actor=actor, catalog=catalog, now=NOON, **given)

    officer = Actor("Trần Thị Cán Bộ", "officer", None, "UBX-31120")
    act(officer, "accept")
    act(officer, "answer", text="Đã thay bóng chiều nay, ông Trần Văn Thử số 0538 114 207 xác nhận.")
    act(Actor("Người gửi", "citizen"), "reopen", reason="Nhà tôi số 7 vẫn tối")
    page = client.get(f"/cong-khai/{item.public_id}").text
    for words in ("tiếp nhận", "trả lời", "Mở lại để làm tiếp"):
        assert words in page
    assert "Đã thay bóng" not in page  # reopened: there is no answer in force
    act(officer, "answer", text="Đã thay cả dây, ông Trần Văn Thử số 0538 114 207 xác nhận.")
    page = client.get(f"/cong-khai/{item.public_id}").text
    assert "Đã thay cả dây" in page
    for words in ("Cán Bộ", "Nhà tôi", "0538", "Trần Văn Thử", item.number):
        assert words not in page


def test_points_of_private_places_are_drawn_coarsely(client: TestClient, session: Session, noon: None) -> None:
    published(session, topic="karaoke-loa-keo", lat=10.0545678, lng=105.7795612)
    page = client.get("/cong-khai").text
    assert '"lat": 10.05,' in page
    assert "10.05456" not in page


# ── near, and joining ──


def test_before_sending_one_sees_what_is_near(client: TestClient, session: Session, noon: None) -> None:
    near = published(session, lat=10.0547, lng=105.77956)
    away = published(session, lat=10.0645, lng=105.77956)
    answer = client.post("/gui-phan-anh/doc-thu", data={"text": "Den duong tat ba hom nay, toi om", **HERE})
    assert near.public_id in answer.text
    assert "cách khoảng 20 m" in answer.text
    assert away.public_id not in answer.text


def test_without_scripts_the_form_comes_back_as_typed_with_what_is_near(
    client: TestClient, session: Session, noon: None
) -> None:
    near = published(session, place_text="hẻm 51")
    before = reports(session)
    typed = {"text": "Đèn đường tắt ba hôm", "place": "Hẻm 51, phường Cái Khế", "phone": "0530000009", "key": "k-9"}
    page = client.post("/gui-phan-anh/gan-day", data=typed).text
    assert f'name="join" value="{near.public_id}"' in page
    assert "Vẫn gửi báo cáo mới" in page
    assert all(words in page for words in typed.values())
    assert reports(session) == before
    nothing = client.post("/gui-phan-anh/gan-day", data={**typed, "place": "phường Tân An"}).text
    assert "Chưa thấy phản ánh công khai nào gần đó" in nothing
    assert client.post("/gui-phan-anh/gan-day", data={"text": " "}).status_code == 422


def test_a_text_that_reads_like_a_denunciation_is_shown_nothing_near(client: TestClient, session: Session) -> None:
    published(session, lat=10.0545, lng=105.77956)
    text = "Tôi tố cáo ông cán bộ địa chính nhận 20 triệu mới chịu làm sổ ở hẻm 51 phường Cái Khế, tôi có ghi âm"
    assert "report-lookalike" not in client.post("/gui-phan-anh/doc-thu", data={"text": text, **HERE}).text


def test_who_also_meets_it_follows_it_with_a_code_of_their_own(client: TestClient, session: Session) -> None:
    root = published(session)
    sent = send(client, join=root.public_id, key="cung-1")
    again = send(client, join=root.public_id, key="cung-1")
    assert sent.headers["location"] == again.headers["location"]
    item = newest(session)
    assert (item.merged_into, item.state) == (root.id, "merged")
    assert [one.id for one in copies.repeats(session, root)] == [item.id]
    receipt = client.get(sent.headers["location"]).text
    assert "receipt-joined" in receipt
    track = client.get(sent.headers["location"].replace("da-gui", "tra-cuu")).text
    assert "track-merged" in track
    assert "1 người cũng gặp" in client.get(f"/cong-khai/{root.public_id}").text


def test_on_the_public_page_one_tap_joins_without_the_words_of_another(client: TestClient, session: Session) -> None:
    root = published(session, place_text="hẻm 51")
    page = client.get(f"/cong-khai/{root.public_id}").text
    assert "cung-gap" in page
    answer = client.post(f"/cong-khai/{root.public_id}/cung-gap", data={"key": "tap-1"}, follow_redirects=False)
    assert answer.status_code == 303
    item = newest(session)
    assert item.merged_into == root.id
    assert root.text not in item.text


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Rác ba hôm nay không ai gom, hôi thối", {}),  # of another field
        ("Dây điện đứt rơi xuống đường, có người bị điện giật nguy kịch", {}),  # urgent
        (LAMP, {"state": "answered"}),  # it is done
        (LAMP, {"public_at": None}),  # nobody published it
    ],
)
def test_what_does_not_fit_stays_a_matter_of_its_own(
    client: TestClient, session: Session, text: str, values: dict[str, Any]
) -> None:
    root = published(session, **values)
    assert send(client, text=text, join=root.public_id).status_code == 303
    item = newest(session)
    assert item.id != root.id
    assert (item.merged_into, item.state in ("assigned", "triage")) == (None, True)


# ── what is asked of who sends much ──


def test_without_a_proof_the_stricter_limit_holds_and_nothing_typed_is_lost(
    client: TestClient, session: Session
) -> None:
    for n in range(settings().report_limit_unproven):
        assert send(client, FAR, key=f"u-{n}").status_code == 303
    over = send(client, FAR, key="u-over")
    assert (over.status_code, over.headers["retry-after"]) == (429, "600")
    assert LAMP in over.text
    assert "Thử lại sau" in over.text
    assert send(client, FAR, key="u-0").status_code == 303  # the same report once more is no new one


def test_with_proofs_one_sends_up_to_the_wider_limit(client: TestClient, session: Session, easy: None) -> None:
    most = settings().report_limit_unproven + 1
    assert [send(client, FAR, key=f"p-{n}", proof=solve(client)).status_code for n in range(most)] == [303] * most


def forged(client: TestClient) -> str:
    return solve(client).replace("1.", "2.", 1)


def too_easy(client: TestClient) -> str:
    challenge = client.get("/gui-phan-anh/thach-do", headers=FAR).text
    bits = int(challenge.split(".")[2])
    return next(one for one in (f"{challenge}.{n}" for n in count()) if proof.zeros(one) < bits)


def expired(client: TestClient) -> str:
    at = NOON - timedelta(days=300)
    challenge = proof.issue(settings().secret(), nonce="cu", bits=1, now=at)
    return next(one for one in (f"{challenge}.{n}" for n in count()) if proof.zeros(one) >= 1)


@pytest.mark.parametrize("make", [forged, too_easy, expired])
def test_a_bad_proof_is_no_proof(
    client: TestClient, session: Session, easy: None, make: Callable[[TestClient], str]
) -> None:
    for n in range(settings().report_limit_unproven):
        assert send(client, FAR, key=f"b-{n}", proof=make(client)).status_code == 303
    assert send(client, FAR, key="b-over", proof=make(client)).status_code == 429


def test_a_proof_serves_one_report_and_that_one_as_often_as_it_is_sent(
    client: TestClient, session: Session, easy: None
) -> None:
    once = solve(client)
    assert limits.proven(session, once, key="r-1", now=deps.clock())
    assert limits.proven(session, once, key="r-1", now=deps.clock())
    assert not limits.proven(session, once, key="r-2", now=deps.clock())
    for n in range(settings().report_limit_unproven):
        send(client, FAR, key=f"r-{n + 3}", proof=once)
    assert send(client, FAR, key="r-over", proof=once).status_code == 429


def test_challenges_get_harder_for_who_asks_for_many(client: TestClient, easy: None) -> None:
    bits = [int(client.get("/gui-phan-anh/thach-do", headers=FAR).text.split(".")[2]) for _ in range(6)]
    assert bits == [4, 4, 5, 5, 6, 6]


def test_a_system_with_a_key_sends_freely_and_one_without_meets_the_stricter_limit(
    client: TestClient, session: Session
) -> None:
    key = accounts.make_token(session, name="Ứng dụng thử", department=None)
    with_key = {**FAR, "Authorization": f"Bearer {key}"}
    form = {"service_code": "den-duong-hong", "lat": "10.0545", "long": "105.77956", "description": LAMP}
    for _ in range(settings().report_limit_per_hour + 1):
        keyed = client.post("/open311/v2/requests.json", data=form, headers=with_key)
    rest = [client.post("/api/v1/reports", json={"text": LAMP}, headers=with_key) for _ in range(7)]
    assert (keyed.status_code, {answer.status_code for answer in rest}) == (200, {201})
    bare = [client.post("/api/v1/reports", json={"text": LAMP}, headers=FAR).status_code for _ in range(6)]
    assert bare == [201] * settings().report_limit_unproven + [429]


def test_who_fills_the_field_that_nobody_sees_is_turned_away(client: TestClient, session: Session) -> None:
    root, before = published(session), reports(session)
    assert send(client, website="http://127.0.0.1").status_code == 422
    trap = client.post(f"/cong-khai/{root.public_id}/cung-gap", data={"website": "x"})
    assert (trap.status_code, reports(session)) == (422, before)
