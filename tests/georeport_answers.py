"""What tests of the Open311 interface share: the grammar of its XML, and one reading of both formats."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from lxml import etree

V2 = "/open311/v2"
LAMP = "Đèn đường hẻm 51 phường Cái Khế tắt ba hôm nay, tối om"
DENUNCIATION = (
    "Tôi tố cáo ông cán bộ địa chính xã Hiệp Hưng nhận 20 triệu mới chịu làm sổ, tôi có ghi âm, xin giữ kín tên tôi"
)
LISTS = {"services", "attributes", "values", "service_requests", "endpoints", "formats", "errors"}


class Answer(Protocol):
    """What httpx and its test client give back."""

    content: bytes
    headers: Any
    status_code: int


@cache
def grammar() -> etree.RelaxNG:
    """The grammar of every answer there is."""
    return etree.RelaxNG(etree.parse(Path(__file__).parent / "api" / "georeport_v2.rng"))


def read(answer: Answer) -> Any:
    """An answer as plain data, after its form was checked: type, encoding, and the grammar where it is XML.

    XML holds no types, so every value of it is text, None when empty.
    """
    if answer.headers["content-type"] == "application/json; charset=utf-8":
        return json.loads(answer.content.decode("utf-8"))
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    tree = etree.fromstring(answer.content)
    assert grammar().validate(tree), grammar().error_log
    return plain(tree)


def plain(node: etree._Element) -> Any:
    """An element as plain data."""
    if node.tag in LISTS:
        return [plain(one) for one in node]
    return {one.tag: plain(one) for one in node} if len(node) else node.text


def untyped(value: Any) -> Any:
    """JSON data as XML would tell it: everything a text."""
    if isinstance(value, dict):
        return {key: untyped(one) for key, one in value.items()}
    if isinstance(value, list):
        return [untyped(one) for one in value]
    return None if value is None or value == "" else str(value).lower() if isinstance(value, bool) else str(value)
