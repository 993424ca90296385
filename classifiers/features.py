"""What the linear models see of a text: words, pairs, letter groups, signal words, weighted. Needs numpy only."""

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from classifiers.rules import signals, together
from classifiers.text.clean import Cleaned, cleaned
from classifiers.text.fold import fold
from classifiers.text.pieces import words_of

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]
Ids = NDArray[np.int32]
FOLDED, LETTERS, SIGNAL = "~", "#", "§"
LONGEST_WORD = 24  # letter groups of longer "words" (links, keyboard noise) say nothing
CACHED_WORDS = 30_000
FADED = 7  # times ``opening_words``: what is left of the opening's weight there is a thousandth
NO_IDS = np.zeros(0, dtype=np.int32)
NO_PAIRS: dict[str, int] = {}
LENGTHS = (3, 8, 20, 45, 90)  # words; a text's length is a signal too
LENGTH_NAMES = (*(f"words<{limit}" for limit in LENGTHS), "long")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Which terms are counted: pairs of words, letter groups of these sizes at this weight, signals.

    The folded view of each word stands beside the marked one, so that a text without marks is read alike. People say
    first what they are about: the first word weighs ``opening`` more, those behind it ever less of that, over about
    ``opening_words`` words.
    """

    pairs: bool = True
    letters: tuple[int, int] = (2, 4)
    letters_weight: float = 0.5
    signals_weight: float = 2.0  # sentiment of posts 70 → 74 % right
    min_texts: int = 2
    opening: float = 0.6  # unseen texts 85.1 → 85.8 % right, without marks 83.0 → 83.8; 1.5 over six words is too much
    opening_words: float = 8.0


@dataclass(frozen=True, slots=True)
class Text:
    """A text made ready: words, signals, and the way back to the original (``bounds``: where words start, and end)."""

    words: tuple[str, ...]
    signals: tuple[str, ...] = ()
    source: Cleaned | None = None
    bounds: tuple[Sequence[int], Sequence[int]] = ((), ())

    @property
    def empty(self) -> bool:
        """Whether nothing is left of the text once invisible signs are gone."""
        return self.source is not None and not self.source.text

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where the words from ``first`` to ``last`` stand in the original text."""
        start, end = self.bounds[0][first], self.bounds[1][last]
        return (start, end) if self.source is None else self.source.original(start, end)


def ready(text: str, *, channel: str = "") -> Text:
    """Make a text ready for the features; the channel ("report" or any of the public ones) is a signal.

    >>> text = ready("Đèn hẻm 9 tắt, rò điện?", channel="report")
    >>> text.words
    ('đèn', 'hẻm', '0', 'tắt', 'rò', 'điện')
    >>> text.signals
    ('electric', 'report', 'words<8', '?')
    """
    source = cleaned(text)
    words, bounds = words_of(source)
    found = list(dict.fromkeys([name for name, _, _ in signals(words)]))
    found += together(found)
    if channel:
        found.append("report" if channel == "report" else "post")
    found.append(LENGTH_NAMES[bisect_right(LENGTHS, len(words))])
    found += [sign for sign in "?!" if sign in source.text]
    return Text(words, tuple(found), source, bounds)


@dataclass(frozen=True, slots=True)
class Terms:
    """The known terms of one text.

    ``words`` holds the different words in the order they come, ``at`` the place of each in the text and ``inside`` the
    numbers of its terms; ``pairs`` are the numbers of the different pairs, ``firsts`` the place of the first word of
    each, ``named`` the numbers of the signals.
    """

    words: list[str]
    at: list[int]
    inside: list[Ids]
    pairs: list[int]
    firsts: list[int]
    named: list[int]


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """A word: its folded form, whether it is marked, the numbers of the terms inside it, and of the pairs it opens."""

    word: str
    bare: str
    marked: bool
    ids: Ids
    pairs: dict[str, int]
    bare_pairs: dict[str, int]


