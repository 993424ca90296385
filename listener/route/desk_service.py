"""Every step that people make with an item on a desk: allowed or refused, written down, undone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from listener.catalog.shapes import Catalog
from listener.errors import BadInput, Conflict, Forbidden, MoveRefused, UnknownDepartment
from listener.route import deadlines, rules
from listener.route.service import calendar, decision_for, put_on_desk
from listener.route.workflow import ADMIN, CITIZEN, DISPATCHER, HANDLER, OFFICER, PRESS, Actor, Move, check_move
from listener.store import audit
from listener.store import desks as rows
from listener.store import readings as reading_rows
from listener.store import tables as t

UNDO_WINDOW = timedelta(minutes=10)
# Steps that leave a label for the models to learn from, and its task.
LEARNED_FROM = {"return": "not_department", "assign": "department"}


def act(
    session: Session,
    item: t.Item,
    name: str,
    *,
    actor: Actor,
    catalog: Catalog,
    now: datetime,
    version: int | None = None,
    reason: str = "",
    department: str | None = None,
    text: str = "",
) -> None:
    """Make one step with an item, and write it into the history.

    ``item`` must be locked by the caller's query. ``version`` is what the actor saw; None trusts the present state.

    Raises
    ------
    Conflict
        Somebody changed the item since; the message says who and when.
    MoveRefused, Forbidden, UnknownDepartment, BadInput
        The step is not allowed from here, by this role, to this desk, or without these words.
    """
    _check_version(session, item, version)
    move = check_move(name, item.state, actor.role, reason=reason)
    assignment = rows.active_assignment(session, item.id)
    _check_desk(actor, assignment)
    before = _snapshot(item, assignment)
    STEPS[move.name](_Step(session, item, assignment, actor, catalog, now, reason.strip(), department, text.strip()))
    item.state = move.end
    session.flush()
    desk = assignment.department_code if assignment else None
    rows.add_event(
        session,
        item.id,
        name,
        _told(move, actor, catalog, reason, department),
        now=now,
        actor="citizen" if actor.role == CITIZEN else "person" if actor.account_id else "system",
        account_id=actor.account_id,
        department=department or desk,
        before=before,
        reason=reason,
    )
    _audit(
        session,
        item,
        actor,
        "route",
        now,
        step=name,
        before=before["item"]["state"],
        after=move.end,
        desk=desk,
        department=department,
        reason=reason.strip()[:200],
    )


def undo(session: Session, item: t.Item, *, actor: Actor, now: datetime) -> str:
    """Take back the actor's own last step of the past ten minutes; returns what was undone, in words.

    Raises
    ------
    MoveRefused
        There is nothing of the actor's to take back, or it is too late.
    """
    event = rows.last_event(session, item.id)
    if event is None or event.account_id != actor.account_id or "before" not in event.details or event.kind == "undone":
        raise MoveRefused("Không có thao tác nào của bạn để hoàn tác.")
    if now - event.happened_at > UNDO_WINDOW:
        raise MoveRefused("Đã quá 10 phút, không hoàn tác được nữa. Hãy thao tác lại từ trạng thái hiện tại.")
    _restore(session, item, event.details["before"])
    if event.kind in LEARNED_FROM:
        reading_rows.withdraw_label(session, item.id, LEARNED_FROM[event.kind], now=now)
    rows.add_event(
        session,
        item.id,
        "undone",
        f"Hoàn tác: {event.words}",
        now=now,
        actor="person",
        account_id=actor.account_id,
        undone=event.id,
    )
    _audit(session, item, actor, "undo", now, step=event.kind)
    return event.words


def note_correction(session: Session, item: t.Item, *, task: str, name: str, actor: Actor, now: datetime) -> None:
    """Write into the history, and into the audit, that a person corrected what was understood."""
    _audit(session, item, actor, "override", now, task=task, value=name)
    rows.add_event(
        session,
        item.id,
        "corrected",
        f"{actor.name} sửa: {name}.",
        now=now,
        actor="person",
        account_id=actor.account_id,
        task=task,
    )


@dataclass(frozen=True, slots=True)
class _Step:
    """What the steps below may need: the item, its assignment in force, and what the actor sent along."""

    session: Session
    item: t.Item
    assignment: t.Assignment | None
    actor: Actor
    catalog: Catalog
    now: datetime
    reason: str
    department: str | None
    text: str


def _accept(step: _Step) -> None:
    desk = _needs(step.assignment)
    desk.state, desk.accepted_at, desk.accepted_by = "accepted", step.now, step.actor.account_id


def _return(step: _Step) -> None:
    """Back to the dispatcher; the officer's word is kept as a label, so that the models learn from it."""
    desk = _needs(step.assignment)
    rows.end_assignment(step.session, desk, "returned", now=step.now)
    step.session.add(
        t.Label(
            item_id=step.item.id,
            task=LEARNED_FROM["return"],
            value=desk.department_code,
            account_id=step.actor.account_id,
            origin="return",
            set_at=step.now,
        )
    )


