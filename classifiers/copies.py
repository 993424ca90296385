"""The same text as others would have typed it: without marks, decomposed, in chat spelling; to train and measure."""

import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from functools import cache

from classifiers.text.fold import fold
from classifiers.text.spelling import table

CHATTY = 0.5  # share of the words with a chat spelling that get it
_WORD = re.compile(r"[^\W\d_]+")


def bare(text: str) -> str:
    """Without marks; capitals stay where they are.

    >>> bare("Đường Nguyễn Trãi ngập")
    'Duong Nguyen Trai ngap'
    """
    plain = fold(text)
    composed = unicodedata.normalize("NFC", text)
    return "".join(new.upper() if old.isupper() else new for old, new in zip(composed, plain, strict=True))


def decomposed(text: str) -> str:
    """Letters and marks apart (NFD), as some phones send them."""
    return unicodedata.normalize("NFD", text)


def chatty(text: str, *, seed: int = 0) -> str:
    """Words in chat spelling where there is one, about half of them; the same seed gives the same text.

    >>> chatty("không được", seed=3) != "không được"
    True
    """
    dice = random.Random(f"{seed}:{text}")  # noqa: S311 - no secret

    def change(match: re.Match[str]) -> str:
        shorts = _chat_spellings().get(match[0].lower())
        return dice.choice(shorts) if shorts and dice.random() < CHATTY else match[0]

    return _WORD.sub(change, unicodedata.normalize("NFC", text))


@cache
def _chat_spellings() -> dict[str, list[str]]:
    """Standard word → its chat spellings."""
    found: dict[str, list[str]] = defaultdict(list)
    for short, standard in table().items():
        if " " not in standard:
            found[standard].append(short)
    return {standard: sorted(shorts) for standard, shorts in found.items()}


COPIES: dict[str, Callable[[str], str]] = {"bare": bare, "decomposed": decomposed, "chatty": chatty}
