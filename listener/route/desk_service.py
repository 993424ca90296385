"""Every step that people make with an item on a desk: allowed or refused, written down, undone."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from listener.catalog.shapes import Catalog
from listener.errors import Conflict, Forbidden, MoveRefused
from listener.jobs import hand_over_once
from listener.route import copy_service, deadlines, public_service, step_service, waiting_service
from listener.route.copy_service import NOT_ONE
from listener.route.public_service import why_not_public
from listener.route.service import calendar
from listener.route.step_service import LEARNED_FROM, Do, Given, Step
from listener.route.workflow import (
    ADMIN,
    CITIZEN,
    DISPATCHER,
    HANDLER,
    OFFICER,
    PRESS,
    Actor,
    Move,
    check_move,
    moves_from,
)
from listener.store import audit, copies
from listener.store import desks as rows
from listener.store import readings as reading_rows
from listener.store import tables as t

UNDO_WINDOW = timedelta(minutes=10)
STEPS: dict[str, Do] = {**step_service.STEPS, **waiting_service.STEPS, **copy_service.STEPS, **public_service.STEPS}


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
    hours: int | None = None,
    into: str | None = None,
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
    _check_desk(actor, in_charge(session, item, assignment), name)
    before = _snapshot(item, assignment)
    given = Given(reason.strip(), department, text.strip(), hours, into)
    step = Step(session, item, assignment, actor, catalog, now, given)
    item.state = STEPS[move.name](step) or move.end or item.state
    if item.state != "waiting_citizen":
        item.waiting_until = None
    flag_modified(item, "state")  # every step counts the version up, also one that changes the desk alone
    session.flush()
    desk = assignment.department_code if assignment else None
    rows.add_event(
        session,
        item.id,
        name,
        _told(move, step),
        now=now,
        actor=_kind_of(actor),
        account_id=actor.account_id,
        department=department if name == "assign" else desk,
        before=before,
        reason=given.reason,
        **step.notes,
    )
    hand_over_once(session, "deliver")
    told = {"desk": desk, "department": department, "reason": given.reason[:200]}
    _audit(session, item, actor, "route", now, step=name, before=before["item"]["state"], after=item.state, **told)


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
    if any(one.id > event.id and "before" in one.details for one, _ in rows.events_of(session, item.id)):
        raise MoveRefused("Mục này đã có bước khác sau thao tác của bạn, không hoàn tác được nữa. Xem diễn biến.")
    if now - event.happened_at > UNDO_WINDOW:
        raise MoveRefused("Đã quá 10 phút, không hoàn tác được nữa. Hãy thao tác lại từ trạng thái hiện tại.")
    _restore(session, item, event.details["before"])
    if event.kind in LEARNED_FROM:
        reading_rows.withdraw_label(session, item.id, LEARNED_FROM[event.kind], now=now)
    if event.kind in NOT_ONE:
        copies.unreject(session, item.id, event.details["other"])
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
    hand_over_once(session, "deliver")
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


def with_hours(desk: t.Assignment, hours: int, catalog: Catalog) -> datetime:
    """The due date that an extension would give: what the dispatcher weighs."""
    return deadlines.later(desk.due_at, timedelta(hours=hours), calendar(catalog, desk.department_code))


def in_charge(session: Session, item: t.Item, assignment: t.Assignment | None) -> t.Assignment | None:
    """The desk that answers for an item: its own, or that of the matter it was merged into."""
    return assignment if item.merged_into is None else rows.active_assignment(session, copies.root(session, item).id)


def _check_desk(actor: Actor, assignment: t.Assignment | None, move: str) -> None:
    """Officers work what is on their own desk; a coordinating unit may leave its contribution and no more."""
    if actor.role != OFFICER:
        if move == "contribute":
            raise Forbidden("Chỉ đơn vị phối hợp góp ý được. Bạn có thể hỏi người gửi hoặc ghi lý do khi chuyển.")
        return
    if assignment is not None and actor.department == assignment.department_code and move != "contribute":
        return
    if assignment is not None and actor.department in assignment.coordinating:
        if move == "contribute":
            return
        raise Forbidden("Đơn vị bạn phối hợp mục này: góp ý được, còn trả lời là việc của đơn vị chủ trì.")
    raise Forbidden("Mục này của đơn vị khác.")


def moves_for(session: Session, item: t.Item, assignment: t.Assignment | None, actor: Actor) -> list[str]:
    """The steps that make sense for this person with this item now: what pages offer."""
    charge = in_charge(session, item, assignment)
    return [name for name in moves_from(item.state, actor.role) if _offered(name, item, assignment, charge, actor)]


def _offered(
    name: str, item: t.Item, assignment: t.Assignment | None, charge: t.Assignment | None, actor: Actor
) -> bool:
    try:
        _check_desk(actor, charge, name)
    except Forbidden:
        return False
    asked = assignment is not None and assignment.asked_hours is not None
    fits = {
        "ask": item.is_report,
        "refuse": assignment is None,
        "ask_extension": not asked,
        "grant_extension": asked,
        "refuse_extension": asked,
        "uncoordinate": bool(assignment and assignment.coordinating),
        "publish": item.public_at is None and not why_not_public(item),
        "unpublish": item.public_at is not None,
    }
    return fits.get(name, True)


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


ITEM_FIELDS = ("state", "restricted", "kind", "flags", "decided_by", "merged_into", "public_text")
ITEM_TIMES = ("waiting_until", "public_at")
DESK_FIELDS = (
    "state",
    "active",
    "answer",
    "accepted_by",
    "coordinating",
    "asked_hours",
    "asked_reason",
    "extended_hours",
    "extended_reason",
    "paused_hours",
)
DESK_TIMES = ("accepted_at", "answered_at", "ended_at", "due_at", "paused_at", "next_warning_at")


def _snapshot(item: t.Item, assignment: t.Assignment | None) -> dict[str, Any]:
    """What undo needs to bring back."""
    desk = {"id": assignment.id, **_values(assignment, DESK_FIELDS, DESK_TIMES)} if assignment is not None else None
    return {"item": _values(item, ITEM_FIELDS, ITEM_TIMES), "desk": desk}


def _values(row: t.Item | t.Assignment, fields: tuple[str, ...], times: tuple[str, ...]) -> dict[str, Any]:
    moments = {name: value.isoformat() if (value := getattr(row, name)) else None for name in times}
    return {**{name: getattr(row, name) for name in fields}, **moments}


def _put_back(row: t.Item | t.Assignment, values: dict[str, Any], times: tuple[str, ...]) -> None:
    for name, value in values.items():
        setattr(row, name, datetime.fromisoformat(value) if name in times and value else value)


def _restore(session: Session, item: t.Item, before: dict[str, Any]) -> None:
    current = rows.active_assignment(session, item.id)
    desk = before["desk"]
    if current is not None and (desk is None or current.id != desk["id"]):
        rows.end_assignment(session, current, "undone", now=current.assigned_at)
    if desk is not None:
        kept = {name: value for name, value in desk.items() if name != "id"}
        _put_back(session.get_one(t.Assignment, desk["id"]), kept, DESK_TIMES)
    _put_back(item, before["item"], ITEM_TIMES)
    flag_modified(item, "state")
    session.flush()


def _kind_of(actor: Actor) -> str:
    """Who acted, for the history: the sender, a person of staff, another system, or the machine's clock."""
    if actor.role == CITIZEN:
        return "citizen"
    return "person" if actor.account_id else "system"


