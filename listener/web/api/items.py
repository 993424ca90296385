"""Items over REST, for other systems with a token."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from classifiers.text.fold import fold
from listener.errors import Forbidden
from listener.store import search
from listener.web.api.views import ItemView, Page, item_view
from listener.web.deps import Store, TokenActor

router = APIRouter(prefix="/items", tags=["Mục"])


@router.get("", summary="Danh sách mục")
def list_items(
    session: Store,
    actor: TokenActor,
    q: Annotated[
        str | None, Query(max_length=300, description="Tìm trong bài, không cần dấu; AND ngầm, OR, -, “…”")
    ] = None,
    topic: str | None = None,
    field: str | None = None,
    area: str | None = None,
    channel: str | None = None,
    urgency: str | None = None,
    sentiment: str | None = None,
    state: str | None = None,
    is_report: bool | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=search.MOST)] = 50,
) -> Page[ItemView]:
    """Items, newest first, a page at a time. Restricted matters are never among them."""
    if actor.department is not None:
        raise Forbidden("Mã truy cập của đơn vị chỉ xem được việc của đơn vị: dùng /api/v1/assignments.")
    filters = search.Filters(
        query=fold(q) if q else None,
        topic=topic,
        field=field,
        area=area,
        channel=channel,
        urgency=urgency,
        sentiment=sentiment,
        state=state,
        is_report=is_report,
        since=since,
        until=until,
    )
    found = search.find(session, filters, after=search.parse_cursor(after), limit=limit + 1)
    more = str(search.Cursor(found[limit - 1].received_at, found[limit - 1].id)) if len(found) > limit else None
    return Page(rows=[item_view(item) for item in found[:limit]], next=more)
