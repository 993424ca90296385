"""Following one's report by its secret code: state, answer, rating, reopening."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from classifiers.text.privacy import mask
from listener.catalog.shapes import Catalog
from listener.collect import clean, codes
from listener.errors import NotFound
from listener.jobs import hand_over_once
from listener.masking import hidden
from listener.route import desk_service
from listener.route.workflow import OPEN, Actor
from listener.settings import settings
from listener.store import copies, desks, items, sameness
from listener.store import tables as t
from listener.web.deps import CurrentCatalog, Now, Store
from listener.web.pages.rendering import render

router = APIRouter()
CITIZEN = Actor("Người gửi", "citizen")
ADDED = "Người gửi bổ sung: "
RATINGS = {"hai-long": "Hài lòng", "chap-nhan": "Chấp nhận được", "khong-hai-long": "Không hài lòng"}
END_WORDS = {
    "answered": "Đơn vị đã trả lời. Nếu chưa xong, bạn mở lại bên dưới.",
    "closed": "Vụ việc đã khép lại. Nếu chuyện vẫn còn, bạn mở lại được.",
    "refused": "Cán bộ đã xem và không xử lý theo đường thường. Nếu chuyện vẫn còn, bạn gửi lại và kể rõ hơn nhé.",
}
# The address holds the secret code: no copy in a cache, no word of it to the next page.
NO_STORE = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"}


@router.get("/tra-cuu")
def ask_code(now: Now) -> HTMLResponse:
    """The field for the code."""
    return HTMLResponse(
        render("tracking.html", {"active": "tracking", "code": "", "not_found": False, "now": now, "matter": None})
    )


@router.post("/tra-cuu")
def go_to_code(code: Annotated[str, Form()] = "") -> RedirectResponse:
    """Lead to the report of a code, however it was typed."""
    plain = codes.normal(code)
    return RedirectResponse(
        f"/tra-cuu/{codes.written(plain) if plain else (code.strip()[:20].replace('/', '') or '-')}", status_code=303
    )


@router.get("/tra-cuu/{ma}")
def track(ma: str, session: Store, catalog: CurrentCatalog, now: Now) -> HTMLResponse:
    """The state of one's report."""
    try:
        item = item_of_code(session, ma)
    except NotFound:
        context = {"active": "tracking", "code": ma, "not_found": True, "now": now, "matter": None}
        return HTMLResponse(render("tracking.html", context), status_code=404, headers=NO_STORE)
    context = {
        "active": "tracking",
        "code": ma,
        "not_found": False,
        "now": now,
        "matter": _matter(session, item, ma, catalog),
    }
    return HTMLResponse(render("tracking.html", context), headers=NO_STORE)


@router.post("/tra-cuu/{ma}/bo-sung")
def add(ma: str, session: Store, catalog: CurrentCatalog, now: Now, text: Annotated[str, Form()] = "") -> Response:
    """Answer what was asked, and the clock runs on; or add what one forgot. The desk sees it in the history."""
    item = items.by_number(session, item_of_code(session, ma).number, restricted=True, lock=True)
    said = clean.readable(text, limit=2000)
    if item.state == "waiting_citizen":
        desk_service.act(session, item, "supply", actor=CITIZEN, catalog=catalog, now=now, text=said)
    else:
        desks.add_event(session, item.id, "added", ADDED + said, now=now, actor="citizen")
    hand_over_once(session, "deliver")
    return RedirectResponse(f"/tra-cuu/{ma}", status_code=303)


@router.post("/tra-cuu/{ma}/danh-gia")
def rate(
    ma: str, session: Store, now: Now, value: Annotated[str, Form()] = "", reason: Annotated[str, Form()] = ""
) -> Response:
    """Rate the answer, once."""
    item = item_of_code(session, ma)
    if (
        value in RATINGS
        and copies.root(session, item).state in ("answered", "closed")
        and _rated(session, item) is None
    ):
        words = f"Người gửi đánh giá: {RATINGS[value]}." + (f" {reason.strip()[:1000]}" if reason.strip() else "")
        desks.add_event(session, item.id, "rated", words, now=now, actor="citizen", value=value)
        hand_over_once(session, "deliver")
    return RedirectResponse(f"/tra-cuu/{ma}", status_code=303)


@router.post("/tra-cuu/{ma}/mo-lai")
def reopen(ma: str, session: Store, catalog: CurrentCatalog, now: Now, reason: Annotated[str, Form()] = "") -> Response:
    """Say that it is not done: back to the same desk, never a new report."""
    number = copies.root(session, item_of_code(session, ma)).number
    item = items.by_number(session, number, lock=True)
    desk_service.act(session, item, "reopen", actor=CITIZEN, catalog=catalog, now=now, reason=reason[:1000])
    return RedirectResponse(f"/tra-cuu/{ma}", status_code=303)


