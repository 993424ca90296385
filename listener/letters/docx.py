"""The letter as a Word file, so that the office can still change it before it is signed."""

from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt

from listener.letters.letter import Block, Fact, Letter, Quote
from listener.papers import word
from listener.papers.decree import Table

INDENT = Mm(10)


def write(letter: Letter) -> bytes:
    """The Word file."""
    document = word.new_document()
    word.letterhead(document, letter.issuer.above, letter.issuer.lines, letter.below_number, letter.place_and_date)
    if letter.title is not None:
        _title(document, letter.title, letter.subject)
    _addressees(document, letter)
    for block in letter.blocks:
        _block(document, block)
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    _signatures(document, letter)
    return word.saved(document, title=letter.name, author=letter.issuer.name, made_at=letter.made_at)


def _title(document: Any, title: str, subject: str) -> None:
    for words, before in ((title, 14), (subject, 0)):
        line = document.add_paragraph()
        line.alignment = ALIGN.CENTER
        line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(before), Pt(2)
        run = line.add_run(words)
        run.bold, run.font.size = True, Pt(14)
    word.rule(document, 62)


def _addressees(document: Any, letter: Letter) -> None:
    single = len(letter.addressees) == 1
    head = document.add_paragraph(f"Kính gửi: {letter.addressees[0]}" if single else "Kính gửi:")
    head.paragraph_format.space_before = Pt(12)
    if single:
        head.alignment = ALIGN.CENTER
        return
    head.paragraph_format.left_indent = Mm(30)
    for index, name in enumerate(letter.addressees, 1):
        line = document.add_paragraph(f"- {name}{'.' if index == len(letter.addressees) else ';'}")
        line.paragraph_format.left_indent, line.paragraph_format.space_after = Mm(52), Pt(2)


def _block(document: Any, block: Block) -> None:
    if isinstance(block, str):
        _indented(document, block)
    elif isinstance(block, Quote):
        for words in block.words.splitlines():
            if words.strip():
                line = document.add_paragraph(style="Quote")
                line.add_run(words).italic = True
                line.paragraph_format.left_indent, line.alignment = INDENT, ALIGN.JUSTIFY
    elif isinstance(block, Table):
        word.table(document, block)
    else:
        for number, fact in enumerate(block, 1):
            _fact(document, number, fact)


def _fact(document: Any, number: int, fact: Fact) -> None:
    first, *more = [line for line in fact.words.splitlines() if line.strip()] or [""]
    _indented(document, f"{number}. {fact.label}: {first}")
    for words in more:
        _indented(document, words)


def _indented(document: Any, words: str) -> None:
    line = document.add_paragraph(words)
    line.alignment, line.paragraph_format.first_line_indent = ALIGN.JUSTIFY, INDENT


def _signatures(document: Any, letter: Letter) -> None:
    left, right = word.frame(document, (0.5, 0.5))
    word.words(left, "Nơi nhận:", size=12, bold=True, italic=True, centred=False, first=True)
    for words in letter.recipients:
        word.words(left, f"- {words}", size=11, centred=False)
    for index, words in enumerate(letter.signer_title):
        word.words(right, words, size=13, bold=True, first=index == 0)
    for _ in range(4):
        word.words(right, "", size=13)
    word.words(right, letter.signer_name, size=13, bold=True)
    word.keep_whole(left)
