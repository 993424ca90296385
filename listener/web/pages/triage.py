"""The dispatcher's pool: what the machine did not dare to send, with its best guesses as buttons."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from classifiers.text.fold import fold
from listener.catalog.shapes import Catalog
from listener.errors import Forbidden, ListenerError, NotFound
from listener.route import desk_service
from listener.route import service as routing
from listener.store import audit, clocks, counts, desks, items, readings
from listener.store import tables as t
from listener.web.deps import CurrentCatalog, FormFrom, Now, SignedIn, Store, Visitor
from listener.web.pages import marks, rules, shown
from listener.web.pages.answers import back_to, came_from, listing
from listener.web.pages.filters import area_field, field_field, urgency_field, wanted
from listener.web.pages.item_page import department_groups, evidence_of, undo_offer
from listener.web.pages.rendering import render

router = APIRouter()
ROLES = ("dispatcher", "admin")
QUEUES = (
    ("chua-chac", "Chưa chắc", "unsure"),
    ("tra-lai", "Trả lại", "returned"),
    ("cho-nguoi-gui", "Chờ người gửi", "waiting"),
    ("gia-han", "Xin gia hạn", "extensions"),
    ("qua-han", "Quá hạn ở đơn vị", "overdue"),
)
STEPS = {
    "chuyen": "assign",
    "tu-choi": "refuse",
    "phong-rieng": "restrict",
    "hoi-them": "ask",
    "duyet-gia-han": "grant_extension",
    "khong-gia-han": "refuse_extension",
}
# Which field of the page says what went wrong with a step.
FIELDS = {"tu-choi": "reason", "hoi-them": "hoi", "khong-gia-han": "ly-do-gia-han"}
Words = Annotated[str, Form()]


@router.get("/dieu-phoi")
def triage(request: Request, session: Store, visitor: SignedIn, catalog: CurrentCatalog, now: Now) -> HTMLResponse:
    """The pool, urgent first, with one matter open."""
    _check_role(visitor)
    return listing(request, "triage.html", _context(session, visitor, catalog, dict(request.query_params), now))


@router.post("/dieu-phoi/{so}/{step}")
def decide(
    so: str,
    step: str,
    request: Request,
    session: Store,
    visitor: FormFrom,
    catalog: CurrentCatalog,
    now: Now,
    department: Words = "",
    reason: Words = "",
    version: Words = "",
    text: Words = "",
) -> Response:
    """Put it on a desk, ask the sender, refuse it, decide an extension, or restrict it; then the next one opens."""
    if step not in STEPS:
        raise NotFound("Không có thao tác này.")
    if step != "phong-rieng":  # an officer too may move what looks like a denunciation off the desk
        _check_role(visitor)
    item = items.by_number(session, so, lock=True)
    try:
        with session.begin_nested():
            desk_service.act(
                session,
                item,
                STEPS[step],
                actor=visitor.actor,
                catalog=catalog,
                now=now,
                version=int(version) if version.isdigit() else None,
                reason=reason,
                department=department or None,
                text=text,
            )
    except ListenerError as error:
        session.refresh(item)
        _check_role(visitor)
        context = _context(
            session,
            visitor,
            catalog,
            {**came_from(request)[1], "muc": so},
            now,
            errors={FIELDS.get(step, "department"): error.message},
        )
        return HTMLResponse(render("triage.html", context), status_code=error.status)
    return _next(request, so) if visitor.account.role in ROLES else RedirectResponse("/viec", status_code=303)


def _context(
    session: Session,
    visitor: Visitor,
    catalog: Catalog,
    query: dict[str, str],
    now: datetime,
    errors: dict[str, str] | None = None,
) -> dict[str, Any]:
    queue = query.get("hang", "chua-chac")
    sizes = desks.pool_counts(session, now=now)
    returned = desks.returned_events(session, [item.id for item in desks.pool(session)])
    waiting = [item for item in _queue(session, queue, returned, now) if _fits(item, query)]
    chosen = next((item for item in waiting if item.number == query.get("muc")), waiting[0] if waiting else None)
    if chosen is not None:  # the open card shows the whole text
        account = visitor.account
        audit.note(session, actor=account.name, account_id=account.id, act="read", item_id=chosen.id, at=now)
    return {
        **shown.shell(session, visitor, "triage", now),
        "tabs": [
            {"key": key, "label": label, "count": sizes[name], "url": f"/dieu-phoi?hang={key}", "current": key == queue}
            for key, label, name in QUEUES
        ],
        "query": wanted(query, ("hang", "linh-vuc", "dia-ban", "muc-khan", "q")),
        "fields": [field_field(), urgency_field(), area_field(catalog)],
        "rows": shown.item_rows(session, waiting[:50], catalog, now),
        "cursor": None,
        "card": _card(session, chosen, returned.get(chosen.id), catalog, now) if chosen else None,
        "departments": department_groups(catalog),
        "today": counts.routed_today(session, now),
        "errors": errors or {},
        "bulk_result": None,
        "rule_alerts": rules.alerts(session, catalog, now),
        "undo": undo_offer(session, query.get("xong"), visitor, now),
    }


def _queue(session: Session, queue: str, returned: dict[int, t.Event], now: datetime) -> Sequence[t.Item]:
    if queue == "cho-nguoi-gui":
        return desks.waiting_pool(session)
    if queue == "gia-han":
        return [item for _, item in clocks.extensions_asked(session)]
    if queue == "qua-han":
        return [item for _, item in desks.overdue(session, now=now)]
    return [item for item in desks.pool(session) if (item.id in returned) == (queue == "tra-lai")]


def _fits(item: t.Item, query: dict[str, str]) -> bool:
    asked = {"linh-vuc": item.field, "muc-khan": item.urgency, "dia-ban": item.unit_code}
    if any(query.get(name) and query[name] != value for name, value in asked.items()):
        return False
    return all(word in item.search_text for word in fold(query.get("q", "")).split())


def _card(session: Session, item: t.Item, returned: t.Event | None, catalog: Catalog, now: datetime) -> dict[str, Any]:
    """The open matter: its words with evidence, why the machine did not dare, its guesses in natural frequencies."""
    said = readings.predictions_of(session, item.id)
    decision = routing.decision_for(item, said.get("topic"), catalog)
    evidence, masks = evidence_of(item, said), [(mask["start"], mask["end"], mask["type"]) for mask in item.masks]
    row = shown.item_rows(session, [item], catalog, now)[0]
    photos = [
        {
            "url": f"/muc/{item.number}/anh/{p.id}",
            "thumb_url": f"/muc/{item.number}/anh/{p.id}",
            "alt": "Ảnh do người dân gửi",
        }
        for p in item.photos
    ]
    return {
        "item": {**row, "version": item.version, "photos": photos},
        "segments": marks.segments(item.body, evidence, masks),
        "evidence_words": marks.words(item.body, evidence, masks),
        "unsure": decision.reason.split(". ", 1)[1] if ". " in decision.reason else None,
        "asked": {"until": item.waiting_until} if item.state == "waiting_citizen" else None,
        "extension": _extension(session, item, catalog),
        "guesses": _suggested(returned, catalog)
        + [
            {
                "code": guess.department,
                "name": catalog.name_of(guess.department),
                "of_100": round(100 * guess.share) or None,
                "reason": load_taxonomy().name(guess.topic),
            }
            for guess in decision.alternatives
            if guess.department not in ("UBX", "CAX", *_named_by(returned))
        ],
        "returned": {
            "words": returned.details.get("reason", ""),
            "by_name": None,
            "department_name": catalog.name_of(returned.department_code or ""),
            "at": returned.happened_at,
        }
        if returned
        else None,
        "blind": False,
    }


def _named_by(returned: t.Event | None) -> tuple[str | None, ...]:
    """The desk that gave it back and the one it named: neither is guessed again."""
    return (returned.department_code, returned.details.get("suggested")) if returned else ()


def _suggested(returned: t.Event | None, catalog: Catalog) -> list[dict[str, Any]]:
    """The desk that the officer named, before all guesses of the machine."""
    code = returned.details.get("suggested") if returned else None
    if returned is None or code not in catalog.departments:
        return []
    who = catalog.name_of(returned.department_code or "")
    return [{"code": code, "name": catalog.name_of(str(code)), "of_100": None, "reason": f"{who} đề nghị"}]


def _extension(session: Session, item: t.Item, catalog: Catalog) -> dict[str, Any] | None:
    desk = desks.active_assignment(session, item.id)
    if desk is None or desk.asked_hours is None:
        return None
    return {
        "hours": desk.asked_hours,
        "reason": desk.asked_reason,
        "department_name": catalog.name_of(desk.department_code),
        "due_at": desk.due_at,
        "later": desk_service.with_hours(desk, desk.asked_hours, catalog),
    }


def _check_role(visitor: Visitor) -> None:
    if visitor.account.role not in ROLES:
        raise Forbidden("Trang điều phối chỉ dành cho người điều phối.")


def _next(request: Request, so: str) -> Response:
    """The next matter of the same queue, with the undo bar for this one."""
    path, query = came_from(request)
    return back_to("/dieu-phoi", {**(query if path == "/dieu-phoi" else {}), "xong": so})
