"""Which departments keep their dates: ranked only where enough was handled to say so."""

from collections.abc import Iterable
from dataclasses import dataclass

from listener import vietnamese
from listener.brief.briefing import Desk

ENOUGH = 20  # handled matters from which a share says something (pages.md 3.3)


@dataclass(frozen=True, slots=True)
class Rank:
    """A department's place: its share handled on time with the 95% interval, and its four buckets."""

    desk: Desk
    share: float
    low: float
    high: float


def rank(desks: Iterable[Desk], *, enough: int = ENOUGH) -> list[Rank]:
    """Departments that handled enough, best first; of equals the one with less overdue.

    The order goes by the lower bound of the interval, so that 20 of 20 do not stand above 395 of 400.
    """
    found = []
    for desk in desks:
        handled = desk.on_time + desk.late
        if handled >= enough:
            low, high = vietnamese.wilson(desk.on_time, handled)
            found.append(Rank(desk, desk.on_time / handled, low, high))
    return sorted(found, key=lambda one: (-one.low, one.desk.overdue, one.desk.name))
