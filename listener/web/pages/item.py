"""One item: what was written, what was understood and why, why it is here, and every step with it."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from listener.classify import service as classifying
from listener.collect import identity_service as identities
from listener.errors import BadInput, Conflict, Forbidden, MoveRefused, NotFound, UnknownDepartment
from listener.route import desk_service
from listener.settings import settings
from listener.store import audit, desks, items
from listener.store import tables as t
from listener.web.deps import CurrentCatalog, FormFrom, Now, SignedIn, Store, Visitor
from listener.web.pages.answers import back_to, came_from
from listener.web.pages.inbox import accepted_row
from listener.web.pages.item_page import CAN_FIX, HOMES, page
from listener.web.pages.tracking import item_of_code

router = APIRouter()
STEPS = {
    "tiep-nhan": "accept",
    "tra-lai": "return",
    "tra-loi": "answer",
    "dong": "close",
    "mo-lai": "reopen",
    "chuyen": "assign",
    "tu-choi": "refuse",
    "hoi-them": "ask",
    "lam-tiep": "resume",
    "xin-gia-han": "ask_extension",
    "duyet-gia-han": "grant_extension",
    "khong-gia-han": "refuse_extension",
    "moi-phoi-hop": "coordinate",
    "thoi-phoi-hop": "uncoordinate",
    "gop-y": "contribute",
    "gop": "merge",
    "tach": "split",
    "khong-trung": "not_same",
    "cong-khai": "publish",
    "thoi-cong-khai": "unpublish",
}
LEAVES = ("tra-lai", "tra-loi", "dong", "chuyen", "gop")  # an officer goes on with the next matter
# Steps that name a department; and where a refusal is said, when not at the head of the step's own form.
NAMING = ("chuyen", "tra-lai", "moi-phoi-hop", "thoi-phoi-hop")
SAID_AT = {"tra-loi": "text", "tra-lai": "reason", "chuyen": "department"}
NOT_OURS = "Không thuộc thẩm quyền"  # reason enough, where the desk it belongs on is named
Words = Annotated[str, Form()]


@router.get("/muc/{so}")
def show(so: str, session: Store, visitor: SignedIn, catalog: CurrentCatalog, now: Now) -> Response:
    """The item's page; a restricted one opens only in its room, with a reason."""
    item = open_item(session, so, visitor)
    if item.restricted:
        return RedirectResponse("/phong-rieng", status_code=303)
    note_read(session, item, visitor)
    return HTMLResponse(page(session, item, visitor, catalog, now))


@router.post("/muc/{so}/sua")
def correct(
    so: str,
    session: Store,
    visitor: FormFrom,
    catalog: CurrentCatalog,
    now: Now,
    task: Words = "",
    value: Words = "",
    version: Words = "",
) -> Response:
    """A person corrects what was understood; the label stands beside the machine's word."""
    if visitor.account.role not in CAN_FIX:
        raise Forbidden("Vai trò của bạn chỉ xem, không sửa được.")
    item = open_item(session, so, visitor, lock=True)
    _check_fresh(item, version)
    if task == "area" and value not in catalog.areas:
        raise BadInput(f"Không có địa bàn mã “{value}”.", field="value")
    classifying.correct(session, item, task=task, value=value, account_id=visitor.account.id, now=now)
    name = catalog.areas[value].full_name if task == "area" else load_taxonomy().name(value)
    desk_service.note_correction(session, item, task=task, name=name, actor=visitor.actor, now=now)
    return _back(so)


@router.post("/muc/{so}/danh-tinh")
def sender_of(
    so: str, session: Store, visitor: FormFrom, catalog: CurrentCatalog, now: Now, reason: Words = ""
) -> HTMLResponse:
    """Who sent it, once, for who must answer, with a reason; the opening is audited and the page kept nowhere."""
    item = open_item(session, so, visitor)
    if not desk_service.may_open_identity(visitor.actor, item, desks.active_assignment(session, item.id)):
        raise Forbidden("Danh tính người gửi chỉ dành cho điều phối và cán bộ đang giữ việc.")
    account = visitor.account
    known: dict[str, Any] = {"secrets": settings().identity_secrets(), "actor": account.name, "account_id": account.id}
    errors: dict[str, str] = {}
    identity = None
    try:
        identity = identities.open_identity(session, item, reason=reason, now=now, **known)
    except (BadInput, NotFound) as error:
        errors = {"identity_reason": error.message}
    shown = page(session, item, visitor, catalog, now, errors=errors, identity=identity)
    return HTMLResponse(shown, status_code=422 if errors else 200, headers={"Cache-Control": "no-store"})


@router.post("/muc/{so}/hoan-tac")
def undo(so: str, request: Request, session: Store, visitor: FormFrom, now: Now) -> Response:
    """Take back one's own last step."""
    item = open_item(session, so, visitor, lock=True, own_step=True)
    last = desks.last_event(session, item.id)
    if last is not None and last.kind == "corrected" and last.account_id == visitor.account.id:
        classifying.take_back(session, item, task=last.details["task"], now=now)
        desks.add_event(
            session,
            item.id,
            "undone",
            f"Hoàn tác: {last.words}",
            now=now,
            actor="person",
            account_id=visitor.account.id,
            undone=last.id,
        )
        _note(session, item, visitor, "undo", step=last.kind, task=last.details["task"])
    else:
        desk_service.undo(session, item, actor=visitor.actor, now=now)
    path, query = came_from(request)
    if path == "/dieu-phoi":
        return back_to(path, {**query, "muc": so})
    return back_to(path, query) if path in ("/ban-lam-viec", "/phong-rieng") else _back(so)