def _answer(step: _Step) -> None:
    if len(step.text) < 10:
        raise BadInput("Câu trả lời còn quá ngắn. Hãy ghi đã làm gì và khi nào.", field="text")
    desk = _needs(step.assignment)
    desk.state, desk.answered_at, desk.answer = "answered", step.now, step.text
    desk.accepted_at = desk.accepted_at or step.now
    step.session.flush()


def _close(step: _Step) -> None:
    _needs(step.assignment).state = "closed"


def _reopen(step: _Step) -> None:
    desk = _needs(step.assignment)
    desk.state = "accepted"
    desk.due_at = deadlines.due(step.now, desk.hours, calendar(step.catalog))


def _assign(step: _Step) -> None:
    if step.department is None or step.department not in step.catalog.departments:
        raise UnknownDepartment(step.department or "")
    if step.assignment is not None:
        rows.end_assignment(step.session, step.assignment, "transferred", now=step.now)
    prediction = reading_rows.predictions_of(step.session, step.item.id).get("topic")
    decision = decision_for(step.item, prediction, step.catalog)
    desk_name = step.catalog.name_of(step.department)
    words = f"{step.actor.name} chuyển tới {desk_name}." + (f" {step.reason}" if step.reason else "")
    decision = rules.Decision(
        step.department,
        "assign",
        words,
        "người điều phối",
        decision.hours,
        decision.coordinating,
        decision.alternatives,
    )
    put_on_desk(
        step.session, step.item, step.department, decision, step.catalog, now=step.now, account_id=step.actor.account_id
    )
    step.session.add(
        t.Label(
            item_id=step.item.id,
            task=LEARNED_FROM["assign"],
            value=step.department,
            account_id=step.actor.account_id,
            origin="triage",
            set_at=step.now,
        )
    )


def _refuse(step: _Step) -> None:
    """Only the state changes; the reason stands in the history."""


def _restrict(step: _Step) -> None:
    if step.assignment is not None:
        rows.end_assignment(step.session, step.assignment, "withdrawn", now=step.now)
    step.item.restricted = True


def _release(step: _Step) -> None:
    step.item.restricted = False
    step.item.flags = [flag for flag in step.item.flags if flag != "to_cao"]
    if step.item.kind == "to_cao":
        step.item.kind = "phan_anh"
        step.item.decided_by = sorted({*step.item.decided_by, "kind"})


STEPS: dict[str, Callable[[_Step], None]] = {
    "accept": _accept,
    "return": _return,
    "answer": _answer,
    "close": _close,
    "reopen": _reopen,
    "assign": _assign,
    "refuse": _refuse,
    "restrict": _restrict,
    "release": _release,
    "confirm": _refuse,
}


