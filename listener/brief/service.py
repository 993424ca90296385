"""Counting a week out of the store: the weekly report, the list of weeks, and what the first screen shows."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from listener import vietnamese
from listener.brief import trends
from listener.brief.briefing import Break, Briefing, Desk, Intake, Matter, Owed, Quote, SourceState, Spread, quoted
from listener.brief.ranking import Rank, rank
from listener.brief.trends import Count, Period, Row, Week
from listener.catalog.shapes import Catalog
from listener.store import gaps, matters, tables
from listener.store import trends as counts
from listener.store.database import CITY_ZONE
from listener.store.trends import Span

WORTH_TELLING = timedelta(hours=6)  # a shorter gap hides little of a week
FALSE_NEWS = "tin-gia-xau-doc"
NO_MATTER = frozenset({"khong-du-thong-tin", "khen-ngoi"})  # nothing to act on, so never hot
STORY_SIZE, MOST_STORIES = 3, 5
RANKED_OVER = timedelta(days=90)  # long enough for a ward to have handled some twenty matters
MOST_PLACES = 6
MOST_WEEKS = 26  # half a year in the list of weeks
CHANNELS = {
    "web": "Phản ánh qua trang web",
    "api": "Phản ánh qua API",
    "open311": "Phản ánh qua Open311",
    "import": "Phản ánh nhập từ tệp",
    "zalo": "Phản ánh qua Zalo",
    "phone": "Phản ánh qua tổng đài",
}


@dataclass(frozen=True, slots=True)
class WeekLine:
    """A week in the list of reports; ``negative`` of ``read`` posts are negative."""

    week: Week
    finished: bool
    items: int
    negative: int
    read: int


def weekly(session: Session, week: Week, *, catalog: Catalog, agency: str, city: str, now: datetime) -> Briefing:
    """Count a week, against just as much of the week before, and against four weeks for what is usual."""
    period = Period.of(week, now)
    span = Span(period.start, period.cutoff)
    before = span.earlier(trends.WEEK)
    usual_weeks = earlier_weeks(session, week)
    coverage = counts.coverage(session, span)
    whole = _rows(session, "kind", span, before, {})
    return Briefing(
        period=period,
        made_at=now,
        agency=agency,
        city=city,
        sources=tuple(SourceState(s.name, s.visits, s.failed, s.new, s.problem) for s in coverage),
        intake=_intake(session, span),
        intake_before=_intake(session, before),
        whole=_sum(whole),
        days=_days(session, span, before, week.days),
        by_source=_rows(session, "source", span, before, _source_names(session)),
        by_field=_rows(session, "field", span, before, _names("fields")),
        by_area=_rows(session, "area", span, before, _area_names(catalog)),
        by_kind=_rows(session, "kind", span, before, _names("kinds")),
        by_urgency=_rows(session, "urgency", span, before, _names("urgencies")),
        hot=tuple(hot_matters(session, span, catalog, weeks=usual_weeks)),
        stories=tuple(_stories(session, span, catalog)),
        usual_weeks=usual_weeks,
        desks=tuple(desks(session, span, catalog)),
        versions=tuple(counts.versions(session, span)),
        breaks=tuple(
            Break(gap.source.name, gap.kind, gap.since, gap.ended_at)
            for gap in gaps.during(session, span.start, span.end)
            if (gap.ended_at or now) - gap.since >= WORTH_TELLING
        ),
    )


@dataclass(frozen=True, slots=True)
class Glance:
    """What the first screen shows: the past seven days to the minute beside the seven before, and 14 calendar days.

    ``places`` holds the areas with most items and how many they usually have in seven days (None: unknown).
    """

    days: tuple[Row, ...]
    whole: Row
    hot: tuple[Matter, ...]
    places: tuple[tuple[Row, float | None], ...]
    desks: tuple[Desk, ...]
    overdue_before: int
    sources: tuple[SourceState, ...]
    sample: int
    ranking: tuple[Rank, ...] = ()


def glance(session: Session, *, catalog: Catalog, now: datetime) -> Glance:
    """Count the past seven days for the first screen."""
    span = Span(now - trends.WEEK, now)
    before = span.earlier(trends.WEEK)
    today = now.astimezone(CITY_ZONE).date()
    days = [today - timedelta(days=number) for number in range(13, -1, -1)]
    two_weeks = Span(Week.midnight(days[0]), now)
    usual_weeks = _weeks_of_data(session, now)
    return Glance(
        days=_days(session, two_weeks, two_weeks.earlier(trends.WEEK), days),
        whole=_sum(_rows(session, "kind", span, before, {})),
        hot=tuple(hot_matters(session, span, catalog, weeks=usual_weeks, limit=5)),
        places=_places(session, span, catalog, usual_weeks),
        desks=tuple(desks(session, span, catalog)),
        overdue_before=sum(desk.overdue for desk in desks(session, before, catalog)),
        sources=tuple(
            SourceState(s.name, s.visits, s.failed, s.new, s.problem) for s in counts.coverage(session, span)
        ),
        sample=counts.flow(session, span).sample,
        ranking=tuple(rank(desks(session, Span(now - RANKED_OVER, now), catalog))),
    )


def _weeks_of_data(session: Session, now: datetime) -> int:
    """How many whole spans of seven days before the past one hold data, four at most."""
    first = counts.first_day(session)
    days = (now.astimezone(CITY_ZONE).date() - first).days if first else 0
    return max(0, min(trends.USUAL_WEEKS, days // 7 - 1))


def _places(session: Session, span: Span, catalog: Catalog, usual_weeks: int) -> tuple[tuple[Row, float | None], ...]:
    earlier = Span(span.start - usual_weeks * trends.WEEK, span.start)
    found = [row for row in _rows(session, "area", span, earlier, _area_names(catalog)) if row.key and row.now.total]
    return tuple((row, row.before.total / usual_weeks if usual_weeks else None) for row in found[:MOST_PLACES])


def weeks(session: Session, now: datetime) -> list[WeekLine]:
    """The weeks since the first item came in, this week first."""
    first = counts.first_day(session)
    if first is None:
        return []
    this = Week.of(now.astimezone(CITY_ZONE).date())
    oldest = Week(max(Week.of(first).first, this.first - (MOST_WEEKS - 1) * trends.WEEK))
    found = trends.by_key(_counts(session, "week", Span(oldest.begins(), now)))
    return [_week_line(week, found, now) for week in reversed(oldest.up_to(this))]


def earlier_weeks(session: Session, week: Week) -> int:
    """How many whole weeks before this one hold data, four at most."""
    first = counts.first_day(session)
    if first is None:
        return 0
    since = Week.of(first) if first.weekday() == 0 else Week.of(first).after
    return max(0, min(trends.USUAL_WEEKS, (week.first - since.first).days // 7))


def desks(session: Session, span: Span, catalog: Catalog) -> list[Desk]:
    """Every department's four buckets, those with most overdue first."""
    return [
        Desk(one.department, catalog.name_of(one.department), one.on_time, one.late, one.open, one.overdue)
        for one in matters.desks(session, span)
    ]


