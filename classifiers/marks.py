"""Marks for texts typed without them: which word each bare one most likely was, learned from labelled texts."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from classifiers.features import Text
from classifiers.text.fold import fold

OPENING = -1  # the number of what stands before the first word and in the place of words never met
Ways = Sequence[tuple[int, float]]  # forms of a word, with the logarithm of how likely each is
NO_FORM: Ways = ((OPENING, 0.0),)
HOPELESS = 6.0  # so far behind the likeliest, a way is dropped: as many words right, less than half the time
_SURE = itemgetter(1)
MOST_FORMS = 9  # of a bare word; two points more words right than with four, for 0.45 instead of 0.17 ms a text
UNKNOWN = 0.05  # texts in which a word never met would have stood
SPARE = 5000  # words that could still come


@dataclass(frozen=True)
class Restorer:
    """A Viterbi search over word pairs with Witten-Bell smoothing (Chen & Goodman 1999).

    ``words`` are all words met, ``counts`` how often each stood; ``pairs`` has a row for each pair met: number of the
    first word (−1 where the second opens a text), number of the second, how often; ``followers`` holds for each word,
    and last for the opening, how often any word followed and how many different ones.
    """

    words: tuple[str, ...]
    counts: NDArray[np.int32]
    pairs: NDArray[np.int32]
    followers: NDArray[np.int32]

    @classmethod
    def of(cls, texts: Iterable[Sequence[str]]) -> "Restorer":
        """Learn from the words of texts; those without any mark teach nothing.

        >>> restorer = Restorer.of([("đèn", "hẻm", "tắt"), ("tát", "ao", "cá"), ("đèn", "hẻm", "sáng")])
        >>> restorer.restored(("den", "hem", "tat"))
        ('đèn', 'hẻm', 'tắt')
        """
        single: Counter[str] = Counter()
        double: Counter[tuple[str, str]] = Counter()
        for words in texts:
            if not is_bare(words):
                single.update(words)
                double.update(pairwise(("", *words)))
        known = tuple(sorted(single))
        number = {word: place for place, word in enumerate(known)} | {"": OPENING}
        followers = np.zeros((len(known) + 1, 2), dtype=np.int32)
        for (left, _), count in double.items():
            followers[number[left]] += (count, 1)
        pairs = sorted((number[left], number[right], count) for (left, right), count in double.items())
        counts = np.array([single[word] for word in known], dtype=np.int32)
        return cls(known, counts, np.array(pairs, dtype=np.int32).reshape(-1, 3), followers)

    def restored(self, words: Sequence[str]) -> tuple[str, ...]:
        """The likeliest words with marks, one for each; words never met stay as they are."""
        likely: Ways = [(OPENING, 0.0)]
        before: list[dict[int, int]] = []  # for each word: its form → the form before it on the best way
        for word in words:
            likely, via = self._step(likely, self._forms.get(word, NO_FORM))
            before.append(via)
        form = max(likely, key=_SURE)[0]
        found: list[str] = []
        for word, via in zip(reversed(words), reversed(before), strict=True):
            found.append(word if form == OPENING else self.words[form])
            form = via[form]
        return tuple(reversed(found))

    def _step(self, likely: Ways, forms: Ways) -> tuple[Ways, dict[int, int]]:
        """The best way to each form of the next word, hopeless ones left out, and over which form it comes."""
        size, pairs, seldom = len(self.words), self._pairs.get, self._seldom
        reached: list[tuple[int, float]] = []
        via: dict[int, int] = {}
        top = -math.inf
        for form, alone in forms:
            best = -math.inf
            for left, sure in likely:
                pair = pairs(left * size + form)
                total = sure + (seldom[left] + alone if pair is None else pair)
                if total > best:
                    best, via[form] = total, left
            reached.append((form, best))
            top = max(top, best)
        if len(reached) > 1:
            reached = [way for way in reached if way[1] >= top - HOPELESS]
        return reached, via

    @cached_property
    def _total(self) -> float:
        return float(self.counts.sum()) + SPARE

    @cached_property
    def _forms(self) -> dict[str, Ways]:
        """Bare word → the numbers of its commonest forms and the logarithm of how common each is."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(self.words):
            found[fold(word)].append(number)
        logs = np.log((self.counts + UNKNOWN) / self._total).tolist()
        counts = self.counts.tolist()
        return {
            bare: tuple((one, logs[one]) for one in sorted(forms, key=lambda one: -counts[one])[:MOST_FORMS])
            for bare, forms in found.items()
        }

    @cached_property
    def _seldom(self) -> list[float]:
        """For each word (last the opening) the logarithm of the share that words never seen behind it have."""
        times, kinds = self.followers[:, 0].astype(float), self.followers[:, 1].astype(float)
        logs: list[float] = np.log(np.where(times > 0, kinds / np.maximum(times + kinds, 1), 1.0)).tolist()
        return logs

    @cached_property
    def _pairs(self) -> dict[int, float]:
        """Pair (first × words + second) → logarithm of the probability of the second behind the first."""
        left, right, count = self.pairs.T.astype(np.int64)
        times, kinds = self.followers[left].T.astype(float)
        alone = (self.counts[right] + UNKNOWN) / self._total
        logs = np.log((count + kinds * alone) / (times + kinds))
        return dict(zip((left * len(self.words) + right).tolist(), logs.tolist(), strict=True))


def completed(text: Text, restorer: Restorer | None) -> Text:
    """The text with the marks its words most likely lack, when none of them bears any; spans stay as they are."""
    if restorer is None or not is_bare(text.words):
        return text
    return replace(text, words=restorer.restored(text.words))


def is_bare(words: Sequence[str]) -> bool:
    """Whether no word bears a mark, as on a keyboard without Vietnamese letters."""
    return all(word.isascii() for word in words)
