"""Putting items on desks, and every step that people make with them afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from listener.catalog.shapes import Catalog
from listener.errors import BadInput, Conflict, Forbidden, MoveRefused, UnknownDepartment
from listener.metrics import ROUTED
from listener.route import areas, deadlines, rules
from listener.route.workflow import ADMIN, DISPATCHER, HANDLER, OFFICER, PRESS, Move, check_move
from listener.store import desks as rows
from listener.store import items as item_rows
from listener.store import readings as reading_rows
from listener.store import tables as t

UNDO_WINDOW = timedelta(minutes=10)
NEWS = "news"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account, its role and, for officers, its department. API tokens act with ``account_id`` None."""

    name: str
    role: str
    account_id: int | None = None
    department: str | None = None


def calendar(catalog: Catalog) -> deadlines.Calendar:
    """The city's working days."""
    return deadlines.calendar_of((holiday.day, holiday.kind) for holiday in catalog.holidays)


def route_items(session: Session, item_ids: Sequence[int], *, catalog: Catalog, now: datetime) -> list[int]:
    """Decide the desk of each item that was read and not routed yet; returns the ids done."""
    waiting = [item for item in item_rows.by_ids(session, item_ids) if item.routed_at is None and item.read_at is not None]
    topics = reading_rows.topic_predictions(session, [item.id for item in waiting])
    for item in waiting:
        _route(session, item, topics.get(item.id), catalog, now)
    return [item.id for item in waiting]