def hot_matters(session: Session, span: Span, catalog: Catalog, *, weeks: int, limit: int = 8) -> list[Matter]:
    """Topics in areas above their usual, with a quote, their spread and who is responsible."""
    spans = [span.earlier(number * trends.WEEK) for number in range(weeks + 1)]
    found = {key: row for key, row in matters.by_topic_and_area(session, spans).items() if key[0] not in NO_MATTER}
    chosen = trends.hot(found, weeks=weeks, limit=limit)
    keys = [(one.topic, one.area) for one in chosen]
    if not keys:
        return []
    spread, said, owed = (
        matters.spreads(session, keys, span),
        matters.typical(session, keys, span),
        matters.owed(session, keys, span),
    )
    found_matters = []
    for one, key in zip(chosen, keys, strict=True):
        owner = _owner(one.topic, one.area, span.end, catalog)
        matter = _matter(key, spread[key], said.get(key), _owed(owed.get(key), owner, catalog), catalog)
        found_matters.append(replace(matter, earlier=one.earlier))
    return found_matters


def _stories(session: Session, span: Span, catalog: Catalog) -> list[Matter]:
    found = matters.stories(session, span, least=STORY_SIZE, limit=MOST_STORIES)
    owed = matters.story_owed(session, [story for story, _, _ in found], span) if found else {}
    return [
        _matter(
            (item.topic, item.unit_code),
            spread,
            item,
            _owed(owed.get(story), _owner(item.topic, item.unit_code, span.end, catalog), catalog),
            catalog,
        )
        for story, spread, item in found
    ]


