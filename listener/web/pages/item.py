"""One item: what was written, what was understood and why, why it is here, and every step with it."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from listener.catalog.shapes import Catalog
from listener.classify import service as classifying
from listener.errors import BadInput, Conflict, Forbidden, MoveRefused, NotFound
from listener.route import service as routing
from listener.route.workflow import STATES, moves_from
from listener.settings import settings
from listener.store import desks, items, readings
from listener.store import tables as t
from listener.web.deps import CurrentCatalog, FormFrom, Now, SignedIn, Store, Visitor
from listener.web.masking import hidden
from listener.web.pages import marks, shown
from listener.web.pages.rendering import render
from listener.web.pages.tracking import item_of_code

router = APIRouter()
HOMES = {
    "officer": ("/ban-lam-viec", "Bàn làm việc"),
    "dispatcher": ("/dieu-phoi", "Điều phối"),
    "handler": ("/phong-rieng", "Phòng riêng"),
}
STEPS = {"tiep-nhan": "accept", "tra-lai": "return", "tra-loi": "answer", "dong": "close", "mo-lai": "reopen", "chuyen": "assign"}
CAN_FIX = ("officer", "dispatcher", "press", "analyst", "admin")
Words = Annotated[str, Form()]


@router.get("/muc/{so}")
def show(so: str, session: Store, visitor: SignedIn, catalog: CurrentCatalog, now: Now) -> HTMLResponse:
    """The item's page."""
    item = open_item(session, so, visitor)
    return HTMLResponse(_page(session, item, visitor, catalog, now), headers=_headers(item))


@router.post("/muc/{so}/sua")
def correct(
    so: str, session: Store, visitor: FormFrom, catalog: CurrentCatalog, now: Now, task: Words = "", value: Words = "", version: Words = ""
) -> Response:
    """A person corrects what was understood; the label stands beside the machine's word."""
    if visitor.account.role not in CAN_FIX:
        raise Forbidden("Vai trò của bạn chỉ xem, không sửa được.")
    item = open_item(session, so, visitor, lock=True)
    _check_fresh(session, item, version)
    if task == "area" and value not in catalog.areas:
        raise BadInput(f"Không có địa bàn mã “{value}”.", field="value")
    classifying.correct(session, item, task=task, value=value, account_id=visitor.account.id, now=now)
    name = catalog.areas[value].full_name if task == "area" else load_taxonomy().name(value)
    routing.note_correction(session, item, task=task, name=name, actor=visitor.actor, now=now)
    return _back(so)


@router.post("/muc/{so}/hoan-tac")
def undo(so: str, session: Store, visitor: FormFrom, now: Now) -> Response:
    """Take back one's own last step."""
    item = open_item(session, so, visitor, lock=True, returned=True)
    last = desks.last_event(session, item.id)
    if last is not None and last.kind == "corrected" and last.account_id == visitor.account.id:
        classifying.take_back(session, item, task=last.details["task"], now=now)
        desks.add_event(session, item.id, "undone", f"Hoàn tác: {last.words}", now=now, actor="person", account_id=visitor.account.id, undone=last.id)
    else:
        routing.undo(session, item, actor=visitor.actor, now=now)
    return _back(so)


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
) -> Response:
    """Accept, return, answer, close, reopen or hand on; a refusal brings back what was typed."""
    if step not in STEPS:
        raise NotFound("Không có thao tác này.")
    item = open_item(session, so, visitor, lock=True)
    typed = {"reason": reason, "department": department, "text": text}
    try:
        with session.begin_nested():
            routing.act(
                session,
                item,
                STEPS[step],
                actor=visitor.actor,
                catalog=catalog,
                now=now,
                version=_number(version),
                reason=_with_suggestion(reason, department, catalog) if step == "tra-lai" else reason,
                department=department or None if step == "chuyen" else None,
                text=text,
            )
    except (BadInput, MoveRefused, Conflict) as error:
        session.refresh(item)
        field = error.field if isinstance(error, BadInput) and error.field else ("reason" if step == "tra-lai" else "text")
        page = _page(session, item, visitor, catalog, now, errors={field: error.message}, form=typed)
        return HTMLResponse(page, status_code=error.status)
    return _after(request, so, visitor)


@router.get("/anh/{ma}/{photo_id}")
def photo_of_report(ma: str, photo_id: int, session: Store) -> Response:
    """A picture of a report, for who has its code."""
    return _photo(item_of_code(session, ma), photo_id)


@router.get("/muc/{so}/anh/{photo_id}")
def photo_of_item(so: str, photo_id: int, session: Store, visitor: SignedIn) -> Response:
    """A picture of an item, for staff who may see it."""
    return _photo(open_item(session, so, visitor), photo_id)


