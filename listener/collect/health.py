"""Whether a source has gone silent, measured against its own rhythm, and the words for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

CITY = ZoneInfo("Asia/Ho_Chi_Minh")
WAKES, SLEEPS = time(6), time(22)  # newsrooms post little at night; only these hours count as waiting
FEWEST = 8  # gaps under which a source has no rhythm yet
TIMES_USUAL = 3.0  # silence worth a look: three times the gap that 95 of 100 stay under
LEAST = timedelta(hours=3)  # shorter silence is nobody's concern
FAILING = timedelta(hours=2)  # shorter failures mend themselves


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A source's pace: its usual gap, how long it has brought nothing (both in waking hours), whether that is silence.

    ``usual`` is None where too little came to know.
    """

    last: datetime
    waited: timedelta
    usual: timedelta | None
    silent: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a source: it is ``silent`` or ``failing``, since when, in words."""

    kind: str
    since: datetime
    words: str


def trouble(
    found: Rhythm | None, *, problem: str | None, problem_since: datetime | None, now: datetime
) -> Trouble | None:
    """What is wrong with a source, None while it is well or only just began to fail."""
    if problem is not None and problem_since is not None and now - problem_since >= FAILING:
        return Trouble("failing", problem_since, problem)
    if found is not None and found.silent:
        return Trouble("silent", found.last, words(found))
    return None


def usual_day(by_day: Sequence[int]) -> float | None:
    """How many new items a usual day brings: the median of the days before this one; None with fewer than five."""
    days = sorted(by_day)
    if len(days) < 5:
        return None
    middle = len(days) // 2
    return float(days[middle]) if len(days) % 2 else (days[middle - 1] + days[middle]) / 2


def rhythm(arrivals: Sequence[datetime], *, now: datetime) -> Rhythm | None:
    """The rhythm of a source by the moments at which something new came; None when nothing ever came."""
    moments = sorted(moment for moment in arrivals if moment <= now)
    if not moments:
        return None
    waited = waking(moments[-1], now)
    gaps = sorted(waking(first, second) for first, second in pairwise(moments))
    if len(gaps) < FEWEST:
        return Rhythm(moments[-1], waited, None, silent=False)
    ordinary = gaps[min(len(gaps) - 1, round(0.95 * len(gaps)))]
    return Rhythm(moments[-1], waited, gaps[len(gaps) // 2], silent=waited > max(LEAST, ordinary * TIMES_USUAL))


def waking(start: datetime, end: datetime) -> timedelta:
    """The time between two moments, without the nights."""
    first, last = start.astimezone(CITY), end.astimezone(CITY)
    total, day = timedelta(0), first.date()
    while day <= last.date():
        opens, closes = datetime.combine(day, WAKES, CITY), datetime.combine(day, SLEEPS, CITY)
        total += max(min(last, closes) - max(first, opens), timedelta(0))
        day += timedelta(days=1)
    return total


def words(found: Rhythm | None) -> str:
    """What the sources page says: “im lặng 9 giờ (thường 40 phút có tin mới)”."""
    if found is None:
        return "chưa có tin nào"
    if found.usual is None:
        return "chưa đủ tin để biết nhịp"
    usual = f"thường {span(found.usual)} có tin mới"
    return f"im lặng {span(found.waited)} ({usual})" if found.silent else usual


def span(length: timedelta) -> str:
    """A length in its largest unit: 40 phút, 9 giờ, 3 ngày (a day here has its 16 waking hours)."""
    minutes = max(1, round(length.total_seconds() / 60))
    if minutes < 60:
        return f"{minutes} phút"
    hours = round(minutes / 60)
    return f"{hours} giờ" if hours < 16 else f"{max(1, round(hours / 16))} ngày"
