"""One answer, two spellings: XML with its wrappers, JSON without the outer one; and errors in both."""

import json
import re
from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response
from lxml import etree

PREFIX = "/open311/v2"
XML, JSON = "xml", "json"
FORMATS = {XML: "text/xml", JSON: "application/json"}
# How one member of a list is called in XML.
MEMBER = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The specification knows three errors. What HTTP itself says (method, size, haste, breakdown) keeps its own number, so
# that a client tries again instead of giving a report up.
SPOKEN = {401: 403, 403: 403, 404: 404, 405: 405, 413: 413, 429: 429, 500: 500, 503: 503}


def answer(request: Request, root: str, value: Any, *, status: int = 200) -> Response:
    """A value in the format that the path asks for. ``root`` is the outermost element of the XML."""
    asked = asked_format(request.url.path)
    content = _as_json(value) if asked == JSON else _as_xml(root, value)
    headers = {"Access-Control-Allow-Origin": "*"} if request.method in ("GET", "HEAD") else {}
    return Response(content, status, headers, media_type=f"{FORMATS[asked]}; charset=utf-8")


def fault(request: Request, status: int, message: str) -> Response:
    """An error in the format that the path asks for; XML where it asks for none that we speak."""
    spoken = SPOKEN.get(status, 400)
    response = answer(request, "errors", [{"code": spoken, "description": message}], status=spoken)
    if spoken == 429:
        response.headers["Retry-After"] = "600"
    return response


def asked_format(path: str) -> str:
    """The format at the end of a path, XML where it is none of ours."""
    ending = path.rpartition(".")[2].lower()
    return ending if ending in FORMATS else XML


def _as_json(value: Any) -> bytes:
    return json.dumps(_clean(value), ensure_ascii=False, separators=(",", ":")).encode()


def _as_xml(root: str, value: Any) -> bytes:
    body: bytes = etree.tostring(_element(root, _clean(value)), encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body


def _element(name: str, value: Any) -> Any:
    node = etree.Element(name)
    if isinstance(value, Mapping):
        node.extend([_element(key, one) for key, one in value.items()])
    elif isinstance(value, list):
        node.extend([_element(MEMBER[name], one) for one in value])
    elif value is not None:
        node.text = str(value).lower() if isinstance(value, bool) else str(value)
    return node


def _clean(value: Any) -> Any:
    """Texts without the characters that XML cannot hold, each replaced by the sign for an unreadable one."""
    if isinstance(value, str):
        return _NOT_XML.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {key: _clean(one) for key, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list) else value
