"""What the item's page shows: the words with evidence, the reading, why it is here, what may be done next."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from classifiers.text.privacy import mask
from listener import vietnamese
from listener.catalog.shapes import Catalog
from listener.errors import NotFound
from listener.masking import hidden
from listener.route import desk_service, public_service
from listener.route import service as routing
from listener.route.workflow import OPEN, STATES
from listener.store import copies, desks, items, readings, senders
from listener.store import tables as t
from listener.web.deps import Visitor
from listener.web.pages import letter_panel, marks, shown
from listener.web.pages.rendering import render

HOMES = {
    "officer": ("/ban-lam-viec", "Bàn làm việc"),
    "dispatcher": ("/dieu-phoi", "Điều phối"),
    "handler": ("/phong-rieng", "Phòng riêng"),
}
EMPTY_FORM = dict.fromkeys(("reason", "text", "department", "hours", "into", "step"), "")
CAN_FIX = ("officer", "dispatcher", "press", "analyst", "admin")


def undo_offer(session: Session, so: str | None, visitor: Visitor, now: datetime) -> dict[str, Any] | None:
    """The undo bar for the visitor's own last step with an item, while it may still be taken back."""
    if not so:
        return None
    try:
        item = items.by_number(session, so, restricted=True)
    except NotFound:
        return None
    event = desks.last_event(session, item.id)
    if (
        event is None
        or event.account_id != visitor.account.id
        or event.kind == "undone"
        or (item.restricted and event.kind != "restrict" and visitor.account.role != "handler")
        or now - event.happened_at > desk_service.UNDO_WINDOW
    ):
        return None
    return {"text": f"{so}: {event.words}", "url": f"/muc/{so}/hoan-tac", "version": None}


def page(
    session: Session,
    item: t.Item,
    visitor: Visitor,
    catalog: Catalog,
    now: datetime,
    *,
    errors: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    identity: Mapping[str, str] | None = None,
    late: str = "",
) -> str:
    """The page of one item; ``late`` says that somebody else was faster than this form."""
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
            "gone_at": item.gone_at,
            "photos": [
                {
                    "url": f"/muc/{item.number}/anh/{photo.id}",
                    "thumb_url": f"/muc/{item.number}/anh/{photo.id}",
                    "alt": "Ảnh do người dân gửi",
                }
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
                *(
                    {"words": f"{one['name']}: {one['why']}", "taken": False}
                    for one in (assignment.trace if assignment else routing.trace(decision))
                ),
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
        "moves": desk_service.moves_for(session, item, assignment, visitor.actor),
        "asked": _asked(session, item, assignment, catalog),
        "copies": _copies(session, item, visitor),
        "public": public_service.seen_by_all(item, assignment, catalog.area_name(item.unit_code)),
        "suggestions": [
            {"code": a.department, "name": catalog.name_of(a.department)}
            for a in decision.alternatives
            if a.department in catalog.departments
            and (assignment is None or a.department != assignment.department_code)
        ],
        "departments": department_groups(catalog),
        "lookalikes": _lookalikes(session, item, visitor, catalog),
        "letters": letter_panel.panel(session, item, visitor),
        "events": shown.timeline(events, _undoable(events, offer), f"/muc/{item.number}", item.version),
        "answer": {
            "text": mask(assignment.answer),
            "at": assignment.answered_at,
            "by_name": catalog.name_of(assignment.department_code),
        }
        if assignment and assignment.answer and assignment.answered_at
        else None,
        "draft": "",
        "errors": dict(errors or {}),
        "form": {**EMPTY_FORM, **(form or {})},
        "around": {
            "back_url": back_url,
            "back_label": back_label,
            "previous": None,
            "next": None,
            "position": None,
            "total": None,
        },
        "conflict": {"words": late, "typed": (form or {}).get("text") or (form or {}).get("reason")} if late else None,
        "sender": {"identity": dict(identity) if identity is not None else None}
        if item.is_report
        and desk_service.may_open_identity(visitor.actor, item, assignment)
        and senders.of_item(session, item.id) is not None
        else None,
        "undo": offer,
    }
    return render("item.html", {**shown.shell(session, visitor, "", now), **context})


