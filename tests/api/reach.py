"""Who may reach which route: every route of the application has its line here, and a new one without a line fails.

A line names the actors whom the route does not turn away. What an actor may then see of an item is one rule for all
routes (``SEES``), and nobody but the handler ever sees a word of a restricted one.
"""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from listener.web.pages import item, restricted, triage

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
TRIAGE = {"dispatcher", "admin"}
WRITERS = {"officer", "dispatcher", "admin"}  # of letters
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
    "POST /gui-phan-anh/gan-day": EVERYONE,
    "GET /gui-phan-anh/thach-do": EVERYONE,
    "GET /cong-khai": EVERYONE,
    "GET /cong-khai/{public_id}": EVERYONE,  # what nobody published is as if it were not there
    "POST /cong-khai/{public_id}/cung-gap": EVERYONE,
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
    "POST /dieu-phoi/{so}/hoi-them": TRIAGE,
    "POST /dieu-phoi/{so}/duyet-gia-han": TRIAGE,
    "POST /dieu-phoi/{so}/khong-gia-han": TRIAGE,
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
    "POST /muc/{so}/tu-choi": TRIAGE,
    "POST /muc/{so}/hoi-them": DESK,
    "POST /muc/{so}/lam-tiep": DESK,
    "POST /muc/{so}/xin-gia-han": {"officer", "admin"},
    "POST /muc/{so}/duyet-gia-han": TRIAGE,
    "POST /muc/{so}/khong-gia-han": TRIAGE,
    "POST /muc/{so}/moi-phoi-hop": DESK,
    "POST /muc/{so}/thoi-phoi-hop": DESK,
    "POST /muc/{so}/gop-y": set(),  # officers of a coordinating unit alone, and here there is none
    "POST /muc/{so}/gop": DESK,
    "POST /muc/{so}/tach": DESK,
    "POST /muc/{so}/khong-trung": DESK,
    "POST /muc/{so}/cong-khai": {"dispatcher", "press", "admin"},
    "POST /muc/{so}/thoi-cong-khai": {"dispatcher", "press", "admin"},
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
    "GET /nguon/moi": {"admin"},
    "GET /nguon/{slug}": set(LOOKERS),
    "POST /nguon/moi": {"admin"},
    "POST /nguon/thu": {"admin"},
    "POST /nguon/{slug}": {"admin"},
    "POST /nguon/{slug}/{step}": {"admin"},
    "GET /hooks/facebook": set(),  # without the word agreed on nobody
    "POST /hooks/facebook": set(),  # unsigned nobody
    "POST /hooks/zalo": set(),
    "GET /nhat-ky": {"admin"},
    "GET /nhat-ky.csv": {"admin"},
    "POST /nhat-ky/kiem-tra": {"admin"},
    "GET /yeu-cau-du-lieu": {"admin", "handler"},
    "POST /yeu-cau-du-lieu/{request_id}": {"admin", "handler"},
    "GET /dieu-phoi/quy-tac": TRIAGE,
    "GET /dieu-phoi/quy-tac/nhap/sua": TRIAGE,
    "GET /dieu-phoi/quy-tac/thu/{number}": TRIAGE,
    "POST /dieu-phoi/quy-tac/ap-dung": TRIAGE,
    "POST /dieu-phoi/quy-tac/huy-lich": TRIAGE,
    "POST /dieu-phoi/quy-tac/nhap/bo": TRIAGE,
    "POST /dieu-phoi/quy-tac/nhap/cau": TRIAGE,
    "POST /dieu-phoi/quy-tac/nhap/chuyen": TRIAGE,
    "POST /dieu-phoi/quy-tac/nhap/mo": TRIAGE,
    "POST /dieu-phoi/quy-tac/nhap/sua": TRIAGE,
    "POST /dieu-phoi/quy-tac/nhap/xoa": TRIAGE,
    "POST /dieu-phoi/quy-tac/quay-lai": TRIAGE,
    "POST /dieu-phoi/quy-tac/thu": TRIAGE,
    "GET /van-ban": WRITERS,
    "GET /van-ban/moi": WRITERS,
    "GET /van-ban/{letter_id}": WRITERS,
    "GET /van-ban/{letter_id}.docx": WRITERS,
    "GET /van-ban/{letter_id}.pdf": WRITERS,
    "POST /van-ban": WRITERS,
    "POST /van-ban/{letter_id}/huy": WRITERS,
    "GET /api/v1/events": set(TOKENS),
    "GET /api/v1/letters": set(TOKENS),
    "GET /api/v1/letters/{letter_id}": set(TOKENS),
    "GET /api/v1/letters/{letter_id}/file.{form}": set(TOKENS),
    "POST /api/v1/letters": set(TOKENS),
    "POST /api/v1/letters/preview": set(TOKENS),
    "POST /api/v1/letters/{letter_id}/void": set(TOKENS),
    "GET /quan-tri/kenh-gui": {"admin"},
    "GET /quan-tri/kenh-gui/mau": {"admin"},
    "GET /quan-tri/kenh-gui/mau/{name}": {"admin"},
    "GET /quan-tri/kenh-gui/noi-nhan/moi": {"admin"},
    "GET /quan-tri/kenh-gui/noi-nhan/{receiver_id}": {"admin"},
    "POST /quan-tri/kenh-gui/bo": {"admin"},
    "POST /quan-tri/kenh-gui/gui-lai": {"admin"},
    "POST /quan-tri/kenh-gui/mau/{name}": {"admin"},
    "POST /quan-tri/kenh-gui/noi-nhan/moi": {"admin"},
    "POST /quan-tri/kenh-gui/noi-nhan/{receiver_id}": {"admin"},
    "POST /quan-tri/kenh-gui/noi-nhan/{receiver_id}/tam-dung": {"admin"},
    "POST /quan-tri/kenh-gui/noi-nhan/{receiver_id}/chay-tiep": {"admin"},
    "POST /quan-tri/kenh-gui/noi-nhan/{receiver_id}/thu": {"admin"},
    "POST /quan-tri/kenh-gui/noi-nhan/{receiver_id}/doi-khoa": {"admin"},
    "POST /quan-tri/kenh-gui/noi-nhan/{receiver_id}/bo-khoa-cu": {"admin"},
    "GET /open311/v2/discovery.{_format}": EVERYONE,
    "GET /open311/v2/requests.{_format}": EVERYONE,
    "GET /open311/v2/requests/.{_format}": EVERYONE,
    "GET /open311/v2/requests/{request_id}.{_format}": EVERYONE,
    "GET /open311/v2/services.{_format}": EVERYONE,
    "GET /open311/v2/services/.{_format}": EVERYONE,
    "GET /open311/v2/services/{code}.{_format}": EVERYONE,
    "GET /open311/v2/tokens/.{_format}": EVERYONE,
    "GET /open311/v2/tokens/{token}.{_format}": EVERYONE,
    "GET /open311/v2/{_path:path}": EVERYONE,
    "OPTIONS /open311/v2/{_path:path}": EVERYONE,
    "POST /open311/v2/requests.{_format}": set(TOKENS),
}
# One route of the application, several steps: each has a line of its own above.
STEPS = {
    "POST /muc/{so}/{step}": tuple(item.STEPS),
    "POST /dieu-phoi/{so}/{step}": tuple(triage.STEPS),
    "POST /phong-rieng/{so}/{step}": tuple(restricted.STEPS),
    "POST /quan-tri/kenh-gui/noi-nhan/{receiver_id}/{step}": ("tam-dung", "chay-tiep", "thu", "doi-khoa", "bo-khoa-cu"),
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
