"""Open311: sending a request, finding it again, and every error on the way."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from georeport_answers import DENUNCIATION, LAMP, V2, read, untyped
from make import NOON, make_assignment, make_item
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from listener.accounts import service as accounts
from listener.catalog import service as catalog_service
from listener.route import desk_service, public_service
from listener.route.workflow import Actor
from listener.sealing import unseal
from listener.settings import settings
from listener.store import tables as t
from listener.web import deps, limits

POINT = {"lat": "10.0545", "long": "105.77956"}
FORM = {"service_code": "den-duong-hong", **POINT, "description": LAMP}
NOWHERE = "0123456789ABCDEF"


@pytest.fixture
def key(session: Session) -> str:
    return accounts.make_token(session, name="Ứng dụng thử", department=None)


@pytest.fixture
def noon(client: TestClient) -> None:
    """The clock of the service stands still."""
    client.app.dependency_overrides[deps.clock] = lambda: NOON  # type: ignore[attr-defined]


def post(client: TestClient, key: str | None, fmt: str = "json", **fields: Any) -> Any:
    form = {name: value for name, value in {**FORM, "api_key": key, **fields}.items() if value is not None}
    return client.post(f"{V2}/requests.{fmt}", data=form)


def newest(session: Session) -> t.Item:
    return session.scalars(select(t.Item).order_by(t.Item.id.desc()).limit(1)).one()


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(t.Item)) or 0


def tracking_code(answer: Any) -> str:
    return str(read(answer)[0]["service_notice"]).split("/tra-cuu/")[1].split(".")[0]


def public(session: Session, text: str = LAMP, **values: Any) -> t.Item:
    """A matter on a desk that a person has published."""
    item = make_item(session, text, **{"may_publish": True, "state": "assigned", "public_at": NOON, **values})
    if item.public_at is not None and item.public_text is None:
        item.public_text = public_service.public_text(item)
    make_assignment(session, item, "UBX-31120")
    return item


def publish(session: Session, item: t.Item) -> None:
    """The press desk lets everybody read it."""
    catalog = catalog_service.current(session)
    desk_service.act(session, item, "publish", actor=Actor("Báo chí", "press"), catalog=catalog, now=NOON)


def ids(client: TestClient, **params: Any) -> list[str]:
    answer = client.get(f"{V2}/requests.json", params=params)
    assert answer.status_code == 200, answer.text
    return [row["service_request_id"] for row in read(answer)]


@pytest.mark.parametrize("fmt", ["xml", "json"])
def test_a_request_goes_to_a_desk_and_is_found_by_its_id_and_its_code(
    client: TestClient, session: Session, key: str, fmt: str
) -> None:
    sent = post(client, key, fmt)
    assert sent.status_code == 200
    (receipt,) = read(sent)
    assert receipt.keys() == {"service_request_id", "service_notice", "account_id"}
    item = newest(session)
    assert (item.public_id, item.channel, item.state, item.topic) == (
        receipt["service_request_id"],
        "open311",
        "assigned",
        "den-duong-hong",
    )
    assert item.number not in sent.text
    assert client.get(f"{V2}/requests/{item.public_id}.{fmt}").status_code == 404
    publish(session, item)
    (record,) = read(client.get(f"{V2}/requests/{item.public_id}.{fmt}"))
    assert (record["status"], record["service_code"], record["description"]) == ("open", "den-duong-hong", LAMP)
    assert (record["agency_responsible"], record["address_id"]) == ("UBND phường Cái Khế", "31120")
    code = tracking_code(sent)
    (of_token,) = read(client.get(f"{V2}/tokens/{code}.{fmt}"))
    assert of_token == {"service_request_id": item.public_id, "token": code}
    assert client.get(f"/api/v1/reports/{code}").json()["number"] == item.number


def test_the_key_may_stand_in_the_header_or_the_address(client: TestClient, key: str) -> None:
    url = f"{V2}/requests.json"
    assert client.post(url, data=FORM, headers={"Authorization": f"Bearer {key}"}).status_code == 200
    assert client.post(url, params={"api_key": key}, data=FORM).status_code == 200


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"lat": None, "long": None, "address_string": "Hẻm 51, phường Cái Khế"}, "Hẻm 51, phường Cái Khế"),
        ({"lat": None, "long": None, "address_id": "31120"}, "Phường Cái Khế"),
        ({"lat": "", "long": "", "address_string": "Hẻm 51", "address_id": "31120"}, "Hẻm 51, Phường Cái Khế"),
    ],
)
def test_any_of_the_three_ways_to_name_a_place_will_do(
    client: TestClient, session: Session, key: str, fields: dict[str, Any], words: str
) -> None:
    assert post(client, key, description="Đèn đường tắt ba hôm nay, tối om", **fields).status_code == 200
    item = newest(session)
    assert (item.place_text, item.unit_code) == (words, "31120")


@pytest.mark.parametrize("name", ["attribute[xa_phuong]", "attribute[xa_phuong][]", "attribute[xa_phuong][0]"])
def test_the_ward_that_was_picked_settles_the_ward(client: TestClient, session: Session, key: str, name: str) -> None:
    fields = {"service_code": "thu-gom-rac", "address_string": "Hẻm 9", "description": "Rác ba hôm nay không ai gom"}
    assert post(client, key, lat=None, long=None, **fields, **{name: "31135"}).status_code == 200
    assert newest(session).unit_code == "31135"


def test_a_request_without_words_says_the_name_of_its_service(client: TestClient, session: Session, key: str) -> None:
    assert post(client, key, description="").status_code == 200
    item = newest(session)
    assert (item.text, item.topic) == ("Đèn đường, chiếu sáng công cộng hỏng", "den-duong-hong")


def test_the_sender_is_sealed_and_never_comes_back(client: TestClient, session: Session, key: str) -> None:
    person = {"first_name": "Thử", "last_name": "Người Gửi", "email": "thu@example.vn", "phone": "0530000001"}
    sent = post(client, key, **person, account_id="acc-77", device_id="dev-88")
    item = newest(session)
    publish(session, item)
    sealed = session.get_one(t.Sender, item.id).sealed
    assert unseal(sealed, settings().secret()) == {
        "name": "Người Gửi Thử",
        "email": "thu@example.vn",
        "phone": "0530000001",
    }
    shown = [sent, client.get(f"{V2}/requests/{item.public_id}.xml"), client.get(f"{V2}/requests.json?extensions=true")]
    for secret in (*person.values(), "acc-77", "dev-88"):
        assert not any(secret in answer.text for answer in shown)


def test_a_link_is_kept_for_the_desk_and_not_shown(client: TestClient, session: Session, key: str) -> None:
    link = "http://127.0.0.1:9/never-opened.jpg"
    post(client, key, media_url=link)
    item = newest(session)
    publish(session, item)
    event = session.scalars(select(t.Event).where(t.Event.item_id == item.id).order_by(t.Event.id)).first()
    assert (item.media_url, link in event.words, item.photos) == (link, True, [])
    assert read(client.get(f"{V2}/requests/{item.public_id}.json"))[0]["media_url"] is None


def test_a_picture_may_come_along(client: TestClient, session: Session, key: str) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "JPEG")
    sent = client.post(
        f"{V2}/requests.json", data={**FORM, "api_key": key}, files={"media": ("a.jpg", picture.getvalue())}
    )
    assert sent.status_code == 200
    (photo,) = newest(session).photos
    assert (photo.width, photo.height) == (40, 30)
    broken = client.post(f"{V2}/requests.xml", data={**FORM, "api_key": key}, files={"media": ("a.jpg", b"no picture")})
    assert (broken.status_code, read(broken)[0]["code"]) == (400, "400")


def test_the_same_key_of_the_same_system_makes_one_request(client: TestClient, session: Session, key: str) -> None:
    other = accounts.make_token(session, name="Ứng dụng khác", department=None)
    before = count(session)

    def send(by: str) -> Any:
        head = {"Idempotency-Key": "một-1".encode(), "Authorization": f"Bearer {by}"}
        return client.post(f"{V2}/requests.json", data=FORM, headers=head)

    first, again, others = send(key), send(key), send(other)
    assert first.json() == again.json() != others.json()
    assert count(session) == before + 2


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"api_key": None}, 403, "api_key"),
        ({"api_key": ""}, 403, "api_key"),
        ({"api_key": "lst_wrong"}, 403, "api_key"),
        ({"jurisdiction_id": "hanoi.gov.vn"}, 404, "jurisdiction_id"),
        ({"service_code": None}, 400, "Thiếu service_code"),
        ({"service_code": " "}, 400, "Thiếu service_code"),
        ({"service_code": "no-such"}, 404, "service_code"),
        ({"service_code": "nhung-nhieu-tieu-cuc"}, 404, "service_code"),
        ({"lat": None, "long": None}, 400, "Thiếu nơi"),
        ({"lat": "10.05", "long": None}, 400, "cùng nhau"),
        ({"lat": "xa", "long": "105"}, 400, "lat"),
        ({"lat": "nan", "long": "105"}, 400, "lat"),
        ({"lat": "10", "long": "181"}, 400, "long"),
        ({"lat": None, "long": None, "address_string": "…"}, 400, "address_string"),
        ({"address_string": "a" * 201}, 400, "address_string"),
        ({"address_id": "99999"}, 400, "address_id"),
        ({"description": "a" * 4001}, 400, "description"),
        ({"description": "?!"}, 400, "Chưa có nội dung"),
        ({"description": "\x01\x02" * 40}, 400, "không phải chữ"),
        ({"service_code": "mat-duong-via-he-hu", "attribute[xa_phuong]": "31120"}, 400, "không hỏi"),
        ({"service_code": "thu-gom-rac", "attribute[mau]": "1"}, 400, "không hỏi"),
        ({"service_code": "thu-gom-rac", "attribute[xa_phuong]": "x"}, 400, "danh sách"),
        ({"service_code": "thu-gom-rac", "attribute[xa_phuong][]": ["31120", "31135"]}, 400, "một giá trị"),
        ({"media_url": "file:///etc/passwd"}, 400, "media_url"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"media_url": "http://["}, 400, "media_url"),
        ({"media_url": "http://a.vn/\n"}, None, ""),
        ({"phone": "0" * 31}, 400, "phone"),
        ({"email": "a" * 121}, 400, "email"),
    ],
)
def test_bad_input_gets_its_number_and_a_sentence_and_nothing_is_kept(
    client: TestClient, session: Session, key: str, fields: dict[str, Any], status: int | None, words: str
) -> None:
    before = count(session)
    answers = [
        post(client, fields.get("api_key", key), fmt, **{k: v for k, v in fields.items() if k != "api_key"})
        for fmt in ("json", "xml")
    ]
    if status is None:  # space around a value is no part of it
        assert [answer.status_code for answer in answers] == [200, 200]
        return
    in_json, in_xml = (read(answer) for answer in answers)
    assert {answer.status_code for answer in answers} == {status}
    assert in_xml == untyped(in_json)
    assert (in_json[0]["code"], words in in_json[0]["description"]) == (status, True), in_json
    assert count(session) == before


def test_where_the_service_asks_for_a_ward_the_error_names_it(client: TestClient, key: str) -> None:
    wrong = post(client, key, service_code="thu-gom-rac", **{"attribute[xa_phuong]": "90001"})
    assert "90001" in read(wrong)[0]["description"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'{"service_code": "den-duong-hong"}', "application/json"),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"description=%FF%FE", "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % n for n in range(300)), "application/x-www-form-urlencoded"),
        (b"nonsense", "multipart/form-data"),
        (b"nonsense", "multipart/form-data; boundary=x"),
    ],
)
def test_what_is_no_form_gets_a_sentence(client: TestClient, key: str, content: bytes, kind: str) -> None:
    head = {"Content-Type": kind, "Authorization": f"Bearer {key}"}
    answer = client.post(f"{V2}/requests.xml", content=content, headers=head)
    assert answer.status_code == 400
    assert read(answer)[0]["code"] == "400"


def test_raw_and_escaped_utf_8_are_the_same_words(client: TestClient, session: Session, key: str) -> None:
    head = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": f"Bearer {key}"}
    body = f"service_code=den-duong-hong&address_id=31120&description={LAMP}".encode()
    assert client.post(f"{V2}/requests.json", content=body, headers=head).status_code == 200
    assert newest(session).text == LAMP


@pytest.mark.parametrize("size", [300_000, 70_000_000])
def test_a_body_over_the_limit_is_refused_whether_or_not_it_tells_its_length(client: TestClient, size: int) -> None:
    head = {"Content-Type": "application/x-www-form-urlencoded"}
    told = client.post(f"{V2}/requests.xml", content=b"a" * size, headers=head)
    untold = client.post(f"{V2}/requests.json", content=iter([b"a" * (size // 2)] * 2), headers=head)
    assert (told.status_code, untold.status_code) == (413, 413)
    assert (read(told)[0]["code"], read(untold)[0]["code"]) == ("413", 413)


def test_one_address_sends_so_many_an_hour_and_is_asked_to_wait(client: TestClient) -> None:
    far = {"X-Forwarded-For": "203.0.113.7"}
    try:
        for _ in range(settings().report_limit_per_hour):
            assert client.post(f"{V2}/requests.json", data=FORM, headers=far).status_code == 403
        over = client.post(f"{V2}/requests.json", data=FORM, headers=far)
    finally:
        limits._sent.clear()
    assert (over.status_code, over.headers["retry-after"], read(over)[0]["code"]) == (429, "600", 429)


def test_a_suspected_denunciation_looks_like_a_request_that_never_was(
    client: TestClient, session: Session, key: str
) -> None:
    sent, ordinary = post(client, key, description=DENUNCIATION), post(client, key)
    assert read(sent)[0].keys() == read(ordinary)[0].keys()
    code, other = tracking_code(sent), tracking_code(ordinary)
    assert read(sent)[0]["service_notice"].replace(code, other) == read(ordinary)[0]["service_notice"]
    item = session.scalars(select(t.Item).where(t.Item.restricted)).one()
    assert item.public_id == read(sent)[0]["service_request_id"]
    for fmt in ("xml", "json"):
        for path, unknown in [
            (f"/requests/{item.public_id}.{fmt}", f"/requests/{NOWHERE}.{fmt}"),
            (f"/requests.{fmt}?service_request_id={item.public_id}", f"/requests.{fmt}?service_request_id={NOWHERE}"),
        ]:
            hidden, never = client.get(V2 + path), client.get(V2 + unknown)
            assert (hidden.status_code, hidden.content) == (404, never.content)
            assert dict(hidden.headers) == dict(never.headers)
        of_code = [read(client.get(f"{V2}/tokens/{one}.{fmt}")) for one in (code, other)]
        assert [rows[0].keys() for rows in of_code] == [{"service_request_id", "token"}] * 2
    shown = read(ordinary)[0]["service_request_id"]
    publish(session, session.scalars(select(t.Item).where(t.Item.public_id == shown)).one())
    assert item.public_id not in ids(client)
    both = client.get(
        f"{V2}/requests.json?service_request_id={item.public_id},{read(ordinary)[0]['service_request_id']}"
    )
    assert [row["service_request_id"] for row in read(both)] == [read(ordinary)[0]["service_request_id"]]


@pytest.mark.parametrize(
    "values",
    [
        {"state": "new"},
        {"public_at": None},
        {"state": "merged"},
        {"state": "listed"},
        {"state": "restricted"},
        {"kind": "khieu_nai"},
        {"kind": "to_cao"},
        {"spam": True},
        {"restricted": True},
        {"flags": ["tre_em"]},
        {"flags": ["tin_bao_toi_pham", "pakn_quy_dinh"]},
        {"flags": ["khieu_nai"]},
        {"topic": "trom-cuop"},
        {"topic": "khong-du-thong-tin"},
        {"may_publish": False},
        {"is_report": False},
    ],
)
def test_what_nobody_may_publish_is_not_there(
    client: TestClient, session: Session, noon: None, values: dict[str, Any]
) -> None:
    shown, item = public(session), public(session, **values)
    assert ids(client) == [shown.public_id]
    assert client.get(f"{V2}/requests/{item.public_id}.json").status_code == 404


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "gop_y"},
        {"kind": "khen"},
        {"kind": "hoi_dap"},
        {"kind": None},
        {"flags": ["pakn_quy_dinh"]},
        {"state": "triage"},
        {"state": "waiting_citizen"},
        {"state": "refused"},
    ],
)
def test_what_a_person_published_is_shown_whatever_its_kind_and_wherever_it_stands(
    client: TestClient, session: Session, noon: None, values: dict[str, Any]
) -> None:
    item = public(session, **values)
    assert ids(client) == [item.public_id]


def test_a_record_is_masked_in_utc_with_the_answer_as_its_notes(
    client: TestClient, session: Session, noon: None
) -> None:
    text = "Đèn hẻm 51 tắt, gọi 0530000001"
    item = public(
        session,
        text,
        at=NOON - timedelta(days=3),
        state="closed",
        masks=[{"start": 20, "end": 30, "type": "phone"}],
        place_text="Hẻm 51, ông Trần Văn Thử, sđt 0541 772 093",
        unit_code="31120",
        lat=10.0545678,
        lng=105.7795612,
    )
    desk = session.scalars(select(t.Assignment).where(t.Assignment.item_id == item.id)).one()
    desk.answer, desk.answered_at = "Ngày 17/11 đã thay bóng, ông Trần Văn Thử số 0538.114.207 xác nhận.", NOON
    for kind, hours in (("answer", 30), ("close", 20), ("rated", 10), ("corrected", 5)):
        session.add(t.Event(item_id=item.id, kind=kind, actor="person", happened_at=NOON - timedelta(hours=hours)))
    session.flush()
    (record,) = read(client.get(f"{V2}/requests/{item.public_id}.json"))
    assert record == {
        "service_request_id": item.public_id,
        "status": "closed",
        "status_notes": "Ngày 17/11 đã thay bóng, ông [tên riêng] số [số điện thoại] xác nhận.",
        "service_name": "Đèn đường, chiếu sáng công cộng hỏng",
        "service_code": "den-duong-hong",
        "description": "Đèn hẻm 51 tắt, gọi ███",
        "agency_responsible": "UBND phường Cái Khế",
        "service_notice": None,
        "requested_datetime": "2026-11-15T05:00:00Z",
        "updated_datetime": "2026-11-17T09:00:00Z",
        "expected_datetime": "2026-11-17T05:00:00Z",
        "address": "Hẻm 51, ông [tên riêng], sđt [số điện thoại], Phường Cái Khế",
        "address_id": "31120",
        "zipcode": None,
        "lat": 10.05457,
        "long": 105.77956,
        "media_url": None,
    }


def test_only_the_words_that_were_let_out_are_shown_whatever_is_read_later(
    client: TestClient, session: Session, noon: None
) -> None:
    item = public(session, "Đèn hẻm 51 tắt, gọi bà Bảy", public_text="Đèn hẻm 51 tắt, gọi ███")
    item.masks, item.places = [], [{"start": 4, "end": 10, "text": "hẻm 51"}]
    session.flush()
    shown = client.get(f"{V2}/requests/{item.public_id}.json").text
    assert "gọi ███" in shown
    assert "Bảy" not in shown


def test_a_matter_taken_back_is_gone_at_once(client: TestClient, session: Session, noon: None) -> None:
    item = public(session)
    assert ids(client) == [item.public_id]
    catalog, press = catalog_service.current(session), Actor("Báo chí", "press")
    desk_service.act(session, item, "unpublish", actor=press, catalog=catalog, now=NOON, reason="đăng nhầm")
    assert ids(client) == []


def test_an_answer_not_given_yet_or_taken_back_is_no_note(client: TestClient, session: Session, noon: None) -> None:
    item = public(session, state="accepted")
    session.scalars(select(t.Assignment).where(t.Assignment.item_id == item.id)).one().answer = "Đã xong (bị mở lại)."
    session.flush()
    (record,) = read(client.get(f"{V2}/requests.json"))
    assert (record["status"], record["status_notes"]) == ("open", None)


def test_where_the_spot_may_be_a_home_only_the_ward_is_told(client: TestClient, session: Session, noon: None) -> None:
    public(
        session,
        topic="karaoke-loa-keo",
        place_text="hẻm 51, nhà thứ ba bên trái",
        unit_code="31120",
        lat=10.0545678,
        lng=105.7795612,
    )
    (record,) = read(client.get(f"{V2}/requests.json"))
    assert (record["lat"], record["long"], record["address"]) == (10.05, 105.78, "Phường Cái Khế")


def test_the_default_is_the_last_90_days_newest_first(client: TestClient, session: Session, noon: None) -> None:
    days = {n: public(session, at=NOON - timedelta(days=n)).public_id for n in (89, 0, 91, 30)}
    assert ids(client) == [days[0], days[30], days[89]]
    assert ids(client, end_date="2026-11-17T00:00:00Z") == [days[30], days[89], days[91]]
    assert ids(client, start_date="2026-08-01T00:00:00Z") == [days[30], days[89], days[91]]
    assert ids(client, start_date="2026-10-19", end_date="2026-10-19T12:00:00+07:00") == [days[30]]
    assert ids(client, start_date="2026-10-19T12:00:01 07:00", end_date="2026-10-20T00:00:00Z") == []


def test_filters_are_by_service_and_status_alone_or_several(client: TestClient, session: Session, noon: None) -> None:
    lamp, flood = public(session, state="answered"), public(session, topic="ngap-nuoc", state="accepted")
    assert ids(client, service_code="den-duong-hong") == [lamp.public_id]
    assert set(ids(client, service_code="den-duong-hong,ngap-nuoc")) == {lamp.public_id, flood.public_id}
    assert set(ids(client, service_code=["den-duong-hong", "ngap-nuoc"])) == {lamp.public_id, flood.public_id}
    assert ids(client, status="closed") == [lamp.public_id]
    assert ids(client, status="open", service_code="den-duong-hong") == []
    assert set(ids(client, status="open,closed", service_code="")) == {lamp.public_id, flood.public_id}


def test_ids_override_every_other_filter(client: TestClient, session: Session, noon: None) -> None:
    old, new = public(session, at=NOON - timedelta(days=400)), public(session)
    asked = f"{old.public_id.lower()}, {new.public_id},{NOWHERE},%00"
    assert ids(client, service_request_id=asked, status="nonsense", start_date="x") == [new.public_id, old.public_id]


def test_pages_walk_through_everything_once_and_a_page_holds_a_thousand_at_most(
    client: TestClient, session: Session, noon: None
) -> None:
    made = [public(session, at=NOON - timedelta(minutes=n)).public_id for n in range(7)]
    assert [one for page in (1, 2, 3, 4) for one in ids(client, page=page, page_size=2)] == made
    assert ids(client, page=5, page_size=2) == []
    session.execute(
        t.Item.__table__.insert(),
        [
            {
                "number": f"PA-2026-{800_000 + n}",
                "text": LAMP,
                "is_report": True,
                "channel": "web",
                "received_at": NOON - timedelta(days=1, seconds=n),
                "read_at": NOON,
                "may_publish": True,
                "public_at": NOON,
                "public_text": LAMP,
                "state": "assigned",
                "topic": "den-duong-hong",
                "field": "ha-tang-ky-thuat",
                "kind": "phan_anh",
                "title": "",
                "search_text": "",
                "fingerprint": "",
            }
            for n in range(1000)
        ],
    )
    found = ids(client)
    assert (len(found), len(set(found)), found[:7]) == (1000, 1000, made)


def test_updated_after_finds_what_changed_however_old_it_is(client: TestClient, session: Session, noon: None) -> None:
    old, quiet = (public(session, at=NOON - timedelta(days=200)) for _ in range(2))
    session.add(t.Event(item_id=old.id, kind="answer", actor="person", happened_at=NOON - timedelta(days=1)))
    session.flush()
    assert ids(client, updated_after="2026-11-16T00:00:00Z") == [old.public_id]
    assert ids(client, updated_after="2026-11-16T00:00:00Z", end_date="2026-11-18T05:00:00Z") == []
    assert client.get(f"{V2}/requests/{quiet.public_id}.json").status_code == 200


def test_extended_attributes_come_only_when_asked_for(client: TestClient, session: Session, noon: None) -> None:
    item = public(session, unit_code="31120")
    for fmt in ("json", "xml"):
        (plain,) = read(client.get(f"{V2}/requests.{fmt}"))
        (more,) = read(client.get(f"{V2}/requests/{item.public_id}.{fmt}?extensions=true"))
        extra = {
            "group": "Thoát nước, chiếu sáng, cây xanh",
            "kind": "phan_anh",
            "state": "assigned",
            "area": "Phường Cái Khế",
        }
        assert more == {**plain, "extended_attributes": extra}


@pytest.mark.parametrize(
    ("params", "status", "words"),
    [
        ({"service_code": "no-such"}, 404, "service_code"),
        ({"service_code": "den-duong-hong,ma-tuy"}, 404, "service_code"),
        ({"service_request_id": NOWHERE}, 404, "phản ánh"),
        ({"service_request_id": "' OR 1=1"}, 404, "phản ánh"),
        ({"status": "pending"}, 400, "status"),
        ({"start_date": "hôm qua"}, 400, "start_date"),
        ({"start_date": "2026-11-01T00:00:00"}, 400, "start_date"),
        ({"end_date": "9999-12-31T23:59:59-14:00"}, 400, "end_date"),
        ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-11-01T00:00:00Z"}, 400, "90 ngày"),
        ({"start_date": "2026-11-02T00:00:00Z", "end_date": "2026-11-01T00:00:00Z"}, 400, "trước"),
        ({"updated_after": "2026-01-01T00:00:00Z"}, 400, "90 ngày"),
        ({"page": "0"}, 400, "page"),
        ({"page": "²"}, 400, "page"),
        ({"page": "9" * 40}, 400, "page"),
        ({"page_size": "1001"}, 400, "page_size"),
    ],
)
def test_a_question_that_cannot_be_answered_gets_its_number_and_a_sentence(
    client: TestClient, noon: None, params: dict[str, str], status: int, words: str
) -> None:
    in_json, in_xml = (client.get(f"{V2}/requests.{fmt}", params=params) for fmt in ("json", "xml"))
    assert in_json.status_code == in_xml.status_code == status
    assert read(in_xml) == untyped(read(in_json))
    assert (read(in_json)[0]["code"], words in read(in_json)[0]["description"]) == (status, True)


def test_empty_parameters_are_no_parameters(client: TestClient, session: Session, noon: None) -> None:
    item = public(session)
    names = "service_request_id service_code start_date end_date status page page_size updated_after extensions"
    assert ids(client, **dict.fromkeys(names.split(), "")) == [item.public_id]


def test_a_pick_that_leads_to_another_desk_makes_a_person_look(client: TestClient, session: Session, key: str) -> None:
    post(client, key, service_code="bhyt-vien-phi")
    item = newest(session)
    assert (item.topic, item.chosen_topic, item.state, item.decided_by) == (
        "den-duong-hong",
        "bhyt-vien-phi",
        "triage",
        [],
    )
    told = session.scalars(select(t.Event.words).where(t.Event.item_id == item.id).order_by(t.Event.id)).all()
    assert "Người gửi chọn “Bảo hiểm y tế, viện phí”" in told[-1]
    assert session.scalar(select(func.count()).where(t.Label.item_id == item.id)) == 0


def test_letters_that_xml_cannot_hold_do_not_break_it(client: TestClient, session: Session, noon: None) -> None:
    item = public(session, "Đèn \x01hỏng <b>&amp; \ufffe“tối”</b> \x0b")
    for fmt in ("xml", "json"):
        (record,) = read(client.get(f"{V2}/requests/{item.public_id}.{fmt}"))
        assert record["description"] == "Đèn \ufffdhỏng <b>&amp; \ufffd“tối”</b> \ufffd"


def test_a_text_of_more_than_the_standard_allows_is_cut(client: TestClient, session: Session, noon: None) -> None:
    public(session, "Đèn hỏng. " * 600)
    (record,) = read(client.get(f"{V2}/requests.xml"))
    assert (len(record["description"]), record["description"][-1]) == (4000, "…")


def test_tokens_of_other_forms_are_unknown(client: TestClient) -> None:
    bodies: set[bytes] = set()
    send: Callable[[str], Any] = lambda token: client.get(f"{V2}/tokens/{token}.json")  # noqa: E731
    for token in ("7K3M-29QD-XW", "x", "AAAA-AAAA-AA", NOWHERE, "%00"):
        answer = send(token)
        assert answer.status_code == 404
        bodies.add(answer.content)
    assert len(bodies) == 1
