"""A department's desk: its own matters, what is due next on top."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from classifiers.text.fold import fold
from listener.catalog.shapes import Catalog
from listener.errors import Forbidden, ListenerError
from listener.route import desk_service
from listener.route import service as routing
from listener.route.deadlines import working_time
from listener.route.workflow import moves_from
from listener.store import desks, items
from listener.store import tables as t
from listener.web.deps import CurrentCatalog, FormFrom, Now, SignedIn, Store, Visitor
from listener.web.pages import shown, vietnamese
from listener.web.pages.answers import listing
from listener.web.pages.filters import field_field, urgency_field, wanted
from listener.web.pages.item_page import undo_offer

router = APIRouter()
TABS = (
    ("tiep-nhan", "Cần tiếp nhận", ("assigned",)),
    ("dang-lam", "Đang làm", ("accepted",)),
    ("da-tra-loi", "Đã trả lời", ("answered",)),
    ("da-xong", "Đã xong", ("closed",)),
)
MOST = 200


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
    session: Store,
    visitor: FormFrom,
    catalog: CurrentCatalog,
    now: Now,
    action: Annotated[str, Form()] = "",
    ids: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Accept several matters at once; each is checked by itself and the answer says how many went through."""
    done, skipped = 0, []
    for so in (ids or [])[:MOST]:
        try:
            with session.begin_nested():
                item = items.by_number(session, so, lock=True)
                desk_service.act(
                    session,
                    item,
                    "accept" if action == "tiep-nhan" else action,
                    actor=visitor.actor,
                    catalog=catalog,
                    now=now,
                )
            done += 1
        except ListenerError as error:
            skipped.append(f"{so}~{error.message}")
    summary = "|".join(skipped[:5])
    return RedirectResponse(f"/ban-lam-viec?tab=tiep-nhan&da-lam={done}&bo-qua={summary}", status_code=303)


def _context(
    session: Session, visitor: Visitor, department: str, catalog: Catalog, query: dict[str, str], now: datetime
) -> dict[str, Any]:
    tab = query.get("tab", "tiep-nhan")
    states = next((states for key, _, states in TABS if key == tab), ("assigned",))
    held = [
        (a, item)
        for a, item in desks.desk(session, department, states=states, limit=MOST, by_due=True)
        if _fits(item, query)
    ]
    by_item = {item.id: assignment for assignment, item in held}
    rows = shown.item_rows(session, [item for _, item in held], catalog, now, by_item)
    for row, (_, item) in zip(rows, held, strict=True):
        row["moves"], row["version"] = moves_from(item.state, visitor.account.role), item.version
    every = desks.desk_counts(session, department)
    first = next(iter(desks.desk(session, department, states=("assigned", "accepted"), limit=1, by_due=True)), None)
    filters = wanted(query, ("linh-vuc", "dia-ban", "muc-khan", "q", "tab"))
    return {
        **shown.shell(session, visitor, "inbox", now),
        "department_name": catalog.name_of(department),
        "tabs": [
            {
                "key": key,
                "label": label,
                "count": sum(every.get(state, 0) for state in states),
                "url": f"/ban-lam-viec?tab={key}",
                "current": key == tab,
            }
            for key, label, states in TABS
        ],
        "query": filters,
        "fields": [field_field(), urgency_field()],
        "groups": _groups(rows, [a for a, _ in held], catalog, now),
        "cursor": None,
        "next_item": {"so": first[1].number, "text": shown.shortened(first[1].body, 80)} if first else None,
        "next_due": {"so": first[1].number, "absolute": vietnamese.absolute(first[0].due_at, now)} if first else None,
        "bulk_result": _bulk_result(query),
        "undo": undo_offer(session, query.get("xong"), visitor, now),
    }


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
            ("done", "Đã trả lời"),
        )
    }
    calendar = routing.calendar(catalog)
    for row, assignment in zip(rows, assignments, strict=True):
        groups[_group(assignment, working_time(now, assignment.due_at, calendar), calendar.day_length, now)][
            "items"
        ].append(row)
    return list(groups.values())


def _group(assignment: t.Assignment, left: timedelta, day: timedelta, now: datetime) -> str:
    if assignment.state in ("answered", "closed"):
        return "done"
    if left < timedelta(0):
        return "over"
    if vietnamese.local(assignment.due_at).date() == vietnamese.local(now).date():
        return "today"
    return "soon" if left <= 2 * day else "later"


def _bulk_result(query: dict[str, str]) -> dict[str, Any] | None:
    if not query.get("da-lam", "").isdigit():
        return None
    skipped = [part.split("~", 1) for part in query.get("bo-qua", "").split("|") if "~" in part]
    return {"done": int(query["da-lam"]), "skipped": [{"so": so, "why": why.rstrip(".")} for so, why in skipped]}
