"""Fold letters to the bare ones that people type without a Vietnamese keyboard."""

import re
import unicodedata
from functools import lru_cache

_FIRST_WITHOUT_CASE = 0x2E80  # from here on East Asian signs, emoji and rarer alphabets
_WORD = re.compile(r"[^\W_]+")


class _Folding(dict[int, str]):
    """Code point → its folded letter, worked out when first met, always one character."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        if code >= _FIRST_WITHOUT_CASE:
            return letter  # and not kept: the table stays small whatever is read
        bare = unicodedata.normalize("NFD", letter)[0]
        folded = "d" if bare in "đĐ" else lower(bare)
        self[code] = folded
        return folded


def lower(text: str) -> str:
    """Lower case of the same length (``İ`` alone would grow, and stays as it is).

    >>> lower("ĐƯỜNG Nguyễn Trãi")
    'đường nguyễn trãi'
    """
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


_FOLDING = _Folding()


@lru_cache(maxsize=512)
def fold(text: str) -> str:
    """Lower case without marks, đ → d; as long as the NFC text, so that offsets carry over.

    >>> fold("Đường Nguyễn Trãi, P. Cái Khế")
    'duong nguyen trai, p. cai khe'
    """
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", text).translate(_FOLDING)


def fold_key(text: str) -> str:
    """The folded words with one blank between: what two spellings of a name share.

    >>> fold_key("TP.  Sóc-Trăng") == fold_key("tp soc trang")
    True
    """
    return " ".join(_WORD.findall(fold(text)))
