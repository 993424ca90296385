"""Signing in and out, and one's own account."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from listener.accounts import service as accounts
from listener.errors import Forbidden, NotSignedIn
from listener.store import audit
from listener.store.database import session_scope
from listener.web.deps import FormFrom, MaybeVisitor, Now, Store, client_address, end_session, start_session
from listener.web.pages.navigation import FIRST_PAGE
from listener.web.pages.rendering import render

router = APIRouter()


@router.get("/dang-nhap")
def form(visitor: MaybeVisitor, tiep: str = "") -> Response:
    """The sign-in form; who is signed in already goes to work."""
    if visitor is not None:
        return RedirectResponse(FIRST_PAGE[visitor.account.role], status_code=303)
    return HTMLResponse(_form("", None, tiep))


@router.post("/dang-nhap")
def sign_in(
    request: Request,
    now: Now,
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next_page: Annotated[str, Form(alias="next")] = "",
) -> Response:
    """Sign in. The count of wrong passwords is committed even though the answer is a refusal."""
    refusal: NotSignedIn | Forbidden | None = None
    with session_scope() as session:
        try:
            account = accounts.sign_in(session, login[:100], password[:200], now=now, address=client_address(request))
        except (NotSignedIn, Forbidden) as error:
            refusal = error
    if refusal is not None:
        return HTMLResponse(_form(login, refusal.message, next_page), status_code=refusal.status)
    answer = RedirectResponse(_inner(next_page) or FIRST_PAGE[account.role], status_code=303)
    start_session(answer, account)
    return answer


@router.post("/dang-xuat")
def sign_out(session: Store, visitor: FormFrom) -> Response:
    """End the session on this browser."""
    audit.note(session, actor=visitor.account.name, account_id=visitor.account.id, act="sign_out")
    answer = RedirectResponse("/dang-nhap", status_code=303)
    end_session(answer)
    return answer


def _form(login: str, error: str | None, next_page: str) -> str:
    return render("sign_in.html", {"form": {"login": login}, "error": error, "next": _inner(next_page), "last": None})


def _inner(path: str) -> str:
    """The path if it stays on this site, else nothing."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else ""
