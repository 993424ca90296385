"""What happened on a department's desk, for systems that ask instead of being told."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from listener.errors import BadInput
from listener.store import feed
from listener.web.deps import Store, TokenActor

router = APIRouter(prefix="/events", tags=["Việc đã xảy ra"])
LARGEST = 2**63 - 1


class EventsPage(BaseModel):
    """A page of events, oldest first. ``next`` is always there: keep it and ask on from it later."""

    rows: list[dict[str, Any]] = Field(
        description="Như nội dung webhook: id (không đổi, dùng để bỏ trùng), type, timestamp, data"
    )
    next: str = Field(description="Con trỏ cho lần hỏi sau; còn nguyên khi chưa có gì mới")
    more: bool = Field(description="Còn trang nữa ngay bây giờ")


@router.get("", summary="Việc đã xảy ra, theo con trỏ")
def list_events(
    session: Store,
    actor: TokenActor,
    after: Annotated[str, Query(description="Con trỏ của lần trước; bỏ trống để đọc từ đầu")] = "0",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> EventsPage:
    """Events in the order they became visible: whoever follows the cursor misses none and reads none twice."""
    if not after.isdecimal() or not after.isascii() or int(after) > LARGEST:
        raise BadInput("“after” không phải con trỏ đã nhận. Bỏ trống để đọc từ đầu.", field="after")
    found = feed.page(session, actor.department, after=int(after), limit=limit + 1)
    shown = found[:limit]
    return EventsPage(
        rows=[told.payload for told in shown],
        next=str(shown[-1].id) if shown else str(int(after)),
        more=len(found) > limit,
    )
