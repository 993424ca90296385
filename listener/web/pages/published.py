"""What people published: the list with its filters and map, one matter with its history, and “Tôi cũng gặp”."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from classifiers.text.fold import fold
from classifiers.text.privacy import mask
from listener import pipeline
from listener.catalog.shapes import Catalog
from listener.collect.found import NewReport
from listener.errors import BadInput, NotFound, TooMany
from listener.route.public_service import DONE_STATES, OPEN_STATES, allowed, shown_place, shown_point
from listener.store import desks, public
from listener.store.public import PublicMatter, Wanted
from listener.web import limits, lookalikes
from listener.web.deps import CurrentCatalog, Now, Store
from listener.web.pages.rendering import render
from listener.web.pages.tracking import RATINGS

router = APIRouter()
PAGE = 20
MOST_POINTS = 500
LAST_PAGE = 10_000
STATES = {"dang-xu-ly": ("Đang xử lý", OPEN_STATES), "da-xong": ("Đã trả lời, đã đóng", DONE_STATES)}
STATE_NAMES = {
    "triage": "Đang chuyển đơn vị",
    "assigned": "Chờ tiếp nhận",
    "accepted": "Đang xử lý",
    "waiting_citizen": "Chờ thêm thông tin",
    "answered": "Đã trả lời",
    "closed": "Đã đóng",
    "refused": "Không xử lý",
}
GONE = "Không có phản ánh công khai này, hoặc đã thôi công khai."
Words = Annotated[str, Form()]


@router.get("/cong-khai")
def listing(
    session: Store,
    catalog: CurrentCatalog,
    now: Now,
    q: str = "",
    linh_vuc: Annotated[str, Query(alias="linh-vuc")] = "",
    don_vi: Annotated[str, Query(alias="don-vi")] = "",
    dia_ban: Annotated[str, Query(alias="dia-ban")] = "",
    trang_thai: Annotated[str, Query(alias="trang-thai")] = "",
    trang: str = "1",
) -> HTMLResponse:
    """The list, twenty a page, and the points of the whole for the map."""
    query = {"q": q.strip()[:100], "linh-vuc": linh_vuc, "don-vi": don_vi, "dia-ban": dia_ban, "trang-thai": trang_thai}
    page = min(max(int(trang), 1), LAST_PAGE) if trang.isascii() and trang.isdigit() and len(trang) < 6 else 1
    wanted = _wanted(query)
    total = public.count(session, allowed(), wanted)
    found = public.find(session, allowed(), wanted, limit=PAGE, skip=(page - 1) * PAGE)
    counts = public.supporters(session, [matter.item.id for matter in found])
    context = {
        "active": "published",
        "now": now,
        "query": query,
        "filters": _filters(session, catalog, query),
        "total": total,
        "page": page,
        "pages": max(-(-total // PAGE), 1),
        "matters": [_row(matter, catalog, counts) for matter in found],
        "points": _points(public.find(session, allowed(), wanted, limit=MOST_POINTS)),
        "ground": _ground(catalog),
    }
    return HTMLResponse(render("published.html", context))


@router.get("/cong-khai/{public_id}")
def one(public_id: str, session: Store, catalog: CurrentCatalog, now: Now) -> HTMLResponse:
    """One matter: the words that were let out, where it stands, what was done and answered."""
    return HTMLResponse(_page(session, _matter(session, public_id), catalog, now))


@router.post("/cong-khai/{public_id}/cung-gap")
def join(
    public_id: str,
    request: Request,
    session: Store,
    catalog: CurrentCatalog,
    now: Now,
    text: Words = "",
    key: Words = "",
    website: Words = "",
    proof: Words = "",
) -> Response:
    """One more report of the same, in the sender's words or none, joined to the matter; leads to its own code."""
    matter = _matter(session, public_id)
    own_key = key[:80] or secrets.token_urlsafe(12)
    place = shown_place(matter.item, catalog.area_name(matter.item.unit_code))
    said = f"Tôi cũng gặp: {load_taxonomy().name(matter.item.topic or '')}"  # not another person's words
    try:
        if website:  # a field people do not see: only programs fill it
            raise BadInput("Gửi không thành. Tải lại trang rồi bấm lại.")
        if not lookalikes.sent_before(session, own_key):
            limits.limit_form(request, session, proof, key=own_key, now=now)
        with session.begin_nested():
            report = NewReport(text=text.strip()[:2000] or said, place=place, key=own_key)
            receipt = pipeline.take_in(session, report, catalog=catalog, at=now)
    except (BadInput, TooMany) as error:
        page = _page(session, matter, catalog, now, error=error.message, typed=text, key=own_key)
        return HTMLResponse(page, status_code=error.status)
    lookalikes.join(session, receipt.item, matter.item.public_id, catalog=catalog, now=now)
    return RedirectResponse(f"/da-gui/{receipt.code}", status_code=303)


