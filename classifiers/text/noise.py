"""Write a text as hurried people do: without marks, in chat spelling, with the keyboard's input method off."""

import re
from functools import cache
from random import Random

from .fold import fold
from .spelling import table
from .telex import keys_of

_COMMON = 3  # the table lists the most usual short forms first
_WORD = re.compile(r"[^\W\d_]+")


def without_marks(text: str) -> str:
    """The text without Vietnamese marks, capitals kept.

    >>> without_marks("Đường Nguyễn Trãi ngập")
    'Duong Nguyen Trai ngap'
    """
    bare = fold(text)
    if len(bare) != len(text):  # not NFC
        return bare
    return "".join(plain.upper() if letter.isupper() else plain for letter, plain in zip(text, bare, strict=True))


@cache
def _short_forms() -> dict[str, list[str]]:
    forms: dict[str, list[str]] = {}
    for short, standard in table().items():
        forms.setdefault(standard, []).append(short)
    return {standard: shorts[:_COMMON] for standard, shorts in forms.items()}


@cache
def _standard_pattern() -> re.Pattern[str]:
    longest_first = sorted(_short_forms(), key=lambda words: (-len(words), words))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def teencode(text: str, rng: Random, share: float) -> str:
    """The text with about ``share`` of the words that have a chat spelling written so.

    >>> teencode("đường hư rồi mà không ai sửa", Random(3), 1.0) != "đường hư rồi mà không ai sửa"
    True
    """
    forms = _short_forms()
    return _standard_pattern().sub(
        lambda match: rng.choice(forms[match[0]]) if rng.random() < share else match[0], text
    )


def telex(text: str, rng: Random, share: float) -> str:
    """The text with about ``share`` of its marked words as the bare Telex keys.

    >>> telex("đường ngập", Random(1), 1.0)
    'dduwowngf ngaapj'
    """
    return _WORD.sub(lambda match: _keyed(match[0]) if rng.random() < share else match[0], text)


def _keyed(word: str) -> str:
    keys = keys_of(word.lower())
    return keys.capitalize() if word[0].isupper() else keys
