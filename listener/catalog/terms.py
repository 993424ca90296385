"""Words that rules look for: whole words, any case; marks count where both text and rule have them."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from classifiers.text.fold import KeptByWord, fold_key, lower

# Combining grave, acute, tilde, hook above and dot below: the five tones. They move to the end of their word, so that
# hoà and hòa are one.
TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
# Of Vietnamese words written with marks three in four carry one, of words typed without hardly any.
MARKED_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Words:
    """A text made ready to be looked through: folded words, and the same with marks (empty where it has too few)."""

    folded: str = ""
    marked: str = ""

    def has(self, term: "Words") -> bool:
        """Whether a term stands in the text: “chợ” is not found in “cho” where people write their marks.

        >>> words("Rác ở chợ").has(words("CHỢ")), words("Rác cho vào bao rồi").has(words("chợ"))
        (True, False)
        >>> words("rac o cho").has(words("chợ")), words("Đèn công viên tắt").has(words("cong vien"))
        (True, True)
        """
        return term.marked in self.marked if term.marked and self.marked else term.folded in self.folded

    def covers(self, term: "Words") -> bool:
        """Whether whatever text has the other term has this one."""
        if self.marked and not term.marked:
            return False
        return self.folded in term.folded and self.marked in term.marked


def words(text: str) -> Words:
    """The words of a text, one blank around each."""
    folded = f" {fold_key(text)} "
    if folded.isspace():
        return Words(folded)
    kept = _tone_last.all_of(_apart(text).split())
    marked = sum(not word.isascii() for word in kept)
    return Words(folded, f" {' '.join(kept)} " if marked >= MARKED_SHARE * len(kept) else "")


@lru_cache(maxsize=4096)
def term(word: str) -> Words:
    """A word or phrase of a rule; it counts as marked as soon as one of its words is."""
    kept = _tone_last.all_of(_apart(word).split())
    return Words(f" {fold_key(word)} ", f" {' '.join(kept)} " if any(not one.isascii() for one in kept) else "")


def _apart(text: str) -> str:
    """Lower case, everything that is no letter or digit a blank."""
    return "".join(letter if letter.isalnum() else " " for letter in lower(unicodedata.normalize("NFC", text)))


def _moved(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    tones = "".join(letter for letter in letters if letter in TONES)
    return "".join(letter for letter in letters if letter not in TONES) + tones


_tone_last: KeptByWord[str] = KeptByWord(_moved)
