"""Bring a text to the one form that everything inside works on, without losing the way back."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .fold import KeptByWord
from .lookalikes import EXACT, LATIN_OF, STYLED
from .syllables import place_tone

Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A rewritten text and the way back: ``starts[i]`` and ``ends[i]`` bound character i in the original.

    >>> done = cleaned("Đư\\u200bờng   ngậppppp")
    >>> done.text, done.original(6, 10)
    ('Đường ngập', (9, 17))
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def same(cls, text: str) -> "Cleaned":
        """A text as it stands."""
        return cls(text, range(len(text)), range(1, len(text) + 1))

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where the stretch ``text[start:end]`` lay in the original."""
        if start >= end:
            here = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return here, here
        return self.starts[start], self.ends[end - 1]

    def rewritten(self, pattern: re.Pattern[str], change: Callable[[re.Match[str]], str]) -> "Cleaned":
        """The text with each match changed; offsets follow."""
        edits = [
            (match.start(), match.end(), new)
            for match in pattern.finditer(self.text)
            if (new := change(match)) != match[0]
        ]
        return self.edited(edits) if edits else self

    def edited(self, edits: Iterable[Edit]) -> "Cleaned":
        """The text with some stretches (start, end, new letters), in order, changed; offsets follow."""
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for start, end, new in edits:
            pieces += (self.text[done:start], new)
            starts += self.starts[done:start]
            ends += self.ends[done:start]
            for index in range(len(new)):
                last = index == len(new) - 1
                starts.append(self.starts[min(start + index, end - 1)])
                ends.append(self.ends[end - 1 if last else min(start + index, end - 1)])
            done = end
        pieces.append(self.text[done:])
        return Cleaned("".join(pieces), (*starts, *self.starts[done:]), (*ends, *self.ends[done:]))


_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]+"
)
_STYLED = re.compile(f"[{STYLED}]")
_LETTERS = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])+")
_LOOKALIKE = re.compile(f"[{''.join(LATIN_OF)}]")
_LATIN = re.compile("[A-Za-z]")
_MARKS = "\u0300-\u036f"
_PILED_MARKS = re.compile(f"([{_MARKS}]{{3}})[{_MARKS}]+")
_CLUSTER = re.compile(f"[^{_MARKS}][{_MARKS}]+")
_CHUNK = re.compile(r"\S+")

_VOWEL = "aăâeêioôơuưy"
_TONED = dict(zip(_VOWEL, ("áàảãạ", "ắằẳẵặ", "ấầẩẫậ", "éèẻẽẹ", "ếềểễệ", "íìỉĩị", "óòỏõọ", "ốồổỗộ", "ớờởỡợ", "úùủũụ",
                           "ứừửữự", "ýỳỷỹỵ"), strict=True))  # fmt: skip
_ALL_TONED = "".join(_TONED.values())
_STRETCHED = re.compile(
    rf"(?P<same>[a-vxyzđ{_VOWEL}{_ALL_TONED}])(?P=same){{2,}}|"
    + "|".join(f"[{toned}]{plain}{{2,}}" for plain, toned in _TONED.items()),
    re.IGNORECASE,
)
_STRETCHED_LETTERS = re.compile(r"[^\W\d_]+")
_DOUBLED = re.compile(r"(\D)(?<!\s)\1")
_ROMAN = re.compile("[IVXLCM]+")
_LONG_SIGNS = re.compile(r"([^\w\s])\1{3,}")
_ALL_VOWELS = _VOWEL + _ALL_TONED
_HAS_VOWEL = re.compile(f"[{_ALL_VOWELS}]", re.IGNORECASE)
_TONE_WORD = re.compile(rf"(?<![^\W\d_])[a-zđ]{{0,3}}[{_ALL_VOWELS}]{{2,3}}[a-z]{{0,2}}(?![^\W\d_])", re.IGNORECASE)
# A tone on a vowel that does not bear it: hoà, thuỷ, hòai, tíên, qúy, gìa.
_MISPLACED = re.compile(
    "o[àáảãạèéẻẽẹ](?![^\\W\\d_])|u[ỳýỷỹỵ](?![^\\W\\d_])|[òóỏõọ][ae][iyonmctp]|[ùúủũụ][ôơâêyai][iyuaêncmtp]"
    "|[ừứửữự]ơ|[ìíỉĩịỳýỷỹỵ]ê"
    "|q[ùúủũụ]|g[ìíỉĩị][aăâeêoôơuư]|[ùúủũụ][âêôơ]",
)
_BLANKS = re.compile(r"\s+")
_ODD_BLANKS = re.compile(r"[^\S \n]|\s\s|^\s|\s$")
_REMOVED_BLANK = re.compile("[\x1c-\x1f]")  # blanks that are invisible signs before all
_MARK_FIRST = re.compile(f"[{_MARKS}]")


def clean(text: str) -> str:
    """One form for one text: NFC, tone placement, no invisible signs, no look-alikes, no stretched letters.

    >>> clean("Trờiiii ơiii,  hoà bình\\u200b ở đuờng Thuỷ Lợi!!!!!!")
    'Trời ơi, hòa bình ở đuờng Thủy Lợi!!!'
    >>> clean("Nguуễn Vаn Cừ")  # Cyrillic у and а
    'Nguyễn Van Cừ'
    """
    return cleaned(text).text


