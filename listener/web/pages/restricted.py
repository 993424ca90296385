"""The restricted room: suspected denunciations, for named handlers only. To everyone else it does not exist."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from listener.catalog.shapes import Catalog
from listener.collect import identity_service as identities
from listener.errors import BadInput, ListenerError, NotFound
from listener.route import desk_service
from listener.route.workflow import moves_from
from listener.settings import settings
from listener.store import audit, desks, items, senders
from listener.store import tables as t
from listener.web.deps import CurrentCatalog, FormFrom, Now, SignedIn, Store, Visitor
from listener.web.pages import shown
from listener.web.pages.item_page import undo_offer
from listener.web.pages.rendering import render

router = APIRouter()
NO_STORE = {"Cache-Control": "no-store"}
STEPS = {"xac-nhan": "confirm", "tra-ve": "release"}
Words = Annotated[str, Form()]


@router.get("/phong-rieng")
def room(session: Store, visitor: SignedIn, now: Now, xong: str = "") -> HTMLResponse:
    """The list: number, kind and age, never words."""
    _check_role(visitor)
    context = {**_context(session, visitor, now), "undo": undo_offer(session, xong, visitor, now)}
    return HTMLResponse(render("restricted.html", context), headers=NO_STORE)


@router.post("/phong-rieng/{so}/mo")
def open_one(so: str, session: Store, visitor: FormFrom, now: Now, reason: Words = "") -> HTMLResponse:
    """Open one with a reason; the opening is audited."""
    _check_role(visitor)
    item = _item(session, so)
    if len(reason.strip()) < 3:
        context = _context(session, visitor, now, errors={f"mo-{so}": "Cần ghi lý do mở."})
        return HTMLResponse(render("restricted.html", context), status_code=422, headers=NO_STORE)
    account = visitor.account
    audit.note(
        session,
        actor=account.name,
        account_id=account.id,
        act="open_restricted",
        item_id=item.id,
        reason=reason.strip()[:200],
    )
    return HTMLResponse(render("restricted.html", _context(session, visitor, now, opened=item)), headers=NO_STORE)


@router.post("/phong-rieng/{so}/danh-tinh")
def sender_of(so: str, session: Store, visitor: FormFrom, now: Now, reason: Words = "") -> HTMLResponse:
    """Who sent it, with a reason of its own; the opening is audited."""
    _check_role(visitor)
    item, account = _item(session, so), visitor.account
    known: dict[str, Any] = {"secrets": settings().identity_secrets(), "actor": account.name, "account_id": account.id}
    errors: dict[str, str] = {}
    identity = None
    try:
        identity = identities.open_identity(session, item, reason=reason, now=now, **known)
    except (BadInput, NotFound) as error:
        errors = {"identity_reason": error.message}
    context = _context(session, visitor, now, opened=item, errors=errors, identity=identity)
    status = 422 if errors else 200
    return HTMLResponse(render("restricted.html", context), status_code=status, headers=NO_STORE)


@router.post("/phong-rieng/{so}/{step}")
def decide(
    so: str,
    step: str,
    session: Store,
    visitor: FormFrom,
    catalog: CurrentCatalog,
    now: Now,
    reason: Words = "",
    version: Words = "",
) -> Response:
    """Confirm it, or return it to the ordinary flow with a reason."""
    _check_role(visitor)
    if step not in STEPS:
        raise NotFound("Không có thao tác này.")
    item = _item(session, so)
    try:
        with session.begin_nested():
            _act(session, item, STEPS[step], visitor, catalog, now, reason, version)
    except ListenerError as error:
        session.refresh(item)
        context = _context(session, visitor, now, opened=item, errors={"ly-do-tra": error.message})
        return HTMLResponse(render("restricted.html", context), status_code=error.status, headers=NO_STORE)
    return RedirectResponse(f"/phong-rieng?xong={so}", status_code=303)


def _act(
    session: Session,
    item: t.Item,
    name: str,
    visitor: Visitor,
    catalog: Catalog,
    now: datetime,
    reason: str,
    version: str,
) -> None:
    desk_service.act(
        session,
        item,
        name,
        actor=visitor.actor,
        catalog=catalog,
        now=now,
        reason=reason,
        version=int(version) if version.isdigit() else None,
    )


def _item(session: Session, so: str) -> t.Item:
    item = items.by_number(session, so, restricted=True, lock=True)
    if not item.restricted:
        raise NotFound(f"Mục {so} không ở phòng riêng.")
    return item


def _context(
    session: Session,
    visitor: Visitor,
    now: datetime,
    *,
    opened: t.Item | None = None,
    errors: dict[str, str] | None = None,
    identity: dict[str, str] | None = None,
) -> dict[str, Any]:
    waiting = desks.restricted_items(session)
    confirmed = desks.confirmed_ids(session, [item.id for item in waiting])
    return {
        **shown.shell(session, visitor, "restricted", now),
        "rows": [
            {
                "so": item.number,
                "kind_name": _kind(),
                "received_at": item.received_at,
                "age": _age(now - item.received_at),
                "confirmed": item.id in confirmed,
            }
            for item in waiting
        ],
        "opened": {
            "so": opened.number,
            "version": opened.version,
            "text": opened.body,
            "kind_name": _kind(),
            "received_at": opened.received_at,
            "identity": identity,
            "has_sender": senders.of_item(session, opened.id) is not None,
            "photos": [
                {"url": f"/muc/{opened.number}/anh/{photo.id}", "alt": "Ảnh gửi kèm"} for photo in opened.photos
            ],
            "moves": [
                move
                for move in moves_from(opened.state, visitor.account.role)
                if move != "confirm" or opened.id not in confirmed
            ],
        }
        if opened
        else None,
        "errors": errors or {},
    }


def _kind() -> str:
    return f"Nghi {load_taxonomy().name('to_cao').lower()}"


def _age(age: Any) -> str:
    hours = int(age.total_seconds() // 3600)
    return f"{hours // 24} ngày" if hours >= 24 else f"{max(hours, 1)} giờ"


def _check_role(visitor: Visitor) -> None:
    if visitor.account.role != "handler":
        raise NotFound("Không có trang này. Kiểm tra lại địa chỉ, hoặc về trang đầu.")
