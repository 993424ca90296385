"""Everything that was said and reported, newest first, with filters, accent-free search and corrections in bulk."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from listener.catalog.shapes import Catalog
from listener.classify import service as classifying
from listener.errors import BadInput, Forbidden, ListenerError
from listener.route import desk_service
from listener.store import items, search, sources
from listener.web.deps import CurrentCatalog, FormFrom, Now, SignedIn, Store, Visitor
from listener.web.pages import filters, shown
from listener.web.pages.answers import back_to, came_from, listing

router = APIRouter()
PAGE = 50
NAMED = 3
ROLES = ("dispatcher", "press", "leader", "analyst", "admin")
FIXERS = ("dispatcher", "press", "analyst", "admin")
PARAMETERS = tuple("q ky linh-vuc dia-ban sac-thai muc-khan kenh trang-thai nguon chu-de tu den rac".split())


@router.get("/dong-tin")
def stream(request: Request, session: Store, visitor: SignedIn, catalog: CurrentCatalog, now: Now) -> HTMLResponse:
    """The stream, a page at a time."""
    if visitor.account.role not in ROLES:
        raise Forbidden("Dòng tin dành cho bộ phận báo chí, điều phối và lãnh đạo.")
    return listing(request, "stream.html", _context(session, visitor, catalog, dict(request.query_params), now))


@router.post("/dong-tin/hang-loat")
def bulk(
    request: Request,
    session: Store,
    visitor: FormFrom,
    now: Now,
    action: Annotated[str, Form()] = "",
    ids: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Set the sentiment of the ticked rows; each is a label of its own, with its line in the history."""
    if visitor.account.role not in FIXERS:
        raise Forbidden("Vai trò của bạn chỉ xem, không sửa được.")
    if action not in load_taxonomy().sentiments:
        raise BadInput("Chọn một sắc thái rồi bấm lại.", field="action")
    done = 0
    for so in (ids or [])[: search.MOST]:
        try:
            item = items.by_number(session, so, lock=True)
        except ListenerError:
            continue
        classifying.correct(session, item, task="sentiment", value=action, account_id=visitor.account.id, now=now)
        desk_service.note_correction(
            session, item, task="sentiment", name=load_taxonomy().name(action), actor=visitor.actor, now=now
        )
        done += 1
    path, query = came_from(request)
    return back_to("/dong-tin", {**(query if path == "/dong-tin" else {}), "da-lam": str(done)})


def _context(
    session: Session, visitor: Visitor, catalog: Catalog, query: dict[str, str], now: datetime
) -> dict[str, Any]:
    wanted = filters.search_filters(query, now)
    after = search.parse_cursor(query.get("sau"))
    found = search.find(session, wanted, after=after, limit=PAGE + 1)
    more = str(search.Cursor(found[PAGE - 1].received_at, found[PAGE - 1].id)) if len(found) > PAGE else None
    done = query.get("da-lam", "")
    return {
        **shown.shell(session, visitor, "stream", now),
        "rows": shown.item_rows(session, found[:PAGE], catalog, now),
        "total": search.count(session, wanted) if after is None else None,
        "query": filters.wanted(query, PARAMETERS),
        "fields": [
            filters.period_field(),
            filters.field_field(),
            filters.area_field(catalog),
            filters.sentiment_field(),
            filters.urgency_field(),
            filters.channel_field(),
            filters.state_field(),
            *filters.given_fields(query),
        ],
        "cursor": more,
        "search_error": None,
        "gaps": _gaps(session),
        "new_count": 0,
        "new_url": "/dong-tin",
        "can_fix": visitor.account.role in FIXERS,
        "bulk_result": {"done": int(done), "skipped": []} if done.isdigit() else None,
    }


def _gaps(session: Session) -> list[str]:
    """One sentence on the sources that could not be read; their page says why."""
    names = [source.name for source in sources.everything(session) if source.problem and source.active]
    more = f" và {len(names) - NAMED} nguồn khác" if len(names) > NAMED else ""
    return [f"Chưa đọc được {len(names)} nguồn: {', '.join(names[:NAMED])}{more}."] if names else []
