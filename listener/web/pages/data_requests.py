"""A person's wish to be erased: the citizen's form and its state by code, and the queue with its clocks."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from listener import duties
from listener.collect import codes, erasure_service
from listener.errors import BadInput, Conflict, Forbidden, NotFound
from listener.settings import settings
from listener.store import duties as rows
from listener.store import senders
from listener.store import tables as t
from listener.web.deps import CurrentCatalog, FormFrom, Now, SignedIn, Store, Visitor
from listener.web.limits import limit_reports
from listener.web.pages import shown
from listener.web.pages.rendering import render
from listener.web.pages.tracking import NO_STORE

router = APIRouter()
Words = Annotated[str, Form()]
STATES = {"new": "Chờ quyết định", "accepted": "Đang xoá", "refused": "Không xoá", "done": "Đã xoá"}
KEPT = {"author": "Bút danh người đăng bài công khai", "raw": "Trang gốc đã tải về"}


@router.get("/du-lieu-ca-nhan")
def form() -> HTMLResponse:
    """What may be asked, and the field for the code."""
    return HTMLResponse(_form("", None))


@router.post("/du-lieu-ca-nhan", dependencies=[Depends(limit_reports)])
def ask(session: Store, catalog: CurrentCatalog, now: Now, code: Words = "", scope: Words = "") -> Response:
    """Take in the wish; a code that was used already leads to the state of the first one."""
    try:
        duties.ask_for_erasure(session, code, whole_person=scope == "tat-ca", catalog=catalog, at=now)
    except NotFound as error:
        return HTMLResponse(_form(code[:40], error.message), status_code=404, headers=NO_STORE)
    return RedirectResponse(f"/du-lieu-ca-nhan/{codes.written(codes.normal(code) or '')}", status_code=303)


@router.get("/du-lieu-ca-nhan/{ma}")
def state(ma: str, session: Store, now: Now) -> HTMLResponse:
    """How far the wish is; when it is done, the proof of it on one page to print."""
    hashed = codes.code_hash(ma, settings().secret())
    request = rows.by_code_hash(session, hashed) if codes.normal(ma) else None
    if request is None:
        return HTMLResponse(_form(ma[:40], "Chưa có yêu cầu nào với mã này."), status_code=404, headers=NO_STORE)
    context = {"active": "data", "now": now, "wish": _plain(request), "code": ma, "error": None, "city": True}
    return HTMLResponse(render("data_request.html", context), headers=NO_STORE)


@router.get("/yeu-cau-du-lieu")
def queue(session: Store, visitor: SignedIn, now: Now) -> HTMLResponse:
    """The queue: what must be answered first stands on top, with what would be erased."""
    _check_role(visitor)
    return HTMLResponse(_page(session, visitor, now), headers={"Cache-Control": "no-store"})


@router.post("/yeu-cau-du-lieu/{request_id}")
def decide(
    request_id: int,
    session: Store,
    visitor: FormFrom,
    now: Now,
    answer: Words = "",
    words: Words = "",
    confirmation: Words = "",
) -> Response:
    """Accept, which erases by a job and cannot be undone, or refuse with a reason."""
    _check_role(visitor)
    request = rows.by_id(session, request_id, lock=True)
    if request is None or request.item.restricted != _in_room(visitor):
        raise NotFound("Không có yêu cầu này.")
    try:
        accept = answer == "xoa"
        typed = {"words": words, "confirmation": confirmation}
        duties.decide(session, request, accept=accept, account=visitor.account, at=now, **typed)
    except (BadInput, Conflict) as error:
        page = _page(session, visitor, now, {request_id: error.message})
        return HTMLResponse(page, status_code=error.status, headers={"Cache-Control": "no-store"})
    return RedirectResponse("/yeu-cau-du-lieu", status_code=303)


def _form(code: str, error: str | None) -> str:
    return render("data_request.html", {"active": "data", "wish": None, "code": code, "error": error})


def _plain(request: t.DataRequest) -> dict[str, Any]:
    return {
        "id": request.id,
        "state": request.state,
        "state_name": STATES[request.state],
        "whole_person": request.whole_person,
        "received_at": request.received_at,
        "answer_due": request.answer_due,
        "erase_due": request.erase_due,
        "decided_at": request.decided_at,
        "words": request.words,
        "done_at": request.done_at,
        "proof": request.proof,
    }


def _page(session: Session, visitor: Visitor, now: datetime, errors: dict[int, str] | None = None) -> str:
    found = rows.queue(session, restricted=_in_room(visitor))
    context = {
        **shown.shell(session, visitor, "data", now),
        "rows": [_row(session, request, visitor, now) for request in found],
        "retention": [
            {"name": KEPT.get(one.what, one.what), "days": one.days, "last": one.last_run, "purged": one.purged}
            for one in rows.retention(session)
        ],
        "errors": errors or {},
        "confirmation": duties.CONFIRMATION,
    }
    return render("data_requests.html", context)


def _row(session: Session, request: t.DataRequest, visitor: Visitor, now: datetime) -> dict[str, Any]:
    item = request.item
    waits = request.state == "new"
    due = request.answer_due if waits else request.erase_due
    found = (
        erasure_service.belonging(session, item, whole_person=request.whole_person, restricted=_in_room(visitor))
        if waits
        else []
    )
    return {
        **_plain(request),
        "so": item.number,
        "due": due,
        "late": request.state in ("new", "accepted") and due < now,
        "found": {
            "items": len(found),
            "identities": sum(senders.of_item(session, one.id) is not None for one in found),
            "photos": sum(len(one.photos) for one in found),
        }
        if waits
        else None,
    }


def _in_room(visitor: Visitor) -> bool:
    """Wishes about what lies in the restricted room are its handler's alone."""
    return visitor.account.role == "handler"


def _check_role(visitor: Visitor) -> None:
    if visitor.account.role not in ("admin", "handler"):
        raise Forbidden("Yêu cầu về dữ liệu cá nhân dành cho người phụ trách dữ liệu.")
