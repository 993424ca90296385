"""The letter as PDF, and as pictures of its pages before a number is taken."""

from dataclasses import asdict
from typing import Any

from listener.letters.letter import Block, Letter, Quote
from listener.papers import typeset
from listener.papers.decree import COUNTRY, MOTTO, Table

TEMPLATE = "letters/templates/letter.typ"


def write(letter: Letter, *, system_fonts: bool = True) -> bytes:
    """The PDF file, its fonts inside."""
    return typeset.pdf(TEMPLATE, _data(letter), made_at=letter.made_at, system_fonts=system_fonts)


def pictures(letter: Letter) -> list[bytes]:
    """The pages as PNG, marked as not numbered yet."""
    return typeset.pictures(TEMPLATE, {**_data(letter), "mark": "BẢN XEM TRƯỚC"}, made_at=letter.made_at)


def _data(letter: Letter) -> dict[str, Any]:
    return {
        "agency": letter.issuer.name,
        "above": letter.issuer.above,
        "issuer": letter.issuer.lines,
        "below": letter.below_number,
        "country": COUNTRY,
        "motto": MOTTO,
        "place_and_date": letter.place_and_date,
        "name": letter.name,
        "title": letter.title,
        "subject": letter.subject,
        "addressees": letter.addressees,
        "blocks": [_block(block) for block in letter.blocks],
        "signer_title": letter.signer_title,
        "signer_name": letter.signer_name,
        "recipients": letter.recipients,
        "mark": None,
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, str):
        return {"kind": "text", "words": block}
    if isinstance(block, Quote):
        return {"kind": "quote", "lines": [line for line in block.words.splitlines() if line.strip()]}
    if isinstance(block, Table):
        return {"kind": "table", **asdict(block)}
    facts = [{"label": fact.label, "lines": [one for one in fact.words.splitlines() if one.strip()]} for fact in block]
    return {"kind": "facts", "facts": facts}
