"""Every error as an answer people can use: a Vietnamese sentence, JSON for programs, a page for people."""

import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException

from listener.errors import BadInput, ListenerError, NotSignedIn
from listener.log import logger
from listener.web.open311 import formats as open311
from listener.web.pages import error as error_page

log = logger("web")

PLAIN = {
    404: "Không có trang này. Kiểm tra lại địa chỉ, hoặc về trang đầu.",
    405: "Địa chỉ này không nhận thao tác vừa gửi. Về trang đầu rồi thử lại.",
    413: "Nội dung gửi lên quá lớn. Hãy bỏ bớt ảnh hoặc rút gọn rồi gửi lại.",
    415: "Kiểu nội dung này chưa đọc được. Hãy gửi JSON (application/json).",
}


def install(app: FastAPI) -> None:
    """Put the handlers on the application."""
    app.add_exception_handler(ListenerError, _known)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(StaleDataError, _stale)
    app.add_exception_handler(OperationalError, _store_down)
    app.add_exception_handler(Exception, _unforeseen)


def too_large(request: Request) -> Response:
    """A body that is refused unread."""
    if request.url.path.startswith(f"{open311.PREFIX}/"):
        return open311.fault(request, 413, PLAIN[413])
    return JSONResponse({"message": PLAIN[413], "fields": {}}, status_code=413)


def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, ListenerError)
    if isinstance(error, NotSignedIn) and _wants_page(request):
        if request.method == "GET" and not request.headers.get("hx-request"):
            wanted = f"{request.url.path}?{request.url.query}".removesuffix("?")
            return RedirectResponse(f"/dang-nhap?{urlencode({'tiep': wanted})}", status_code=303)
        return _answer(request, error.status, "Phiên đã hết. Chữ bạn viết còn nguyên, đăng nhập lại để gửi.")
    fields = {error.field: error.message} if isinstance(error, BadInput) and error.field else {}
    return _answer(request, error.status, error.message, fields)


def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields = dict(map(_field_message, error.errors()))
    return _answer(request, 422, " ".join(dict.fromkeys(fields.values())), fields)


def _plain(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _answer(
        request, error.status_code, PLAIN.get(error.status_code, "Yêu cầu này chưa thực hiện được. Thử lại sau.")
    )


def _stale(request: Request, _error: Exception) -> Response:
    return _answer(request, 409, "Có người vừa thay đổi mục này. Tải lại trang để xem thay đổi rồi lưu lại.")


def _store_down(request: Request, error: Exception) -> Response:
    log.error("store_unavailable", error=str(error).splitlines()[0])
    return _answer(request, 503, "Cơ sở dữ liệu chưa trả lời. Chữ bạn viết còn nguyên, thử lại sau ít phút.")


def _unforeseen(request: Request, error: Exception) -> Response:
    incident = secrets.token_hex(2).upper()
    log.error("unforeseen", incident=incident, path=request.url.path, exc_info=error)
    return _answer(request, 500, f"Máy chủ đang bận, chữ bạn viết còn nguyên. Bấm gửi lại. (Mã sự cố {incident})")


def _answer(request: Request, status: int, message: str, fields: dict[str, str] | None = None) -> Response:
    if request.url.path.startswith(f"{open311.PREFIX}/"):
        return open311.fault(request, status, message)
    if not _wants_page(request):
        headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
        return JSONResponse({"message": message, "fields": fields or {}}, status_code=status, headers=headers)
    if request.headers.get("hx-request"):
        notice = error_page.notice(message, sign_in=status == 401)
        return HTMLResponse(notice, status_code=status, headers={"HX-Retarget": "#thong-bao", "HX-Reswap": "innerHTML"})
    return HTMLResponse(error_page.page(request, status, message), status_code=status)


def _wants_page(request: Request) -> bool:
    return not request.url.path.startswith(("/api/", "/hooks/", "/healthz", "/readyz", "/metrics"))


def _field_message(fault: dict[str, Any]) -> tuple[str, str]:
    """The field and what is wrong with it, from one of pydantic's faults."""
    place: Sequence[Any] = fault.get("loc", ())
    name = ".".join(str(part) for part in place[1:]) or "nội dung"
    kind, context = fault.get("type", ""), fault.get("ctx", {})
    if kind == "json_invalid":
        where = place[1] if len(place) > 1 else "?"
        return (
            "nội dung",
            f"JSON chưa đọc được (ở ký tự {where}). Kiểm tra dấu ngoặc, dấu phẩy và mã UTF-8 rồi gửi lại.",
        )
    messages = {
        "missing": f"Thiếu “{name}”." if name != "nội dung" else "Chưa có nội dung.",
        "string_type": f"“{name}” phải là chữ.",
        "string_too_long": f"“{name}” dài quá {context.get('max_length')} ký tự.",
        "float_parsing": f"“{name}” phải là số.",
        "int_parsing": f"“{name}” phải là số nguyên.",
        "less_than_equal": f"“{name}” phải từ {context.get('le')} trở xuống.",
        "greater_than_equal": f"“{name}” phải từ {context.get('ge')} trở lên.",
        "model_attributes_type": 'Nội dung phải là một đối tượng JSON, ví dụ {"text": "…"}.',
        "literal_error": f"“{name}” phải là một trong: {context.get('expected')}.",
    }
    return name, messages.get(kind, f"“{name}” chưa đúng dạng.")
