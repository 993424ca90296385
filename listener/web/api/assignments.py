"""A department's desk over REST: pull its matters, and every step of the workflow with them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, status
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from listener.catalog.shapes import Catalog
from listener.errors import NotFound
from listener.route import desk_service
from listener.route.workflow import Actor
from listener.store import desks, items
from listener.store import tables as t
from listener.web.api.views import AssignmentView, Page, assignment_view
from listener.web.deps import CurrentCatalog, Now, Store, TokenActor

router = APIRouter(prefix="/assignments", tags=["Giao xử lý"])
OPEN = ("assigned", "accepted", "waiting_citizen", "answered")
Move = Literal[
    "accept",
    "return",
    "answer",
    "close",
    "reopen",
    "ask",
    "resume",
    "ask_extension",
    "grant_extension",
    "refuse_extension",
    "coordinate",
    "uncoordinate",
    "contribute",
    "merge",
    "split",
    "not_same",
    "publish",
    "unpublish",
]


class NewAssignment(BaseModel):
    """Put an item on a desk."""

    number: str = Field(description="Số công khai của mục", examples=["PA-2026-000123"])
    department: str = Field(description="Mã đơn vị", examples=["UBX-31120"])
    reason: str = Field(default="", max_length=2000)


class StepIn(BaseModel):
    """What goes with a step; each step reads what it needs."""

    reason: str = Field(default="", max_length=2000, description="Lý do: trả lại, mở lại, xin hoặc từ chối gia hạn…")
    text: str = Field(default="", max_length=20_000, description="Câu trả lời, câu hỏi người gửi, lời góp ý")
    department: str | None = Field(default=None, description="Đơn vị đề nghị khi trả lại, đơn vị phối hợp")
    hours: int | None = Field(default=None, description="Số giờ làm việc xin gia hạn, 1–80")
    into: str | None = Field(default=None, description="Số của mục kia khi gộp hoặc báo không trùng")
    version: int | None = Field(default=None, description="Bản đã xem; có người sửa trong lúc đó thì nhận 409")


@router.get("", summary="Việc trên bàn")
def list_assignments(
    session: Store,
    actor: TokenActor,
    catalog: CurrentCatalog,
    state: Literal["assigned", "accepted", "waiting_citizen", "answered", "closed"] | None = None,
    department: str | None = None,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Page[AssignmentView]:
    """Assignments in the order they were made; a department's token sees only its own."""
    states = (state,) if state else OPEN
    found = desks.desk(session, actor.department or department, states=states, after_id=after, limit=limit + 1)
    more = str(found[limit - 1][0].id) if len(found) > limit else None
    return Page(rows=[assignment_view(assignment, item, catalog) for assignment, item in found[:limit]], next=more)


@router.post("", status_code=status.HTTP_201_CREATED, summary="Chuyển mục tới đơn vị")
def assign(
    wanted: NewAssignment, session: Store, actor: TokenActor, catalog: CurrentCatalog, now: Now
) -> AssignmentView:
    """Put an item on a department's desk; needs a token that is not bound to a department."""
    item = items.by_number(session, wanted.number, lock=True)
    desk_service.act(
        session,
        item,
        "assign",
        actor=actor,
        catalog=catalog,
        now=now,
        department=wanted.department,
        reason=wanted.reason,
    )
    return _view(session, item, catalog)


@router.get("/{assignment_id}", summary="Một việc")
def one_assignment(assignment_id: int, session: Store, actor: TokenActor, catalog: CurrentCatalog) -> AssignmentView:
    """One assignment with its item."""
    assignment, item = _mine(session, assignment_id, actor)
    return assignment_view(assignment, item, catalog)


@router.post("/{assignment_id}/{step}", summary="Một bước với một việc: tiếp nhận, trả lại, hỏi thêm, gia hạn, gộp…")
def make_step(
    assignment_id: int,
    step: Move,
    words: StepIn,
    session: Store,
    actor: TokenActor,
    catalog: CurrentCatalog,
    now: Now,
) -> AssignmentView:
    """Make one step of the workflow with an assignment."""
    assignment, item = _mine(session, assignment_id, actor, lock=True)
    given = words.model_dump()
    desk_service.act(session, item, step, actor=actor, catalog=catalog, now=now, **given)
    session.refresh(assignment)
    return assignment_view(assignment, item, catalog)


def _mine(session: Session, assignment_id: int, actor: Actor, *, lock: bool = False) -> tuple[t.Assignment, t.Item]:
    """The assignment, if its desk or a coordinating unit asks; for other departments it does not exist."""
    assignment = desks.assignment_by_id(session, assignment_id)
    seen_by = (None, assignment.department_code, *assignment.coordinating) if assignment is not None else ()
    if assignment is None or actor.department not in seen_by or assignment.item.restricted:
        raise NotFound(f"Không có việc số {assignment_id}.")
    return assignment, items.by_number(session, assignment.item.number, lock=lock)


def _view(session: Session, item: t.Item, catalog: Catalog) -> AssignmentView:
    assignment = desks.active_assignment(session, item.id)
    if assignment is None:
        raise NotFound(f"Mục {item.number} không nằm trên bàn nào.")
    return assignment_view(assignment, item, catalog)
