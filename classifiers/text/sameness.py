"""Whether one text is a copy of another: shared runs of words find it, changed places, dates and numbers refute it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

from .fold import fold, lower
from .spelling import expand

RUN_WORDS = 6  # words of a run that copies are sought by: shorter ones are turns of speech, met in thousands of texts
KEPT_RUNS = (
    24  # the smallest hashes of a text's runs: a fair sample, alike for alike texts; dev copies share 8 and more
)
SHARED_RUNS = 2  # of the kept, from which two texts are compared word by word
SHARED_PAIRS = 0.5  # of the shorter text's pairs of words; on the dev pairs all from 0.2 to 0.75 do equally well
FEWEST_WORDS = 8  # shorter texts are copies only when they are the same words
MOST_WORDS = 1_500  # of a long text the beginning is compared
SHORT_GAP = 8  # words; a longer stretch between shared words is another sentence, not another fact in its place
EDGE_GAP = 6

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[.!?:;\n–-]|%")
_SUNDAY = re.compile(r"\b(?:[Cc]hủ [Nn]hật|[Cc]hu [Nn]hat|CN(?= \d))")
_NUMBER_WORDS = {
    word: str(value)
    for value, words in enumerate(("mot", "hai", "ba", "bon tu", "nam lam", "sau", "bay", "tam", "chin", "muoi"), 1)
    for word in words.split()
    if word not in ("tu", "lam")
}
_SPOKEN = frozenset("một hai ba bốn năm sáu bảy tám chín mười".split())
_TURNS = frozenset("sang trua chieu toi dem tang giam dau cuoi".split())  # part of the day, direction, end of a month
_SAME_WORD = {"h": "gio", "g": "gio", "%": "phan tram"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word as compared, and what it may tell: a number, a proper name."""

    value: str
    number: bool = False
    name: bool = False


@dataclass(frozen=True, slots=True)
class _Text:
    words: tuple[Word, ...]
    values: tuple[str, ...]
    pairs: frozenset[tuple[str, str]]
    capitals: bool


def runs(text: str) -> list[int]:
    """Hashes of runs of six words, at most 24, in order: near copies share some. Empty where the text is too short.

    >>> one = runs("Nước ngập tới đầu gối ở hẻm 9 đường Bông Trang suốt đêm qua")
    >>> one == runs("nuoc ngap toi dau goi o hem 9 duong Bong Trang suot dem qua")
    True
    """
    values = _read(text).values
    if len(values) < FEWEST_WORDS:
        return []
    found = {_hash(" ".join(values[start : start + RUN_WORDS])) for start in range(len(values) - RUN_WORDS + 1)}
    return sorted(found)[:KEPT_RUNS]


def is_copy(one: str, other: str) -> bool:
    """Whether two texts are the same words but for a headline, a trimmed end, small edits or a comment.

    >>> notice = "Cúp điện ngày 14/5 tại đường Trần Văn Hoài, phường Xuân Khánh để thay máy biến áp"
    >>> is_copy(notice, "cup dien ngay 14/5 tai duong tran van hoai phuong xuan khanh de thay may bien ap. Biet chua")
    True
    >>> is_copy(notice, notice.replace("14/5", "21/5")), is_copy(notice, notice.replace("Xuân Khánh", "An Bình"))
    (False, False)
    """
    a, b = sorted((_read(one), _read(other)), key=lambda text: (len(text.values), text.values))
    if a.values == b.values:
        return True
    if len(a.values) < FEWEST_WORDS or len(a.pairs & b.pairs) < SHARED_PAIRS * len(a.pairs):
        return False
    return not any(_tells_other(a, b, gap) for gap in _gaps(a.values, b.values))


@lru_cache(maxsize=4096)
def _read(text: str) -> _Text:
    words = tuple(_words(_SUNDAY.sub("thứ 8", expand(text))))[:MOST_WORDS]
    values = tuple(word.value for word in words)
    return _Text(words, values, frozenset(pairwise(values)), any(word.name for word in words))


def _words(text: str) -> Iterator[Word]:
    tokens = _TOKEN.findall(text)
    shouted = text.isupper()
    start = True
    for place, token in enumerate(tokens):
        if not token[0].isalnum() and not token.startswith("%"):
            start = True
            continue
        follows = tokens[place + 1] if place + 1 < len(tokens) else ""
        name = token[0].isupper() and not shouted and (not start or follows[:1].isupper())
        yield from _plain_words(token, name=name)
        start = False


def _plain_words(token: str, *, name: bool) -> Iterator[Word]:
    if token[0].isdigit():
        yield Word(re.sub(r"\.(?=\d{3})", "", token).lstrip("0") or "0", number=True)
        return
    folded = fold(token)
    if folded in _NUMBER_WORDS and not name:
        yield Word(_NUMBER_WORDS[folded], number=lower(token) in _SPOKEN)
        return
    for value in _SAME_WORD.get(folded, folded).split():
        yield Word(value, name=name)


def _hash(run: str) -> int:
    return int.from_bytes(blake2b(run.encode(), digest_size=4).digest(), "big", signed=True)


@dataclass(frozen=True, slots=True)
class _Gap:
    """What stands between words that both texts share, in one and in the other."""

    one: slice
    other: slice
    inside: bool

    def longest(self) -> int:
        return int(max(self.one.stop - self.one.start, self.other.stop - self.other.start))


def _gaps(one: Sequence[str], other: Sequence[str]) -> Iterator[_Gap]:
    """A single shared word between two changes joins them: “Thới An” and “Phước Thới” are two names."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size != 1]
    start, other_start = 0, 0
    for block in blocks:
        if block.a > start and block.b > other_start:
            inside = start > 0 and other_start > 0 and block.size > 0
            yield _Gap(slice(start, block.a), slice(other_start, block.b), inside)
        start, other_start = block.a + block.size, block.b + block.size


def _tells_other(a: _Text, b: _Text, gap: _Gap) -> bool:
    """Whether another number, name, part of the day or direction stands where the first text has its own."""
    if not gap.inside and gap.longest() > EDGE_GAP:
        return False  # a headline, a comment, what was trimmed
    here, there = a.words[gap.one], b.words[gap.other]
    if not gap.inside or gap.longest() > SHORT_GAP:
        here = tuple(word for word in here if word.value not in b.values)
        there = tuple(word for word in there if word.value not in a.values)
    return (
        _differ(_numbers(here, there), _numbers(there, here))
        or _differ(_turns(here), _turns(there))
        or _differ(_names(here, there, bare=not a.capitals), _names(there, here, bare=not b.capitals))
    )


def _differ(one: set[str], other: set[str]) -> bool:
    return bool(one and other) and not (one <= other or other <= one)


def _numbers(words: Sequence[Word], against: Sequence[Word]) -> set[str]:
    """Numbers; a word without marks that may be one (nam, sau) counts where the other text has a certain number."""
    certain = any(word.number for word in against)
    return {word.value for word in words if word.number or (certain and word.value.isdigit())}


def _turns(words: Sequence[Word]) -> set[str]:
    return {word.value for word in words} & _TURNS


def _names(words: Sequence[Word], against: Sequence[Word], *, bare: bool) -> set[str]:
    """Proper names; in a text without capitals any word where the other text has as many words, one of them a name."""
    if bare and len(words) == len(against) and any(word.name for word in against):
        return {word.value for word in words if not word.value.isdigit()}
    return {word.value for word in words if word.name}