def open_item(session: Session, so: str, visitor: Visitor, *, lock: bool = False, returned: bool = False) -> t.Item:
    """The item, if the visitor may see it; ``returned`` lets an officer reach what they have just sent back.

    Raises
    ------
    NotFound
        No such item, or its existence is a secret.
    Forbidden
        It belongs to another department.
    """
    item = items.by_number(session, so, restricted=visitor.account.role == "handler", lock=lock)
    if routing.may_see(visitor.actor, item, desks.active_assignment(session, item.id)):
        return item
    last = desks.last_event(session, item.id) if returned else None
    if last is not None and last.account_id == visitor.account.id:
        return item
    raise Forbidden("Mục này của đơn vị khác.")


def undo_offer(session: Session, so: str | None, visitor: Visitor, now: Any) -> dict[str, Any] | None:
    """The undo bar for the visitor's own last step with an item, while it may still be taken back."""
    if not so:
        return None
    try:
        item = items.by_number(session, so, restricted=True)
    except NotFound:
        return None
    event = desks.last_event(session, item.id)
    if event is None or event.account_id != visitor.account.id or event.kind == "undone" or now - event.happened_at > routing.UNDO_WINDOW:
        return None
    return {"text": f"{so}: {event.words}", "url": f"/muc/{so}/hoan-tac", "version": None}


def _page(
    session: Session,
    item: t.Item,
    visitor: Visitor,
    catalog: Catalog,
    now: Any,
    *,
    errors: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
) -> str:
    assignment = desks.active_assignment(session, item.id)
    said = readings.predictions_of(session, item.id)
    labels = readings.labels_of(session, [item.id]).get(item.id, {})
    names = desks.account_names(session, [label.account_id for label in labels.values() if label.account_id])
    events = desks.events_of(session, item.id)
    row = shown.item_rows(session, [item], catalog, now)[0]
    evidence, masks = evidence_of(item, said), [(mask["start"], mask["end"], mask["type"]) for mask in item.masks]
    decision = routing.decision_for(item, said.get("topic"), catalog)
    back_url, back_label = HOMES.get(visitor.account.role, ("/dong-tin", "Dòng tin"))
    offer = undo_offer(session, item.number, visitor, now)
    context = {
        "item": {
            **row,
            "version": item.version,
            "url": item.url,
            "photos": [
                {"url": f"/muc/{item.number}/anh/{photo.id}", "thumb_url": f"/muc/{item.number}/anh/{photo.id}", "alt": "Ảnh do người dân gửi"}
                for photo in item.photos
            ],
        },
        "due": row["due"],
        "segments": marks.segments(item.body, evidence, masks),
        "evidence_words": marks.words(item.body, evidence, masks),
        "lines": shown.reading_lines(item, said, labels, names, catalog),
        "can_fix": visitor.account.role in CAN_FIX,
        "why": {
            "sentence": assignment.reason if assignment else decision.reason,
            "rules": [
                {"words": assignment.rule if assignment else decision.rule, "taken": True},
                *(
                    {"words": f"{catalog.name_of(a.department)} · {load_taxonomy().name(a.topic)}", "taken": False}
                    for a in decision.alternatives
                    if a.department != (assignment.department_code if assignment else decision.department)
                ),
            ],
        },
        "place": _place(item, catalog),
        "assignment": _assignment(session, assignment, catalog),
        "moves": moves_from(item.state, visitor.account.role),
        "suggestions": [
            {"code": a.department, "name": catalog.name_of(a.department)}
            for a in decision.alternatives
            if a.department in catalog.departments and (assignment is None or a.department != assignment.department_code)
        ],
        "departments": department_groups(catalog),
        "lookalikes": [
            {
                "so": one.number,
                "text": shown.shortened(hidden(one.body, one.masks), 120),
                "received_at": one.received_at,
                "area_name": catalog.areas[one.unit_code].full_name if one.unit_code in catalog.areas else None,
                "state_name": STATES[one.state],
            }
            for one in ([] if item.restricted or visitor.account.role == "officer" else items.look_alikes(session, item))
        ],
        "events": shown.timeline(events, _undoable(events, offer), f"/muc/{item.number}", item.version),
        "answer": {"text": assignment.answer, "at": assignment.answered_at, "by_name": catalog.name_of(assignment.department_code)}
        if assignment and assignment.answer and assignment.answered_at
        else None,
        "draft": "",
        "errors": dict(errors or {}),
        "form": {"reason": "", "text": "", "department": "", **(form or {})},
        "around": {"back_url": back_url, "back_label": back_label, "previous": None, "next": None, "position": None, "total": None},
        "conflict": None,
        "undo": offer,
    }
    return render("item.html", {**shown.shell(session, visitor, "", now), **context})


