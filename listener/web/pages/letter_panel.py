"""The part of the item's page that leads to its letters."""

from typing import Any

from sqlalchemy.orm import Session

from listener.letters import service as letters
from listener.letters.kinds import KINDS
from listener.store import desks
from listener.store import letters as rows
from listener.store import tables as t
from listener.web.deps import Visitor
from listener.web.letter_desk import writer_of


def panel(session: Session, item: t.Item, visitor: Visitor) -> dict[str, Any] | None:
    """What the panel shows: the letters made so far, and whether the visitor may write one. None hides it."""
    writer = writer_of(visitor.actor)
    if writer.role not in letters.WRITERS or item.restricted:
        return None
    assignment = desks.active_assignment(session, item.id)
    mine = writer.role != "officer" or (assignment is not None and assignment.department_code == writer.department)
    made = rows.of_item(session, item.id, writer.department if writer.role == "officer" else None)
    if not mine and not made:
        return None
    return {
        "may_write": mine,
        "made": [
            {"id": one.id, "sign": one.sign, "name": KINDS[one.kind].name, "at": one.made_at, "void": bool(one.void_at)}
            for one in made
        ],
    }
