"""The paper as PDF: our own typst template draws it, tagged for screen readers, fonts inside."""

import json
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from typing import Any

import typst

from listener import vietnamese as vi
from listener.brief.paper import COUNTRY, MOTTO, RECIPIENTS, Bars, Block, Entry, Paper, Table, letterhead

TEMPLATES = Path(__file__).with_name("templates")
FACE, CARRIED = "Times New Roman", "Libertinus Serif"


def write(paper: Paper, *, system_fonts: bool = True) -> bytes:
    """The PDF file, in Times New Roman where ``system_fonts`` has it, else in the serif that typst carries.

    Fonts of the same widths (Liberation Serif, …) are passed over: older copies of them lack Vietnamese letters.
    """
    fonts = typst.Fonts(include_system_fonts=system_fonts)
    face = FACE if FACE in fonts.families() else CARRIED
    drawn: bytes = typst.compile(
        TEMPLATES / "weekly.typ",
        root=TEMPLATES,
        format="pdf",
        font_paths=fonts,
        sys_inputs={"data": json.dumps({"face": face, **_data(paper)}, ensure_ascii=False)},
        timestamp=paper.made_at.astimezone(UTC).replace(microsecond=0),
    )
    return drawn


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
