"""What a letter may tell of an item: everything in words, personal data hidden; who sent it is not among it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from classifiers.text.privacy import PLACEHOLDERS, find_personal, mask
from listener.catalog.shapes import Area

MERGED = "01/7/2025"  # since then there are no districts, and the communes of today
MOST_OLD_NAMES = 6
UNITS = {"phuong": "phường", "xa": "xã", "thi_tran": "thị trấn"}


@dataclass(frozen=True, slots=True)
class Told:
    """An item as letters tell of it. ``by_machine`` names what no person has confirmed: topic, urgency."""

    number: str
    is_report: bool
    sample: bool
    kind: str | None
    channel: str
    received_at: datetime
    text: str
    place: str
    older: str
    older_short: str
    topic: str
    urgency: str
    by_machine: frozenset[str] = frozenset()
    due_at: datetime | None = None
    holder: str = ""
    assigned_at: datetime | None = None
    coordinating: tuple[str, ...] = ()
    answer: str = ""


def hidden(text: str, masks: Iterable[Mapping[str, Any]]) -> str:
    """The text with a bracketed word for each stretch that was masked when it was read, or is found to need it now.

    >>> hidden("Gọi 0530000000 gặp em", [])
    'Gọi [số điện thoại] gặp em'
    """
    spans = [(one.start, one.end, str(one.type)) for one in find_personal(text)]
    spans += [(int(one["start"]), int(one["end"]), str(one["type"])) for one in masks]
    pieces, last = [], 0
    for start, end, kind in sorted(spans):
        if start >= last:
            pieces += [text[last:start], PLACEHOLDERS.get(kind, "[thông tin riêng]")]
        last = max(last, end)
    return "".join((*pieces, text[last:]))


def place_words(typed: str | None, named: Iterable[str], area: Area | None) -> str:
    """The place in words: what the sender typed, else what the text names, then today's commune."""
    words = mask((typed or ", ".join(dict.fromkeys(named))).strip())
    if area is None:
        return words or "chưa rõ"
    if not words or words.casefold() in (area.name.casefold(), area.full_name.casefold()):
        return area.full_name
    return words if area.name.casefold() in words.casefold() else f"{words}, {area.full_name}"


def older_words(named: Iterable[str], area: Area | None) -> tuple[str, str]:
    """The names from before the reorganisation, in full and for a narrow column.

    The one the sender used, else those that became today's commune.
    """
    said = ", ".join(mask(name) for name in dict.fromkeys(named))
    if said:
        return f"người gửi gọi theo tên cũ: {said}", f"tên cũ: {said}"
    if area is None or not area.older:
        return "", ""
    units = [f"{UNITS[unit.kind]} {unit.name}{' (một phần)' if unit.partial else ''}" for unit in area.older]
    more = f" và {len(units) - MOST_OLD_NAMES} đơn vị khác" if len(units) > MOST_OLD_NAMES else ""
    districts = dict.fromkeys(
        f", {unit.district[0].lower()}{unit.district[1:]}" for unit in area.older if unit.district
    )
    full = f"trước {MERGED}: {', '.join(units[:MOST_OLD_NAMES])}{more}{''.join(districts)}"
    return full, f"trước {MERGED}: {', '.join(dict.fromkeys(unit.name for unit in area.older[:MOST_OLD_NAMES]))}{more}"
