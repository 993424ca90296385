"""The paper as a Word file after NĐ 30/2020: letterhead, Times New Roman, A4, real headings, tables with repeated heads."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from listener import vietnamese as vi
from listener.brief.paper import Bars, Entry, Paper, Section, Table

FONT = "Times New Roman"
# NĐ 30/2020, appendix I: A4, margins top and bottom 20-25, left 30-35, right 15-20 mm; body 13-14 points.
MARGINS = {"top_margin": Mm(20), "bottom_margin": Mm(20), "left_margin": Mm(30), "right_margin": Mm(15)}
TEXT_WIDTH = 210 - 30 - 15
BODY, IN_TABLE, SMALL = 13, 11, 10
COUNTRY, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"


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
    properties = document.core_properties
    properties.title, properties.author, properties.language = f"{paper.subject}. {paper.dates}", paper.agency, "vi-VN"
    properties.created = properties.modified = paper.made_at.replace(tzinfo=None)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()
