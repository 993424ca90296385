"""Who may reach which route: every route of the application has its line here, and a new one without a line fails.

A line names the actors whom the route does not turn away. What an actor may then see of an item is one rule for all
routes (``SEES``), and nobody but the handler ever sees a word of a restricted one.
"""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

STAFF = ("officer", "dispatcher", "press", "leader", "analyst", "admin", "handler")
TOKENS = ("token-own", "token-foreign", "token-all")
ACTORS = ("anonymous", *STAFF, *TOKENS)
LOOKERS = ("dispatcher", "press", "leader", "analyst", "admin")  # who looks at all ordinary items
SEES = {
    "own": {"officer", "token-own", "token-all", *LOOKERS},
    "foreign": {"token-foreign", "token-all", *LOOKERS},
    "restricted": {"handler"},
}
EVERYONE = set(ACTORS)
OFFICE = {"officer", *LOOKERS}
DESK = {"officer", "dispatcher", "admin"}  # steps on a desk
FIXERS = {"officer", "dispatcher", "press", "analyst", "admin"}
# Routes that name {so} or {assignment_id} are narrowed by SEES. Codes are secrets: who has one may use it.
REACH: dict[str, set[str]] = {
    "GET /": EVERYONE,
    "GET /huong-dan": EVERYONE,
    "GET /viec": EVERYONE,
    "GET /sw.js": EVERYONE,
    "GET /healthz": EVERYONE,
    "GET /readyz": EVERYONE,
    "GET /metrics": EVERYONE,
    "GET /api/v1/openapi.json": EVERYONE,
    "GET /dang-nhap": EVERYONE,
    "POST /dang-nhap": set(),  # without a password nobody
    "POST /dang-xuat": set(STAFF),
    "GET /gui-phan-anh": EVERYONE,
    "POST /gui-phan-anh": EVERYONE,
    "POST /gui-phan-anh/doc-thu": EVERYONE,
    "GET /da-gui/{ma}": EVERYONE,
    "GET /tra-cuu": EVERYONE,
    "POST /tra-cuu": EVERYONE,
    "GET /tra-cuu/{ma}": EVERYONE,
    "POST /tra-cuu/{ma}/bo-sung": EVERYONE,
    "POST /tra-cuu/{ma}/danh-gia": EVERYONE,
    "POST /tra-cuu/{ma}/mo-lai": EVERYONE,
    "GET /anh/{ma}/{photo_id}": EVERYONE,
    "GET /du-lieu-ca-nhan": EVERYONE,
    "POST /du-lieu-ca-nhan": EVERYONE,
    "GET /du-lieu-ca-nhan/{ma}": EVERYONE,
    "POST /api/v1/reports": EVERYONE,
    "GET /api/v1/reports/{code}": EVERYONE,
    "GET /api/v1/items": {"token-all"},
    "GET /api/v1/assignments": set(TOKENS),
    "POST /api/v1/assignments": {"token-all"},
    "GET /api/v1/assignments/{assignment_id}": set(TOKENS),
    "POST /api/v1/assignments/{assignment_id}/{step}": set(TOKENS),
    "GET /tai-khoan": set(STAFF),
    "POST /tai-khoan/hien-thi": set(STAFF),
    "POST /tai-khoan/mat-khau": set(STAFF),
    "GET /tong-quan": OFFICE,
    "GET /lanh-dao": EVERYONE,
    "GET /dong-tin": set(LOOKERS),
    "POST /dong-tin/hang-loat": {"dispatcher", "press", "analyst", "admin"},
    "GET /ban-lam-viec": {"officer"},
    "POST /ban-lam-viec/hang-loat": set(STAFF),
    "GET /dieu-phoi": {"dispatcher", "admin"},
    "POST /dieu-phoi/{so}/hoi-them": {"dispatcher", "admin"},
    "POST /dieu-phoi/{so}/chuyen": {"dispatcher", "admin"},
    "POST /dieu-phoi/{so}/tu-choi": {"dispatcher", "admin"},
    "POST /dieu-phoi/{so}/phong-rieng": DESK,
    "GET /muc/{so}": {*OFFICE, "handler"},
    "POST /muc/{so}/sua": FIXERS,
    "POST /muc/{so}/hoan-tac": {*OFFICE, "handler"},
    "POST /muc/{so}/danh-tinh": {"officer", "dispatcher", "handler"},
    "POST /muc/{so}/tiep-nhan": DESK,
    "POST /muc/{so}/tra-lai": {"officer", "admin"},
    "POST /muc/{so}/tra-loi": DESK,
    "POST /muc/{so}/dong": DESK,
    "POST /muc/{so}/mo-lai": DESK,
    "POST /muc/{so}/chuyen": {"dispatcher", "press", "admin"},
    "GET /muc/{so}/anh/{photo_id}": {*OFFICE, "handler"},
    "GET /phong-rieng": {"handler"},
    "POST /phong-rieng/{so}/mo": {"handler"},
    "POST /phong-rieng/{so}/danh-tinh": {"handler"},
    "POST /phong-rieng/{so}/xac-nhan": {"handler"},
    "POST /phong-rieng/{so}/tra-ve": {"handler"},
    "GET /bao-cao": set(LOOKERS),
    "GET /bao-cao/{name}": set(LOOKERS),
    "GET /bao-cao/{name}.docx": set(LOOKERS),
    "GET /bao-cao/{name}.pdf": set(LOOKERS),
    "GET /bao-cao/{name}.xlsx": set(LOOKERS),
    "GET /nguon": set(LOOKERS),
    "POST /nguon/{slug}/{step}": {"admin"},
    "GET /nhat-ky": {"admin"},
    "GET /nhat-ky.csv": {"admin"},
    "POST /nhat-ky/kiem-tra": {"admin"},
    "GET /yeu-cau-du-lieu": {"admin", "handler"},
    "POST /yeu-cau-du-lieu/{request_id}": {"admin", "handler"},
}
# One route of the application, several steps: each has a line of its own above.
STEPS = {
    "POST /muc/{so}/{step}": ("tiep-nhan", "tra-lai", "tra-loi", "dong", "mo-lai", "chuyen"),
    "POST /dieu-phoi/{so}/{step}": ("chuyen", "tu-choi", "phong-rieng"),
    "POST /phong-rieng/{so}/{step}": ("xac-nhan", "tra-ve"),
}


def routes(app: FastAPI) -> list[str]:
    """Every route of the application as METHOD and path, its steps told apart."""
    found: list[str] = []
    for method, path in _walk(app.routes, ""):
        line = f"{method} {path}"
        found += [line.replace("{step}", step) for step in STEPS[line]] if line in STEPS else [line]
    return sorted(set(found))


def _walk(nodes: Any, prefix: str) -> Iterator[tuple[str, str]]:
    for node in nodes:
        inner = getattr(node, "original_router", None)
        if inner is not None:  # a router that was included
            yield from _walk(inner.routes, prefix + (getattr(node.include_context, "prefix", "") or ""))
        elif getattr(node, "methods", None):
            yield from ((method, prefix + node.path) for method in node.methods if method != "HEAD")
