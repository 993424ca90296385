"""A department's desk: its own matters, what is due next on top."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from classifiers.text.fold import fold
from listener import vietnamese
from listener.catalog.shapes import Catalog
from listener.errors import Forbidden, ListenerError
from listener.route import desk_service
from listener.route import service as routing
from listener.route.deadlines import working_time
from listener.store import desks, items
from listener.store import tables as t
from listener.web.deps import CurrentCatalog, FormFrom, Now, SignedIn, Store, Visitor
from listener.web.pages import shown
from listener.web.pages.answers import back_to, came_from, listing
from listener.web.pages.filters import field_field, urgency_field, wanted
from listener.web.pages.item_page import undo_offer
from listener.web.pages.rendering import render

router = APIRouter()
TABS = (
    ("tiep-nhan", "Cần tiếp nhận", ("assigned",)),
    ("dang-lam", "Đang làm", ("accepted",)),
    ("cho-nguoi-gui", "Chờ người gửi", ("waiting_citizen",)),
    ("phoi-hop", "Phối hợp", ()),
    ("da-tra-loi", "Đã trả lời", ("answered",)),
    ("da-xong", "Đã xong", ("closed",)),
)
HELPED = "phoi-hop"  # matters of other desks that this one coordinates
MOST = 200
COLUMNS = ["due", "reading", "place", "why"]


@router.get("/ban-lam-viec")
def inbox(request: Request, session: Store, visitor: SignedIn, catalog: CurrentCatalog, now: Now) -> HTMLResponse:
    """The desk of the visitor's department."""
    department = visitor.account.department_code
    if department is None:
        raise Forbidden("Tài khoản của bạn không thuộc đơn vị nào nên không có bàn làm việc.")
    query = dict(request.query_params)
    return listing(request, "inbox.html", _context(session, visitor, department, catalog, query, now))


@router.post("/ban-lam-viec/hang-loat")
def bulk(
    request: Request,
    session: Store,
    visitor: FormFrom,
    catalog: CurrentCatalog,
    now: Now,
    ids: Annotated[list[str] | None, Form()] = None,
    action: Annotated[str, Form()] = "",
) -> Response:
    """Accept several matters at once; each is checked by itself and the answer says how many went through.

    Or go on to one letter about all of them.
    """
    if action == "van-ban":
        query = urlencode([("muc", so) for so in (ids or [])[:MOST]])
        return RedirectResponse(f"/van-ban/moi?{query}", status_code=303)
    done, skipped = 0, []
    for so in (ids or [])[:MOST]:
        try:
            with session.begin_nested():
                item = items.by_number(session, so, lock=True)
                desk_service.act(session, item, "accept", actor=visitor.actor, catalog=catalog, now=now)
            done += 1
        except ListenerError:
            skipped.append(so)
    return back_to("/ban-lam-viec", {**came_from(request)[1], "da-lam": str(done), "bo-qua": " ".join(skipped)})


def _context(
    session: Session, visitor: Visitor, department: str, catalog: Catalog, query: dict[str, str], now: datetime
) -> dict[str, Any]:
    tab = query.get("tab", "tiep-nhan")
    states = next((states for key, _, states in TABS if key == tab), ("assigned",))
    found = (
        desks.coordinated(session, department, limit=MOST)
        if tab == HELPED
        else desks.desk(session, department, states=states, limit=MOST, by_due=True)
    )
    held = [(a, item) for a, item in found if _fits(item, query)]
    by_item = {item.id: assignment for assignment, item in held}
    rows = shown.item_rows(session, [item for _, item in held], catalog, now, by_item)
    for row, (_, item) in zip(rows, held, strict=True):
        offered = desk_service.moves_for(session, item, by_item[item.id], visitor.actor)
        row["moves"], row["version"] = offered, item.version
    first = next(iter(desks.desk(session, department, states=("assigned", "accepted"), limit=1, by_due=True)), None)
    filters = wanted(query, ("linh-vuc", "dia-ban", "muc-khan", "q", "tab"))
    return {
        **shown.shell(session, visitor, "inbox", now),
        "department_name": catalog.name_of(department),
        "tabs": _tabs(session, department, tab),
        "query": filters,
        "fields": [field_field(), urgency_field()],
        "groups": _groups(rows, [a for a, _ in held], catalog, now),
        "cursor": None,
        "live_rows": True,
        "next_item": {"so": first[1].number, "text": shown.shortened(first[1].body, 80)} if first else None,
        "next_due": {"so": first[1].number, "absolute": vietnamese.absolute(first[0].due_at, now)} if first else None,
        "bulk_result": _bulk_result(query),
        "undo": undo_offer(session, query.get("xong"), visitor, now),
    }


