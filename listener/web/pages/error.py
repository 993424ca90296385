"""The page and the bar that say what went wrong and what to do."""

from urllib.parse import urlencode

from fastapi import Request
from markupsafe import Markup

from listener.web.pages.rendering import render

TITLES = {
    401: "Cần đăng nhập",
    403: "Không mở được",
    404: "Không tìm thấy",
    409: "Có thay đổi mới",
    413: "Quá lớn",
    422: "Cần sửa một chỗ",
    429: "Chậm lại một chút",
    503: "Tạm ngừng",
}


def page(request: Request, status: int, message: str) -> str:
    """A whole page for an error, with the way back."""
    back = request.headers.get("referer", "")
    inside = back.removeprefix(str(request.base_url).rstrip("/")) if back.startswith(str(request.base_url)) else ""
    label = "Quay lại" if inside else "Về trang đầu"
    context = {
        "status": status,
        "title": TITLES.get(status, "Máy chủ đang bận"),
        "text": message,
        "incident": None,
        "back_url": inside or "/",
        "back_label": label,
    }
    if status == 401:
        context |= {"back_url": f"/dang-nhap?{urlencode({'tiep': inside or '/viec'})}", "back_label": "Đăng nhập lại"}
    return render("error.html", context)


def notice(message: str, *, sign_in: bool = False) -> str:
    """A line for the notice bar of the page that sent the request."""
    link = Markup(' <a href="/dang-nhap">Đăng nhập lại</a>') if sign_in else ""
    line = Markup('<div class="notice error" role="alert" data-testid="notice"><p>{}{}</p></div>')
    return str(line.format(message, link))
