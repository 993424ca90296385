"""What comes in is made readable text, or refused with the reason."""

import unicodedata

from classifiers.text.fold import fold
from classifiers.text.sameness import runs
from classifiers.text.similar import fingerprint
from listener.errors import EmptyText, NotText, TextTooLong

LONGEST_REPORT = 20_000
LONGEST_POST = 100_000


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


def copy_marks(text: str) -> tuple[str, list[int]]:
    """Fingerprint of all words and hashes of some runs of words, by which copies are found."""
    return fingerprint(text), runs(text)
