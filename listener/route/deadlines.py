"""Working-hour clocks: when an answer is due, and how much working time is left."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CITY_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# Usual office hours, domain.md; a city changes them in its calendar.
OFFICE_HOURS = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 0)))
SATURDAY = 5
LONGEST_LOOK = 800  # days; a calendar without any working day must not loop for ever


@dataclass(frozen=True, slots=True)
class Calendar:
    """When offices work: hours of a day, days off, and weekend days worked in exchange."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    hours: tuple[tuple[time, time], ...] = OFFICE_HOURS

    def is_working(self, day: date) -> bool:
        """Whether offices are open on a day."""
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.off)

    @property
    def day_length(self) -> timedelta:
        """Working time of one day."""
        return sum((_length(start, end) for start, end in self.hours), timedelta())


def calendar_of(holidays: Iterable[tuple[date, str]]) -> Calendar:
    """A calendar from pairs of day and kind (``off`` or ``working``)."""
    days = list(holidays)
    return Calendar(
        off=frozenset(day for day, kind in days if kind == "off"),
        worked=frozenset(day for day, kind in days if kind == "working"),
    )


def due(received: datetime, hours: float, calendar: Calendar) -> datetime:
    """The moment by which ``hours`` of working time have passed since ``received``.

    Time outside office hours does not count, so what arrives at night starts in the morning.

    >>> str(due(datetime(2026, 11, 21, 9, tzinfo=CITY_ZONE), 4, Calendar()))  # a Saturday
    '2026-11-23 11:30:00+07:00'
    """
    left = timedelta(hours=hours)
    for start, end in _stretches(received.astimezone(CITY_ZONE), calendar):
        if end - start >= left:
            return start + left
        left -= end - start
    raise ValueError(f"no working day within {LONGEST_LOOK} days after {received}: check the holidays")


def working_time(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """Working time between two moments; negative when ``end`` comes first."""
    if end < start:
        return -working_time(end, start, calendar)
    total = timedelta()
    last = end.astimezone(CITY_ZONE)
    for opens, closes in _stretches(start.astimezone(CITY_ZONE), calendar):
        if opens >= last:
            break
        total += min(closes, last) - opens
    return total


def _stretches(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """Working stretches from ``start`` on, the first cut where it begins earlier."""
    for offset in range(LONGEST_LOOK):
        day = start.date() + timedelta(days=offset)
        if not calendar.is_working(day):
            continue
        for opens, closes in calendar.hours:
            begin = max(datetime.combine(day, opens, tzinfo=CITY_ZONE), start)
            end = datetime.combine(day, closes, tzinfo=CITY_ZONE)
            if begin < end:
                yield begin, end


def _length(start: time, end: time) -> timedelta:
    anchor = date(2000, 1, 3)
    return datetime.combine(anchor, end) - datetime.combine(anchor, start)
