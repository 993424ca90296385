"""The weekly report as plain data, and the sentences that say what stands out in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from listener import vietnamese as vi
from listener.brief.trends import Period, Row, Tone, count_moved, share_moved

QUOTE_LENGTH = 220  # a quote is a taste of the text; the item itself is one click away
HIDDEN = "[đã che]"


@dataclass(frozen=True, slots=True)
class Intake:
    """What came in. ``copies`` repeat the words of another item of the week; ``refused`` never became an item."""

    received: int
    spam: int
    copies: int
    refused: int
    unread: int
    reviewed: int
    reviewed_topic: int
    reviewed_sentiment: int
    sample: int
    false_news: int

    @property
    def kept(self) -> int:
        """What every other number of the report counts."""
        return self.received - self.spam

    @property
    def distinct(self) -> int:
        """How many of these say different things."""
        return self.kept - self.copies


@dataclass(frozen=True, slots=True)
class SourceState:
    """How the visits to a source went in the week."""

    name: str
    visits: int
    failed: int
    new: int
    problem: str | None

    @property
    def gap(self) -> str | None:
        """Why this source may be missing from the numbers, None when it was heard."""
        if self.new:
            return None
        if self.visits == 0:
            return "chưa được đọc lần nào"
        if self.failed == self.visits:
            return f"đọc {vi.number(self.visits)} lần đều không được" + (f" ({self.problem})" if self.problem else "")
        return "im lặng, không có bài mới"


@dataclass(frozen=True, slots=True)
class Break:
    """A time within the week in which a source was not heard; ``ended_at`` is None while it lasts."""

    name: str
    kind: str
    since: datetime
    ended_at: datetime | None

    @property
    def words(self) -> str:
        """“Báo X im lặng từ … đến …”."""
        state = "không đọc được" if self.kind == "failing" else "im lặng"
        until = f"đến {vi.full(self.ended_at)}" if self.ended_at else "và còn kéo dài"
        return f"{self.name} {state} từ {vi.full(self.since)} {until}"


@dataclass(frozen=True, slots=True)
class Quote:
    """The words that stand for a matter, personal data hidden, and where they can be read."""

    number: str
    words: str
    url: str | None
    source: str
    urgent: bool
    sample: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """How far a matter went."""

    posts: int
    reports: int
    sources: int

    @property
    def total(self) -> int:
        """Posts and reports."""
        return self.posts + self.reports


@dataclass(frozen=True, slots=True)
class Owed:
    """Who must act: departments it was given to, else the ``owner`` by the catalogue (None: nobody).

    ``answered`` of ``assigned`` were answered; ``due_at`` is the earliest date due of the others.
    """

    owner: str | None
    departments: tuple[str, ...] = ()
    assigned: int = 0
    answered: int = 0
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """Something many speak of: a topic in an area, or a story. ``earlier`` counts the weeks before, newest first."""

    title: str
    topic: str | None
    area: str | None
    spread: Spread
    earlier: tuple[int, ...]
    quote: Quote | None
    owed: Owed

    @property
    def usual(self) -> float | None:
        """The mean of the weeks before, None where there is none to tell."""
        return sum(self.earlier) / len(self.earlier) if self.earlier else None


@dataclass(frozen=True, slots=True)
class Desk:
    """A department's four buckets."""

    code: str
    name: str
    on_time: int
    late: int
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Briefing:
    """One week, counted. Restricted items are in none of its numbers, spam in none but ``intake``."""

    period: Period
    made_at: datetime
    agency: str
    city: str
    sources: tuple[SourceState, ...]
    intake: Intake
    intake_before: Intake
    whole: Row
    days: tuple[Row, ...]
    by_source: tuple[Row, ...]
    by_field: tuple[Row, ...]
    by_area: tuple[Row, ...]
    by_kind: tuple[Row, ...]
    by_urgency: tuple[Row, ...]
    hot: tuple[Matter, ...]
    stories: tuple[Matter, ...]
    usual_weeks: int
    desks: tuple[Desk, ...]
    versions: tuple[str, ...]
    breaks: tuple[Break, ...] = ()

    @property
    def title(self) -> str:
        """Its name in lists and as a heading."""
        return f"Báo cáo tuần {self.period.week.first.isocalendar().week}"

    @property
    def dates(self) -> str:
        """Monday to Sunday, in words."""
        return vi.period(self.period.week.first, self.period.week.last)

    @property
    def than(self) -> str:
        """What the numbers are compared with."""
        return "tuần trước" if self.period.finished else "cùng thời gian của tuần trước"

    @property
    def gaps(self) -> tuple[SourceState, ...]:
        """Sources that the numbers may lack."""
        return tuple(source for source in self.sources if source.gap)

    @property
    def overdue(self) -> int:
        """All desks' overdue matters."""
        return sum(desk.overdue for desk in self.desks)


