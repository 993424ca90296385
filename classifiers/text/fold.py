"""Fold letters to the bare ones that people type without a Vietnamese keyboard."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

Value = TypeVar("Value")

_FIRST_WITHOUT_CASE = 0x2E80  # from here on East Asian signs, emoji and rarer alphabets
_WORD = re.compile(r"[^\W_]+")
MOST_KEPT = 30_000  # the training corpus has 22,700 different stretches between blanks
LONGEST_KEPT = 24  # letters; longer ones are links and keyboard noise, hardly met twice


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


class KeptByWord(dict[str, Value]):
    """What is worked out once for each short stretch of letters; emptied when full, so that it stays small."""

    def __init__(self, work_out: Callable[[str], Value]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, word: str) -> Value:
        value = self._work_out(word)
        if len(word) <= LONGEST_KEPT:
            if len(self) >= MOST_KEPT:
                self.clear()
            self[word] = value
        return value

    def all_of(self, words: Iterable[str]) -> list[Value]:
        """What is known of each word, in order."""
        return list(map(self.__getitem__, words))


_FOLDED = KeptByWord(lambda word: unicodedata.normalize("NFC", word).translate(_FOLDING))


@lru_cache(maxsize=512)
def fold(text: str) -> str:
    """Lower case without marks, đ → d; as long as the NFC text, so that offsets carry over.

    >>> fold("Đường Nguyễn Trãi, P. Cái Khế")
    'duong nguyen trai, p. cai khe'
    """
    if text.isascii():
        return text.lower()
    return " ".join(_FOLDED.all_of(text.split(" ")))


def fold_key(text: str) -> str:
    """The folded words with one blank between: what two spellings of a name share.

    >>> fold_key("TP.  Sóc-Trăng") == fold_key("tp soc trang")
    True
    """
    return " ".join(_WORD.findall(fold(text)))
