"""The report in words and as files: what it says, what it hides, and the form the decree asks for."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import docx as word
import openpyxl
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from listener.brief import docx, pdf, xlsx
from listener.brief.briefing import (
    Briefing,
    Desk,
    Intake,
    Matter,
    Owed,
    Quote,
    SourceState,
    Spread,
    cautions,
    findings,
    quoted,
)
from listener.brief.paper import breakdown, change, paper
from listener.brief.trends import Counted, Period, Row, Tone, Week
from listener.papers.decree import Table, letterhead

WEEK = Week.parse("2026-W47")
AFTER = datetime(2026, 11, 23, 2, tzinfo=UTC)


def a_row(name: str, posts: int = 4, before: int = 2) -> Row:
    return Row(name, name, Counted(posts, 3, Tone(posts, 0, 0)), Counted(before, 3, Tone(0, before, 0)))


def a_matter(words: str = "nước lên tới yên xe", **owed: object) -> Matter:
    quote = Quote("BD-2026-000042", words, "https://example.org/bai", "Báo Thử", urgent=True, sample=False)
    return Matter(
        "Ngập nước – Phường Cái Khế", "ngap-nuoc", "31120", Spread(35, 7, 9), (3, 2, 4, 3), quote, Owed("SXD", **owed)
    )


def a_report(now: datetime = AFTER, **changes: object) -> Briefing:
    """A finished week unless ``now`` lies in it."""
    whole = Row(None, "Cộng", Counted(120, 40, Tone(70, 40, 10)), Counted(80, 40, Tone(30, 40, 10)))
    plain = Briefing(
        period=Period.of(WEEK, now),
        made_at=now,
        agency="UBND thành phố Cần Thơ",
        city="Cần Thơ",
        sources=(SourceState("Báo Thử", 9, 0, 30, None), SourceState("Báo Im", 9, 0, 0, None)),
        intake=Intake(163, 3, 12, 5, 0, 20, 15, 8, 0, 2),
        intake_before=Intake(121, 1, 4, 0, 0, 20, 15, 8, 0, 0),
        whole=whole,
        days=tuple(a_row(f"ngày {number}") for number in range(1, 8)),
        by_source=(a_row("Báo Thử"),),
        by_field=(a_row("Rác thải"),),
        by_area=tuple(a_row(f"Phường {number}") for number in range(40)),
        by_kind=(a_row("Phản ánh"),),
        by_urgency=(a_row("Thường"),),
        hot=(a_matter(),),
        stories=(),
        usual_weeks=4,
        desks=(Desk("SXD", "Sở Xây dựng", 10, 2, 5, 3),),
        versions=("2026-11-23-5880924c",),
    )
    return replace(plain, **changes)


def text_of(data: bytes) -> str:
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    return " ".join(unicodedata.normalize("NFC", text).split())


def test_the_findings_name_change_certainty_and_the_worst_desk() -> None:
    said = " ".join(findings(a_report()))
    assert "160 mục (120 bài đăng, 40 phản ánh), tăng 33% so với tuần trước, vượt mức dao động ngẫu nhiên" in said
    assert "tiêu cực chiếm 58,3% (n = 120; 49–67%)" in said
    assert "khác biệt rõ" in said
    assert "Ngập nước – Phường Cái Khế, 42 mục (thường 3)" in said
    assert "3 việc quá hạn ở 1 đơn vị; nhiều nhất là Sở Xây dựng (3)" in said


def test_a_small_change_is_not_sold_as_one() -> None:
    same = Row(None, "Cộng", Counted(12, 0, Tone(7, 5)), Counted(11, 0, Tone(6, 5)))
    said = " ".join(findings(a_report(whole=same)))
    assert "trong mức dao động ngẫu nhiên" in said
    assert "chưa đủ rõ để kết luận" in said


def test_an_empty_week_says_so() -> None:
    nothing = Row(None, "Cộng", Counted(), Counted())
    report = a_report(whole=nothing, hot=(), desks=(), by_field=(), by_area=(), by_source=())
    assert findings(report)[0] == "Trong kỳ không có bài đăng hay phản ánh nào."
    assert pdf.write(paper(report), system_fonts=False).startswith(b"%PDF")
    assert docx.write(paper(report))


def test_an_unfinished_week_is_said_to_be_unfinished_in_every_form() -> None:
    report = a_report(WEEK.begins() + timedelta(days=2))
    assert "Chưa hết tuần" in cautions(report)[0]
    assert "cùng thời gian của tuần trước" in findings(report)[0]
    assert "Bản tạm" in text_of(pdf.write(paper(report), system_fonts=False))
    assert "Bản tạm" in " ".join(line.text for line in word.Document(BytesIO(docx.write(paper(report)))).paragraphs)


def test_sample_data_and_gaps_are_said() -> None:
    report = a_report(intake=replace(a_report().intake, sample=40))
    said = " ".join(cautions(report))
    assert "40 mục (25%) là dữ liệu mẫu" in said
    assert "Báo Im: im lặng, không có bài mới" in said


def test_a_source_that_always_failed_says_why() -> None:
    assert SourceState("A", 3, 3, 0, "403").gap == "đọc 3 lần đều không được (403)"
    assert SourceState("A", 0, 0, 0, None).gap == "chưa được đọc lần nào"
    assert SourceState("A", 3, 2, 1, None).gap is None


@pytest.mark.parametrize(
    ("text", "masks", "expected"),
    [
        ("gọi 0530000000 nhé", [(4, 14)], "gọi [đã che] nhé"),
        ("ông A và bà B", [(9, 13), (0, 5)], "[đã che] và [đã che]"),
        ("chồng nhau", [(0, 5), (2, 9)], "[đã che]u"),
        ("một\n hai", [], "một hai"),
    ],
)
def test_quotes_hide_every_masked_stretch(text: str, masks: list[tuple[int, int]], expected: str) -> None:
    assert quoted(text, masks) == expected


def test_long_quotes_are_cut_at_a_word() -> None:
    said = quoted("nước ngập " * 100, [])
    assert len(said) <= 221
    assert said.endswith("ngập…")


def test_areas_beyond_the_first_stand_in_one_line_and_nothing_is_lost() -> None:
    report = a_report()
    short = breakdown("Địa bàn", report.by_area, "Tuần trước", most=15)
    assert isinstance(short, Table)
    assert len(short.rows) == 16
    assert short.rows[-1][:4] == ("25 dòng khác", "100", "75", "175")
    assert short.rows[-1][-1].startswith("100% (96–100%;")


def test_a_change_from_nothing_has_no_percent() -> None:
    assert (change(3, 0), change(0, 0), change(4, 4), change(3, 4)) == ("+3", "0", "0", "−1 (−25%)")


def test_other_agencies_stand_on_one_line() -> None:
    assert letterhead("Sở Xây dựng") == ("SỞ XÂY DỰNG",)


def test_word_keeps_to_the_decree() -> None:
    document = word.Document(BytesIO(docx.write(paper(a_report(), compiled_by="Nguyễn Thử"))))
    page = document.sections[0]
    sizes = [round(length.mm) for length in (page.page_width, page.page_height)]
    margins = [page.top_margin, page.bottom_margin, page.left_margin, page.right_margin]
    assert sizes == [210, 297]
    assert [round(length.mm) for length in margins] == [20, 20, 30, 15]
    assert (document.styles["Normal"].font.name, document.styles["Normal"].font.size.pt) == ("Times New Roman", 13)
    head = " ".join(cell.text for cell in document.tables[0].rows[0].cells)
    for words in ("ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số:"):
        assert words in head
    assert "Cần Thơ, ngày 23 tháng 11 năm 2026" in head
    headings = [line.text for line in document.paragraphs if line.style.name == "Heading 1"]
    assert headings[0].startswith("I. ")
    assert len(headings) == 10
    inner = document.tables[1:-1]
    assert all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in inner)
    assert "Nguyễn Thử" in document.tables[-1].rows[0].cells[0].text


def test_the_pdf_says_what_word_says_with_the_fonts_that_it_carries() -> None:
    data = pdf.write(paper(a_report()), system_fonts=False)
    text = text_of(data)
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "nước lên tới yên xe",
        "58,3% (n = 120; 49–67%)",
        "Sở Xây dựng",
    ):
        assert words in text
    reader = PdfReader(BytesIO(data))
    assert "/StructTreeRoot" in reader.trailer["/Root"]
    assert reader.metadata is not None
    assert (
        reader.metadata.title
        == "Dư luận và phản ánh của người dân, tuần 47. Từ thứ Hai, 16/11 đến Chủ nhật, 22/11/2026"
    )
    fonts = {
        font["/BaseFont"]
        for page in reader.pages
        for ref in page["/Resources"]["/Font"].values()
        if (font := ref.get_object())
    }
    assert all("Tinos" in name or "Libertinus" in name for name in fonts), fonts


def test_the_same_report_gives_the_same_pdf() -> None:
    first, second = (pdf.write(paper(a_report()), system_fonts=False) for _ in range(2))
    assert first == second


def test_typst_code_in_a_quote_stays_text() -> None:
    report = a_report(hot=(a_matter('#eval("1") $x$ *đậm* <nhãn> @ai \\'),))
    assert '#eval("1") $x$ *đậm*' in text_of(pdf.write(paper(report), system_fonts=False))


def test_the_excel_file_holds_numbers_and_no_formulas() -> None:
    report = a_report(by_field=(replace(a_row("x"), name='=HYPERLINK("http://a")'),))
    book = openpyxl.load_workbook(BytesIO(xlsx.write(report)))
    fields = book["Theo lĩnh vực"]
    assert fields["A2"].value == '=HYPERLINK("http://a")'
    assert fields["A2"].data_type == "s"
    assert [cell.value for cell in fields[2]][1:9] == [4, 3, 7, 5, 4, 0, 0, 1]
    assert book["Theo địa bàn"].max_row == 41
    assert [cell.value for cell in book["Đơn vị"][2]] == ["Sở Xây dựng", 10, 2, 5, 3]


def test_who_must_act_is_said_even_when_nothing_was_given_to_a_desk() -> None:
    given = a_matter(departments=("Sở Xây dựng",), assigned=7, answered=1, due_at=AFTER - timedelta(hours=2))
    blocks = [block for section in paper(a_report(hot=(a_matter(), given))).sections for block in section.blocks]
    (entries,) = [block for block in blocks if isinstance(block, tuple)]
    assert entries[0].lines[1] == "Chưa giao việc cho đơn vị nào. Theo phân công, thuộc SXD."
    assert entries[1].lines[1].startswith("Phụ trách: Sở Xây dựng; đã trả lời 1/7 việc; đã quá hạn từ 07:00 thứ Hai")
