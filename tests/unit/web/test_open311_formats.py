"""The two spellings of an Open311 answer hold any text there is, and say the same."""

import json
import re
from typing import Any

from fastapi import Request
from georeport_answers import grammar, plain
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from listener.web.open311.formats import answer, fault

ANYTHING = st.text(st.characters(codec=None), max_size=60)  # lone surrogates and control characters included
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def request(path: str, method: str = "GET") -> Request:
    return Request({"type": "http", "path": path, "method": method, "headers": []})


@given(ANYTHING)
def test_any_text_comes_back_as_it_was_but_for_letters_that_xml_cannot_hold(text: str) -> None:
    said = NOT_XML.sub("\ufffd", text)
    value = [{"code": 400, "description": text}]
    in_json = json.loads(answer(request("/a.json"), "errors", value).body)
    in_xml = etree.fromstring(bytes(answer(request("/a.xml"), "errors", value).body))
    assert in_json[0]["description"] == said
    assert (in_xml.findtext("error/description") or "") == said


@given(st.text(max_size=40), st.sampled_from([400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503]))
def test_every_error_has_a_form_that_the_grammar_knows(path: str, status: int) -> None:
    response = fault(request(path), status, "Câu báo lỗi.")
    spoken = {401: 403, 409: 400, 422: 400}.get(status, status)
    assert response.status_code == spoken
    if response.headers["content-type"].startswith("text/xml"):
        tree = etree.fromstring(bytes(response.body))
        assert grammar().validate(tree), grammar().error_log
        assert plain(tree) == [{"code": str(spoken), "description": "Câu báo lỗi."}]


def test_truth_nothing_and_numbers_are_written_as_the_standard_does() -> None:
    value: dict[str, Any] = {"variable": True, "order": 1, "lat": 10.05, "zipcode": None, "values": []}
    assert json.loads(answer(request("/a.json"), "attribute", value).body) == value
    assert bytes(answer(request("/a.xml"), "attribute", value).body).decode().split("\n")[1] == (
        "<attribute><variable>true</variable><order>1</order><lat>10.05</lat><zipcode/><values/></attribute>"
    )
