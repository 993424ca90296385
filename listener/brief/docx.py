"""The paper as a Word file after NĐ 30/2020: letterhead, Times New Roman, A4, real headings, repeated table heads."""

from collections.abc import Sequence
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt

from listener import vietnamese as vi
from listener.brief.paper import RECIPIENTS, Entry, Paper, Section
from listener.papers import word
from listener.papers.decree import Table, letterhead


def write(paper: Paper) -> bytes:
    """The Word file."""
    document = word.new_document()
    date = vi.paper_date(vi.local(paper.made_at).date(), paper.city)
    word.letterhead(document, (), letterhead(paper.agency), ("Số:            /BC",), date)
    _title(document, paper)
    for section in paper.sections:
        _section(document, section)
    _signatures(document, paper)
    title = f"{paper.subject}. {paper.dates}"
    return word.saved(document, title=title, author=paper.agency, made_at=paper.made_at)


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
            word.table(document, block)
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


def _signatures(document: Any, paper: Paper) -> None:
    left, right = word.frame(document, (0.5, 0.5))
    word.words(left, "Nơi nhận:", size=12, bold=True, italic=True, centred=False, first=True)
    for words in RECIPIENTS:
        word.words(left, f"- {words}", size=11, centred=False)
    word.words(right, "NGƯỜI DUYỆT", size=13, bold=True, first=True)
    word.words(right, "(Ký, ghi rõ họ tên)", size=12, italic=True)
    if paper.compiled_by:
        word.words(left, f"Người lập: {paper.compiled_by}", size=11, centred=False)
