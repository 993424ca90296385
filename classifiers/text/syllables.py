"""The shape of a Vietnamese syllable: its parts, where the tone stands, what is possible at all."""

import re
import unicodedata
from functools import lru_cache

TONES = "\u0300\u0301\u0309\u0303\u0323"  # huyền sắc hỏi ngã nặng
_STOPPED_TONES = "\u0301\u0323"  # a syllable that ends in c, ch, p, t is sắc or nặng
_QUALITY = "ăâêôơư"

INITIALS = tuple("ngh ng nh ch gh gi kh ph qu th tr b c d đ g h k l m n p r s t v x".split())
_NUCLEI = (
    "a ă â e ê i o ô ơ u ư y ai ao au ay âu ây eo êu ia iê iu oa oă oe oi ôi ơi oo ôô ua uâ uê ui uô uơ ưa ưi ươ ưu uy "
    "yê oai oao oay oeo iêu yêu uây uôi ươi ươu uya uyê uyu"
).split()
_FINALS = "ng nh ch c m n p t".split()

# Which finals may follow a nucleus; "" stands for an open syllable.
_AFTER: dict[str, str] = {
    "a": " ng nh ch c m n p t", "ă": "ng c m n p t", "â": "ng c m n p t", "e": " ng c m n p t", "ê": " nh ch m n p t",
    "i": " nh ch m n p t", "o": " ng c m n p t", "ô": " ng c m n p t", "ơ": " m n p t", "u": " ng c m n p t",
    "ư": " ng c n t m", "y": " ch nh t n", "iê": "ng c m n p t", "oa": " ng nh ch c n m p t", "oă": "ng c m n t",
    "oe": " n t o", "oo": "ng c", "ôô": "ng", "uâ": "n t ng", "uê": " ch nh n", "uô": "ng c m n t", "uơ": " ",
    "ươ": "ng c m n p t", "uy": " ch nh t n p", "yê": "m n t ng", "uyê": "n t",
}  # fmt: skip

_SHAPE = re.compile(
    rf"(?P<initial>(?:ngh|ng|nh|ch|gh|gi(?=[aăâeêioôơuư])|kh|ph|qu(?=[aăâeêioôơy])|th|tr|[bcdđghklmnprstvx])?)"
    rf"(?P<nucleus>{'|'.join(sorted(_NUCLEI, key=len, reverse=True))})(?P<final>(?:{'|'.join(_FINALS)})?)"
)
_MISSPELT = re.compile(
    "k[aăâoôơuư]|c[eêiy]|gh?[eêiy](?<=g[eêy])|(?:ngh|gh)[aăâoôơuưy]"
)  # k goes with e, i, y and c with the others
_BARE_SHAPE_LETTERS = str.maketrans("ăâêôơưđ", "aaeooud")


def split_tone(word: str) -> tuple[str, str]:
    """The word without tone marks, and the tone marks it had, in order.

    >>> split_tone("thuỷ")
    ('thuy', '̉')
    """
    if word.isascii():
        return word, ""
    decomposed = unicodedata.normalize("NFD", word)
    tones = "".join(mark for mark in decomposed if mark in TONES)
    if not tones:
        return word, ""
    return unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in TONES)), tones


def parse(toneless: str) -> tuple[str, str, str] | None:
    """Initial, nucleus and final of a toneless lower-case syllable; None when it has no such shape."""
    shape = _SHAPE.fullmatch(toneless)
    return (shape["initial"], shape["nucleus"], shape["final"]) if shape else None


def _tone_seat(nucleus: str, final: str) -> int:
    """Index in the nucleus of the vowel that bears the tone, in the older style (hòa, thủy)."""
    for index in range(len(nucleus) - 1, -1, -1):
        if nucleus[index] in _QUALITY:
            return index
    if len(nucleus) == 3 or (len(nucleus) == 2 and final):
        return 1
    return 0


def put_tone(toneless: str, tone: str) -> str | None:
    """The syllable with its tone at its one place; None when the letters are no syllable. Keeps the case.

    >>> put_tone("đương", "̀"), put_tone("HOA", "̀"), put_tone("shop", "̀")
    ('đường', 'HÒA', None)
    """
    parts = parse(toneless.lower()) if len(toneless.lower()) == len(toneless) else None
    if parts is None:
        return None
    seat = len(parts[0]) + _tone_seat(parts[1], parts[2])
    return unicodedata.normalize("NFC", toneless[: seat + 1] + tone + toneless[seat + 1 :])


@lru_cache(maxsize=1 << 15)
def place_tone(word: str) -> str:
    """The word with its one tone mark where the older style wants it; other words as they are.

    >>> [place_tone(word) for word in ("hoà", "thuỷ", "qúy", "gìa", "Khoẻ", "hòang", "café")]
    ['hòa', 'thủy', 'quý', 'già', 'Khỏe', 'hoàng', 'café']
    """
    toneless, tones = split_tone(word)
    if len(tones) != 1:
        return word
    return put_tone(toneless, tones) or word


@lru_cache(maxsize=1 << 15)
def is_syllable(word: str) -> bool:
    """Whether a lower-case word can be a Vietnamese syllable, with or without its marks.

    >>> [is_syllable(word) for word in ("nước", "nuoc", "đường", "dduong", "anhr", "shop", "cát", "càt")]
    [True, True, True, False, False, False, True, False]
    """
    toneless, tones = split_tone(word)
    if len(tones) > 1 or _MISSPELT.match(toneless):
        return False
    parts = parse(toneless)
    if parts is None:
        return toneless == "gi" or (toneless.isascii() and _bare_possible(toneless))
    initial, nucleus, final = parts
    if tones and final in ("c", "ch", "p", "t") and tones not in _STOPPED_TONES:
        return False
    if nucleus == "oo" and initial not in ("x", "b", "g", "s", "m"):  # xoong, boong, soóc, moóc: no others
        return False
    rhyme = "iê" if parts[:2] == ("gi", "ê") else nucleus  # giếng = gi + iếng
    return final in _AFTER.get(rhyme, " ").split(" ") or (toneless.isascii() and _bare_possible(toneless))


_BARE_RHYMES = frozenset(
    (nucleus + final).translate(_BARE_SHAPE_LETTERS)
    for nucleus in _NUCLEI
    for final in _AFTER.get(nucleus, " ").split(" ")
)
_BARE_INITIALS = ("", *INITIALS)


@lru_cache(maxsize=1 << 15)
def _bare_possible(word: str) -> bool:
    return any(word.startswith(initial) and word[len(initial) :] in _BARE_RHYMES for initial in _BARE_INITIALS)