def accepted_row(session: Session, visitor: Visitor, item: t.Item, catalog: Catalog, now: datetime) -> HTMLResponse:
    """What changes on the desk when one row was accepted: the row stays where it is, greyed; counts and undo."""
    row = shown.item_rows(session, [item], catalog, now)[0]
    context = {
        "item": {**row, "handled": True, "moves": [], "version": item.version},
        "now": now,
        "csrf": visitor.csrf,
        "columns": COLUMNS,
        "selectable": True,
        "tabs": _tabs(session, visitor.account.department_code or "", TABS[0][0]),
        "tab_testid": "inbox-tab",
        "undo": undo_offer(session, item.number, visitor, now),
    }
    return HTMLResponse(render("row_answer.html", context))


def _tabs(session: Session, department: str, current: str) -> list[dict[str, Any]]:
    every, helped = desks.desk_counts(session, department), desks.coordinated_count(session, department)
    return [
        {
            "key": key,
            "label": label,
            "count": helped if key == HELPED else sum(every.get(state, 0) for state in states),
            "url": f"/ban-lam-viec?tab={key}",
            "current": key == current,
        }
        for key, label, states in TABS
    ]


def _fits(item: t.Item, query: dict[str, str]) -> bool:
    """Whether an item passes the filters; a desk is short enough to look through."""
    asked = {"linh-vuc": item.field, "muc-khan": item.urgency, "dia-ban": item.unit_code}
    if any(query.get(name) and query[name] != value for name, value in asked.items()):
        return False
    return all(word in item.search_text for word in fold(query.get("q", "")).split())


def _groups(
    rows: list[dict[str, Any]], assignments: list[t.Assignment], catalog: Catalog, now: datetime
) -> list[dict[str, Any]]:
    """Over, today, within two days, later; what was answered stands in one group."""
    groups: dict[str, dict[str, Any]] = {
        key: {"key": key, "label": label, "items": []}
        for key, label in (
            ("over", "Quá hạn"),
            ("today", "Hôm nay"),
            ("soon", "Trong 2 ngày"),
            ("later", "Sau đó"),
            ("paused", "Đồng hồ dừng, chờ người gửi"),
            ("done", "Đã trả lời"),
        )
    }
    calendar = routing.calendar(catalog)
    for row, assignment in zip(rows, assignments, strict=True):
        left = working_time(now, assignment.due_at, calendar)
        groups[_group(assignment, left, calendar.day_length, now)]["items"].append(row)
    return list(groups.values())


def _group(assignment: t.Assignment, left: timedelta, day: timedelta, now: datetime) -> str:
    if assignment.state in ("answered", "closed"):
        return "done"
    if assignment.paused_at is not None:
        return "paused"
    if assignment.due_at < now:
        return "over"
    if vietnamese.local(assignment.due_at).date() == vietnamese.local(now).date():
        return "today"
    return "soon" if left <= 2 * day else "later"


def _bulk_result(query: dict[str, str]) -> dict[str, Any] | None:
    if not query.get("da-lam", "").isdigit():
        return None
    skipped = [{"so": so, "why": "đã có người xử lý"} for so in query.get("bo-qua", "").split()]
    return {"done": int(query["da-lam"]), "skipped": skipped}
