"""Word files in the form of NĐ 30/2020: page, styles, letterhead cells, tables with repeated heads."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from listener.papers.decree import (
    BODY,
    BOTTOM,
    COUNTRY,
    FONT,
    HEIGHT,
    LEFT,
    MOTTO,
    RIGHT,
    TEXT_WIDTH,
    TOP,
    WIDTH,
    Table,
)

PAGE = {"page_width": Mm(WIDTH), "page_height": Mm(HEIGHT)}
MARGINS = {"top_margin": Mm(TOP), "bottom_margin": Mm(BOTTOM), "left_margin": Mm(LEFT), "right_margin": Mm(RIGHT)}
IN_TABLE, SMALL = 10.5, 11
GREY = "D9D9D9"


def new_document() -> Any:
    """An empty A4 document with the margins, the page numbers and the styles of the decree."""
    document = Document()
    _page(document)
    _styles(document)
    return document


def saved(document: Any, *, title: str, author: str, made_at: datetime) -> bytes:
    """The file, with what it says of itself."""
    about = document.core_properties
    about.title, about.author, about.language = title, author, "vi-VN"
    about.comments, about.keywords = "", ""
    about.created = about.modified = made_at.replace(tzinfo=None)
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


def letterhead(
    document: Any, above: Sequence[str], issuer: Sequence[str], below: Sequence[str], place_and_date: str
) -> None:
    """The agency ``above``, the issuing one, number and sign ``below``; on the right country, motto, place and date."""
    left, right = frame(document, (0.43, 0.57))
    lines = [(one, False) for one in above] + [(one, True) for one in issuer]
    for index, (line, bold) in enumerate(lines):
        words(left, line, size=12, bold=bold, first=index == 0)
    rule(left, 20)
    for index, line in enumerate(below):
        words(left, line, size=12 if index else BODY)
    words(right, COUNTRY, size=12, bold=True, first=True)
    words(right, MOTTO, size=13, bold=True)
    rule(right, 20)
    words(right, place_and_date, size=13, italic=True)


def table(document: Any, content: Table) -> None:
    """A table with lines, its head said again on each page, no row broken."""
    drawn = document.add_table(rows=1, cols=len(content.columns))
    drawn.style, drawn.alignment, drawn.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    whole = sum(column.width for column in content.columns)
    widths = [Mm(TEXT_WIDTH * column.width / whole) for column in content.columns]
    _widths(drawn, widths)
    for cell, column in zip(drawn.rows[0].cells, content.columns, strict=True):
        _fill(cell, column.title, ALIGN.CENTER, bold=True)
        _shade(cell)
    _repeat(drawn.rows[0])
    for index, row in enumerate(content.rows):
        cells = drawn.add_row()
        _keep_whole(cells)
        bold = content.bold_last and index == len(content.rows) - 1
        for cell, words, column, width in zip(cells.cells, row, content.columns, widths, strict=True):
            cell.width = width
            _fill(cell, words, ALIGN.RIGHT if column.number else ALIGN.LEFT, bold=bold)
    note = document.add_paragraph()
    note.paragraph_format.space_before = Pt(2)
    run = note.add_run(content.note or " ")
    run.italic, run.font.size = True, Pt(SMALL if content.note else 4)


def frame(document: Any, parts: tuple[float, float]) -> tuple[Any, Any]:
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


def words(
    cell: Any,
    text: str,
    *,
    size: int,
    bold: bool = False,
    italic: bool = False,
    centred: bool = True,
    first: bool = False,
) -> None:
    """A line of a cell; ``first`` takes the empty one a new cell comes with."""
    line = cell.paragraphs[0] if first else cell.add_paragraph()
    line.alignment = ALIGN.CENTER if centred else ALIGN.LEFT
    line.paragraph_format.space_after, line.paragraph_format.line_spacing = Pt(1), 1.0
    run = line.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def rule(cell: Any, indent: int) -> None:
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


def keep_whole(cell: Any) -> None:
    """Never break the row of a cell over two pages."""
    cell._tc.getparent().get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _keep_whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
