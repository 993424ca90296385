"""The words of a cleaned text, each spelling between two blanks worked out once and kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, chain
from operator import attrgetter

from .clean import Cleaned, Edit
from .fold import LONGEST_KEPT, KeptByWord, lower
from .spelling import FAULT_SIGNS, MARKED, TOKEN, Writing, expanded, is_certain_fault, is_plain, retyped_words
from .tokens import WORD

NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
Bounds = tuple[Sequence[int], Sequence[int]]  # where the words start, where they end: fewer objects than pairs


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters between two blanks: their words as the models see them, where these stand, and what else one asks.

    ``plain`` holds when nothing in it is a chat spelling or a keyboard fault in any text.
    """

    length: int
    words: tuple[str, ...]
    bounds: Bounds
    plain: bool
    marked: bool
    fault_sign: bool
    fault: bool


def _piece(written: str) -> Piece:
    words, bounds = _words(Cleaned.same(written))
    tokens, small = TOKEN.findall(written), written.lower()
    return Piece(
        len(written),
        words,
        bounds,
        plain=all(map(is_plain, tokens)),
        marked=bool(MARKED.search(written)),
        fault_sign=bool(FAULT_SIGNS.search(small)),
        fault=any(map(is_certain_fault, TOKEN.findall(small))),
    )


_PIECES = KeptByWord(_piece)
_WORDS, _PLAIN, _MARKED = attrgetter("words"), attrgetter("plain"), attrgetter("marked")
_FAULT, _FAULT_SIGN = attrgetter("fault"), attrgetter("fault_sign")


@lru_cache(maxsize=256)
def _pieces(text: str) -> list[Piece]:
    return _PIECES.all_of(text.split())


def words_of(state: Cleaned) -> tuple[tuple[str, ...], Bounds]:
    """The words of a cleaned text, written out, and where they stand in it: as ``WORD`` finds them in ``prepared``.

    >>> " ".join(words_of(Cleaned.same("Hẻm 51/3 ngập r, ko ai dọn!!!"))[0])
    'hẻm 0 ngập rồi không ai dọn'
    """
    text = state.text
    if len(text.lower()) != len(text):  # İ: the case of other letters hangs on it
        return _words(expanded(Cleaned.same(text)))
    pieces = _pieces(text)
    starts = [0, *accumulate(piece.length + 1 for piece in pieces)]
    if not all(map(_PLAIN, pieces)):
        writing = _writing(text, pieces)
        pieces = [
            piece if piece.plain else _written_out(piece, writing, text, start)
            for piece, start in zip(pieces, starts, strict=False)
        ]
    words = tuple(chain.from_iterable(map(_WORDS, pieces)))
    at = [here + start for here, piece in zip(starts, pieces, strict=False) for start in piece.bounds[0]]
    return words, (at, [here + end for here, piece in zip(starts, pieces, strict=False) for end in piece.bounds[1]])


def mended(state: Cleaned) -> Cleaned:
    """A cleaned text with only the keyboard faults mended, for readers of names: short forms stay."""
    return retyped_words(state) if _is_faulty(_pieces(state.text)) else state


def _is_faulty(pieces: list[Piece]) -> bool:
    return any(map(_FAULT, pieces)) and any(map(_FAULT_SIGN, pieces))


def _writing(text: str, pieces: list[Piece]) -> Writing:
    return Writing(marked=any(map(_MARKED, pieces)), shouted=text.isupper(), faulty=_is_faulty(pieces))


def _written_out(piece: Piece, writing: Writing, text: str, start: int) -> Piece:
    """A piece with its short forms written out and its faults mended, where the text wants it."""
    edits = writing.edits(text, start, start + piece.length)
    if not edits:
        return piece
    work_out = _rewritten if piece.length <= LONGEST_KEPT else _rewritten.__wrapped__
    words, bounds = work_out(text[start : start + piece.length], edits)
    return replace(piece, words=words, bounds=bounds)


@lru_cache(maxsize=1 << 12)
def _rewritten(written: str, edits: tuple[Edit, ...]) -> tuple[tuple[str, ...], Bounds]:
    return _words(Cleaned.same(written).edited(edits))


def _words(state: Cleaned) -> tuple[tuple[str, ...], Bounds]:
    """Lower case, numbers as ``0``, then the words and their bounds in what ``state`` came from."""
    small = Cleaned(lower(state.text), state.starts, state.ends).rewritten(NUMBER, lambda _: "0")
    matches = list(WORD.finditer(small.text))
    places = [small.original(*match.span()) for match in matches]
    bounds = tuple([start for start, _ in places]), tuple([end for _, end in places])
    return tuple([match[0] for match in matches]), bounds
