"""What the REST interface shows of items and assignments. Texts go out masked, identities never."""

from datetime import datetime
from typing import Generic, TypeVar

from pydantic import BaseModel, Field

from classifiers.taxonomy import load_taxonomy
from classifiers.text.privacy import mask
from listener.catalog.shapes import Catalog
from listener.masking import hidden
from listener.route.workflow import STATES
from listener.store import tables as t

Row = TypeVar("Row")


class TopicView(BaseModel):
    """A topic with its field, as slugs and names."""

    slug: str
    name: str
    field: str
    field_name: str


class ReportIn(BaseModel):
    """A citizen's report."""

    text: str = Field(
        description="Nội dung, có dấu hay không dấu đều được",
        examples=["Đèn đường hẻm 51 phường Cái Khế tắt ba hôm nay"],
    )
    place: str | None = Field(default=None, max_length=300, description="Nơi xảy ra, bằng chữ")
    lat: float | None = Field(default=None, ge=-90, le=90)
    lng: float | None = Field(default=None, ge=-180, le=180)
    name: str | None = Field(default=None, max_length=120)
    phone: str | None = Field(default=None, max_length=30)
    email: str | None = Field(default=None, max_length=120)
    key: str | None = Field(default=None, max_length=80, description="Khoá chống gửi trùng: cùng khoá thì cùng mã")


class ReportReceipt(BaseModel):
    """What the sender gets back: the secret tracking code and what the machine understood."""

    code: str
    number: str
    received_at: datetime
    state: str
    topic: TopicView | None
    sentiment: str | None
    urgency: str | None
    kind: str | None
    department: str | None
    department_name: str | None
    due: datetime | None
    why: str


class ReportState(BaseModel):
    """The public state of a report, without its text."""

    number: str
    state: str
    state_name: str
    received_at: datetime
    department_name: str | None
    due: datetime | None
    answered_at: datetime | None
    answer: str | None


class ItemView(BaseModel):
    """An item, its text masked."""

    number: str
    is_report: bool
    channel: str
    title: str
    text: str
    url: str | None
    received_at: datetime
    published_at: datetime | None
    topic: TopicView | None
    sentiment: str | None
    urgency: str | None
    kind: str | None
    flags: list[str]
    area: str | None
    state: str
    public: bool = Field(description="Có người đã cho công khai, bản đã che thông tin riêng")
    merged: bool = Field(description="Đã gộp vào một mục khác")
    decided_by_people: list[str]
    sample: bool


class AssignmentView(BaseModel):
    """An assignment on a department's desk with its item."""

    id: int
    department: str
    department_name: str
    coordinating: list[str]
    state: str
    reason: str
    rule: str
    hours: int
    due: datetime
    assigned_at: datetime
    accepted_at: datetime | None
    answered_at: datetime | None
    answer: str | None
    paused_at: datetime | None = Field(description="Đồng hồ dừng từ lúc này, chờ người gửi")
    asked_hours: int | None = Field(description="Số giờ gia hạn đang xin, chờ duyệt")
    extended_hours: int = Field(description="Số giờ đã được gia hạn")
    version: int = Field(description="Gửi lại kèm bước sau để biết có ai vừa sửa")
    item: ItemView


class Page(BaseModel, Generic[Row]):
    """A page of rows and the cursor of the next, null on the last."""

    rows: list[Row]
    next: str | None


def topic_view(item: t.Item) -> TopicView | None:
    """The topic of an item, or None before it was read."""
    if item.topic is None:
        return None
    leaf = load_taxonomy().leaves[item.topic]
    return TopicView(
        slug=leaf.slug, name=leaf.name, field=leaf.field, field_name=load_taxonomy().fields[leaf.field].name
    )


def item_view(item: t.Item) -> ItemView:
    """An item for another system."""
    masked = hidden(item.body, item.masks)
    title, text = masked.split("\n", 1) if item.title else ("", masked)
    return ItemView(
        number=item.number,
        is_report=item.is_report,
        channel=item.channel,
        title=title,
        text=text,
        url=item.url,
        received_at=item.received_at,
        published_at=item.published_at,
        topic=topic_view(item),
        sentiment=item.sentiment,
        urgency=item.urgency,
        kind=item.kind,
        flags=item.flags,
        area=item.unit_code,
        state=item.state,
        public=item.public_at is not None,
        merged=item.merged_into is not None,
        decided_by_people=item.decided_by,
        sample=item.sample,
    )


def assignment_view(assignment: t.Assignment, item: t.Item, catalog: Catalog) -> AssignmentView:
    """An assignment for another system."""
    return AssignmentView(
        id=assignment.id,
        department=assignment.department_code,
        department_name=catalog.name_of(assignment.department_code),
        coordinating=assignment.coordinating,
        state=assignment.state,
        reason=assignment.reason,
        rule=assignment.rule,
        hours=assignment.hours,
        due=assignment.due_at,
        assigned_at=assignment.assigned_at,
        accepted_at=assignment.accepted_at,
        answered_at=assignment.answered_at,
        answer=mask(assignment.answer) if assignment.answer else None,
        paused_at=assignment.paused_at,
        asked_hours=assignment.asked_hours,
        extended_hours=assignment.extended_hours,
        version=item.version,
        item=item_view(item),
    )


def report_receipt(
    item: t.Item, code: str, assignment: t.Assignment | None, catalog: Catalog, why: str
) -> ReportReceipt:
    """The receipt; of a restricted matter it says only that the competent office has it."""
    if item.restricted:
        return ReportReceipt(
            code=code,
            number=item.number,
            received_at=item.received_at,
            state=item.state,
            topic=None,
            sentiment=None,
            urgency=None,
            kind=None,
            department=None,
            department_name=None,
            due=None,
            why="Cơ quan có thẩm quyền đã nhận; danh tính người gửi được giữ kín.",
        )
    return ReportReceipt(
        code=code,
        number=item.number,
        received_at=item.received_at,
        state=item.state,
        topic=topic_view(item),
        sentiment=item.sentiment,
        urgency=item.urgency,
        kind=item.kind,
        department=assignment.department_code if assignment else None,
        department_name=catalog.name_of(assignment.department_code) if assignment else None,
        due=assignment.due_at if assignment else None,
        why=why,
    )


def report_state(item: t.Item, assignment: t.Assignment | None, catalog: Catalog) -> ReportState:
    """The public state of a report."""
    if item.restricted:
        assignment = None
    return ReportState(
        number=item.number,
        state=item.state,
        state_name="Cơ quan có thẩm quyền đã nhận" if item.restricted else STATES[item.state],
        received_at=item.received_at,
        department_name=catalog.name_of(assignment.department_code) if assignment else None,
        due=assignment.due_at if assignment else None,
        answered_at=assignment.answered_at if assignment else None,
        answer=mask(assignment.answer)
        if assignment and assignment.answer and item.state in ("answered", "closed")
        else None,
    )
