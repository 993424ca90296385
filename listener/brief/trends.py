"""What changed against the period before, and whether it is more than chance: weeks, tones, intervals, hot matters."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import exp, lgamma, log, log1p, sqrt

from listener.vietnamese import CITY, wilson

WEEK = timedelta(days=7)
USUAL_WEEKS = 4  # what is usual is counted over so many weeks before
LEAST = 3  # one or two items are never a hot matter
TIMES_USUAL = 2.0  # people report in bursts, so a matter must also be twice its usual, not only beyond chance
FALSE_SHARE = 0.05  # Benjamini-Hochberg: the share of named matters that chance alone may explain


class NoSuchWeek(ValueError):
    """The text names no week: write the year and the number of the ISO week, as in 2026-W47."""


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """A week from Monday to Sunday, named as in ISO 8601.

    >>> week = Week.parse("2026-W47")
    >>> week.first.isoformat(), week.last.isoformat(), str(week.before)
    ('2026-11-16', '2026-11-22', '2026-W46')
    """

    first: date

    @classmethod
    def of(cls, day: date) -> "Week":
        """The week a day lies in."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def parse(cls, name: str) -> "Week":
        """The week of a name such as 2026-W47; raises `NoSuchWeek`."""
        found = re.fullmatch(r"(\d{4})-W(\d{2})", name)
        try:
            if found:
                return cls(date.fromisocalendar(int(found[1]), int(found[2]), 1))
        except ValueError:
            pass
        raise NoSuchWeek(name)

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.first + timedelta(days=6)

    @property
    def before(self) -> "Week":
        """The week before."""
        return Week(self.first - WEEK)

    @property
    def after(self) -> "Week":
        """The week after."""
        return Week(self.first + WEEK)

    @property
    def days(self) -> list[date]:
        """Its seven days."""
        return [self.first + timedelta(days=number) for number in range(7)]

    def up_to(self, last: "Week") -> list["Week"]:
        """This week and all after it up to another."""
        return [Week(self.first + number * WEEK) for number in range((last.first - self.first).days // 7 + 1)]

    @staticmethod
    def midnight(day: date) -> datetime:
        """The first moment of a day in the city."""
        return datetime.combine(day, time(), tzinfo=CITY)

    def begins(self) -> datetime:
        """Midnight before its Monday."""
        return self.midnight(self.first)

    def __str__(self) -> str:
        year, number, _ = self.first.isocalendar()
        return f"{year}-W{number:02d}"


@dataclass(frozen=True, slots=True)
class Period:
    """A week as far as it has gone: it is compared with just as much of the weeks before."""

    week: Week
    cutoff: datetime
    finished: bool

    @classmethod
    def of(cls, week: Week, now: datetime) -> "Period":
        """The week up to now, or whole when it is over."""
        end = week.after.begins()
        return cls(week, min(now, end), now >= end)

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return self.week.begins()


@dataclass(frozen=True, slots=True)
class Count:
    """One cell of a count: ``key`` of the row (None: unknown), report or post, sentiment (None: not read)."""

    key: str | None
    is_report: bool
    sentiment: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Tone:
    """How many posts sound how. Reports are left out: nearly all of them are negative by nature."""

    negative: int = 0
    neutral: int = 0
    positive: int = 0

    @property
    def total(self) -> int:
        """Posts that were read."""
        return self.negative + self.neutral + self.positive

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95% Wilson interval of the negative share, None of nothing."""
        return wilson(self.negative, self.total) if self.total else None


@dataclass(frozen=True, slots=True)
class Counted:
    """Items of one row in one period."""

    posts: int = 0
    reports: int = 0
    tone: Tone = field(default_factory=Tone)

    @property
    def total(self) -> int:
        """Posts and reports."""
        return self.posts + self.reports


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: this period beside the one before."""

    key: str | None
    name: str
    now: Counted
    before: Counted


def counted(counts: Iterable[Count]) -> Counted:
    """The sum of some cells."""
    tone = {"negative": 0, "neutral": 0, "positive": 0}
    posts = reports = 0
    for cell in counts:
        if cell.is_report:
            reports += cell.count
        else:
            posts += cell.count
            if cell.sentiment in tone:
                tone[cell.sentiment] += cell.count
    return Counted(posts, reports, Tone(**tone))


def total(parts: Iterable[Counted]) -> Counted:
    """The sum of several counts."""
    found = list(parts)
    tone = Tone(*(sum(getattr(one.tone, name) for one in found) for name in ("negative", "neutral", "positive")))
    return Counted(sum(one.posts for one in found), sum(one.reports for one in found), tone)


def rows(now: Iterable[Count], before: Iterable[Count], names: Mapping[str | None, str]) -> list[Row]:
    """One row for each key that either period has, the largest now first; ``names`` also names the unknown key."""
    here, there = by_key(now), by_key(before)
    found = [Row(key, names.get(key, key or "–"), counted(here[key]), counted(there[key])) for key in {*here, *there}]
    return sorted(found, key=lambda row: (row.key is None, -row.now.total, -row.before.total, row.name))


def by_key(counts: Iterable[Count]) -> dict[str | None, list[Count]]:
    """The cells of each key."""
    found: dict[str | None, list[Count]] = defaultdict(list)
    for cell in counts:
        found[cell.key].append(cell)
    return found


def share_moved(now: Tone, before: Tone) -> tuple[float, float] | None:
    """The 95% interval by which the negative share moved (Newcombe's score method), None where a period is empty.

    >>> low, high = share_moved(Tone(60, 40), Tone(40, 60))
    >>> round(low, 2), round(high, 2)
    (0.06, 0.33)
    """
    if not now.total or not before.total:
        return None
    here, there = now.negative / now.total, before.negative / before.total
    (low, high), (low_before, high_before) = wilson(now.negative, now.total), wilson(before.negative, before.total)
    down = sqrt((here - low) ** 2 + (high_before - there) ** 2)
    up = sqrt((high - here) ** 2 + (there - low_before) ** 2)
    return here - there - down, here - there + up


def count_moved(now: int, before: int) -> bool:
    """Whether two counts of equal spans differ by more than chance (two-sided exact test of 5%, Poisson counts)."""
    if now == before:
        return False
    return 2 * upper_tail(max(now, before), now + before, 0.5) < 0.05


def upper_tail(count: int, trials: int, chance: float) -> float:
    """The probability of ``count`` or more successes; 1 where the count is no more than expected.

    >>> round(upper_tail(9, 10, 0.5), 4)
    0.0107
    """
    if count <= trials * chance:
        return 1.0
    ways = lgamma(trials + 1) - lgamma(count + 1) - lgamma(trials - count + 1)
    term = exp(ways + count * log(chance) + (trials - count) * log1p(-chance))
    total, step = 0.0, count
    while step <= trials and term > total * 1e-15:
        total += term
        term *= (trials - step) / (step + 1) * chance / (1 - chance)
        step += 1
    return min(total, 1.0)


@dataclass(frozen=True, slots=True)
class Hot:
    """A topic in an area above its usual: this period's count, the counts of the weeks before (newest first).

    ``tested`` is False where no earlier week could be compared; the matter is then only one of the largest.
    """

    topic: str
    area: str
    count: int
    earlier: tuple[int, ...]
    tested: bool

    @property
    def usual(self) -> float | None:
        """The mean of the weeks before."""
        return sum(self.earlier) / len(self.earlier) if self.earlier else None


def hot(counts: Mapping[tuple[str, str], Sequence[int]], *, weeks: int, limit: int = 8) -> list[Hot]:
    """The matters that stand out, the least likely by chance first.

    ``counts`` holds for each topic and area this period's count and then those of the weeks before, newest first,
    each cut at the same weekday and hour; the first ``weeks`` of them hold data. Under "nothing changed" this
    period has its fair part of all the items of ``weeks`` + 1 periods: the exact binomial test of that, with
    Benjamini and Hochberg's rule over all matters, so that of those named at most one in twenty is chance.
    """
    groups = [Hot(topic, area, row[0], tuple(row[1 : weeks + 1]), weeks > 0) for (topic, area), row in counts.items()]
    if weeks == 0:
        large = [group for group in groups if group.count >= LEAST]
        return sorted(large, key=lambda group: (-group.count, group.topic, group.area))[:limit]
    chance = 1 / (weeks + 1)
    tried = sorted(
        (upper_tail(g.count, g.count + sum(g.earlier), chance), -g.count, g.topic, g.area, g) for g in groups
    )
    last = max((rank for rank, (p, *_) in enumerate(tried, 1) if p <= FALSE_SHARE * rank / len(tried)), default=0)
    return [entry[-1] for entry in tried[:last] if _stands_out(entry[-1])][:limit]


def _stands_out(group: Hot) -> bool:
    return group.count >= LEAST and group.count >= TIMES_USUAL * (group.usual or 0)