def department_groups(catalog: Catalog) -> list[tuple[str, list[tuple[str, str]]]]:
    """Departments for a list to choose from: the city's, utilities, then the communes' by name."""
    groups: dict[str, list[tuple[str, str]]] = {"Thành phố": [], "Doanh nghiệp, đơn vị công ích": [], "UBND xã, phường": [], "Công an xã, phường": []}
    for department in catalog.departments.values():
        if department.code in ("UBX", "CAX"):
            continue
        key = (
            ("UBND xã, phường" if department.kind == "commune" else "Công an xã, phường")
            if department.area_code
            else ("Doanh nghiệp, đơn vị công ích" if department.kind == "utility" else "Thành phố")
        )
        groups[key].append((department.code, department.name))
    return [(name, sorted(found, key=lambda pair: shown.vietnamese.sort_key(pair[1]))) for name, found in groups.items()]


def evidence_of(item: t.Item, said: Mapping[str, t.Prediction]) -> dict[str, list[tuple[int, int]]]:
    """The stretches of the body that spoke for the topic, the urgency, the kind, and name the place."""
    found = {task: [(span["start"], span["end"]) for span in said[task].why] for task in ("topic", "urgency", "kind") if task in said and said[task].why}
    places = [(place["start"], place["end"]) for place in item.places]
    return {**found, "place": places} if places else found


def _place(item: t.Item, catalog: Catalog) -> dict[str, Any] | None:
    area = catalog.areas.get(item.unit_code or "")
    words = item.place_text or ", ".join(dict.fromkeys(place["text"] for place in item.places))
    if not words and area is None and item.lat is None:
        return None
    maybe = [] if area else [catalog.areas[code].full_name for place in item.places for code in place["candidates"] if code in catalog.areas]
    older = next((place["text"] for place in item.places if place.get("older")), None)
    points = [{"lat": item.lat, "lng": item.lng, "name": "Vị trí người gửi"}] if item.lat is not None and item.lng is not None else []
    return {"words": words, "area_name": area.full_name if area else None, "older": older, "maybe": list(dict.fromkeys(maybe)), "points": points, "ground": {}}


def _assignment(session: Session, assignment: t.Assignment | None, catalog: Catalog) -> dict[str, Any] | None:
    if assignment is None:
        return None
    names = desks.account_names(session, [assignment.accepted_by] if assignment.accepted_by else [])
    return {
        "department_name": catalog.name_of(assignment.department_code),
        "coordinating": [catalog.name_of(code) for code in assignment.coordinating],
        "accepted_by": names.get(assignment.accepted_by or 0),
        "accepted_at": assignment.accepted_at,
    }


def _undoable(events: Any, offer: Mapping[str, Any] | None) -> int | None:
    return next((event.id for event, _ in reversed(events) if event.account_id is not None), None) if offer else None


def _check_fresh(session: Session, item: t.Item, version: str) -> None:
    if _number(version) not in (None, item.version):
        raise Conflict("Mục này vừa được thay đổi. Xem thay đổi rồi lưu lại.")


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() else None


def _with_suggestion(reason: str, department: str, catalog: Catalog) -> str:
    """The reason of a return with the desk where it may belong; naming one is reason enough."""
    if department not in catalog.departments or catalog.name_of(department) in reason:
        return reason
    return f"{reason.strip() or 'Không thuộc thẩm quyền'} – có thể thuộc {catalog.name_of(department)}"


def _after(request: Request, so: str, visitor: Visitor) -> Response:
    """Back to where the step was made, with the undo bar: the list for a row's button, else the item."""
    came_from = request.headers.get("referer", "")
    if "/muc/" in came_from and visitor.account.role != "officer":
        return _back(so)
    home = HOMES.get(visitor.account.role, ("/dong-tin", ""))[0]
    kept = dict(parse_qsl(came_from.split("?", 1)[1])) if "?" in came_from and home in came_from else {}
    return RedirectResponse(f"{home}?{urlencode({**kept, 'xong': so})}", status_code=303)


def _back(so: str) -> Response:
    return RedirectResponse(f"/muc/{so}", status_code=303)


def _headers(item: t.Item) -> dict[str, str]:
    return {"Cache-Control": "no-store"} if item.restricted else {}


def _photo(item: t.Item, photo_id: int) -> Response:
    photo = next((one for one in item.photos if one.id == photo_id), None)
    if photo is None:
        raise NotFound("Không có ảnh này.")
    return FileResponse(settings().data_dir / photo.path, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400"})
