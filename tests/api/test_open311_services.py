"""Open311: discovery, the list of services and what each asks for, in both formats."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from georeport_answers import V2, read, untyped

from classifiers.taxonomy import load_taxonomy

NEVER_OFFERED = ["khong-du-thong-tin", "nhung-nhieu-tieu-cuc", "tre-em-xam-hai", "trom-cuop", "ma-tuy", "hang-gia"]


def both(client: TestClient, path: str, **params: Any) -> Any:
    """The JSON of a call, after the XML was found to say the same."""
    in_json, in_xml = (client.get(f"{V2}{path}.{fmt}", params=params) for fmt in ("json", "xml"))
    assert in_json.status_code == in_xml.status_code
    said = read(in_json)
    assert read(in_xml) == untyped(said)
    return said


def test_discovery_names_one_endpoint_in_both_formats(client: TestClient) -> None:
    found = both(client, "/discovery")
    assert found.keys() == {"changeset", "contact", "key_service", "endpoints"}
    assert found["endpoints"] == [
        {
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": "http://testserver/open311/v2",
            "changeset": load_taxonomy().version,
            "type": "production",
            "formats": ["text/xml", "application/json"],
        }
    ]


def test_every_service_is_a_topic_with_its_field_and_cue_words(client: TestClient) -> None:
    services = {row["service_code"]: row for row in both(client, "/services")}
    lamp = load_taxonomy().topic("den-duong-hong")
    assert services["den-duong-hong"] == {
        "service_code": "den-duong-hong",
        "service_name": lamp.name,
        "description": lamp.description,
        "metadata": True,
        "type": "realtime",
        "keywords": ", ".join(lamp.cues),
        "group": "Thoát nước, chiếu sáng, cây xanh",
    }
    assert not services.keys() & set(NEVER_OFFERED)
    assert len(services) == 68
    assert {row["metadata"] for row in services.values()} == {True, False}


def test_metadata_says_whether_there_is_a_definition(client: TestClient) -> None:
    for row in both(client, "/services"):
        answer = client.get(f"{V2}/services/{row['service_code']}.json")
        assert answer.status_code == (200 if row["metadata"] else 400)


def test_where_the_desk_hangs_on_the_ward_the_ward_is_asked_with_its_older_names(client: TestClient) -> None:
    found = both(client, "/services/thu-gom-rac")
    assert found["service_code"] == "thu-gom-rac"
    (ward,) = found["attributes"]
    assert (ward["code"], ward["datatype"], ward["variable"], ward["required"]) == (
        "xa_phuong",
        "singlevaluelist",
        True,
        False,
    )
    names = {value["key"]: value["name"] for value in ward["values"]}
    assert len(names) == 103
    assert names["31120"].startswith("Phường Cái Khế (")


def test_an_urgent_service_warns_before_anything_is_asked(client: TestClient) -> None:
    first, *rest = both(client, "/services/cay-nga-do")["attributes"]
    assert (first["variable"], "114" in first["description"], first["values"]) == (False, True, [])
    assert [one["order"] for one in (first, *rest)] == list(range(1, len(rest) + 2))


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/services/no-such-service", 404, "service_code"),
        *((f"/services/{code}", 404, "service_code") for code in NEVER_OFFERED),
        ("/services/", 400, "Thiếu mã"),
        ("/services/mat-duong-via-he-hu", 400, "metadata"),
        ("/services/%00%01", 404, "service_code"),
        ("/tokens/", 400, "Thiếu mã"),
        ("/requests/", 400, "Thiếu mã"),
        ("/no-such-call", 404, "địa chỉ"),
    ],
)
def test_what_is_not_there_is_said_in_both_formats(client: TestClient, path: str, status: int, words: str) -> None:
    (error,) = both(client, path)
    assert error["code"] == client.get(f"{V2}{path}.xml").status_code == status
    assert words in error["description"]


def test_a_service_never_offered_looks_like_one_that_never_was(client: TestClient) -> None:
    hidden, unknown = (client.get(f"{V2}/services/{code}.xml").text for code in ("ma-tuy", "xx-xxx"))
    assert hidden.replace("ma-tuy", "…") == unknown.replace("xx-xxx", "…")


CALLS = ["/discovery", "/services", "/services/thu-gom-rac", "/requests", "/requests/0123456789ABCDEF", "/tokens/7K3M"]


@pytest.mark.parametrize("path", CALLS)
def test_another_city_is_not_found_and_no_city_is_this_one(client: TestClient, path: str) -> None:
    (error,) = both(client, path, jurisdiction_id="hanoi.gov.vn")
    assert (error["code"], "hanoi.gov.vn" in error["description"]) == (404, True)
    same = [
        client.get(f"{V2}{path}.json", params=p)
        for p in ({}, {"jurisdiction_id": ""}, {"jurisdiction_id": "cantho.gov.vn"})
    ]
    assert len({(answer.status_code, answer.text) for answer in same}) == 1


@pytest.mark.parametrize("path", CALLS)
def test_a_format_we_do_not_speak_is_refused_in_xml(client: TestClient, path: str) -> None:
    answer = client.get(f"{V2}{path}.csv")
    assert answer.status_code == 400
    assert "csv" in read(answer)[0]["description"]


@pytest.mark.parametrize("path", ["/discovery.xml", "/services.json", "/requests.xml", "/services/cay-nga-do.json"])
def test_head_tells_what_get_would(client: TestClient, path: str) -> None:
    got, head = client.get(f"{V2}{path}"), client.head(f"{V2}{path}")
    assert (head.status_code, head.headers["content-type"]) == (200, got.headers["content-type"])


def test_reading_is_open_to_pages_of_other_sites_and_sending_is_not(client: TestClient) -> None:
    assert client.get(f"{V2}/services.json").headers["access-control-allow-origin"] == "*"
    assert client.get(f"{V2}/requests/0123456789ABCDEF.json").headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in client.post(f"{V2}/requests.json", data={"api_key": "x"}).headers
    asked = client.options(f"{V2}/requests.json")
    assert (asked.status_code, asked.headers["access-control-allow-methods"]) == (204, "GET, HEAD")


def test_a_method_that_no_call_knows_is_refused_in_the_format_asked_for(client: TestClient) -> None:
    answer = client.delete(f"{V2}/services.json")
    assert answer.status_code == 405
    assert read(answer)[0]["code"] == 405


def test_the_interface_has_its_own_discovery_and_stays_out_of_the_rest_document(client: TestClient) -> None:
    assert not any("open311" in path for path in client.get("/api/v1/openapi.json").json()["paths"])
