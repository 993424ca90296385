"""The counts of the weekly report as an Excel file: numbers as numbers, every row, one sheet a table."""

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter

from listener import vietnamese as vi
from listener.brief.briefing import Briefing, cautions
from listener.brief.trends import Row

HEADS = ("Bài đăng", "Phản ánh", "Cộng", "Cộng kỳ trước", "Bài tiêu cực", "Bài trung tính", "Bài tích cực")
SHARES = ("Tỷ lệ tiêu cực", "Cận dưới 95%", "Cận trên 95%")
BUCKETS = ("Xong đúng hạn", "Xong trễ", "Còn hạn", "Quá hạn")
Cell = str | float | None


def write(report: Briefing) -> bytes:
    """The Excel file."""
    stream = BytesIO()
    # No text from outside may become a formula or a link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties(
        {"title": f"{report.title}, {report.dates}", "author": report.agency, "created": report.made_at}
    )
    _sheet(book, "Phạm vi", ("", ""), _scope(report))
    for name, head, found in (
        ("Theo ngày", "Ngày", report.days),
        ("Theo nguồn", "Nguồn", report.by_source),
        ("Theo lĩnh vực", "Lĩnh vực", report.by_field),
        ("Theo địa bàn", "Địa bàn", report.by_area),
        ("Theo loại", "Loại", report.by_kind),
        ("Theo mức khẩn", "Mức khẩn", report.by_urgency),
    ):
        _sheet(book, name, (head, *HEADS, *SHARES), [_line(row) for row in found])
    owed = [(desk.name, desk.on_time, desk.late, desk.open, desk.overdue) for desk in report.desks]
    _sheet(book, "Đơn vị", ("Đơn vị", *BUCKETS), owed)
    book.close()
    return stream.getvalue()


def _scope(report: Briefing) -> list[tuple[Cell, ...]]:
    intake = report.intake
    return [
        ("Cơ quan", report.agency),
        ("Kỳ", report.dates),
        ("Chốt số liệu", vi.full(report.period.cutoff)),
        ("Thu về", intake.received + intake.refused),
        ("Loại vì không đọc được", intake.refused),
        ("Loại vì là tin rác", intake.spam),
        ("Giữ lại", intake.kept),
        ("Bản chép", intake.copies),
        ("Nội dung khác nhau", intake.distinct),
        ("Người đã xem", intake.reviewed),
        ("Mô hình", ", ".join(report.versions)),
        *(("Lưu ý", caution) for caution in cautions(report)),
    ]


def _line(row: Row) -> tuple[Cell, ...]:
    now, tone = row.now, row.now.tone
    low, high = tone.interval or (None, None)
    share = tone.negative / tone.total if tone.total else None
    counts = (now.posts, now.reports, now.total, row.before.total, tone.negative, tone.neutral, tone.positive)
    return (row.name, *counts, share, low, high)


def _sheet(book: xlsxwriter.Workbook, name: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    sheet = book.add_worksheet(name)
    bold, percent = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "0.0%"})
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, max(1, len(heads) - 1), 14)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(line, column, value)
            elif value is not None:
                sheet.write_number(line, column, value, percent if heads[column] in SHARES else None)
