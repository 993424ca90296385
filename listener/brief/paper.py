"""The weekly report as a paper: sections of text, tables and matters, which Word, PDF and Excel each draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from listener import vietnamese as vi
from listener.brief.briefing import Briefing, Matter, Owed, cautions, findings
from listener.brief.trends import FALSE_SHARE, LEAST, TIMES_USUAL, Row, Tone
from listener.papers.decree import Column, Table

MOST_ROWS = 15  # areas in the paper; the rest stand in one line, and all of them in the Excel file
RECIPIENTS = ("……………………;", "Lưu: VT.")  # the desk that sends the paper fills them in
SENTIMENTS = (("negative", "▼ Tiêu cực"), ("neutral", "● Trung tính"), ("positive", "▲ Tích cực"))


@dataclass(frozen=True, slots=True)
class Bars:
    """A stacked bar for each label: posts by sentiment and reports; ``before`` is the total a week earlier."""

    labels: tuple[str, ...]
    parts: tuple[tuple[int, int, int, int], ...]  # negative, neutral, positive, reports
    before: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A matter in words: headline, quote, and lines below it. ``link`` leads to the original where there is one."""

    headline: str
    quote: str
    lines: tuple[str, ...]
    link: str | None = None


Block = str | Table | Bars | tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper with the parts that NĐ 30/2020 asks of a report."""

    agency: str
    city: str
    made_at: datetime
    title: str
    subject: str
    dates: str
    draft: bool
    compiled_by: str | None
    sections: tuple[Section, ...]


def paper(report: Briefing, *, compiled_by: str | None = None) -> Paper:
    """The report as a paper; ``compiled_by`` names who asked for it, None when nobody did."""
    sections = [
        Section("Phạm vi và độ đầy đủ của số liệu", _scope(report)),
        Section("Tổng quan", _overview(report)),
        Section("Vấn đề nổi cộm", _hot(report)),
        Section("Kết quả xử lý của các đơn vị", _owed(report)),
        Section("Diễn biến theo ngày", _days(report)),
        Section("Theo lĩnh vực", (breakdown("Lĩnh vực", report.by_field, _before(report)),)),
        Section("Theo địa bàn", (breakdown("Địa bàn", report.by_area, _before(report), most=MOST_ROWS),)),
        Section("Theo nguồn", (breakdown("Nguồn", report.by_source, _before(report)),)),
        Section("Theo loại và mức khẩn", _kinds(report)),
        Section("Cách tính", _method(report)),
    ]
    return Paper(
        agency=report.agency,
        city=report.city,
        made_at=report.made_at,
        title="BÁO CÁO",
        subject=f"Dư luận và phản ánh của người dân, tuần {report.period.week.first.isocalendar().week}",
        dates=f"Từ {vi.day(report.period.week.first)} đến {vi.day(report.period.week.last, year=True)}",
        draft=not report.period.finished,
        compiled_by=compiled_by,
        sections=tuple(
            Section(f"{numeral}. {one.heading}", one.blocks) for numeral, one in zip(ROMAN, sections, strict=True)
        ),
    )


def breakdown(head: str, found: Sequence[Row], before: str, *, most: int | None = None) -> Table | str:
    """A table of rows against the period before, with the negative share of their posts; the rest in one line."""
    if not found:
        return "Không có mục nào trong kỳ."
    shown = list(found if most is None else found[:most])
    lines = [_line(row) for row in shown]
    if len(shown) < len(found):
        lines.append(_rest(found[len(shown) :]))
    columns = (
        Column(head, 3.2, number=False),
        Column("Bài đăng", 1.0),
        Column("Phản ánh", 1.0),
        Column("Cộng", 0.9),
        Column(before, 1.2),
        Column("Thay đổi", 1.5),
        Column("Tiêu cực trong bài đăng", 2.9),
    )
    return Table(columns, tuple(lines), note="Tiêu cực: tỷ lệ (khoảng tin cậy 95%; n = số bài đăng đã đọc).")


def _before(report: Briefing) -> str:
    """The heading above the numbers of the week before."""
    return "Tuần trước" if report.period.finished else "Cùng lúc tuần trước"


def change(now: int, before: int) -> str:
    """The change in numbers and percent: ``+14 (+18%)``."""
    if not before or now == before:
        return vi.signed(now - before)
    percent = round(100 * (now - before) / before)
    return f"{vi.signed(now - before)} ({vi.signed(percent)}%)"


def tone(said: Tone) -> str:
    """The negative share with its n and interval, short enough for a cell."""
    if not said.interval:
        return "–"
    low, high = said.interval
    part = vi.percent(said.negative, said.total)
    return f"{part} ({round(100 * low)}–{round(100 * high)}%; n\u00a0=\u00a0{vi.number(said.total)})"


def _line(row: Row) -> tuple[str, ...]:
    now, before = row.now, row.before
    numbers = (vi.number(now.posts), vi.number(now.reports), vi.number(now.total), vi.number(before.total))
    return (row.name, *numbers, change(now.total, before.total), tone(now.tone))


def _rest(rows: Sequence[Row]) -> tuple[str, ...]:
    posts, reports = sum(row.now.posts for row in rows), sum(row.now.reports for row in rows)
    before = sum(row.before.total for row in rows)
    said = Tone(*(sum(getattr(row.now.tone, name) for row in rows) for name, _ in SENTIMENTS))
    numbers = (vi.number(posts), vi.number(reports), vi.number(posts + reports), vi.number(before))
    return (f"{vi.number(len(rows))} dòng khác", *numbers, change(posts + reports, before), tone(said))


def _scope(report: Briefing) -> tuple[Block, ...]:
    now, before = report.intake, report.intake_before
    heard = len(report.sources) - len(report.gaps)
    sources = (
        f"Kỳ báo cáo: {report.dates}. Chốt số liệu: {vi.full(report.period.cutoff)}. "
        f"Nguồn đang theo dõi: {vi.number(len(report.sources))}, có tin mới: {vi.number(heard)}."
    )
    lines = [
        ("Thu về (kể cả bị loại)", now.received + now.refused, before.received + before.refused),
        ("Loại: nguồn gửi bài không đọc được", now.refused, before.refused),
        ("Loại: tin rác, quảng cáo", now.spam, before.spam),
        ("Giữ lại và tính trong báo cáo", now.kept, before.kept),
        ("– trong đó là bản chép của tin khác", now.copies, before.copies),
        ("– trong đó nội dung khác nhau (không kể bản chép)", now.distinct, before.distinct),
        ("– trong đó người đã xem và xác định", now.reviewed, before.reviewed),
        ("– trong đó mới chỉ có máy đọc", now.kept - now.reviewed, before.kept - before.reviewed),
    ]
    table = Table(
        (
            Column("Dòng số liệu", 4, number=False),
            Column("Kỳ này", 1.2),
            Column(_before(report), 1.2),
            Column("Thay đổi", 1.6),
        ),
        tuple((name, vi.number(here), vi.number(there), change(here, there)) for name, here, there in lines),
        note=f"Tỷ lệ người đã xem: {vi.share(now.reviewed, now.kept)}; "
        f"riêng lĩnh vực {vi.number(now.reviewed_topic)} mục, sắc thái {vi.number(now.reviewed_sentiment)} mục.",
    )
    return (sources, *cautions(report), table)


def _overview(report: Briefing) -> tuple[Block, ...]:
    now, before = report.whole.now, report.whole.before
    volume = Table(
        (
            Column("Số lượng", 3, number=False),
            Column("Kỳ này", 1.2),
            Column(_before(report), 1.2),
            Column("Thay đổi", 1.6),
        ),
        tuple(
            (name, vi.number(here), vi.number(there), change(here, there))
            for name, here, there in (
                ("Bài đăng", now.posts, before.posts),
                ("Phản ánh gửi đến", now.reports, before.reports),
                ("Cộng", now.total, before.total),
            )
        ),
        bold_last=True,
    )
    shades = Table(
        (
            Column("Sắc thái của bài đăng", 2.4, number=False),
            Column("Số bài", 1),
            Column("Tỷ lệ (n; khoảng tin cậy 95%)", 2.8),
            Column(_before(report), 2.8),
        ),
        tuple(
            (
                name,
                vi.number(getattr(now.tone, key)),
                *(vi.share(getattr(one.tone, key), one.tone.total) for one in (now, before)),
            )
            for key, name in SENTIMENTS
        ),
        note="Phản ánh gửi đến gần như đều nêu điều chưa tốt, nên sắc thái chỉ tính trên bài đăng.",
    )
    return (*findings(report), volume, shades)


def _hot(report: Briefing) -> tuple[Block, ...]:
    blocks: list[Block] = [_hot_method(report)]
    if report.hot:
        blocks.append(tuple(entry(matter, report) for matter in report.hot))
    elif report.usual_weeks:
        blocks.append("Không có vấn đề nào vượt mức thường lệ.")
    else:
        blocks.append(f"Không có lĩnh vực nào có từ {LEAST} mục trở lên ở cùng một địa bàn.")
    if report.stories:
        blocks += ["Chuỗi tin được nhắc lại nhiều:", tuple(entry(matter, report) for matter in report.stories)]
    return tuple(blocks)


def entry(matter: Matter, report: Briefing) -> Entry:
    """A matter in words: how many, how far, whose, answered or not."""
    usual = ""
    if matter.usual is not None:
        usual = f" (thường {vi.number(round(matter.usual, 1))} mục một tuần)"
    went = matter.spread
    spread = f"{vi.number(went.posts)} bài đăng ở {vi.number(went.sources)} nguồn, {vi.number(went.reports)} phản ánh"
    where = f"{matter.quote.number}, {matter.quote.source}" if matter.quote else ""
    return Entry(
        headline=f"{matter.title}: {vi.number(went.total)} mục{usual}",
        quote=f"“{matter.quote.words}” ({where})" if matter.quote else "",
        lines=(f"Lan tỏa: {spread}.", responsibility(matter.owed, report.made_at)),
        link=matter.quote.url if matter.quote else None,
    )


def responsibility(owed: Owed, at: datetime) -> str:
    """Who is responsible, until when, and whether they answered."""
    if not owed.assigned:
        owner = f" Theo phân công, thuộc {owed.owner}." if owed.owner else ""
        return f"Chưa giao việc cho đơn vị nào.{owner}"
    names = ", ".join(owed.departments)
    answered = f"đã trả lời {vi.number(owed.answered)}/{vi.number(owed.assigned)} việc"
    if owed.due_at is None:
        return f"Phụ trách: {names}; {answered}."
    state = "đã quá hạn từ" if owed.due_at < at else "hạn gần nhất"
    return f"Phụ trách: {names}; {answered}; {state} {vi.full(owed.due_at)}."


def _hot_method(report: Briefing) -> str:
    states = f" Tình trạng trả lời tính đến {vi.full(report.made_at)}."
    if not report.usual_weeks:
        return f"Chưa có tuần nào trước đó để so, nên dưới đây chỉ là các vấn đề có nhiều mục nhất.{states}"
    return (
        f"Một lĩnh vực ở một địa bàn được nêu khi có từ {LEAST} mục, từ {vi.number(TIMES_USUAL)} lần mức thường "
        f"({vi.number(report.usual_weeks)} tuần trước, tính đến cùng thứ và giờ), và khó do ngẫu nhiên.{states}"
    )


def _owed(report: Briefing) -> tuple[Block, ...]:
    if not report.desks:
        return ("Trong kỳ không có việc nào trên bàn của các đơn vị.",)
    buckets = ("on_time", "late", "open", "overdue")
    lines = [(desk.name, *(vi.number(getattr(desk, name)) for name in buckets)) for desk in report.desks]
    sums = tuple(vi.number(sum(getattr(desk, name) for desk in report.desks)) for name in buckets)
    heads = ("Xong đúng hạn", "Xong trễ", "Còn hạn", "Quá hạn")
    return (
        Table(
            (Column("Đơn vị", 4, number=False), *(Column(head, 1.2) for head in heads)),
            (*lines, ("Cộng", *sums)),
            bold_last=True,
            note="Xong: trả lời trong kỳ. Còn hạn, quá hạn: đang làm vào lúc chốt số liệu. Hạn tính theo giờ làm việc.",
        ),
    )


def _days(report: Briefing) -> tuple[Block, ...]:
    bars = Bars(
        tuple(row.name for row in report.days),
        tuple(
            (row.now.tone.negative, row.now.tone.neutral, row.now.tone.positive, row.now.reports) for row in report.days
        ),
        tuple(row.before.total for row in report.days),
    )
    return (bars, breakdown("Ngày", report.days, _before(report)))


def _kinds(report: Briefing) -> tuple[Block, ...]:
    found = (("Loại", report.by_kind), ("Mức khẩn", report.by_urgency))
    return tuple(_short(head, rows, _before(report)) for head, rows in found)


def _short(head: str, found: Sequence[Row], before: str) -> Table:
    columns = (Column(head, 4, number=False), Column("Kỳ này", 1.2), Column(before, 1.2), Column("Thay đổi", 1.6))
    return Table(
        columns,
        tuple(
            (r.name, vi.number(r.now.total), vi.number(r.before.total), change(r.now.total, r.before.total))
            for r in found
        ),
    )


def _method(report: Briefing) -> tuple[Block, ...]:
    versions = ", ".join(report.versions) or "chưa có"
    return (
        "Mỗi mục tính theo lúc nhận được. Lĩnh vực, sắc thái, mức khẩn do máy đề xuất; người sửa thì tính theo người. "
        f"Mô hình: {versions}.",
        "Tin rác không tính. Mục thuộc diện bảo vệ người cung cấp tin không có trong bất kỳ con số nào. "
        "Trích dẫn đã che thông tin riêng.",
        "Tỷ lệ kèm số mục n và khoảng tin cậy 95% (Wilson) của phép đếm; chưa hiệu chỉnh phần máy đọc sai. "
        "Thay đổi về tỷ lệ được gọi là rõ khi khoảng 95% của hiệu (Newcombe) không chứa số 0.",
        "Vấn đề nổi cộm: kiểm định nhị thức so với các tuần trước; "
        f"tỷ lệ nêu nhầm cho phép {vi.percent(FALSE_SHARE, 1)} (Benjamini–Hochberg).",
    )


ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
