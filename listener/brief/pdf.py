"""The paper as PDF: our own typst template draws it, tagged for screen readers, fonts inside."""

from dataclasses import asdict
from typing import Any

from listener import vietnamese as vi
from listener.brief.paper import RECIPIENTS, Bars, Block, Entry, Paper
from listener.papers import typeset
from listener.papers.decree import COUNTRY, MOTTO, Table, letterhead

TEMPLATE = "brief/templates/weekly.typ"


def write(paper: Paper, *, system_fonts: bool = True) -> bytes:
    """The PDF file."""
    return typeset.pdf(TEMPLATE, _data(paper), made_at=paper.made_at, system_fonts=system_fonts)


def _data(paper: Paper) -> dict[str, Any]:
    return {
        "agency": paper.agency,
        "letterhead": letterhead(paper.agency),
        "country": COUNTRY,
        "motto": MOTTO,
        "recipients": RECIPIENTS,
        "place_and_date": vi.paper_date(vi.local(paper.made_at).date(), paper.city),
        "title": paper.title,
        "subject": paper.subject,
        "dates": paper.dates,
        "draft": paper.draft,
        "compiled_by": paper.compiled_by,
        "before_words": "tuần trước, cùng thứ",
        "sections": [
            {"heading": section.heading, "blocks": [_block(block) for block in section.blocks]}
            for section in paper.sections
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, str):
        return {"kind": "text", "words": block}
    if isinstance(block, Table):
        return {"kind": "table", **asdict(block)}
    if isinstance(block, Bars):
        return {"kind": "bars", **asdict(block)}
    entries: tuple[Entry, ...] = block
    return {"kind": "entries", "entries": [asdict(entry) for entry in entries]}