@router.post("/muc/{so}/{step}")
def make_step(
    so: str,
    step: str,
    request: Request,
    session: Store,
    visitor: FormFrom,
    catalog: CurrentCatalog,
    now: Now,
    version: Words = "",
    reason: Words = "",
    department: Words = "",
    text: Words = "",
    hours: Words = "",
    into: Words = "",
) -> Response:
    """Any step of the workflow; a refusal brings back what was typed."""
    if step not in STEPS:
        raise NotFound("Không có thao tác này.")
    item = open_item(session, so, visitor, lock=True)
    typed = {"reason": reason, "department": department, "text": text, "hours": hours, "into": into, "step": step}
    try:
        with session.begin_nested():
            desk_service.act(
                session,
                item,
                STEPS[step],
                actor=visitor.actor,
                catalog=catalog,
                now=now,
                version=_number(version),
                reason=reason.strip() or (NOT_OURS if step == "tra-lai" and department else ""),
                department=department or None if step in NAMING else None,
                text=text,
                hours=_number(hours),
                into=into.strip().upper() or None,
            )
    except (BadInput, UnknownDepartment, MoveRefused, Conflict, NotFound) as error:
        if request.headers.get("hx-request"):
            raise
        session.refresh(item)
        errors = {SAID_AT.get(step, step): error.message}
        late = error.message if _number(version) not in (None, item.version) else ""
        shown = page(session, item, visitor, catalog, now, errors=errors, form=typed, late=late)
        return HTMLResponse(shown, status_code=error.status)
    if request.headers.get("hx-request"):
        return accepted_row(session, visitor, item, catalog, now)
    return _after(request, so, step, visitor)


@router.get("/anh/{ma}/{photo_id}")
def photo_of_report(ma: str, photo_id: int, session: Store) -> Response:
    """A picture of a report, for who has its code; what is in the restricted room stays there."""
    item = item_of_code(session, ma)
    if item.restricted:
        raise NotFound("Không có ảnh này.")
    return _photo(item, photo_id)


@router.get("/muc/{so}/anh/{photo_id}")
def photo_of_item(so: str, photo_id: int, session: Store, visitor: SignedIn) -> Response:
    """A picture of an item, for staff who may see it."""
    return _photo(open_item(session, so, visitor), photo_id)


def open_item(session: Session, so: str, visitor: Visitor, *, lock: bool = False, own_step: bool = False) -> t.Item:
    """The item, if the visitor may see it; ``own_step`` also reaches what the visitor has just sent away.

    Raises
    ------
    NotFound
        No such item, or its existence is a secret.
    Forbidden
        It belongs to another department.
    """
    item = items.by_number(session, so, restricted=own_step or visitor.account.role == "handler", lock=lock)
    charge = desk_service.in_charge(session, item, desks.active_assignment(session, item.id))
    if desk_service.may_see(visitor.actor, item, charge):
        return item
    last = desks.last_event(session, item.id) if own_step else None
    mine = last is not None and last.account_id == visitor.account.id
    if mine and last is not None and (not item.restricted or last.kind == "restrict"):
        return item
    if item.restricted:
        raise NotFound(f"Không tìm thấy mục {so}.")
    raise Forbidden("Mục này của đơn vị khác.")


def note_read(session: Session, item: t.Item, visitor: Visitor) -> None:
    """Write into the audit that somebody read the item."""
    _note(session, item, visitor, "read")


def _note(session: Session, item: t.Item, visitor: Visitor, act: str, **details: Any) -> None:
    account = visitor.account
    audit.note(session, actor=account.name, account_id=account.id, act=act, item_id=item.id, **details)


def _check_fresh(item: t.Item, version: str) -> None:
    if _number(version) not in (None, item.version):
        raise Conflict("Mục này vừa được thay đổi. Xem thay đổi rồi lưu lại.")


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() else None


def _after(request: Request, so: str, step: str, visitor: Visitor) -> Response:
    """Back to where the step was made, with the undo bar: the list for a row's button, else the item.

    An officer who accepted goes on with the item; whoever answered or returned it goes on with the next one.
    """
    path, query = came_from(request)
    if path.startswith("/muc/") and (visitor.account.role != "officer" or step not in LEAVES):
        return _back(so)
    home = HOMES.get(visitor.account.role, ("/dong-tin", ""))[0]
    return back_to(home, {**(query if path == home else {}), "xong": so})


def _back(so: str) -> Response:
    return RedirectResponse(f"/muc/{so}", status_code=303)


def _photo(item: t.Item, photo_id: int) -> Response:
    photo = next((one for one in item.photos if one.id == photo_id), None)
    if photo is None:
        raise NotFound("Không có ảnh này.")
    kept = "no-store" if item.restricted else "private, max-age=86400"
    return FileResponse(settings().data_dir / photo.path, media_type="image/jpeg", headers={"Cache-Control": kept})