def quoted(text: str, masks: Sequence[tuple[int, int]], *, limit: int = QUOTE_LENGTH) -> str:
    """The beginning of a text on one line, cut at a word, with each masked stretch hidden.

    >>> quoted("Gọi 0530000000 giúp em", [(4, 14)])
    'Gọi [đã che] giúp em'
    """
    pieces, last = [], 0
    for start, end in sorted(masks):
        if start >= last:
            pieces += [text[last:start], HIDDEN]
        last = max(last, end)
    line = " ".join("".join([*pieces, text[last:]]).split())
    return line if len(line) <= limit else line[:limit].rsplit(" ", 1)[0] + "…"


def findings(report: Briefing) -> list[str]:
    """What stands out, a sentence each, the most important first."""
    said = [_volume(report), _tone(report), _hottest(report), _late(report), _doubted(report)]
    return [sentence for sentence in said if sentence]


def cautions(report: Briefing) -> list[str]:
    """What the reader must know before trusting the numbers."""
    said = []
    if not report.period.finished:
        said.append(f"Chưa hết tuần: số liệu tính đến {vi.full(report.period.cutoff)} và so với {report.than}.")
    if report.intake.sample:
        part = vi.percent(report.intake.sample, report.intake.kept)
        said.append(f"Có {vi.number(report.intake.sample)} mục ({part}) là dữ liệu mẫu, không phải tin thật.")
    if report.gaps:
        names = "; ".join(f"{source.name}: {source.gap}" for source in report.gaps[:5])
        more = f"; và {len(report.gaps) - 5} nguồn nữa" if len(report.gaps) > 5 else ""
        said.append(f"Chưa tính đủ {vi.number(len(report.gaps))} nguồn – {names}{more}.")
    if report.breaks:
        names = "; ".join(gap.words for gap in report.breaks[:5])
        more = f"; và {len(report.breaks) - 5} quãng nữa" if len(report.breaks) > 5 else ""
        said.append(f"Nguồn đứt quãng, số liệu những lúc này có thể thiếu – {names}{more}.")
    if report.intake.unread:
        said.append(f"Còn {vi.number(report.intake.unread)} mục máy chưa đọc, chưa có lĩnh vực và sắc thái.")
    return said


def _volume(report: Briefing) -> str:
    now, before = report.whole.now, report.whole.before
    if not now.total and not before.total:
        return "Trong kỳ không có bài đăng hay phản ánh nào."
    sure = ""
    if now.total != before.total and before.total:
        moved = count_moved(now.total, before.total)
        sure = ", vượt mức dao động ngẫu nhiên" if moved else ", trong mức dao động ngẫu nhiên"
    return (
        f"Có {vi.number(now.total)} mục ({vi.number(now.posts)} bài đăng, {vi.number(now.reports)} phản ánh), "
        f"{vi.delta(now.total, before.total, report.than)}{sure}."
    )


def _tone(report: Briefing) -> str:
    now, before = report.whole.now.tone, report.whole.before.tone
    if not now.total:
        return "Chưa có bài đăng nào được đọc nên chưa tính được sắc thái."
    sentence = f"Trong các bài đăng, tiêu cực chiếm {vi.share(now.negative, now.total)}"
    moved = share_moved(now, before)
    if moved is None:
        return f"{sentence}; {report.than} chưa có bài đăng để so."
    return f"{sentence}; {_points(now, before, report.than)}, {_believe(moved)}."


def _points(now: Tone, before: Tone, than: str) -> str:
    return vi.delta_points(now.negative / now.total, before.negative / before.total, than)


def _believe(moved: tuple[float, float]) -> str:
    low, high = (round(100 * edge, 1) for edge in moved)
    inside = moved[0] <= 0 <= moved[1]
    span = f"từ {vi.signed(low)} đến {vi.signed(high)} điểm"
    return f"chưa đủ rõ để kết luận ({span})" if inside else f"khác biệt rõ ({span})"


def _hottest(report: Briefing) -> str:
    if not report.hot:
        return "Không có vấn đề nào vượt mức thường lệ." if report.usual_weeks else ""
    first = report.hot[0]
    usual = f" (thường {vi.number(round(first.usual, 1))})" if first.usual is not None else ""
    return f"Nổi nhất: {first.title}, {vi.number(first.spread.total)} mục{usual}."


def _late(report: Briefing) -> str:
    late = [desk for desk in report.desks if desk.overdue]
    if not late:
        return "Không có việc nào quá hạn." if report.desks else ""
    worst = late[0]
    return (
        f"{vi.number(report.overdue)} việc quá hạn ở {vi.number(len(late))} đơn vị; "
        f"nhiều nhất là {worst.name} ({vi.number(worst.overdue)})."
    )


def _doubted(report: Briefing) -> str:
    now, before = report.intake.false_news, report.intake_before.false_news
    if not now and not before:
        return ""
    return f"{vi.number(now)} mục nói về tin nghi sai sự thật, {vi.delta(now, before, report.than)}."
