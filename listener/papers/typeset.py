"""Sets a paper with typst: as PDF with its fonts inside, or as pictures of its pages to look at beforehand."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from listener.papers.decree import FONT

ROOT = Path(__file__).resolve().parents[1]  # templates of the stages import form.typ from here
FONTS = Path(__file__).with_name("fonts")  # Tinos, put there by `npm run build`: as wide as Times New Roman
CARRIED, LAST = "Tinos", "Libertinus Serif"


def pdf(template: str, data: Mapping[str, Any], *, made_at: datetime, system_fonts: bool = True) -> bytes:
    """The PDF of a template (a path below ``listener``).

    In Times New Roman where ``system_fonts`` has it, else in Tinos, which has the same widths and all Vietnamese
    letters, else in the serif that typst carries. Other fonts of these widths are passed over: older copies lack
    Vietnamese letters.
    """
    drawn: bytes = _compile(template, data, made_at, system_fonts=system_fonts, format="pdf")
    return drawn


def pictures(template: str, data: Mapping[str, Any], *, made_at: datetime, ppi: float = 80) -> list[bytes]:
    """The pages as PNG, in order."""
    drawn = _compile(template, data, made_at, system_fonts=True, format="png", ppi=ppi)
    return [drawn] if isinstance(drawn, bytes) else list(drawn)


def _compile(template: str, data: Mapping[str, Any], made_at: datetime, *, system_fonts: bool, **form: Any) -> Any:
    fonts = _fonts(system_fonts)
    known = fonts.families()
    face = next((name for name in (FONT, CARRIED) if name in known), LAST)
    return typst.compile(
        ROOT / template,
        root=ROOT,
        font_paths=fonts,
        sys_inputs={"data": json.dumps({"face": face, **data}, ensure_ascii=False)},
        timestamp=made_at.astimezone(UTC).replace(microsecond=0),
        **form,
    )


@lru_cache(maxsize=2)
def _fonts(system_fonts: bool) -> Any:
    return typst.Fonts(include_system_fonts=system_fonts, font_paths=[FONTS] if FONTS.is_dir() else [])
