"""The first page, the help page, and where each member of staff begins."""

from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse

from listener.store import counts
from listener.web.deps import MaybeVisitor, Now, Store
from listener.web.pages.navigation import FIRST_PAGE
from listener.web.pages.rendering import STATIC, render

router = APIRouter()
LOOK_BACK = timedelta(days=30)


@router.get("/")
def home(session: Store, now: Now) -> HTMLResponse:
    """The citizen's first page."""
    served = counts.served_since(session, now - LOOK_BACK)
    numbers: dict[str, Any] | None = {"period": "30 ngày qua", **served} if served["reports"] else None
    return HTMLResponse(render("home.html", {"numbers": numbers, "published_url": "/cong-khai"}))


@router.get("/huong-dan")
def help_page() -> HTMLResponse:
    """How reporting works."""
    return HTMLResponse(render("help.html", {"active": "help"}))


@router.get("/viec")
def work(visitor: MaybeVisitor) -> RedirectResponse:
    """The first page of the role."""
    return RedirectResponse(FIRST_PAGE[visitor.account.role] if visitor else "/dang-nhap", status_code=303)


@router.get("/sw.js")
def service_worker() -> FileResponse:
    """The service worker must lie at the root to serve every page."""
    return FileResponse(
        STATIC / "sw.js",
        media_type="text/javascript",
        headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"},
    )
