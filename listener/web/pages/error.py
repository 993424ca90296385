"""The page and the bar that say what went wrong and what to do."""

from fastapi import Request
from markupsafe import escape

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
    back = request.headers.get("referer", "/")
    context = {
        "status": status,
        "title": TITLES.get(status, "Máy chủ đang bận"),
        "text": message,
        "incident": None,
        "back_url": back if back.startswith(str(request.base_url)) else "/",
        "back_label": "Quay lại" if back.startswith(str(request.base_url)) else "Về trang đầu",
    }
    return render("error.html", context)


def notice(message: str) -> str:
    """A line for the notice bar of the page that sent the request."""
    return f'<div class="notice error" role="alert" data-testid="notice"><p>{escape(message)}</p></div>'
