"""Working-hour clocks: when an answer is due, what stops or stretches a clock, and who is told before it runs out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CITY_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# Usual office hours, domain.md; a city changes them in its calendar.
OFFICE_HOURS = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 0)))
SATURDAY = 5
WEEKDAYS = frozenset(range(SATURDAY))
LONGEST_LOOK = 800  # days; a calendar without any working day must not loop for ever


@dataclass(frozen=True, slots=True)
class Calendar:
    """When offices work: hours of a day, weekdays (Monday = 0), days off, and weekend days worked in exchange."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    hours: tuple[tuple[time, time], ...] = OFFICE_HOURS
    weekdays: frozenset[int] = WEEKDAYS

    def is_working(self, day: date) -> bool:
        """Whether offices are open on a day."""
        return day in self.worked or (day.weekday() in self.weekdays and day not in self.off)

    @property
    def day_length(self) -> timedelta:
        """Working time of one day."""
        return sum((_length(start, end) for start, end in self.hours), timedelta())


@dataclass(frozen=True, slots=True)
class Notice:
    """One rung of the ladder: when it is said, which event it writes, and which roles are told."""

    at: datetime
    kind: str
    told: tuple[str, ...]


# Told before the breach: a quarter of the allowed time, at least an hour, at most one working day ahead, so that half a
# morning is left of an urgent matter. At the breach the dispatcher hears it too, a working day later the leader.
SOON_SHARE = 0.25
LEAST_SOON, MOST_SOON = timedelta(hours=1), timedelta(hours=7.5)
LEADER_AFTER = timedelta(hours=7.5)
DUE_SOON, OVERDUE = "due_soon", "overdue"


def calendar_of(
    holidays: Iterable[tuple[date, str]], hours: Iterable[str] = (), days: Iterable[int] = range(1, 6)
) -> Calendar:
    """A calendar from days ``off`` or ``working``, stretches like “07:30-11:30”, and weekdays from Monday = 1."""
    off_and_worked = list(holidays)
    return Calendar(
        off=frozenset(day for day, kind in off_and_worked if kind == "off"),
        worked=frozenset(day for day, kind in off_and_worked if kind == "working"),
        hours=tuple(stretch(text) for text in hours) or OFFICE_HOURS,
        weekdays=frozenset(day - 1 for day in days),
    )


def stretch(text: str) -> tuple[time, time]:
    """The bounds of a stretch of a day: ``07:30-11:30``."""
    opens, closes = (time.fromisoformat(bound.strip()) for bound in text.split("-"))
    return opens, closes


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


def later(moment: datetime, length: timedelta, calendar: Calendar) -> datetime:
    """A due date moved by working time; nothing moves it back."""
    return moment if length <= timedelta() else due(moment, length / timedelta(hours=1), calendar)


def resumed(due_at: datetime, paused_at: datetime, now: datetime, calendar: Calendar) -> datetime:
    """The due date after the clock stood from ``paused_at`` until now: as much working time is left as before."""
    return later(due_at, working_time(paused_at, now, calendar), calendar)


def earlier(moment: datetime, length: timedelta, calendar: Calendar) -> datetime:
    """The moment from which ``length`` of working time lies before another."""
    left, day = length, moment.astimezone(CITY_ZONE)
    for offset in range(LONGEST_LOOK):
        one = day.date() - timedelta(days=offset)
        for opens, closes in reversed(calendar.hours) if calendar.is_working(one) else ():
            begin = datetime.combine(one, opens, tzinfo=CITY_ZONE)
            end = min(datetime.combine(one, closes, tzinfo=CITY_ZONE), day)
            if begin < end and end - begin >= left:
                return end - left
            left -= max(end - begin, timedelta())
    raise ValueError(f"no working day within {LONGEST_LOOK} days before {moment}: check the holidays")


def ladder(due_at: datetime, hours: float, calendar: Calendar) -> tuple[Notice, ...]:
    """Everything that is said of a due date, in the order of its moments."""
    ahead = min(max(SOON_SHARE * timedelta(hours=hours), LEAST_SOON), MOST_SOON)
    return (
        Notice(earlier(due_at, ahead, calendar), DUE_SOON, ("officer",)),
        Notice(due_at, OVERDUE, ("officer", "dispatcher")),
        Notice(later(due_at, LEADER_AFTER, calendar), OVERDUE, ("officer", "dispatcher", "leader")),
    )


def next_warning(due_at: datetime, hours: float, calendar: Calendar, *, after: datetime) -> Notice | None:
    """The first thing still to be said after a moment, None when all was said."""
    return next((warning for warning in ladder(due_at, hours, calendar) if warning.at > after), None)


def warning_due(due_at: datetime, hours: float, calendar: Calendar, *, now: datetime) -> Notice | None:
    """The last thing that should have been said by now: who was away hears the worst, not all at once."""
    return next((one for one in reversed(ladder(due_at, hours, calendar)) if one.at <= now), None)


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
