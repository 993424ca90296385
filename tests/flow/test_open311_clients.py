"""Clients that nobody here wrote speak with the running service: `georeport` in both formats, `three` in JSON.

`georeport` (2025) knows the services and the requests. `three` (2013) knows every call, but was written for Python 2:
the one name it misses is put back for it, and its own reading of XML does not work any more, so what it fetches as XML
is held against the grammar instead, and XML is posted with httpx.
"""

import itertools
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import requests
from georeport import GeoReport
from georeport_answers import DENUNCIATION, LAMP, V2, grammar, plain, read
from lxml import etree

PLACE = {"lat": 10.0545, "long": 105.77956}


@pytest.fixture(scope="module")
def key(service: Any) -> str:
    """A token, as an administrator makes it."""
    done = service.command("users", "token", "Ứng dụng thử")
    assert done.returncode == 0, done.stderr
    return next(word for word in done.stdout.split() if word.startswith("lst_"))


@pytest.fixture(scope="module")
def three(service: Any, key: str) -> Iterator[Any]:
    """The class of clients, with the name that Python 3 took away from it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(itertools, "ifilter", filter, raising=False)
        from three import Three

        yield lambda **options: Three(f"{service.url}{V2}", api_key=key, **options)


@pytest.fixture(scope="module")
def sent(service: Any, three: Any) -> list[dict[str, Any]]:
    """Two requests posted by the other client, the second by address."""
    client = three()
    first = client.post("den-duong-hong", description=LAMP, name="Thử Người", phone="0530000001", **PLACE)
    assert client.post_response.status_code == 200
    second = client.post("thu-gom-rac", description="Rác ba hôm nay không ai gom", address="Hẻm 9, phường Cái Khế")
    for row in (*first, *second):
        publish(service, row)
    return [*first, *second]


def publish(service: Any, row: dict[str, Any]) -> None:
    """The dispatcher lets everybody read a request, on the page for it."""
    code = row["service_notice"].split("/tra-cuu/")[1].split(".")[0]
    number = httpx.get(f"{service.url}/api/v1/reports/{code}").json()["number"]
    with httpx.Client(base_url=service.url, follow_redirects=True, timeout=30) as desk:
        desk.post("/dang-nhap", data={"login": "dieuphoi", "password": service.password})
        csrf = re.search(r'name="csrf" value="([^"]+)"', desk.get(f"/muc/{number}").text)
        assert csrf is not None
        done = desk.post(f"/muc/{number}/cong-khai", data={"csrf": csrf[1]})
        assert done.status_code == 200, done.text


@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_georeport_reads_services_and_their_definitions(service: Any, fmt: str) -> None:
    client = GeoReport(f"{service.url}{V2}", jurisdiction="cantho.gov.vn", output_format=fmt)
    services = {row["service_code"]: row for row in client.get_service_list()}
    assert len(services) == 68
    assert services["den-duong-hong"]["type"] == "realtime"
    asked = client.get_service_definition("thu-gom-rac")
    assert asked["service_code"] == "thu-gom-rac"
    with pytest.raises(requests.HTTPError, match="404"):
        client.get_service_definition("no-such-service")


@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_georeport_finds_requests_that_three_sent(service: Any, sent: list[dict[str, Any]], fmt: str) -> None:
    client = GeoReport(f"{service.url}{V2}", output_format=fmt)
    first, second = (row["service_request_id"] for row in sent)
    one = client.get_service_request(first)
    assert (one["service_request_id"], one["status"], one["description"]) == (first, "open", LAMP)
    since = f"{datetime.now(UTC) - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    several = client.get_service_requests(
        service_code="den-duong-hong,thu-gom-rac", start_date=since, status="open,closed"
    )
    assert {first, second} <= {row["service_request_id"] for row in several}
    by_id = client.get_service_requests(service_request_id=f"{first},{second}")
    assert {row["service_request_id"] for row in by_id} == {first, second}
    with pytest.raises(requests.HTTPError, match="400"):
        client.get_service_requests(status="pending")


def test_three_makes_every_call_in_json(three: Any, sent: list[dict[str, Any]]) -> None:
    client = three(jurisdiction="cantho.gov.vn")
    first = sent[0]["service_request_id"]
    assert client.discovery()["endpoints"][0]["formats"] == ["text/xml", "application/json"]
    assert "den-duong-hong" in {row["service_code"] for row in client.services()}
    assert client.services("cay-nga-do")["attributes"][0]["order"] == 1
    assert [row["service_request_id"] for row in client.request(first)] == [first]
    today, tomorrow = (f"{datetime.now(UTC) + timedelta(days=n):%m-%d-%Y}" for n in (0, 1))
    listed = client.requests("den-duong-hong", between=[today, tomorrow], count=1000)
    assert first in {row["service_request_id"] for row in listed}
    code = sent[0]["service_notice"].split("/tra-cuu/")[1].split(".")[0]
    assert client.token(code) == [{"service_request_id": first, "token": code}]
    assert three(jurisdiction="hanoi.gov.vn").services()[0]["code"] == 404


def test_what_three_fetches_as_xml_obeys_the_grammar(three: Any, sent: list[dict[str, Any]]) -> None:
    client = three(format="xml")
    first = sent[0]["service_request_id"]
    code = sent[0]["service_notice"].split("/tra-cuu/")[1].split(".")[0]
    calls = [
        ("discovery",),
        ("services",),
        ("services", "cay-nga-do"),
        ("requests",),
        ("requests", first),
        ("tokens", code),
    ]
    for call in calls:
        tree = etree.fromstring(client.get(*call, convert=False))
        assert grammar().validate(tree), (call, grammar().error_log)
    assert plain(etree.fromstring(client.get("requests", first, convert=False)))[0]["service_request_id"] == first


def test_a_post_in_xml_obeys_the_grammar(service: Any, key: str) -> None:
    form = {"api_key": key, "service_code": "den-duong-hong", "description": LAMP, **PLACE}
    answer = httpx.post(f"{service.url}{V2}/requests.xml", data=form, timeout=30)
    (receipt,) = read(answer)
    assert (answer.status_code, receipt["account_id"]) == (200, None)
    publish(service, receipt)
    (record,) = read(httpx.get(f"{service.url}{V2}/requests/{receipt['service_request_id']}.xml"))
    assert record["agency_responsible"] == "UBND phường Cái Khế"


def test_three_without_a_key_is_refused(three: Any) -> None:
    client = three()
    (error,) = client.post("den-duong-hong", description=LAMP, api_key="wrong", **PLACE)
    assert (client.post_response.status_code, error["code"]) == (403, 403)


def test_a_denunciation_sent_by_three_cannot_be_found_again(three: Any) -> None:
    client = three()
    (receipt,) = client.post("thai-do-can-bo", description=DENUNCIATION, address="xã Hiệp Hưng")
    code = receipt["service_notice"].split("/tra-cuu/")[1].split(".")[0]
    assert client.request(receipt["service_request_id"]) == client.request("0123456789ABCDEF")
    (told,) = client.token(code)  # the name, as of every matter: nothing sets this one apart
    assert (told["service_request_id"], told["token"]) == (receipt["service_request_id"], code)
    assert receipt["service_request_id"] not in {row["service_request_id"] for row in client.requests()}


def test_head_sends_no_body_and_the_same_length(service: Any) -> None:
    url = f"{service.url}{V2}/services/thu-gom-rac.xml"
    got, head = (
        httpx.get(url, headers={"Accept-Encoding": "identity"}),
        httpx.head(url, headers={"Accept-Encoding": "identity"}),
    )
    assert (head.content, head.headers["content-length"]) == (b"", got.headers["content-length"])
