"""Steps that stop or stretch the clock: asking the sender, going on, extensions; and what its job does by itself."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from listener import vietnamese
from listener.catalog.shapes import Catalog
from listener.errors import BadInput, MoveRefused
from listener.route import deadlines
from listener.route.service import calendar, run_on, warn_next
from listener.route.step_service import SHORTEST_WORDS, Do, Step
from listener.store import clocks
from listener.store import desks as rows
from listener.store import tables as t

LONGEST_QUESTION = 500
MOST_EXTENSION = 80  # working hours of one extension: the clock of a complex matter, domain.md
WARNINGS = {
    ("officer",): "Sắp hạn: {desk} cần trả lời trước {due}.",
    ("officer", "dispatcher"): "Quá hạn: {desk} chưa trả lời, hạn là {due}. Điều phối cần xem.",
    ("officer", "dispatcher", "leader"): "Quá hạn đã một ngày làm việc: {desk} chưa trả lời. Lãnh đạo cần xem.",
}


def _ask(step: Step) -> None:
    """The question stands on the tracking page; meanwhile the desk's clock stands."""
    question = step.given.text
    if not step.item.is_report:
        raise MoveRefused("Bài đăng công khai không có người gửi để hỏi.")
    if not SHORTEST_WORDS <= len(question) <= LONGEST_QUESTION:
        raise BadInput(f"Ghi câu hỏi, từ {SHORTEST_WORDS} đến {LONGEST_QUESTION} chữ.", field="text")
    step.notes["question"] = question
    step.item.waiting_until = _patience(step)
    if step.assignment is not None:
        desk = step.assignment
        desk.state, desk.paused_at = "waiting_citizen", step.now
        desk.accepted_at = desk.accepted_at or step.now
        desk.accepted_by = desk.accepted_by or step.actor.account_id
        warn_next(desk, step.catalog, now=step.now)


def _patience(step: Step) -> datetime:
    """When the question has stood for as many working days as the catalogue gives."""
    clock = step.catalog.clock_of(step.assignment.department_code if step.assignment else None)
    whole = clock.waiting_days * step.calendar.day_length
    return deadlines.due(step.now, whole / timedelta(hours=1), step.calendar)


def _go_on(step: Step) -> str:
    """The clock runs on with as much time left as when it was stopped."""
    if step.assignment is None:
        return "triage"
    desk = step.assignment
    run_on(desk, step.catalog, now=step.now)
    desk.state = "accepted"
    warn_next(desk, step.catalog, now=step.now)
    return "accepted"


def _supply(step: Step) -> str:
    if not step.given.text:
        raise BadInput("Chưa có nội dung. Hãy viết câu trả lời của bạn.", field="text")
    return _go_on(step)


def _ask_extension(step: Step) -> None:
    desk, hours = step.desk, step.given.hours
    if desk.asked_hours is not None:
        raise MoveRefused("Đã có một lần xin gia hạn đang chờ duyệt.")
    if hours is None or not 1 <= hours <= MOST_EXTENSION:
        raise BadInput(f"Ghi số giờ làm việc xin thêm, từ 1 đến {MOST_EXTENSION} (một ngày có 7,5 giờ).", field="hours")
    desk.asked_hours, desk.asked_reason = hours, step.given.reason
    step.notes["hours"] = hours


def _grant_extension(step: Step) -> None:
    desk, hours = _asked(step)
    desk.due_at = deadlines.later(desk.due_at, timedelta(hours=hours), step.calendar)
    desk.extended_hours, desk.extended_reason = desk.extended_hours + hours, desk.asked_reason
    desk.asked_hours, desk.asked_reason = None, None
    step.notes["hours"] = hours
    warn_next(desk, step.catalog, now=step.now)


def _refuse_extension(step: Step) -> None:
    desk, hours = _asked(step)
    desk.asked_hours, desk.asked_reason = None, None
    step.notes["hours"] = hours


def _asked(step: Step) -> tuple[t.Assignment, int]:
    if step.desk.asked_hours is None:
        raise MoveRefused("Không có lần xin gia hạn nào đang chờ duyệt.")
    return step.desk, step.desk.asked_hours


STEPS: dict[str, Do] = {
    "ask": _ask,
    "supply": _supply,
    "resume": _go_on,
    "ask_extension": _ask_extension,
    "grant_extension": _grant_extension,
    "refuse_extension": _refuse_extension,
}


def warn(session: Session, *, catalog: Catalog, now: datetime) -> int:
    """Write into the history what is due soon or over, each once for a due date; returns how many were told."""
    told = 0
    for desk in clocks.warnings_due(session, now=now):
        office = calendar(catalog, desk.department_code)
        notice = deadlines.warning_due(desk.due_at, desk.hours, office, now=now)
        running = desk.state in ("assigned", "accepted") and desk.paused_at is None
        if notice is not None and running:
            _tell(session, desk, notice, catalog, now)
            told += 1
        warn_next(desk, catalog, now=now)
    return told


def _tell(session: Session, desk: t.Assignment, notice: deadlines.Notice, catalog: Catalog, now: datetime) -> None:
    words = WARNINGS[notice.told].format(
        desk=catalog.name_of(desk.department_code), due=vietnamese.absolute(desk.due_at, now)
    )
    rows.add_event(
        session,
        desk.item_id,
        notice.kind,
        words,
        now=now,
        department=desk.department_code,
        told=list(notice.told),
        due=desk.due_at.isoformat(),
    )
