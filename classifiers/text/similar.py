"""The exact fingerprint of a text; near copies are found by `sameness`."""

import re
from hashlib import sha1

from .fold import fold

_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")


def _words(text: str) -> list[str]:
    return _WORD.findall(_DIGIT.sub("0", fold(text)))


def fingerprint(text: str) -> str:
    """The same for texts that differ only in marks, case, digits and punctuation.

    >>> fingerprint("Hẻm 9 ngập!") == fingerprint("hem 7, NGAP")
    True
    """
    return sha1(" ".join(_words(text)).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