def _told(move: Move, step: Step) -> str:
    """The line of the history."""
    given, catalog = step.given, step.catalog
    where = _where(move.name, step)
    why = f": {given.reason}" if given.reason else ""
    said = f": {given.text}" if given.text and move.name in SPOKEN else ""
    if move.name == "contribute":
        return f"{step.actor.name} ({catalog.name_of(step.actor.department or '')}) góp ý{said}"
    return f"{step.actor.name} {move.told}{where}{why}{said}{'' if said else '.'}"


SPOKEN = ("ask", "supply", "contribute")  # the words themselves stand in the history


def _where(move: str, step: Step) -> str:
    """The department, the hours or the other matter that a step named."""
    notes, name = step.notes, step.catalog.name_of(step.given.department or "")
    return {
        "assign": f" tới {name}",
        "return": f", đề nghị chuyển {name}" if "suggested" in notes else "",
        "coordinate": f" {name}",
        "uncoordinate": f" {name}",
        "ask_extension": f" {notes.get('hours')} giờ làm việc",
        "grant_extension": f" {notes.get('hours')} giờ làm việc",
        "merge": f" vào {notes.get('into')}",
        "join": f" vào {notes.get('into')}",
        "split": f" khỏi {notes.get('into')}",
        "not_same": f" với {notes.get('into')}",
    }.get(move, "")