def item_of_code(session: Session, ma: str) -> t.Item:
    """The report of a tracking code.

    Raises
    ------
    NotFound
        No report has it.
    """
    item = items.by_code_hash(session, codes.code_hash(ma, settings().secret())) if codes.normal(ma) else None
    if item is None:
        raise NotFound("Không tìm thấy mã này. Mã có 10 ký tự, ví dụ 7K3M-29QD-XW.")
    return item


def alike(session: Session, item: t.Item) -> int:
    """How many others told the same in the same words."""
    return max(sameness.copy_counts(session, [item.id]).get(item.id, 1) - 1, 0)


def _matter(session: Session, item: t.Item, ma: str, catalog: Catalog) -> dict[str, Any]:
    root = copies.root(session, item)  # what was merged shares the state and the answer of the matter it repeats
    assignment = desks.active_assignment(session, root.id)
    answered = assignment is not None and assignment.answer is not None and root.state in ("answered", "closed")
    desk = catalog.name_of(assignment.department_code) if assignment else None
    rated = _rated(session, item)
    topic = load_taxonomy().leaves[item.topic].name if item.topic and not item.spam else None
    return {
        "ma": ma,
        "so": item.number,
        "received_at": item.received_at,
        "text": hidden(item.body, item.masks),
        "photos": [
            {"url": f"/anh/{ma}/{photo.id}", "alt": "Ảnh bạn gửi"} for photo in item.photos if photo.purpose == "report"
        ],
        "restricted": item.restricted or root.restricted,
        "department_name": desk,
        "due_at": assignment.due_at if assignment else None,
        "paused": assignment is not None and assignment.paused_at is not None,
        "extended_for": mask(assignment.extended_reason or "") if assignment and assignment.extended_hours else None,
        "merged": root is not item,
        "waiting_until": item.waiting_until,
        "steps": _steps(root, assignment, desk, rated),
        "answer": {
            "text": mask(assignment.answer or ""),
            "at": assignment.answered_at,
            "department_name": desk,
            "photos": [],
        }
        if assignment and answered
        else None,
        "end_words": END_WORDS.get(root.state),
        "refused": _last(session, root, "refuse", "reason") if root.state == "refused" else None,
        "added": _added(session, item),
        "machine_words": topic if topic and "topic" not in item.decided_by else None,
        "similar_count": alike(session, item),
        "can_add": root.state in OPEN,
        "ask": _question(session, item),
        "can_rate": answered and rated is None,
        "rated": rated,
        "can_reopen": root.state in ("answered", "closed", "refused"),
    }


def _steps(item: t.Item, assignment: t.Assignment | None, desk: str | None, rated: str | None) -> list[dict[str, Any]]:
    """Five plain steps, what is done with its time, what runs now, what comes next."""
    accepted, answered = (assignment.accepted_at, assignment.answered_at) if assignment else (None, None)
    open_again = item.state in ("accepted", "waiting_citizen")
    refused = item.state == "refused"
    steps = [
        ("Đã nhận", item.received_at, True),
        (
            f"Chuyển {desk}" if desk else ("Không xử lý theo đường thường" if refused else "Chuyển tới đơn vị"),
            assignment.assigned_at if assignment else None,
            bool(desk) or refused,
        ),
        ("Đang xử lý", accepted, accepted is not None),
        ("Trả lời", None if open_again else answered, answered is not None and not open_again),
        ("Đánh giá", None, rated is not None),
    ]
    first_open = next((place for place, step in enumerate(steps) if not step[2]), len(steps))
    current = 2 if open_again else first_open
    return [
        {
            "label": label,
            "status": "done" if done and place != current else "now" if place == current else "next",
            "at": at,
            "note": "Chờ bạn trả lời câu hỏi bên trên."
            if place == current and item.state == "waiting_citizen"
            else None,
        }
        for place, (label, at, done) in enumerate(steps)
    ]


def _question(session: Session, item: t.Item) -> str | None:
    """What the office asked and the sender has not answered yet."""
    return _last(session, item, "ask", "question") if item.state == "waiting_citizen" else None


def _rated(session: Session, item: t.Item) -> str | None:
    return RATINGS.get(_last(session, item, "rated", "value") or "")


def _added(session: Session, item: t.Item) -> list[dict[str, Any]]:
    """What the sender added later, as staff see it: with personal data hidden."""
    events = (event for event, _ in desks.events_of(session, item.id) if event.kind in ("added", "supply"))
    return [{"at": event.happened_at, "text": mask(event.words.removeprefix(ADDED))} for event in events]


def _last(session: Session, item: t.Item, kind: str, detail: str) -> str | None:
    """A detail of the newest event of a kind."""
    events = (event for event, _ in reversed(desks.events_of(session, item.id)) if event.kind == kind)
    return next((str(event.details.get(detail, "")) for event in events), None)
