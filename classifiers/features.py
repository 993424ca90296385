"""What the linear models see of a text: words, pairs, letter groups, signal words, weighted. Needs numpy only."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from classifiers.rules import signals
from classifiers.text.clean import Cleaned
from classifiers.text.fold import fold
from classifiers.text.prepare import prepared
from classifiers.text.tokens import WORD

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]
Ids = NDArray[np.int32]
Numbers = NDArray[np.int64]
FOLDED, LETTERS, SIGNAL = "~", "#", "§"
LONGEST_WORD = 24  # letter groups of longer "words" (links, keyboard noise) say nothing
CACHED_WORDS = 60_000
NO_IDS = np.zeros(0, dtype=np.int32)
LENGTHS = (3, 8, 20, 45, 90)  # words; a text's length is a signal too


@dataclass(frozen=True, slots=True)
class Recipe:
    """Which terms are counted: pairs of words, letter groups of these sizes at this weight, signals.

    The folded view of each word stands beside the marked one, so that a text without marks is read alike.
    """

    pairs: bool = True
    letters: tuple[int, int] = (2, 4)
    letters_weight: float = 0.5
    signals_weight: float = 2.0  # sentiment of posts 70 → 74 % right
    min_texts: int = 2


@dataclass(frozen=True, slots=True)
class Text:
    """A text made ready: its words, its signals, and the way back to the original."""

    words: tuple[str, ...]
    signals: tuple[str, ...] = ()
    source: Cleaned | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is left of the text once invisible signs are gone."""
        return self.source is not None and not self.source.text

    def spans(self, numbers: Iterable[int]) -> list[tuple[int, int]]:
        """Where these words stand in the original text."""
        if self.source is None:
            return []
        places = [match.span() for match in WORD.finditer(self.source.text)]
        return [self.source.original(*places[number]) for number in numbers]


def ready(text: str, *, channel: str = "") -> Text:
    """Make a text ready for the features; the channel ("report" or any of the public ones) is a signal.

    >>> text = ready("Đèn hẻm 9 tắt, rò điện?", channel="report")
    >>> text.words
    ('đèn', 'hẻm', '0', 'tắt', 'rò', 'điện')
    >>> text.signals
    ('electric', 'report', 'words<8', '?')
    """
    source = prepared(text)
    words = tuple(WORD.findall(source.text))
    found = [name for name, _, _ in signals(words)]
    if channel:
        found.append("report" if channel == "report" else "post")
    found.append(next((f"words<{limit}" for limit in LENGTHS if len(words) < limit), "long"))
    found += [sign for sign in "?!" if sign in source.text]
    return Text(words, tuple(found), source)


@dataclass(frozen=True, slots=True)
class Row:
    """The terms of one text: their numbers and weights, and which words they came from.

    ``places[i]`` is the position in ``ids`` of the i-th term met, ``owners[i]`` the number of its (first) word;
    ``pairs`` are the terms that belong to the word after the owner as well.
    """

    ids: Ids
    values: Floats
    places: Numbers
    owners: Numbers
    pairs: slice

    def word_weights(self, shares: Floats, words: int) -> Floats:
        """How much each word weighs when each term has a share: every term counts for the words it came from."""
        met = shares[self.places]
        total = np.bincount(self.owners, weights=met, minlength=words + 1)
        total += np.bincount(self.owners[self.pairs] + 1, weights=met[self.pairs], minlength=words + 1)
        return total[:words].astype(np.float32)


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
    _of_word: dict[str, tuple[str, Ids]] = field(default_factory=dict, repr=False, compare=False)

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

    def row(self, text: Text) -> Row:
        """The terms of a text, counted and weighed; the weights have length one."""
        number = len(text.words)
        looked_up = [self._ids(word) for word in text.words]
        inside = [own for _, own in looked_up]
        pairs, firsts = self._pairs(text.words, [bare for bare, _ in looked_up])
        named = [found for name in text.signals if (found := self.terms.get(SIGNAL + name)) is not None]
        every = np.concatenate([NO_IDS, *inside, np.array(pairs + named, dtype=np.int32)])
        owners = np.repeat(np.arange(number), [len(own) for own in inside])
        owners = np.concatenate([owners, np.array(firsts + [number] * len(named), dtype=np.int64)])
        ids, places, counts = np.unique(every, return_inverse=True, return_counts=True)
        values = (np.log(counts) + 1).astype(np.float32) * self.scale[ids]
        length = float(np.sqrt(values @ values))
        values = values / np.float32(length) if length else values
        return Row(ids, values, places, owners, slice(len(every) - len(pairs) - len(named), len(every) - len(named)))

    def matrix(self, texts: Sequence[Text]) -> "csr_matrix":
        """The rows of many texts as one sparse matrix."""
        from scipy.sparse import csr_matrix

        rows = [self.row(text) for text in texts]
        ends = np.cumsum([0, *(len(row.ids) for row in rows)])
        ids = np.concatenate([NO_IDS, *(row.ids for row in rows)])
        values = np.concatenate([np.zeros(0, np.float32), *(row.values for row in rows)])
        return csr_matrix((values, ids, ends), shape=(len(rows), len(self.terms)))

    def _pairs(self, words: Sequence[str], bare: Sequence[str]) -> tuple[list[int], list[int]]:
        """The known pairs of neighbours, and beside each the number of its first word."""
        if not self.recipe.pairs:
            return [], []
        get = self.terms.get
        ids: list[int] = []
        firsts: list[int] = []
        for views, sign in ((words, ""), (bare, FOLDED)):
            for first, (left, right) in enumerate(pairwise(views)):
                if (found := get(f"{sign}{left} {right}")) is not None:
                    ids.append(found)
                    firsts.append(first)
        return ids, firsts

    def _ids(self, word: str) -> tuple[str, Ids]:
        """A word's folded form and the ids of the terms inside it, kept for the next time."""
        known = self._of_word.get(word)
        if known is None:
            if len(self._of_word) >= CACHED_WORDS:
                self._of_word.clear()
            bare = fold(word)
            ids = [self.terms[term] for term in _terms_of_word(word, bare, self.recipe) if term in self.terms]
            known = self._of_word[word] = (bare, np.array(ids, dtype=np.int32))
        return known


def _terms(text: Text, recipe: Recipe) -> Iterator[str]:
    bare = [fold(word) for word in text.words]
    for word, folded in zip(text.words, bare, strict=True):
        yield from _terms_of_word(word, folded, recipe)
    if recipe.pairs:
        yield from (f"{first} {second}" for first, second in pairwise(text.words))
        yield from (f"{FOLDED}{first} {second}" for first, second in pairwise(bare))
    yield from (SIGNAL + name for name in text.signals)


def _terms_of_word(word: str, bare: str, recipe: Recipe) -> Iterator[str]:
    yield word
    yield FOLDED + bare
    shortest, longest = recipe.letters
    if longest and len(word) <= LONGEST_WORD:
        padded = f" {word} "
        for size in range(shortest, min(longest, len(padded)) + 1):
            yield from (LETTERS + padded[start : start + size] for start in range(len(padded) - size + 1))