def department_groups(catalog: Catalog) -> list[tuple[str, list[tuple[str, str]]]]:
    """Departments for a list to choose from: the city's, utilities, then the communes' by name."""
    groups: dict[str, list[tuple[str, str]]] = {
        "Thành phố": [],
        "Doanh nghiệp, đơn vị công ích": [],
        "UBND xã, phường": [],
        "Công an xã, phường": [],
    }
    for department in catalog.departments.values():
        if department.code in ("UBX", "CAX"):
            continue
        key = (
            ("UBND xã, phường" if department.kind == "commune" else "Công an xã, phường")
            if department.area_code
            else ("Doanh nghiệp, đơn vị công ích" if department.kind == "utility" else "Thành phố")
        )
        groups[key].append((department.code, department.name))
    return [(name, sorted(found, key=lambda pair: vietnamese.sort_key(pair[1]))) for name, found in groups.items()]


def evidence_of(item: t.Item, said: Mapping[str, t.Prediction]) -> dict[str, list[tuple[int, int]]]:
    """The stretches of the body that spoke for the topic, the urgency, the kind, and name the place."""
    found = {
        task: [(span["start"], span["end"]) for span in said[task].why]
        for task in ("topic", "urgency", "kind")
        if task in said and said[task].why
    }
    places = [(place["start"], place["end"]) for place in item.places]
    return {**found, "place": places} if places else found


def _place(item: t.Item, catalog: Catalog) -> dict[str, Any] | None:
    area = catalog.areas.get(item.unit_code or "")
    words = (
        mask(item.place_text) if item.place_text else ", ".join(dict.fromkeys(place["text"] for place in item.places))
    )
    if not words and area is None and item.lat is None:
        return None
    maybe = (
        []
        if area
        else [
            catalog.areas[code].full_name
            for place in item.places
            for code in place["candidates"]
            if code in catalog.areas
        ]
    )
    older = next((place["text"] for place in item.places if place.get("older")), None)
    points = (
        [{"lat": item.lat, "lng": item.lng, "name": "Vị trí người gửi"}]
        if item.lat is not None and item.lng is not None
        else []
    )
    return {
        "words": words,
        "area_name": area.full_name if area else None,
        "older": older,
        "maybe": list(dict.fromkeys(maybe)),
        "points": points,
        "ground": {},
    }


def _lookalikes(session: Session, item: t.Item, visitor: Visitor, catalog: Catalog) -> list[dict[str, Any]]:
    """Other matters of the same topic and place; officers see those of their own desk, where they may merge."""
    if item.restricted:
        return []
    department = visitor.account.department_code if visitor.account.role == "officer" else None
    found = copies.offers(session, item, states=(*OPEN, "answered", "closed"), department=department)
    return [
        {
            "so": one.number,
            "text": shown.shortened(hidden(one.body, one.masks), 120),
            "received_at": one.received_at,
            "area_name": catalog.area_name(one.unit_code),
            "state_name": STATES[one.state],
            "open": one.state in OPEN,
        }
        for one in found
    ]


def _copies(session: Session, item: t.Item, visitor: Visitor) -> dict[str, Any]:
    """What this matter was merged into, and what was merged into it."""
    root = copies.root(session, item)
    return {
        "into": root.number if root is not item and not root.restricted else None,
        "merged": [
            {"so": one.number, "version": one.version, "text": shown.shortened(hidden(one.body, one.masks), 120)}
            for one in copies.repeats(session, item)
        ],
        "can_split": visitor.account.role in ("officer", "dispatcher", "admin"),
    }


def _asked(session: Session, item: t.Item, assignment: t.Assignment | None, catalog: Catalog) -> dict[str, Any] | None:
    """What is open between two sides: a question to the sender, an extension to be decided."""
    question = None
    if item.state == "waiting_citizen":
        events = reversed(desks.events_of(session, item.id))
        question = next((str(event.details["question"]) for event, _ in events if event.kind == "ask"), None)
    extension = None
    if assignment is not None and assignment.asked_hours is not None:
        later = desk_service.with_hours(assignment, assignment.asked_hours, catalog)
        extension = {"hours": assignment.asked_hours, "reason": assignment.asked_reason, "later": later}
    return {"question": question, "until": item.waiting_until, "extension": extension}


def _assignment(session: Session, assignment: t.Assignment | None, catalog: Catalog) -> dict[str, Any] | None:
    if assignment is None:
        return None
    names = desks.account_names(session, [assignment.accepted_by] if assignment.accepted_by else [])
    return {
        "department_name": catalog.name_of(assignment.department_code),
        "coordinating": [{"code": code, "name": catalog.name_of(code)} for code in assignment.coordinating],
        "accepted_by": names.get(assignment.accepted_by or 0),
        "accepted_at": assignment.accepted_at,
    }


def _undoable(events: Sequence[tuple[t.Event, str | None]], offer: Mapping[str, Any] | None) -> int | None:
    return next((event.id for event, _ in reversed(events) if event.account_id is not None), None) if offer else None
