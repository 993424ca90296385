"""Letters of other alphabets that are drawn like Latin ones, and styled copies of Latin letters."""

import unicodedata

# Drawn alike → the Latin letter; Cyrillic, Greek, phonetic and small-capital signs seen in dodged words.
_DRAWN_ALIKE = {
    "А": "A", "В": "B", "С": "C", "Е": "E", "Н": "H", "І": "I", "Ј": "J", "К": "K", "М": "M", "О": "O",
    "Р": "P", "Ѕ": "S", "Т": "T", "У": "Y", "Х": "X", "Ԛ": "Q", "Ԝ": "W", "а": "a", "в": "b", "с": "c",
    "ԁ": "d", "е": "e", "һ": "h", "і": "i", "ј": "j", "к": "k", "ӏ": "l", "м": "m", "о": "o", "р": "p",
    "ԛ": "q", "ѕ": "s", "т": "t", "у": "y", "ѵ": "v", "ԝ": "w", "х": "x", "п": "n", "и": "u", "Ү": "Y",
    "ү": "y", "Α": "A", "Β": "B", "Ε": "E", "Ζ": "Z", "Η": "H", "Ι": "I", "Κ": "K", "Μ": "M", "Ν": "N",
    "Ο": "O", "Ρ": "P", "Τ": "T", "Υ": "Y", "Χ": "X", "α": "a", "γ": "y", "ε": "e", "η": "n", "ι": "i",
    "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "τ": "t", "υ": "u", "χ": "x", "ω": "w", "ϲ": "c", "ϳ": "j",
    "ɑ": "a", "ɡ": "g", "ı": "i", "ſ": "s", "ʏ": "y", "ɴ": "n", "ɪ": "i", "ʀ": "r", "ʟ": "l", "ɢ": "g",
    "ʜ": "h", "ʙ": "b", "ᴀ": "a", "ᴄ": "c", "ᴅ": "d", "ᴇ": "e", "ᴊ": "j", "ᴋ": "k", "ᴍ": "m", "ᴏ": "o",
    "ᴘ": "p", "ᴛ": "t", "ᴜ": "u", "ᴠ": "v", "ᴡ": "w", "ᴢ": "z", "Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ",
}  # fmt: skip

_MARKED_RANGES = ((0x386, 0x3CF), (0x400, 0x460), (0x4D0, 0x4FA), (0x1F00, 0x2000))


def _marked() -> dict[str, str]:
    """Greek and Cyrillic letters with an accent whose bare letter is drawn like a Latin one (ό → ó)."""
    found = {}
    for first, end in _MARKED_RANGES:
        for letter in map(chr, range(first, end)):
            base, *marks = list(unicodedata.normalize("NFD", letter))
            if marks and base in _DRAWN_ALIKE and all("\u0300" <= mark < "\u0370" for mark in marks):
                found[letter] = unicodedata.normalize("NFC", _DRAWN_ALIKE[base] + "".join(marks))
    return found


LATIN_OF = _DRAWN_ALIKE | _marked()

# A regular-expression class: full width, mathematical, circled and squared letters, ligatures.
STYLED = "\uff01-\uff5e\U0001d400-\U0001d7ff\u24b6-\u24e9\U0001f130-\U0001f149\ufb00-\ufb06\u212a\u212b"

# Cannot be told from the Latin letter even in print: a word of these alone is taken for Latin.
EXACT = frozenset(
    letter
    for letter in LATIN_OF
    if unicodedata.normalize("NFD", letter)[0] in "АВСЕНІЈКМОРЅТХасеһіјорѕухԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧονɑɡ"
)
