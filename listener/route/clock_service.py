"""What the clocks do by themselves: warnings before and at the breach, questions that nobody answered."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from listener.catalog.shapes import Catalog
from listener.jobs import hand_over_once
from listener.route import desk_service, waiting_service
from listener.route.workflow import SYSTEM, Actor
from listener.store import clocks

CLOCK = Actor("Máy", SYSTEM)
NOBODY = "hết thời gian chờ mà chưa có trả lời"


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look did: warnings given, clocks that run on."""

    warned: int
    resumed: int


def look(session: Session, *, catalog: Catalog, now: datetime) -> Looked:
    """One look at all clocks; a second look at the same moment does nothing."""
    waited = clocks.questions_over(session, now=now)
    for item in waited:
        desk_service.act(session, item, "resume", actor=CLOCK, catalog=catalog, now=now, reason=NOBODY)
    warned = waiting_service.warn(session, catalog=catalog, now=now)
    if warned:
        hand_over_once(session, "deliver")
    return Looked(warned, len(waited))