def _needs(assignment: t.Assignment | None) -> t.Assignment:
    if assignment is None:
        raise MoveRefused("Mục này không nằm trên bàn của đơn vị nào.")
    return assignment


def _check_version(session: Session, item: t.Item, version: int | None) -> None:
    if version is None or version == item.version:
        return
    event = next((pair for pair in reversed(rows.events_of(session, item.id)) if pair[0].account_id is not None), None)
    who = (
        f"{event[1]} vừa thay đổi mục này lúc {event[0].happened_at.astimezone(deadlines.CITY_ZONE):%H:%M}"
        if event
        else "Mục này vừa được thay đổi"
    )
    raise Conflict(f"{who}. Xem thay đổi rồi lưu lại.")


def _check_desk(actor: Actor, assignment: t.Assignment | None) -> None:
    if actor.role == OFFICER and (assignment is None or assignment.department_code != actor.department):
        raise Forbidden("Mục này của đơn vị khác.")


def may_see(actor: Actor, item: t.Item, assignment: t.Assignment | None) -> bool:
    """Whether the role may open the item: officers their desk's, handlers the restricted room's, others the rest."""
    if item.restricted:
        return actor.role == HANDLER
    if actor.role == OFFICER:
        mine = (assignment.department_code, *assignment.coordinating) if assignment else ()
        return actor.department in mine
    return actor.role in (DISPATCHER, PRESS, ADMIN, "leader", "analyst")


def may_open_identity(actor: Actor, item: t.Item, assignment: t.Assignment | None) -> bool:
    """Whether the role may ask who sent it: handlers in their room, else dispatchers and the officer whose desk it is.

    Press, analysts, leaders and the administrator never.
    """
    if item.restricted:
        return actor.role == HANDLER
    mine = assignment is not None and assignment.department_code == actor.department
    return actor.role == DISPATCHER or (actor.role == OFFICER and mine)


def _audit(session: Session, item: t.Item, actor: Actor, act: str, now: datetime, **details: Any) -> None:
    """What a citizen does with the own report stands in its history alone."""
    if actor.role != CITIZEN:
        audit.note(session, actor=actor.name, account_id=actor.account_id, act=act, item_id=item.id, at=now, **details)


ITEM_FIELDS = ("state", "restricted", "kind", "flags", "decided_by")
DESK_FIELDS = ("state", "active", "answer")
DESK_TIMES = ("accepted_at", "answered_at", "ended_at", "due_at")


def _snapshot(item: t.Item, assignment: t.Assignment | None) -> dict[str, Any]:
    """What undo needs to bring back."""
    desk = None
    if assignment is not None:
        times = {name: value.isoformat() if (value := getattr(assignment, name)) else None for name in DESK_TIMES}
        desk = {
            "id": assignment.id,
            "accepted_by": assignment.accepted_by,
            **{n: getattr(assignment, n) for n in DESK_FIELDS},
            **times,
        }
    return {"item": {name: getattr(item, name) for name in ITEM_FIELDS}, "desk": desk}


def _restore(session: Session, item: t.Item, before: dict[str, Any]) -> None:
    current = rows.active_assignment(session, item.id)
    desk = before["desk"]
    if current is not None and (desk is None or current.id != desk["id"]):
        rows.end_assignment(session, current, "undone", now=current.assigned_at)
    if desk is not None:
        assignment = session.get_one(t.Assignment, desk["id"])
        for name in (*DESK_FIELDS, "accepted_by"):
            setattr(assignment, name, desk[name])
        for name in DESK_TIMES:
            setattr(assignment, name, datetime.fromisoformat(desk[name]) if desk[name] else None)
    for name, value in before["item"].items():
        setattr(item, name, value)
    session.flush()


def _told(move: Move, actor: Actor, catalog: Catalog, reason: str, department: str | None) -> str:
    where = f" tới {catalog.name_of(department)}" if department else ""
    why = f": {reason.strip()}" if reason.strip() else ""
    return f"{actor.name} {move.told}{where}{why}."
