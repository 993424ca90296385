"""Undo what Telex and VNI keyboards leave behind when the input method was off: dduwowngf, nuoc71."""

import re
import unicodedata
from functools import lru_cache

from .syllables import INITIALS, is_syllable, put_tone, split_tone

_TONE_KEYS = {"f": "\u0300", "s": "\u0301", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_TONE_DIGITS = {"2": "\u0300", "1": "\u0301", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_VOWELS = frozenset("aăâeêioôơuưy")
_CIRCUMFLEX = {"a": "â", "e": "ê", "o": "ô"}
_HORN = {"a": "ă", "o": "ơ", "u": "ư"}

# Foreign words of everyday trade that a keyboard fault could also have produced: never touched.
_LOANWORDS = frozenset(
    "gas bus box max mix fix bar taxi taxis tax fax sex pos sos mess css js ms ads ios sofa soda laser lazer "
    "user over offer order timer paper poster server super hyper filter shipper seller tour door tower power "
    "flower color motor sensor doctor vector honda ford boss class pass gps aids covid virus beer core share "
    "wire aw wow law raw now how new view news next text test best fast last post host zoo food good wood look "
    "book pool cool tool loop room boom zoom fee free feed speed week meet feet deep keep add odd wifi windows "
    "wi fi mod mods maps map apps exam cafe net web mms sms xxx exe pr hr cure sure tire rar marx lex flex "
    "rolex onyx oxy inox relax nail nails tips stress sales sale roses house mouse year clear hear air pair "
    "repair proof jeep jeans jazz jet job join tivi exciter photo photos visa caso".split()
)
# Foreign words that are touched only where other words prove that the keyboard was at fault.
_DOUBTFUL = frozenset(
    "as is us was his her for or are far star css car cos res mas las los nos her here there were saw low tar "
    "par war nor fur sur mar nurse horse these those this has had does yes near dear hair stair fair tuf off "
    "if of ref hems mets".split()
)
_OPEN_HORN = re.compile("ươ$")  # thuở, while thước
_STRONG = re.compile(r"dd|aa|ee|oo|[aou]w|w[aeiou]", re.IGNORECASE)
_VNI_SHAPE = re.compile(r"d9?[a-zđ]*[0-9]|[a-zđ]*[aăâeêioôơuưy]+[a-z]*[1-8]", re.IGNORECASE)


class _Keys:
    """Letters typed so far, as an input method would hold them."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.tone = ""
        self.used = False
        self.inner_tone = False

    def type(self, key: str) -> None:
        if not (self._bar(key) or self._tone(key) or self._circumflex(key) or self._horn(key)):
            self.inner_tone |= bool(self.tone) and key in _VOWELS
            self.letters.append(key)
        else:
            self.used = True

    def _bar(self, key: str) -> bool:
        if key in "d9" and self.letters and self.letters[0] == "d" and (key == "9" or len(self.letters) == 1):
            self.letters[0] = "đ"
            return True
        return False

    def _tone(self, key: str) -> bool:
        mark = _TONE_KEYS.get(key) or _TONE_DIGITS.get(key)
        if mark is None or self.tone or not any(letter in _VOWELS for letter in self.letters):
            return False
        self.tone = mark
        return True

    def _circumflex(self, key: str) -> bool:
        wanted = key if key in _CIRCUMFLEX else "aeo" if key == "6" else ""
        for index in range(len(self.letters) - 1, -1, -1) if wanted else ():
            if self.letters[index] in wanted and self.letters[index] in _CIRCUMFLEX:
                self.letters[index] = _CIRCUMFLEX[self.letters[index]]
                return True
        return False

    def _horn(self, key: str) -> bool:
        wanted = {"w": "oua", "7": "ou", "8": "a"}.get(key, "")
        for index in range(len(self.letters) - 1, -1, -1) if wanted else ():
            if self.letters[index] in wanted:
                if self.letters[index] == "o" and self.letters[max(0, index - 1)] == "u" and self.letters[0] != "q":
                    self.letters[index - 1] = "ư"
                self.letters[index] = _HORN[self.letters[index]]
                return True
        if key == "w" and not any(letter in _VOWELS for letter in self.letters):
            self.letters.append("ư")
            return True
        return False

    def syllable(self) -> str | None:
        typed = _OPEN_HORN.sub("uơ", "".join(self.letters))
        word = put_tone(typed, self.tone) if self.tone else typed
        return word if word and is_syllable(word) else None


@lru_cache(maxsize=1 << 14)
def retyped(word: str) -> tuple[str, int] | None:
    """The syllable that the keys of a lower-case word spell, and the proof: 2 certain, 1 likely, 0 only among others.

    None when it needs no repair or spells no syllable.

    >>> retyped("dduwowngf"), retyped("nuoc71"), retyped("anhr"), retyped("shop")
    (('đường', 2), ('nước', 2), ('ảnh', 1), None)
    """
    if word in _LOANWORDS or not 2 < len(word) + word.endswith(("s", "f", "r", "x", "j")) < 12 or is_syllable(word):
        return None
    digits = sum(letter.isdigit() for letter in word)
    if digits and not _VNI_SHAPE.match(word):
        return None
    toneless, tones = split_tone(word)
    keys = _Keys()
    keys.tone = tones[:1]
    for key in toneless:
        keys.type(key)
    syllable = keys.syllable()
    if len(tones) > 1 or not keys.used or syllable is None or syllable.isascii():
        return None
    inner_digit = digits and not word[-1].isdigit()
    strong = digits > 1 or bool(inner_digit) or (not digits and bool(_STRONG.search(word)))
    if word in _DOUBTFUL or (digits == 1 and not inner_digit) or (keys.inner_tone and not digits):
        return syllable, 0
    return syllable, 2 if strong else 1


_KEYS_OF_MARK = {"\u0302": "", "\u0306": "w", "\u031b": "w"} | {mark: key for key, mark in _TONE_KEYS.items()}


def keys_of(word: str) -> str:
    """The Telex keys that type a lower-case word.

    >>> keys_of("đường"), keys_of("việt"), keys_of("nước")
    ('dduwowngf', 'vieetj', 'nuwowcs')
    """
    toneless, tones = split_tone(word)
    keys = "".join(_letter_keys(letter) for letter in toneless)
    return keys + "".join(_KEYS_OF_MARK[tone] for tone in tones)


def _letter_keys(letter: str) -> str:
    if letter == "đ":
        return "dd"
    base, *marks = list(unicodedata.normalize("NFD", letter))
    return base + "".join(base if mark == "\u0302" else _KEYS_OF_MARK.get(mark, "") for mark in marks)


assert set("".join(INITIALS)) & set("jwzf") == set()  # the keys that never begin a syllable