@dataclass(frozen=True)
class Vocabulary:
    """The terms that count and what each weighs (inverse document frequency × weight of its view).

    >>> vocabulary = Vocabulary.of([ready("đèn tắt"), ready("den tat")], Recipe(min_texts=2, letters=(0, 0)))
    >>> sorted(vocabulary.terms)
    ['~den', '~den tat', '~tat', '§words<3']
    """

    terms: dict[str, int]
    scale: Floats
    recipe: Recipe = Recipe()
    _of_word: dict[str, "Word"] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, texts: Iterable[Text], recipe: Recipe) -> "Vocabulary":
        """Count the terms of texts and keep those that stand in enough of them."""
        found: Counter[str] = Counter()
        number = 0
        for text in texts:
            found.update(set(_terms(text, recipe)))
            number += 1
        kept = sorted(term for term, count in found.items() if count >= recipe.min_texts)
        counts = np.array([found[term] for term in kept], dtype=np.float64)
        scale = np.log((1 + number) / (1 + counts)) + 1
        by_sign = {LETTERS: recipe.letters_weight, SIGNAL: recipe.signals_weight}
        views = np.array([by_sign.get(term[0], 1.0) for term in kept])
        return cls({term: index for index, term in enumerate(kept)}, (scale * views).astype(np.float32), recipe)

    @cached_property
    def digest(self) -> str:
        """The same terms and weights, the same digest: models that share it share the work of reading."""
        return hashlib.sha256("\n".join(self.terms).encode() + self.scale.tobytes()).hexdigest()

    def terms_of(self, text: Text) -> Terms:
        """The known terms of a text; a word or pair that comes again adds nothing."""
        words = [self.inside(word) for word in text.words]
        first: dict[str, int] = {}
        for place, word in enumerate(text.words):
            first.setdefault(word, place)
        pairs = self.pairs(words)
        inside = [words[place].ids for place in first.values()]
        named = self.named(text.signals)
        return Terms(list(first), list(first.values()), inside, list(pairs), list(pairs.values()), named)

    def pairs(self, words: Sequence["Word"]) -> dict[int, int]:
        """The numbers of the known pairs, in order, and the place of the first word of each."""
        found: dict[int, int] = {}
        for place, (left, right) in enumerate(pairwise(words) if self.recipe.pairs else ()):
            if (number := left.bare_pairs.get(right.bare)) is not None:
                found.setdefault(number, place)
            if (left.marked or right.marked) and (number := left.pairs.get(right.word)) is not None:
                found.setdefault(number, place)
        return found

    def named(self, signals: Iterable[str]) -> list[int]:
        """The numbers of the known signals."""
        known = self._signals
        return [known[name] for name in signals if name in known]

    @cached_property
    def _signals(self) -> dict[str, int]:
        return {term[len(SIGNAL) :]: number for term, number in self.terms.items() if term.startswith(SIGNAL)}

    def row(self, text: Text) -> tuple[Ids, Floats]:
        """The numbers of a text's terms, rising, and their weights.

        A term weighs its scale times the different words it stands in, early ones more. The length that everything is
        divided by counts the terms of each word apart: so a text is a sum of its words and pairs, and what each of
        them adds to a score can be kept (`lookup`) and shown.
        """
        found = self.terms_of(text)
        every = np.concatenate([NO_IDS, *found.inside, np.array(found.pairs + found.named, dtype=np.int32)])
        places = self.by_place(found.at, found.firsts, len(found.named))
        times = [*map(len, found.inside), *[1] * (len(places) - len(found.at))]
        weights = self.scale[every] * np.repeat(places, times)
        length = np.sqrt(weights @ weights) or np.float32(1)
        ids, of_term = np.unique(every, return_inverse=True)
        return ids, (np.bincount(of_term, weights, minlength=len(ids)) / length).astype(np.float32)

    def by_place(self, at: Sequence[int], firsts: Sequence[int], signals: int) -> Floats:
        """How much words, pairs and signals weigh by where they stand; signals belong to the whole text."""
        last = len(self._falling) - 1
        places = [place if place < last else last for place in (*at, *firsts)]
        return self._falling.take(places + [last] * signals)

    @cached_property
    def _falling(self) -> Floats:
        """What the words weigh from the first on, until it comes to nothing more; the last holds for all behind it."""
        places = np.arange(round(FADED * self.recipe.opening_words))
        falling = 1 + self.recipe.opening * np.exp(-places / self.recipe.opening_words)
        return np.append(falling, 1.0).astype(np.float32)

    def matrix(self, texts: Sequence[Text]) -> "csr_matrix":
        """The rows of many texts as one sparse matrix."""
        from scipy.sparse import csr_matrix

        rows = [self.row(text) for text in texts]
        ends = np.cumsum([0, *(len(own) for own, _ in rows)])
        ids = np.concatenate([NO_IDS, *(own for own, _ in rows)])
        values = np.concatenate([np.zeros(0, np.float32), *(weights for _, weights in rows)])
        return csr_matrix((values, ids, ends), shape=(len(rows), len(self.terms)))

    def inside(self, word: str) -> "Word":
        """What is known of a word, kept for the next time."""
        known = self._of_word.get(word)
        if known is None:
            if len(self._of_word) >= CACHED_WORDS:
                self._of_word.clear()
            bare = fold(word)
            ids = [self.terms[term] for term in _terms_of_word(word, bare, self.recipe) if term in self.terms]
            after = self._after
            known = self._of_word[word] = Word(
                word,
                bare,
                word != bare,
                np.array(ids, dtype=np.int32),
                after.get(word, NO_PAIRS),
                after.get(FOLDED + bare, NO_PAIRS),
            )
        return known

    @cached_property
    def _after(self) -> dict[str, dict[str, int]]:
        """First word of the known pairs (with the sign of its view) → second word → number of the pair.

        A word's short list is faster to ask than one long one for which each pair would have to be spelt out.
        """
        found: dict[str, dict[str, int]] = {}
        for term, number in self.terms.items():
            first, blank, second = term.partition(" ")
            if blank and not term.startswith(LETTERS):
                found.setdefault(first, {})[second] = number
        return found


def _terms(text: Text, recipe: Recipe) -> Iterator[str]:
    bare = [fold(word) for word in text.words]
    for word, folded in zip(text.words, bare, strict=True):
        yield from _terms_of_word(word, folded, recipe)
    if recipe.pairs:
        for pair in _pairs(text.words, bare):
            yield from pair
    yield from (SIGNAL + name for name in text.signals)


def _pairs(words: Sequence[str], bare: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The terms of each pair of neighbours: folded, and as written where that differs."""
    for first, second, left, right in zip(words, words[1:], bare, bare[1:], strict=False):
        folded = f"{FOLDED}{left} {right}"
        yield (folded,) if first == left and second == right else (folded, f"{first} {second}")


def _terms_of_word(word: str, bare: str, recipe: Recipe) -> Iterator[str]:
    yield word
    yield FOLDED + bare
    shortest, longest = recipe.letters
    if longest and len(word) <= LONGEST_WORD:
        padded = f" {word} "
        for size in range(shortest, min(longest, len(padded)) + 1):
            yield from (LETTERS + padded[start : start + size] for start in range(len(padded) - size + 1))
