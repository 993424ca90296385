"""Steps with matters told twice: merge, take apart again, say that two are not one."""

from listener.errors import BadInput, Conflict, Forbidden, MoveRefused
from listener.route import deadlines
from listener.route.service import calendar, warn_next
from listener.route.step_service import Do, Step
from listener.route.workflow import NEVER_PUBLIC, OFFICER, OPEN
from listener.store import copies
from listener.store import desks as rows
from listener.store import items as item_rows
from listener.store import tables as t

NOT_ONE = ("split", "not_same")  # what these remembered of a pair is forgotten when they are undone


def _merge(step: Step) -> None:
    """One matter, one desk, one answer: the other's. This one leaves its desk and follows the other."""
    target = _target(step)
    step.notes.update(into=target.number, other=target.id)
    if step.assignment is not None:
        rows.end_assignment(step.session, step.assignment, "merged", now=step.now)
    step.item.merged_into = target.id
    words = f"{step.actor.name} gộp {step.item.number} vào mục này."
    rows.add_event(
        step.session,
        target.id,
        "merged_in",
        words,
        now=step.now,
        actor="person" if step.actor.account_id else "system",
        number=step.item.number,
    )


def _join(step: Step) -> None:
    """The sender says that another open matter is theirs too: theirs follows it, and counts."""
    target = _target(step)
    if target.public_at is None:
        raise MoveRefused("Mục này không công khai nên không theo dõi cùng được.")
    if refusal := why_not_joined(step.item, target):
        raise MoveRefused(refusal)
    _merge(step)


def why_not_joined(item: t.Item, target: t.Item) -> str:
    """Why a sender's own words keep their report a matter of its own, or nothing.

    What may be urgent, secret or about something else is not hidden behind another matter by a tap on a phone.
    """
    if item.restricted or item.spam or NEVER_PUBLIC & {item.kind or "", *item.flags}:
        return "Phản ánh này cần được xem riêng."
    if item.urgency == "khan" and target.urgency != "khan":
        return "Phản ánh này khẩn hơn nên được xử lý riêng."
    return "" if item.field == target.field else "Phản ánh này nói về chuyện khác nên được xử lý riêng."


def _target(step: Step) -> t.Item:
    number = (step.given.into or "").strip()
    if not number or number == step.item.number:
        raise BadInput("Chọn một mục khác để gộp vào.", field="into")
    target = copies.to_merge_into(step.session, number)
    if target is None:
        item_rows.by_number(step.session, number)  # says so where there is none
        raise Conflict(f"Mục {number} đang có người thao tác. Đợi một chút rồi gộp lại.")
    if target.state not in OPEN:
        raise MoveRefused(f"Mục {number} không còn mở nên không gộp vào được. Chọn mục đang xử lý.")
    if copies.is_rejected(step.session, step.item.id, target.id):
        raise MoveRefused(f"Đã có người xác định {step.item.number} và {number} là hai việc khác nhau.")
    desk = rows.active_assignment(step.session, target.id)
    if step.actor.role == OFFICER and (desk is None or desk.department_code != step.actor.department):
        raise Forbidden(f"Mục {number} của đơn vị khác. Nhờ điều phối gộp.")
    return target


def _split(step: Step) -> str:
    """Back to where it was, with as much time left; the pair is not offered again."""
    other = step.session.get_one(t.Item, step.item.merged_into)
    step.notes.update(into=other.number, other=other.id)
    step.item.merged_into = None
    copies.reject(step.session, step.item.id, other.id)
    desk = rows.last_assignment(step.session, step.item.id)
    if desk is None or desk.state != "merged" or desk.ended_at is None:
        return "triage"
    office = calendar(step.catalog, desk.department_code)
    desk.due_at = deadlines.resumed(desk.due_at, desk.paused_at or desk.ended_at, step.now, office)
    desk.state = "accepted" if desk.accepted_at else "assigned"
    desk.active, desk.ended_at, desk.paused_at = True, None, None
    warn_next(desk, step.catalog, now=step.now)
    return desk.state


def _not_same(step: Step) -> None:
    number = (step.given.into or "").strip()
    other = item_rows.by_number(step.session, number)
    if other.id == step.item.id:
        raise BadInput("Chọn một mục khác.", field="into")
    step.notes.update(into=number, other=other.id)
    copies.reject(step.session, step.item.id, other.id)


STEPS: dict[str, Do] = {"merge": _merge, "join": _join, "split": _split, "not_same": _not_same}