@lru_cache(maxsize=256)
def cleaned(text: str) -> Cleaned:
    """As ``clean``, with the way back to the original offsets.

    >>> cleaned("khoẻ").text
    'khỏe'
    """
    state = Cleaned.same(text)
    pieces = text.split()
    blanks = text.count(" ") + text.count("\n")
    if blanks != len(pieces) - 1 or len(text) != blanks + sum(map(len, pieces)):
        if _REMOVED_BLANK.search(text):
            return cleaned_whole(state)
        state = _blanks(state)
    forms = _FORMS.all_of(pieces)
    if not any(forms):
        return state
    if any(form is _BY_CONTEXT for form in forms):
        return cleaned_whole(Cleaned.same(text))
    return _spliced(state, pieces, forms)


def cleaned_whole(state: Cleaned, *, forced: bool = False) -> Cleaned:
    """All the work on the whole text; ``forced`` leaves out the looks that spare it what it hardly needs."""
    if forced or not state.text.isascii():
        state = _plain_letters(state, forced=forced)
    elif _INVISIBLE.search(state.text):
        state = state.rewritten(_INVISIBLE, lambda _: "")
    if forced or _DOUBLED.search(state.text.lower()):
        state = state.rewritten(_STRETCHED_LETTERS, _unstretched).rewritten(_LONG_SIGNS, lambda match: match[1] * 3)
    if forced or (not state.text.isascii() and _MISPLACED.search(state.text.lower())):
        state = state.rewritten(_TONE_WORD, lambda match: place_tone(match[0]))
    if _ODD_BLANKS.search(state.text):
        state = _blanks(state)
    return state


def _form(piece: str) -> Cleaned | None:
    """What becomes of the letters between two blanks in any text: nothing new, another form, or it depends."""
    own = Cleaned.same(piece)
    done, most = cleaned_whole(own), cleaned_whole(own, forced=True)
    if not done.text or done.text != most.text or _MARK_FIRST.match(_INVISIBLE.sub("", piece)):
        return _BY_CONTEXT
    return None if done is own else done


_BY_CONTEXT = Cleaned("?", (), ())  # a form that other words of the text decide
_FORMS = KeptByWord(_form)


def _spliced(state: Cleaned, pieces: list[str], forms: list[Cleaned | None]) -> Cleaned:
    """The text with the pieces that have another form put in; single blanks stand between them."""
    texts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = here = 0
    for piece, form in zip(pieces, forms, strict=True):
        if form is not None:
            texts += (state.text[done:here], form.text)
            starts += (*state.starts[done:here], *(state.starts[here + start] for start in form.starts))
            ends += (*state.ends[done:here], *(state.ends[here + end - 1] for end in form.ends))
            done = here + len(piece)
        here += len(piece) + 1
    texts.append(state.text[done:])
    return Cleaned("".join(texts), (*starts, *state.starts[done:]), (*ends, *state.ends[done:]))


def _plain_letters(state: Cleaned, *, forced: bool = False) -> Cleaned:
    """Letters of one alphabet, composed."""
    state = state.rewritten(_INVISIBLE, lambda _: "")
    state = state.rewritten(_STYLED, lambda match: unicodedata.normalize("NFKC", match[0]))
    if _LOOKALIKE.search(state.text) and (forced or _LATIN.search(state.text)):
        state = state.rewritten(_LETTERS, _in_latin)
    if not forced and unicodedata.is_normalized("NFC", state.text):
        return state
    state = state.rewritten(_PILED_MARKS, lambda match: match[1])
    state = state.rewritten(_CLUSTER, lambda match: unicodedata.normalize("NFC", match[0]))
    if unicodedata.is_normalized("NFC", state.text):
        return state
    return state.rewritten(_CHUNK, lambda match: unicodedata.normalize("NFC", match[0]))


def _in_latin(match: re.Match[str]) -> str:
    """A word that mixes alphabets, or can pass for Latin letter by letter, in Latin; any other as it is."""
    word = match[0]
    if _LATIN.search(word) or all(letter in EXACT or "\u0300" <= letter < "\u0370" for letter in word):
        return _LOOKALIKE.sub(lambda found: LATIN_OF[found[0]], word)
    return word


def _unstretched(match: re.Match[str]) -> str:
    """A word without its drawn-out letters; abbreviations (CCCD) and roman numbers stay, laughter (kkk) keeps three."""
    word = match[0]
    if len(word) < 3 or _ROMAN.fullmatch(word):
        return word
    if len(set(word.lower())) == 1 and word[0].lower() not in _ALL_VOWELS:
        return word[:3]
    if not _HAS_VOWEL.search(word):
        return word
    return _STRETCHED.sub(lambda run: run[0][0], word)


def _blanks(state: Cleaned) -> Cleaned:
    body = state.text.strip()
    first = len(state.text) - len(state.text.lstrip())
    last = first + len(body)
    trimmed = Cleaned(body, state.starts[first:last], state.ends[first:last])
    return trimmed.rewritten(_BLANKS, lambda match: "\n" if "\n" in match[0] else " ")
