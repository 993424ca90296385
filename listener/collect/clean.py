"""What comes in is made readable text, or refused with the reason."""

import unicodedata

from classifiers.text.fold import fold
from classifiers.text.similar import fingerprint, signature
from listener.errors import EmptyText, NotText, TextTooLong

LONGEST_REPORT = 20_000
LONGEST_POST = 100_000
BANDS = 16


def readable(text: str, *, limit: int = LONGEST_REPORT) -> str:
    """The text in NFC without control characters.

    Raises
    ------
    EmptyText, TextTooLong, NotText
        It holds no letter, is longer than ``limit`` characters, or is mostly unreadable bytes.
    """
    if len(text) > limit:
        raise TextTooLong(len(text), limit)
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    strange = sum(
        1
        for letter in normal
        if letter == "\ufffd" or (unicodedata.category(letter) in ("Cc", "Cn", "Co") and letter not in "\n\t")
    )
    if strange > max(3, len(normal) // 50):
        raise NotText
    kept = "".join(letter for letter in normal if unicodedata.category(letter) != "Cc" or letter in "\n\t").strip()
    if not any(letter.isalnum() for letter in kept):
        raise EmptyText
    return kept


def cut(text: str, *, limit: int = LONGEST_POST) -> str:
    """A post's text, cut at ``limit`` characters instead of refused."""
    return text[:limit]


def search_text(title: str, text: str) -> str:
    """What searches look into: folded, so that accents do not matter."""
    return fold(f"{title}\n{text}")


def copy_marks(text: str) -> tuple[str, list[int], list[int]]:
    """Fingerprint, MinHash signature and its bands, by which copies are found."""
    marks = signature(text)
    rows = len(marks) // BANDS
    bands = [_band(place, marks[place * rows : (place + 1) * rows]) for place in range(BANDS)]
    return fingerprint(text), marks, bands


def _band(place: int, rows: list[int]) -> int:
    """One band as a 63-bit number (FNV-1a over its rows), distinct by place."""
    value = 0xCBF29CE484222325 ^ place
    for row in rows:
        value = ((value ^ row) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value >> 1