def _matter(
    key: tuple[str | None, str | None], spread: matters.Spread, item: tables.Item | None, owed: Owed, catalog: Catalog
) -> Matter:
    topic, area = key
    return Matter(
        title=_title(topic, area, catalog),
        topic=topic,
        area=area,
        spread=Spread(spread.posts, spread.reports, spread.sources),
        earlier=(),
        quote=_quote(item) if item else None,
        owed=owed,
    )


def _owed(owed: matters.Owed | None, owner: str | None, catalog: Catalog) -> Owed:
    if owed is None:
        return Owed(owner)
    names = tuple(catalog.name_of(code) for code in owed.departments)
    return Owed(owner, names, owed.assigned, owed.answered, owed.due_at)


def _owner(topic: str | None, area: str | None, at: datetime, catalog: Catalog) -> str | None:
    """Who owns the topic by the catalogue just before a moment: the area's own rule before the city's."""
    day = (at - timedelta(microseconds=1)).astimezone(CITY_ZONE).date()
    rules = [rule for rule in catalog.owners if rule.topic == topic and rule.area in (area, None) and rule.holds(day)]
    if not rules:
        return None
    rule = max(rules, key=lambda rule: rule.area is not None)
    return catalog.name_of(catalog.resolve(rule.department, area))


def _title(topic: str | None, area: str | None, catalog: Catalog) -> str:
    leaf = load_taxonomy().leaves.get(topic or "")
    name = leaf.name if leaf else "Chưa rõ lĩnh vực"
    where = catalog.areas.get(area or "")
    return f"{name} – {where.full_name}" if where else name


def _quote(item: tables.Item) -> Quote:
    masks = [(mask["start"], mask["end"]) for mask in item.masks]
    return Quote(
        number=item.number,
        words=quoted(item.body, masks),
        url=item.url,
        source=item.source.name if item.source else CHANNELS.get(item.channel, "Phản ánh"),
        urgent=item.urgency == "khan",
        sample=item.sample,
    )


def _intake(session: Session, span: Span) -> Intake:
    flow = asdict(counts.flow(session, span))
    refused = sum(source.refused for source in counts.coverage(session, span))
    return Intake(**flow, refused=refused, false_news=counts.of_topic(session, FALSE_NEWS, span))


def _counts(session: Session, by: str, span: Span) -> list[Count]:
    return [Count(cell.key, cell.is_report, cell.sentiment, cell.count) for cell in counts.tallies(session, by, span)]


def _rows(session: Session, by: str, span: Span, before: Span, names: Mapping[str | None, str]) -> tuple[Row, ...]:
    return tuple(trends.rows(_counts(session, by, span), _counts(session, by, before), names))


def _sum(found: Sequence[Row]) -> Row:
    return Row(None, "Cộng", trends.total(row.now for row in found), trends.total(row.before for row in found))


def _days(session: Session, span: Span, before: Span, days: Sequence[date]) -> tuple[Row, ...]:
    """The days that have begun, in order, each beside the same weekday of the week before."""
    here = _rows(session, "day", span, span, {})
    there = _rows(session, "day", before, before, {})
    now, earlier = ({row.key: row.now for row in found} for found in (here, there))
    nothing, last = trends.Counted(), span.end.astimezone(CITY_ZONE)
    return tuple(
        Row(
            day.isoformat(),
            vietnamese.day(day) + (" (chưa hết ngày)" if day == last.date() else ""),
            now.get(day.isoformat(), nothing),
            earlier.get((day - trends.WEEK).isoformat(), nothing),
        )
        for day in days
        if Week.midnight(day) < span.end
    )


def _week_line(week: Week, found: Mapping[str | None, Sequence[Count]], now: datetime) -> WeekLine:
    whole = trends.counted(found.get(week.first.isoformat(), ()))
    return WeekLine(week, Period.of(week, now).finished, whole.total, whole.tone.negative, whole.tone.total)


def _names(part: str) -> dict[str | None, str]:
    labels = getattr(load_taxonomy(), part)
    return {None: "Chưa đọc", **{slug: label.name for slug, label in labels.items()}}


def _area_names(catalog: Catalog) -> dict[str | None, str]:
    return {None: "Chưa rõ địa bàn", **{code: area.full_name for code, area in catalog.areas.items()}}


def _source_names(session: Session) -> dict[str | None, str]:
    names: dict[str | None, str] = {f"kenh:{channel}": name for channel, name in CHANNELS.items()}
    names.update(counts.source_names(session).items())
    return {**names, None: "Chưa rõ nguồn"}