def decision_for(item: t.Item, prediction: t.Prediction | None, catalog: Catalog) -> rules.Decision:
    """What the rules say of an item as it is understood now."""
    return rules.decide(_case(item, prediction, catalog), catalog, load_taxonomy())


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
    STEPS[move.name](session, item, assignment, _Step(actor, catalog, now, reason.strip(), department, text.strip()))
    item.state = move.end
    session.flush()
    desk = assignment.department_code if assignment else None
    rows.add_event(
        session,
        item.id,
        name,
        _told(move, actor, catalog, reason, department),
        now=now,
        actor="person" if actor.account_id else "system",
        account_id=actor.account_id,
        department=department or desk,
        before=before,
        reason=reason,
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
    rows.add_event(session, item.id, "undone", f"Hoàn tác: {event.words}", now=now, actor="person", account_id=actor.account_id, undone=event.id)
    return event.words


def note_correction(session: Session, item: t.Item, *, task: str, name: str, actor: Actor, now: datetime) -> None:
    """Write into the history that a person corrected what was understood."""
    rows.add_event(session, item.id, "corrected", f"{actor.name} sửa: {name}.", now=now, actor="person", account_id=actor.account_id, task=task)


def _route(session: Session, item: t.Item, prediction: t.Prediction | None, catalog: Catalog, now: datetime) -> None:
    item.routed_at = now
    if prediction is None and item.topic is None:
        item.state = "triage"
        rows.add_event(session, item.id, "triage", item.problem or "Máy không đọc được; chờ người xem.", now=now)
        return
    where = areas.whereabouts(item.unit_code, None, _point(item), catalog.areas)
    decision = decision_for(item, prediction, catalog)
    if item.unit_code is None and where.settled:
        item.unit_code = where.code
    outcome = _outcome(item, decision)
    ROUTED.labels(outcome).inc()
    if outcome == "assign" and decision.department is not None:
        _put_on_desk(session, item, decision.department, decision, catalog, now=now, account_id=None)
        item.state = "assigned"
    else:
        item.state = {"restricted": "restricted", "listed": "listed"}.get(outcome, "triage")
        item.restricted = outcome == "restricted"
    words = "Có dấu hiệu tố cáo, chuyển phòng riêng." if item.restricted else decision.reason
    rows.add_event(session, item.id, outcome, words, now=now, department=decision.department, rule=decision.rule)


def _outcome(item: t.Item, decision: rules.Decision) -> str:
    """Reports always go somewhere. Posts reach a desk only when somebody complains of a fault in them and the machine is sure."""
    if item.is_report or decision.outcome == "restricted":
        return "triage" if decision.outcome == "drop" else decision.outcome
    complains = item.kind == "phan_anh" and item.sentiment == "negative" and item.channel != NEWS
    if complains and decision.outcome == "assign":
        return "assign"
    return "triage" if complains and item.urgency == "khan" and not item.spam else "listed"


def _case(item: t.Item, prediction: t.Prediction | None, catalog: Catalog) -> rules.Case:
    where = areas.whereabouts(item.unit_code, None, _point(item), catalog.areas)
    by_person = "topic" in item.decided_by
    return rules.Case(
        topic=item.topic or "khong-du-thong-tin",
        topic_certain=item.certain or by_person,
        kind=item.kind or "phan_anh",
        urgency=item.urgency or "thuong",
        flags=frozenset(item.flags),
        spam=item.spam,
        area=where.code,
        area_settled=where.settled,
        area_how=where.how,
        on=item.received_at.astimezone(deadlines.CITY_ZONE).date(),
        topic_by="person" if by_person else "machine",
        runners_up=tuple((entry["label"], entry["probability"]) for entry in prediction.runners_up) if prediction else (),
        probability=1.0 if by_person else (prediction.probability if prediction else 0.0),
    )


def _point(item: t.Item) -> tuple[float, float] | None:
    return (item.lat, item.lng) if item.lat is not None and item.lng is not None else None


def _put_on_desk(
    session: Session, item: t.Item, department: str, decision: rules.Decision, catalog: Catalog, *, now: datetime, account_id: int | None
) -> None:
    session.add(
        t.Assignment(
            item_id=item.id,
            department_code=department,
            coordinating=[code for code in decision.coordinating if code in catalog.departments and code != department],
            reason=decision.reason,
            rule=decision.rule,
            alternatives=[{"department": a.department, "topic": a.topic, "share": round(a.share, 3)} for a in decision.alternatives],
            hours=decision.hours,
            due_at=deadlines.due(item.received_at if account_id is None else now, decision.hours, calendar(catalog)),
            assigned_at=now,
            assigned_by=account_id,
        )
    )
    session.flush()


@dataclass(frozen=True, slots=True)
class _Step:
    """What the steps below may need."""

    actor: Actor
    catalog: Catalog
    now: datetime
    reason: str
    department: str | None
    text: str


def _accept(_session: Session, _item: t.Item, assignment: t.Assignment | None, step: _Step) -> None:
    desk = _needs(assignment)
    desk.state, desk.accepted_at, desk.accepted_by = "accepted", step.now, step.actor.account_id


def _return(session: Session, item: t.Item, assignment: t.Assignment | None, step: _Step) -> None:
    """Back to the dispatcher; the officer's word is kept as a label, so that the models learn from it."""
    desk = _needs(assignment)
    rows.end_assignment(session, desk, "returned", now=step.now)
    session.add(
        t.Label(item_id=item.id, task="not_department", value=desk.department_code, account_id=step.actor.account_id, origin="return", set_at=step.now)
    )


def _answer(session: Session, item: t.Item, assignment: t.Assignment | None, step: _Step) -> None:
    if len(step.text) < 10:
        raise BadInput("Câu trả lời còn quá ngắn. Hãy ghi đã làm gì và khi nào.", field="text")
    desk = _needs(assignment)
    desk.state, desk.answered_at, desk.answer = "answered", step.now, step.text
    desk.accepted_at = desk.accepted_at or step.now
    session.flush()


def _close(_session: Session, _item: t.Item, assignment: t.Assignment | None, step: _Step) -> None:
    _needs(assignment).state = "closed"


def _reopen(session: Session, item: t.Item, assignment: t.Assignment | None, step: _Step) -> None:
    desk = _needs(assignment)
    desk.state = "accepted"
    desk.due_at = deadlines.due(step.now, desk.hours, calendar(step.catalog))


def _assign(session: Session, item: t.Item, assignment: t.Assignment | None, step: _Step) -> None:
    if step.department is None or step.department not in step.catalog.departments:
        raise UnknownDepartment(step.department or "")
    if assignment is not None:
        rows.end_assignment(session, assignment, "transferred", now=step.now)
    prediction = reading_rows.predictions_of(session, item.id).get("topic")
    decision = decision_for(item, prediction, step.catalog)
    desk_name = step.catalog.name_of(step.department)
    words = f"{step.actor.name} chuyển tới {desk_name}." + (f" {step.reason}" if step.reason else "")
    decision = rules.Decision(step.department, "assign", words, "người điều phối", decision.hours, decision.coordinating, decision.alternatives)
    _put_on_desk(session, item, step.department, decision, step.catalog, now=step.now, account_id=step.actor.account_id)
    session.add(t.Label(item_id=item.id, task="department", value=step.department, account_id=step.actor.account_id, origin="triage", set_at=step.now))


def _refuse(_session: Session, _item: t.Item, _assignment: t.Assignment | None, _step: _Step) -> None:
    """Only the state changes; the reason stands in the history."""


def _restrict(session: Session, item: t.Item, assignment: t.Assignment | None, step: _Step) -> None:
    if assignment is not None:
        rows.end_assignment(session, assignment, "withdrawn", now=step.now)
    item.restricted = True


def _release(_session: Session, item: t.Item, _assignment: t.Assignment | None, _step: _Step) -> None:
    item.restricted = False
    item.flags = [flag for flag in item.flags if flag != "to_cao"]
    if item.kind == "to_cao":
        item.kind = "phan_anh"
        item.decided_by = sorted({*item.decided_by, "kind"})


STEPS = {
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
    who = f"{event[1]} vừa thay đổi mục này lúc {event[0].happened_at.astimezone(deadlines.CITY_ZONE):%H:%M}" if event else "Mục này vừa được thay đổi"
    raise Conflict(f"{who}. Xem thay đổi rồi lưu lại.")


def _check_desk(actor: Actor, assignment: t.Assignment | None) -> None:
    if actor.role == OFFICER and (assignment is None or assignment.department_code != actor.department):
        raise Forbidden("Mục này của đơn vị khác.")


def may_see(actor: Actor, item: t.Item, assignment: t.Assignment | None) -> bool:
    """Whether the role may open the item: officers their own desk's, handlers the restricted room, the others all but that."""
    if item.restricted:
        return actor.role == HANDLER
    if actor.role == OFFICER:
        mine = (assignment.department_code, *assignment.coordinating) if assignment else ()
        return actor.department in mine
    return actor.role in (DISPATCHER, PRESS, ADMIN, "leader", "analyst")


ITEM_FIELDS = ("state", "restricted", "kind", "flags", "decided_by")
DESK_FIELDS = ("state", "active", "answer")
DESK_TIMES = ("accepted_at", "answered_at", "ended_at", "due_at")


def _snapshot(item: t.Item, assignment: t.Assignment | None) -> dict[str, Any]:
    """What undo needs to bring back."""
    desk = None
    if assignment is not None:
        times = {name: value.isoformat() if (value := getattr(assignment, name)) else None for name in DESK_TIMES}
        desk = {"id": assignment.id, "accepted_by": assignment.accepted_by, **{n: getattr(assignment, n) for n in DESK_FIELDS}, **times}
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