def _page(
    session: Session,
    matter: PublicMatter,
    catalog: Catalog,
    now: datetime,
    *,
    error: str | None = None,
    typed: str = "",
    key: str = "",
) -> str:
    counts = public.supporters(session, [matter.item.id])
    events = [event for event, _ in desks.events_of(session, matter.item.id)]
    desk = matter.assignment
    done = matter.item.state in DONE_STATES
    answer = {"text": mask(desk.answer), "at": desk.answered_at} if desk and desk.answer and done else None
    rated = next((event.details.get("value") for event in reversed(events) if event.kind == "rated"), None)
    context = {
        "active": "published",
        "now": now,
        "matter": _row(matter, catalog, counts),
        "text": matter.item.public_text,
        "answer": answer,
        "rated": RATINGS.get(str(rated)) if answer else None,
        "due_at": desk.due_at if desk and not done else None,
        "history": _history(matter.item.received_at, events, catalog),
        "points": _points([matter]),
        "ground": _ground(catalog),
        "can_join": matter.item.state in OPEN_STATES,
        "error": error,
        "typed": typed,
        "key": key or secrets.token_urlsafe(12),
    }
    return render("published_one.html", context)


def _matter(session: Session, public_id: str) -> PublicMatter:
    """The published matter of a public id.

    Raises
    ------
    NotFound
        There is none, or nobody published it: the two cannot be told apart.
    """
    found = public.find(session, allowed(), Wanted(ids=[public_id.upper()]), limit=1)
    if not found:
        raise NotFound(GONE)
    return found[0]


def _wanted(query: Mapping[str, str]) -> Wanted:
    state = STATES.get(query["trang-thai"])
    return Wanted(
        fields=[query["linh-vuc"]] if query["linh-vuc"] else None,
        departments=[query["don-vi"]] if query["don-vi"] else None,
        units=[query["dia-ban"]] if query["dia-ban"] else None,
        states=state[1] if state else None,
        words=fold(query["q"]).split() or None,
    )


def _filters(session: Session, catalog: Catalog, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """The lists to choose from; a place or unit is offered where it has something to show, or was chosen."""
    units, departments = public.units_and_desks(session, allowed())
    areas = {code: catalog.area_name(code) or code for code in units}
    offices = {code: catalog.name_of(code) for code in departments}
    fields = {slug: field.name for slug, field in load_taxonomy().fields.items()}
    states = {slug: name for slug, (name, _) in STATES.items()}
    lists = [
        ("linh-vuc", "Lĩnh vực", "Mọi lĩnh vực", fields),
        ("don-vi", "Đơn vị", "Mọi đơn vị", offices),
        ("dia-ban", "Địa bàn", "Mọi nơi", areas),
        ("trang-thai", "Tình trạng", "Tất cả", states),
    ]
    return [
        {
            "name": name,
            "label": label,
            "any": every,
            "value": query[name],
            "chosen": options.get(query[name], query[name][:40]),
            "options": sorted(options.items(), key=lambda one: fold(one[1])),
        }
        for name, label, every, options in lists
    ]


def _row(matter: PublicMatter, catalog: Catalog, counts: Mapping[int, int]) -> dict[str, Any]:
    item, desk = matter.item, matter.assignment
    answered = desk.answered_at if desk and item.state in DONE_STATES else None
    return {
        "id": item.public_id,
        "url": f"/cong-khai/{item.public_id}",
        "title": lookalikes.shortened(item.public_text or "", 100),
        "field": load_taxonomy().fields[item.field].name if item.field else None,
        "topic": load_taxonomy().name(item.topic or ""),
        "place": shown_place(item, catalog.area_name(item.unit_code)),
        "department": catalog.name_of(desk.department_code) if desk else None,
        "state": STATE_NAMES.get(item.state, ""),
        "done": item.state in DONE_STATES,
        "received_at": item.received_at,
        "days": max((answered - item.received_at).days, 0) if answered else None,
        "others": counts.get(item.id, 0),
    }


def _history(received_at: datetime, events: Sequence[Any], catalog: Catalog) -> list[dict[str, Any]]:
    """What happened, in our own words: neither names nor reasons of anybody. What was undone did not happen."""
    undone = {event.details.get("undone") for event in events if event.kind == "undone"}
    said = {
        "assign": "Chuyển tới {desk}",
        "accept": "{desk} tiếp nhận",
        "return": "{desk} trả lại để chuyển đơn vị khác",
        "answer": "{desk} trả lời",
        "close": "Đóng",
        "reopen": "Mở lại để làm tiếp",
        "refuse": "Cán bộ xem và không xử lý theo đường thường",
    }
    lines = [{"at": received_at, "text": "Nhận phản ánh"}]
    for event in events:
        if event.kind in said and event.id not in undone:
            desk = catalog.name_of(event.department_code) if event.department_code else "Đơn vị"
            lines.append({"at": event.happened_at, "text": said[event.kind].format(desk=desk)})
    return lines


def _points(matters: Sequence[PublicMatter]) -> list[dict[str, Any]]:
    """The points of the map; matters that are shown at one point share it."""
    at: dict[tuple[float, float], list[PublicMatter]] = {}
    for matter in matters:
        if matter.item.lat is not None and matter.item.lng is not None:
            at.setdefault(shown_point(matter.item.lat, matter.item.lng, matter.item.field), []).append(matter)
    return [
        {
            "lat": lat,
            "lng": lng,
            "name": lookalikes.shortened(here[0].item.public_text or "", 60)
            + (f" (và {len(here) - 1} phản ánh khác)" if len(here) > 1 else ""),
            "url": f"/cong-khai/{here[0].item.public_id}",
        }
        for (lat, lng), here in at.items()
    ]


def _ground(catalog: Catalog) -> dict[str, Any]:
    areas = [{"name": area.full_name, "lat": area.lat, "lng": area.lng} for area in catalog.areas.values()]
    return {"tiles": None, "credit": None, "areas": areas}
