"""What a step gets, and the plain steps of a desk: accept, return, answer, close, reopen, hand on, refuse, restrict."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from listener.catalog.shapes import Catalog
from listener.errors import BadInput, MoveRefused, UnknownDepartment
from listener.route import deadlines, rules
from listener.route.service import calendar, decision_for, put_on_desk, run_on, warn_next
from listener.route.workflow import Actor
from listener.store import desks as rows
from listener.store import readings as reading_rows
from listener.store import tables as t

# Steps that leave a label for the models to learn from, and its task.
LEARNED_FROM = {"return": "not_department", "assign": "department"}
SHORTEST_ANSWER = 10
SHORTEST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Given:
    """What the actor sent along: a reason, a department, words, working hours, the number of another matter."""

    reason: str = ""
    department: str | None = None
    text: str = ""
    hours: int | None = None
    into: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """The item, its assignment in force, who acts and with what; ``notes`` go into the details of the history."""

    session: Session
    item: t.Item
    assignment: t.Assignment | None
    actor: Actor
    catalog: Catalog
    now: datetime
    given: Given
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def desk(self) -> t.Assignment:
        """The assignment, where the step cannot do without one."""
        if self.assignment is None:
            raise MoveRefused("Mục này không nằm trên bàn của đơn vị nào.")
        return self.assignment

    @property
    def calendar(self) -> deadlines.Calendar:
        """The working hours of the desk, everyone's where there is none."""
        return calendar(self.catalog, self.assignment.department_code if self.assignment else None)


# A step changes rows and may say the state that follows; None leaves it to the table of moves.
Do = Callable[[Step], str | None]


def known_department(step: Step) -> str:
    """The department that was named.

    Raises
    ------
    UnknownDepartment, BadInput
        The catalogue lacks it, or none was named.
    """
    code = step.given.department
    if not code:
        raise BadInput("Chọn một đơn vị trong danh sách.", field="department")
    if code not in step.catalog.departments:
        raise UnknownDepartment(code)
    return code


def _accept(step: Step) -> None:
    desk = step.desk
    desk.state, desk.accepted_at, desk.accepted_by = "accepted", step.now, step.actor.account_id


def _return(step: Step) -> None:
    """Back to the dispatcher; the officer's word is kept as a label, so that the models learn from it."""
    desk = step.desk
    if step.given.department:
        if known_department(step) == desk.department_code:
            raise BadInput("Đơn vị đề nghị đang là đơn vị của bạn. Chọn đơn vị khác.", field="department")
        step.notes["suggested"] = step.given.department
    rows.end_assignment(step.session, desk, "returned", now=step.now)
    _learn(step, "return", desk.department_code, "return")


def _answer(step: Step) -> None:
    if len(step.given.text) < SHORTEST_ANSWER:
        raise BadInput("Câu trả lời còn quá ngắn. Hãy ghi đã làm gì và khi nào.", field="text")
    desk = step.desk
    run_on(desk, step.catalog, now=step.now)
    desk.state, desk.answered_at, desk.answer = "answered", step.now, step.given.text
    desk.accepted_at = desk.accepted_at or step.now
    desk.asked_hours, desk.asked_reason = None, None
    warn_next(desk, step.catalog, now=step.now)


def _close(step: Step) -> None:
    step.desk.state = "closed"


def _reopen(step: Step) -> str | None:
    """Back to the same desk with a whole clock; what never lay on a desk goes to the dispatcher."""
    if step.assignment is None:
        return "triage"
    desk = step.desk
    desk.state = "accepted"
    desk.due_at = deadlines.due(step.now, desk.hours, step.calendar)
    warn_next(desk, step.catalog, now=step.now)
    return None


def _assign(step: Step) -> None:
    department = known_department(step)
    if step.assignment is not None:
        rows.end_assignment(step.session, step.assignment, "transferred", now=step.now)
    prediction = reading_rows.predictions_of(step.session, step.item.id).get("topic")
    decision = decision_for(step.item, prediction, step.catalog)
    reason = f" {step.given.reason}" if step.given.reason else ""
    decision = rules.Decision(
        department,
        "assign",
        f"{step.actor.name} chuyển tới {step.catalog.name_of(department)}.{reason}",
        "người điều phối",
        decision.hours,
        decision.coordinating,
        decision.alternatives,
        decision.trace,
    )
    account = step.actor.account_id
    put_on_desk(step.session, step.item, department, decision, step.catalog, now=step.now, account_id=account)
    _learn(step, "assign", department, "triage")


def _nothing(step: Step) -> None:
    """Only the state changes; the reason stands in the history."""


def _refuse(step: Step) -> None:
    if step.assignment is not None:
        raise MoveRefused("Mục đang ở bàn của một đơn vị nên không từ chối ở đây được. Đơn vị trả lại hoặc trả lời.")


def _restrict(step: Step) -> None:
    if step.assignment is not None:
        rows.end_assignment(step.session, step.assignment, "withdrawn", now=step.now)
    step.item.restricted = True
    step.item.public_at, step.item.public_text = None, None


def _release(step: Step) -> None:
    step.item.restricted = False
    step.item.flags = [flag for flag in step.item.flags if flag != "to_cao"]
    if step.item.kind == "to_cao":
        step.item.kind = "phan_anh"
        step.item.decided_by = sorted({*step.item.decided_by, "kind"})


def _coordinate(step: Step) -> None:
    """Another unit sees the matter and may leave its contribution; the answer stays with the desk."""
    department, desk = known_department(step), step.desk
    if department == desk.department_code:
        raise BadInput("Đơn vị này đang chủ trì. Chọn đơn vị khác để phối hợp.", field="department")
    if department in desk.coordinating:
        raise BadInput(f"{step.catalog.name_of(department)} đã phối hợp mục này.", field="department")
    desk.coordinating = [*desk.coordinating, department]
    step.notes["unit"] = department


def _uncoordinate(step: Step) -> None:
    department, desk = known_department(step), step.desk
    if department not in desk.coordinating:
        raise BadInput(f"{step.catalog.name_of(department)} không phối hợp mục này.", field="department")
    desk.coordinating = [code for code in desk.coordinating if code != department]
    step.notes["unit"] = department


def _contribute(step: Step) -> None:
    if len(step.given.text) < SHORTEST_WORDS:
        raise BadInput("Ghi đơn vị bạn đã làm hoặc biết gì về việc này.", field="text")
    step.notes.update(text=step.given.text, unit=step.actor.department)


def _learn(step: Step, move: str, department: str, origin: str) -> None:
    step.session.add(
        t.Label(
            item_id=step.item.id,
            task=LEARNED_FROM[move],
            value=department,
            account_id=step.actor.account_id,
            origin=origin,
            set_at=step.now,
        )
    )


STEPS: dict[str, Do] = {
    "accept": _accept,
    "return": _return,
    "answer": _answer,
    "close": _close,
    "reopen": _reopen,
    "assign": _assign,
    "refuse": _refuse,
    "restrict": _restrict,
    "release": _release,
    "confirm": _nothing,
    "coordinate": _coordinate,
    "uncoordinate": _uncoordinate,
    "contribute": _contribute,
}
