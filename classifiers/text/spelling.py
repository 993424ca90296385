"""Write out chat spellings and abbreviations, and mend keyboard faults, in a cleaned text."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from .clean import Cleaned, Edit
from .fold import fold
from .syllables import is_syllable
from .telex import retyped

TOKEN = re.compile(r"(?<![\w@./=&-])[^\W_]+(?![\w@=]|[./-][^\W_])")
FAULT_SIGNS = re.compile(r"dd|aa|ee|oo|[aou]w|w[aeiou]|[a-zđ]\d[a-z\d]")
MARKED = re.compile("[à-ỹÀ-ỸđĐ]")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:]\s+|\n)$")
_PRICE = re.compile(r"(?:\d|\bmột|\bhai|\bvài|\bmấy|\btriệu)\s*$")
# Short forms that stand for a unit after a number (5k, 3 tr, 2 h, 10 ph) or for a letter in a name (khu A, lô E).
_UNITS = frozenset("k tr h m g l s v e r kv".split())
_BEFORE_LETTER = re.compile(
    r"(?:khu|lô|lo|block|tòa|toa|hạng|hang|loại|loai|nhóm|nhom|lớp|lop|vitamin|kênh|kenh|ấp|ap|số|so|[-/&.])\s*$"
)


@cache
def table() -> dict[str, str]:
    """Short form (lower case, one word) → standard words."""
    return _read("words") | _read("abbreviations")


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(_read("abbreviations"))


@cache
def _read(part: str) -> dict[str, str]:
    source = files(__package__).joinpath("teencode.toml").read_text(encoding="utf-8")
    groups: dict[str, list[str]] = tomllib.loads(source)[part]
    return {short: standard for standard, shorts in groups.items() for short in shorts}


def expand(text: str) -> str:
    """Chat spellings, abbreviations and Telex/VNI faults as standard words; everything else as it is.

    >>> expand("đường hư mấy tháng r ko ai sửa, UBND p trả lời vs dân j đâu")
    'đường hư mấy tháng rồi không ai sửa, ủy ban nhân dân p trả lời với dân gì đâu'
    >>> expand("dduwowngf ngaapj, nuoc71 vao nha")
    'đường ngập, nước vao nha'
    >>> expand("duong ngap ma ko ai lam j")
    'duong ngap ma khong ai lam gi'
    >>> expand("giá 200 k một ký, khu E")
    'giá 200 k một ký, khu E'
    """
    return expanded(Cleaned.same(text)).text


def expanded(state: Cleaned) -> Cleaned:
    """As ``expand``, on a cleaned text whose way back is kept."""
    text = state.text
    if all(map(is_plain, TOKEN.findall(text))):
        return state
    writing = Writing(bool(MARKED.search(text)), text.isupper(), _has_keyboard_faults(text))
    edits = writing.edits(text, 0, len(text))
    return state.edited(edits) if edits else state


@dataclass(frozen=True, slots=True)
class Writing:
    """How a whole text is written: with marks, all in capitals, on a keyboard whose input method was off."""

    marked: bool
    shouted: bool
    faulty: bool

    def edits(self, text: str, start: int, end: int) -> tuple[Edit, ...]:
        """What is written out in ``text[start:end]``, which blanks bound; offsets count from ``start``."""
        return tuple(
            [
                (match.start() - start, match.end() - start, new)
                for match in TOKEN.finditer(text, start, end)
                if not is_plain(match[0]) and (new := _standard(match, self)) != match[0]
            ]
        )


@lru_cache(maxsize=1 << 15)
def is_plain(token: str) -> bool:
    """Whether a token is left alone in any text."""
    word = token.lower()
    return word not in table() and retyped(word) is None


def retyped_words(state: Cleaned) -> Cleaned:
    """Only the keyboard faults mended, for readers of names: short forms stay."""
    if not _has_keyboard_faults(state.text):
        return state
    return state.rewritten(
        TOKEN, lambda match: _in_case(mended[0], match[0]) if (mended := retyped(match[0].lower())) else match[0]
    )


def _has_keyboard_faults(text: str) -> bool:
    small = text.lower()
    if not FAULT_SIGNS.search(small):
        return False
    return any(map(is_certain_fault, TOKEN.findall(small)))


def is_certain_fault(word: str) -> bool:
    """Whether only a keyboard whose input method was off writes this lower-case word."""
    return (mended := retyped(word)) is not None and mended[1] == 2


def _standard(match: re.Match[str], writing: Writing) -> str:
    token = match[0]
    word = token.lower()
    if word in table():
        start = bool(_SENTENCE_START.search(match.string[max(0, match.start() - 3) : match.start()]))
        words = _from_table(token, word, writing, sentence_start=start)
        if words is not None:
            return words if not _is_unit_or_name(match, word) else token
    mended = retyped(word)
    if mended is None or not (writing.faulty or mended[1] + writing.marked >= 2):
        return token
    return _in_case(mended[0], token)


def _from_table(token: str, word: str, writing: Writing, *, sentence_start: bool) -> str | None:
    standard = table()[word]
    if word in _abbreviations():
        return None if is_syllable(word) and not token.isupper() else standard if writing.marked else fold(standard)
    if token.isupper() and not writing.shouted and not (sentence_start and word in ("k", "e", "ko")):
        return None
    if not writing.marked:
        return None if is_syllable(word) else _in_case(fold(standard), token)
    return _in_case(standard, token)


def _is_unit_or_name(match: re.Match[str], word: str) -> bool:
    before = match.string[max(0, match.start() - 8) : match.start()].lower()
    return (word in _UNITS and bool(_PRICE.search(before))) or (len(word) == 1 and bool(_BEFORE_LETTER.search(before)))


@lru_cache(maxsize=1 << 12)
def _in_case(standard: str, token: str) -> str:
    if len(token) > 1 and token.isupper():
        return standard.upper()
    return standard.capitalize() if token[0].isupper() else standard
