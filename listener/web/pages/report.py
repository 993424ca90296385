"""The citizen's report: the form, the reading shown before sending, and the receipt."""

import secrets
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from listener import pipeline
from listener.catalog.shapes import Catalog
from listener.collect import photos as photo_rules
from listener.collect.found import NewReport, PhotoFile
from listener.errors import BadInput, TooMany
from listener.store import copies, desks
from listener.web import limits, lookalikes
from listener.web.deps import CurrentCatalog, Now, Store
from listener.web.pages.rendering import render
from listener.web.pages.tracking import NO_STORE, alike, item_of_code
from listener.web.preview import Understood, read_aloud

router = APIRouter()
LONGEST = 2000
EMPTY = {"text": "", "place": "", "lat": "", "lng": "", "name": "", "phone": "", "email": "", "public": False}
Words = Annotated[str, Form()]


def fields(
    text: Words = "",
    place: Words = "",
    lat: Words = "",
    lng: Words = "",
    name: Words = "",
    phone: Words = "",
    email: Words = "",
    public: Words = "",
) -> dict[str, Any]:
    """What somebody typed, by field, to be kept or shown again."""
    typed = {"text": text, "place": place, "lat": lat, "lng": lng, "name": name, "phone": phone, "email": email}
    return {**typed, "public": bool(public)}


Typed = Annotated[dict[str, Any], Depends(fields)]


@router.get("/gui-phan-anh")
def form(catalog: CurrentCatalog, noi_dung: str = "", lat: str = "", lng: str = "") -> HTMLResponse:
    """The empty form, or one begun by a QR code's address."""
    return HTMLResponse(_form(catalog, {**EMPTY, "text": noi_dung[:LONGEST], "lat": lat[:20], "lng": lng[:20]}))


@router.get("/gui-phan-anh/thach-do")
def challenge(request: Request, now: Now) -> Response:
    """A challenge for the browser to work on while its user writes."""
    return Response(
        limits.new_challenge(request, now), media_type="text/plain", headers={"Cache-Control": "private, no-store"}
    )


