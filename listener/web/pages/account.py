"""One's own account: how lists look, and the password."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from listener.accounts import service as accounts
from listener.errors import BadInput
from listener.store import audit, counts
from listener.web.deps import FormFrom, Now, SignedIn, Store, Visitor, start_session
from listener.web.pages import shown
from listener.web.pages.rendering import render

router = APIRouter()
Words = Annotated[str, Form()]


@router.get("/tai-khoan")
def account(session: Store, visitor: SignedIn, now: Now) -> HTMLResponse:
    """The account page."""
    return HTMLResponse(_page(session, visitor, now))


@router.post("/tai-khoan/hien-thi")
def display(visitor: FormFrom, density: Words = "", theme: Words = "", keys: Words = "") -> Response:
    """Keep the display choices."""
    visitor.account.prefs = {
        "density": "gon" if density == "gon" else "thoang",
        "theme": theme if theme in ("light", "dark") else "",
        "keys_on": bool(keys),
    }
    return RedirectResponse("/tai-khoan", status_code=303)


@router.post("/tai-khoan/mat-khau")
def password(
    session: Store, visitor: FormFrom, now: Now, current: Words = "", new: Words = "", again: Words = ""
) -> Response:
    """Change the password; other sessions of the account end."""
    errors = _faults(visitor, current, new, again)
    if not errors:
        try:
            accounts.set_password(visitor.account, new)
        except BadInput as error:
            errors = {"new": error.message}
    if errors:
        return HTMLResponse(_page(session, visitor, now, errors), status_code=422)
    mine = visitor.account
    audit.note(session, actor=mine.name, account_id=mine.id, act="password", at=now, login=mine.login)
    session.flush()
    answer = RedirectResponse("/tai-khoan", status_code=303)
    start_session(answer, visitor.account)
    return answer


def _faults(visitor: Visitor, current: str, new: str, again: str) -> dict[str, str]:
    if not accounts.check_password(visitor.account, current[:200]):
        return {"current": "Mật khẩu đang dùng chưa đúng. Gõ lại, chú ý phím Caps Lock."}
    return {"again": "Hai lần gõ chưa giống nhau. Gõ lại mật khẩu mới."} if new != again else {}


def _page(session: Session, visitor: Visitor, now: datetime, errors: dict[str, str] | None = None) -> str:
    shell = shown.shell(session, visitor, "account", now)
    mine = visitor.account
    context: dict[str, Any] = {
        "account": {
            "login": mine.login,
            "name": mine.name,
            "role_name": shell["user"]["role_name"],
            "department_name": counts.department_name(session, mine.department_code),
            "last_at": mine.last_seen,
            "last_from": mine.last_address,
        },
        "prefs": {
            "density": shell["user"]["density"],
            "keys_on": shell["user"]["keys_on"],
            "theme": shell["user"]["theme"],
        },
        "errors": errors or {},
        "min_length": accounts.SHORTEST_PASSWORD,
    }
    return render("my_account.html", {**shell, **context})
