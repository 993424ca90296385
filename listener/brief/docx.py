"""The paper as a Word file after NĐ 30/2020: letterhead, Times New Roman, A4, real headings, repeated table heads."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from listener import vietnamese as vi
from listener.brief.paper import COUNTRY, MOTTO, RECIPIENTS, Entry, Paper, Section, Table, letterhead

FONT = "Times New Roman"
# NĐ 30/2020, appendix I: A4, margins top and bottom 20-25, left 30-35, right 15-20 mm; body 13-14 points.
PAGE = {"page_width": Mm(210), "page_height": Mm(297)}
MARGINS = {"top_margin": Mm(20), "bottom_margin": Mm(20), "left_margin": Mm(30), "right_margin": Mm(15)}
TEXT_WIDTH = 210 - 30 - 15
BODY, IN_TABLE, SMALL = 13, 10.5, 11
GREY = "D9D9D9"


def write(paper: Paper) -> bytes:
    """The Word file."""
    document = Document()
    _page(document)
    _styles(document)
    _letterhead(document, paper)
    _title(document, paper)
    for section in paper.sections:
        _section(document, section)
    _signatures(document, paper)
    about = document.core_properties
    about.title, about.author, about.language = f"{paper.subject}. {paper.dates}", paper.agency, "vi-VN"
    about.comments, about.keywords = "", ""
    about.created = about.modified = paper.made_at.replace(tzinfo=None)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _page(document: Any) -> None:
    """A4 with the margins of the decree; page numbers at the top from the second page on."""
    section = document.sections[0]
    for name, value in {**PAGE, **MARGINS}.items():
        setattr(section, name, value)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = ALIGN.CENTER
    for kind, words in (("begin", None), (None, "PAGE"), ("end", None)):
        run = number.add_run()
        run.font.size = Pt(BODY)
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = words
        run._r.append(element)


def _styles(document: Any) -> None:
    for name, size, before in (
        ("Normal", BODY, 0),
        ("Heading 1", BODY, 12),
        ("List Number", BODY, 4),
        ("Quote", BODY, 0),
    ):
        style = document.styles[name]
        style.font.size, style.font.color.rgb = Pt(size), RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for part in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{part}"), FONT)
        for part in ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme"):
            fonts.attrib.pop(qn(f"w:{part}"), None)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(6)
        style.paragraph_format.line_spacing = 1.15
    document.styles["Heading 1"].font.bold = True
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    document.styles["Normal"].element.get_or_add_rPr().append(language)


def _letterhead(document: Any, paper: Paper) -> None:
    """Agency and number on the left, country, motto, place and date on the right."""
    left, right = _frame(document, (0.38, 0.62))
    for index, words in enumerate(letterhead(paper.agency)):
        _words(left, words, size=12, bold=True, first=index == 0)
    _rule(left, 20)
    _words(left, "Số:            /BC", size=BODY)
    _words(right, COUNTRY, size=12, bold=True, first=True)
    _words(right, MOTTO, size=13, bold=True)
    _rule(right, 20)
    _words(right, vi.paper_date(vi.local(paper.made_at).date(), paper.city), size=13, italic=True)


def _title(document: Any, paper: Paper) -> None:
    for words, bold, before in ((paper.title, True, 14), (paper.subject, True, 0), (f"({paper.dates})", False, 0)):
        line = document.add_paragraph()
        line.alignment = ALIGN.CENTER
        line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(before), Pt(2)
        run = line.add_run(words)
        run.bold, run.font.size = bold, Pt(14)
    if paper.draft:
        note = document.add_paragraph()
        note.alignment = ALIGN.CENTER
        note.add_run("Bản tạm: tuần chưa kết thúc").italic = True


def _section(document: Any, section: Section) -> None:
    document.add_heading(section.heading, level=1)
    for block in section.blocks:
        if isinstance(block, str):
            line = document.add_paragraph(block)
            line.alignment = ALIGN.JUSTIFY
            line.paragraph_format.first_line_indent = Mm(10)
        elif isinstance(block, Table):
            _table(document, block)
        elif isinstance(block, tuple):
            _entries(document, block)


def _entries(document: Any, entries: Sequence[Entry]) -> None:
    for number, entry in enumerate(entries, 1):
        head = document.add_paragraph()
        head.paragraph_format.space_before, head.paragraph_format.keep_with_next = Pt(6), True
        head.add_run(f"{number}. {entry.headline}").bold = True
        if entry.quote:
            quote = document.add_paragraph()
            quote.add_run(entry.quote).italic = True
            quote.paragraph_format.left_indent = Mm(8)
        for words in (*entry.lines, *([f"Bản gốc: {entry.link}"] if entry.link else [])):
            line = document.add_paragraph(words)
            line.paragraph_format.left_indent, line.paragraph_format.space_after = Mm(8), Pt(2)


def _table(document: Any, table: Table) -> None:
    drawn = document.add_table(rows=1, cols=len(table.columns))
    drawn.style, drawn.alignment, drawn.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    whole = sum(column.width for column in table.columns)
    widths = [Mm(TEXT_WIDTH * column.width / whole) for column in table.columns]
    _widths(drawn, widths)
    for cell, column in zip(drawn.rows[0].cells, table.columns, strict=True):
        _fill(cell, column.title, ALIGN.CENTER, bold=True)
        _shade(cell)
    _repeat(drawn.rows[0])
    for index, row in enumerate(table.rows):
        cells = drawn.add_row()
        _keep_whole(cells)
        bold = table.bold_last and index == len(table.rows) - 1
        for cell, words, column, width in zip(cells.cells, row, table.columns, widths, strict=True):
            cell.width = width
            _fill(cell, words, ALIGN.RIGHT if column.number else ALIGN.LEFT, bold=bold)
    note = document.add_paragraph()
    note.paragraph_format.space_before = Pt(2)
    run = note.add_run(table.note or " ")
    run.italic, run.font.size = True, Pt(SMALL if table.note else 4)


def _signatures(document: Any, paper: Paper) -> None:
    left, right = _frame(document, (0.5, 0.5))
    _words(left, "Nơi nhận:", size=12, bold=True, italic=True, centred=False, first=True)
    for words in RECIPIENTS:
        _words(left, f"- {words}", size=11, centred=False)
    _words(right, "NGƯỜI DUYỆT", size=13, bold=True, first=True)
    _words(right, "(Ký, ghi rõ họ tên)", size=12, italic=True)
    if paper.compiled_by:
        _words(left, f"Người lập: {paper.compiled_by}", size=11, centred=False)


def _frame(document: Any, parts: tuple[float, float]) -> tuple[Any, Any]:
    """Two cells side by side without lines."""
    table = document.add_table(rows=1, cols=2)
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    _widths(table, [Mm(TEXT_WIDTH * part) for part in parts])
    for cell in table.rows[0].cells:
        _no_padding(cell)
    return tuple(table.rows[0].cells)


def _widths(table: Any, widths: Sequence[Any]) -> None:
    """Widths in the grid and in the cells: Word reads the one, others the other."""
    for column, cell, width in zip(table.columns, table.rows[0].cells, widths, strict=True):
        column.width = cell.width = width


def _no_padding(cell: Any) -> None:
    margins = OxmlElement("w:tcMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "0")
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    cell._tc.get_or_add_tcPr().append(margins)


def _words(
    cell: Any,
    words: str,
    *,
    size: int,
    bold: bool = False,
    italic: bool = False,
    centred: bool = True,
    first: bool = False,
) -> None:
    line = cell.paragraphs[0] if first else cell.add_paragraph()
    line.alignment = ALIGN.CENTER if centred else ALIGN.LEFT
    line.paragraph_format.space_after, line.paragraph_format.line_spacing = Pt(1), 1.0
    run = line.add_run(words)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def _rule(cell: Any, indent: int) -> None:
    """A thin line below the words, shorter than the cell."""
    line = cell.add_paragraph()
    form = line.paragraph_format
    form.left_indent = form.right_indent = Mm(indent)
    form.space_after, form.line_spacing = Pt(4), Pt(2)
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    line._p.get_or_add_pPr().append(borders)


def _fill(cell: Any, words: str, align: Any, *, bold: bool) -> None:
    line = cell.paragraphs[0]
    line.alignment = align
    line.paragraph_format.space_after, line.paragraph_format.line_spacing = Pt(0), 1.0
    run = line.add_run(words)
    run.bold, run.font.size = bold, Pt(IN_TABLE)


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", GREY)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _repeat(row: Any) -> None:
    """Say the head again on each page; this is also what screen readers take as the head."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    _keep_whole(row)


def _keep_whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