@router.post("/gui-phan-anh")
def send(
    request: Request,
    session: Store,
    catalog: CurrentCatalog,
    now: Now,
    typed: Typed,
    key: Words = "",
    website: Words = "",
    proof: Words = "",
    join: Words = "",
    photos: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """Keep the report and lead to its receipt; the same key gives the same receipt."""
    if website:  # a field people do not see: only programs fill it
        return HTMLResponse(
            _form(catalog, typed, {"text": "Phản ánh này giống thư rác. Tải lại trang rồi gửi lại."}), status_code=422
        )
    own_key = key[:80] or secrets.token_urlsafe(12)
    try:
        if not lookalikes.sent_before(session, own_key):
            limits.limit_form(request, session, proof, key=own_key, now=now)
        with session.begin_nested():
            report = NewReport(
                text=typed["text"],
                place=typed["place"][:300] or None,
                lat=_degrees(typed["lat"], 90),
                lng=_degrees(typed["lng"], 180),
                name=typed["name"][:120] or None,
                phone=typed["phone"][:30] or None,
                email=typed["email"][:120] or None,
                may_publish=typed["public"],
                key=own_key,
                photos=tuple(PhotoFile(file.filename or "ảnh", file.file.read()) for file in photos or () if file.size),
            )
            receipt = pipeline.take_in(session, report, catalog=catalog, at=now)
    except TooMany as error:
        page = _form(catalog, typed, {"text": error.message}, key)
        return HTMLResponse(page, status_code=error.status, headers={"Retry-After": "600"})
    except BadInput as error:
        return HTMLResponse(_form(catalog, typed, {error.field or "text": error.message}, key), status_code=422)
    if join:
        lookalikes.join(session, receipt.item, join[:40], catalog=catalog, now=now)
    return RedirectResponse(f"/da-gui/{receipt.code}", status_code=303)


@router.post("/gui-phan-anh/gan-day")
def nearby(
    session: Store,
    catalog: CurrentCatalog,
    now: Now,
    typed: Typed,
    key: Words = "",
) -> HTMLResponse:
    """The form again, as it was typed, with what others told nearby: for browsers without scripts."""
    try:
        _, found = _heard(session, catalog, typed, now)
    except ValueError:
        return HTMLResponse(_form(catalog, typed, {"text": "Viết vài chữ về chuyện bạn gặp trước đã."}, key), 422)
    return HTMLResponse(_form(catalog, typed, key=key, found=found))


@router.post("/gui-phan-anh/doc-thu")
def preview(session: Store, catalog: CurrentCatalog, now: Now, typed: Typed) -> HTMLResponse:
    """What the machine understands of a text before it is sent, and what is near; nothing is stored or logged."""
    try:
        understood, near = _heard(session, catalog, typed, now)
    except ValueError:
        return HTMLResponse("")
    topic = load_taxonomy().leaves[understood.topic].name
    area = catalog.area_name(understood.area)
    desk = catalog.name_of(understood.department) if understood.department else None
    context: dict[str, Any] = {
        "topic_name": topic,
        "department_name": desk,
        "area_name": area,
        "kind": understood.kind,
        "lookalikes": near,
    }
    return HTMLResponse(render("report_preview.html", context))


@router.get("/da-gui/{ma}")
def receipt(ma: str, session: Store, catalog: CurrentCatalog, now: Now) -> HTMLResponse:
    """What was understood, whose desk it is on, and until when."""
    item = item_of_code(session, ma)
    root = copies.root(session, item)
    assignment = desks.active_assignment(session, root.id)
    context = {
        "ma": ma,
        "received_at": item.received_at,
        "now": now,
        "topic_name": load_taxonomy().leaves[item.topic].name if item.topic and not item.spam else None,
        "area_name": catalog.area_name(item.unit_code),
        "department_name": catalog.name_of(assignment.department_code) if assignment else None,
        "due_at": assignment.due_at if assignment else None,
        "restricted": item.restricted,
        "track_url": f"/tra-cuu/{ma}",
        "similar_count": alike(session, item),
        "joined": root is not item,
    }
    return HTMLResponse(render("receipt.html", context), headers=NO_STORE)


def _form(
    catalog: Catalog,
    typed: dict[str, Any],
    errors: dict[str, str] | None = None,
    key: str = "",
    found: list[dict[str, Any]] | None = None,
) -> str:
    areas = list(catalog.areas.values())
    middle = [sum(a.lat for a in areas) / len(areas), sum(a.lng for a in areas) / len(areas)] if areas else None
    ground = [{"name": area.full_name, "lat": area.lat, "lng": area.lng} for area in areas]
    context = {
        "active": "report",
        "form": typed,
        "errors": errors or {},
        "key": key or secrets.token_urlsafe(12),
        "max_photos": photo_rules.MOST_PHOTOS,
        "max_photo_size": photo_rules.MOST_BYTES,
        "max_text": LONGEST,
        "map": {"center": middle, "tiles": None, "credit": None, "areas": ground} if middle else None,
        "preview_url": "/gui-phan-anh/doc-thu",
        "lookalikes": found,
    }
    return render("report.html", context)


def _heard(
    session: Session, catalog: Catalog, typed: dict[str, Any], now: datetime
) -> tuple[Understood, list[dict[str, Any]]]:
    """What a text means and what was told near by; raises ValueError when it holds no words."""
    text, place = typed["text"][:LONGEST], typed["place"][:300]
    understood = read_aloud(text, place, catalog=catalog)
    spot = _degrees(typed["lat"], 90), _degrees(typed["lng"], 180)
    return understood, lookalikes.near(session, understood, f"{place}, {text}", *spot, now=now)


def _degrees(text: str, limit: float) -> float | None:
    """A coordinate from a form field; None when the field is empty or holds none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) <= limit else None
