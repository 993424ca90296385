"""The keyword classifier: names the topic whose cue words a text uses most; needs no training data."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from classifiers.prediction import Span
from classifiers.scoring import Scores, softmax
from classifiers.taxonomy import Taxonomy, load_taxonomy
from classifiers.text.fold import fold
from classifiers.text.prepare import prepared
from classifiers.text.tokens import WORD

LONGER_COUNTS_MORE = 1.5  # weight of a cue of n syllables is n to this power
WITHOUT_MARKS = 0.5  # a cue that fits only without its marks counts half in a text that has marks
NO_CUE = "khong-du-thong-tin"


class KeywordClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Name the topic whose words a text uses most; needs no training data.

    Parameters
    ----------
    taxonomy : Taxonomy or None
        Where the cue words stand; the shipped one when None.
    sharpness : float
        How decidedly weights become probabilities.

    Examples
    --------
    >>> model = KeywordClassifier().fit([], [])
    >>> model.predict(["Đèn đường hỏng ba ngày nay", "xe rac khong toi thu gom"]).tolist()
    ['den-duong-hong', 'thu-gom-rac']
    >>> model.explain("Hẻm 9 đèn đường tắt", "den-duong-hong")
    (Span(start=6, end=15, weight=2.83),)
    """

    def __init__(self, taxonomy: Taxonomy | None = None, *, sharpness: float = 0.8) -> None:
        self.taxonomy = taxonomy
        self.sharpness = sharpness

    def fit(self, X: Sequence[str], y: Sequence[str]) -> Self:  # noqa: ARG002 - the interface of an estimator
        """Read the cue words; texts and labels are not looked at."""
        leaves = (self.taxonomy or load_taxonomy()).leaves
        self.classes_ = np.array(sorted(leaves), dtype=object)
        self.cues_ = _by_first_word(
            (cue, index) for index, slug in enumerate(self.classes_) for cue in leaves[slug].cues
        )
        return self

    def predict_proba(self, X: Sequence[str]) -> Scores:
        """The probability of every topic, a row a text; rows sum to one."""
        check_is_fitted(self, "cues_")
        return softmax(np.array([self._weights(text) for text in X]).reshape(-1, len(self.classes_)) * self.sharpness)

    def predict(self, X: Sequence[str]) -> NDArray[np.object_]:
        """The topic with the weightiest cues of each text."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])

    def explain(self, text: str, label: str) -> tuple[Span, ...]:
        """The cue words of a text that spoke for a topic."""
        own = self.classes_.tolist().index(label)
        state = prepared(text)
        places = [match.span() for match in WORD.finditer(state.text)]
        spans = [
            Span(*state.original(places[first][0], places[last - 1][1]), round(weight, 2))
            for first, last, owner, weight in self._hits(WORD.findall(state.text))
            if owner == own
        ]
        return tuple(sorted(spans, key=lambda span: -span.weight))

    def _weights(self, text: str) -> list[float]:
        total: Counter[int] = Counter()
        for _, _, owner, weight in self._hits(WORD.findall(prepared(text).text)):
            total[owner] += weight  # type: ignore[assignment]  # counters add up fractions as well
        if not total and NO_CUE in self.classes_:
            total[self.classes_.tolist().index(NO_CUE)] = 1
        return [float(total[index]) for index in range(len(self.classes_))]

    def _hits(self, words: Sequence[str]) -> Iterable[tuple[int, int, int, float]]:
        """Each cue in the words: first word, word after the last, topic, weight; a longer cue hides those inside it."""
        bare = [fold(word) for word in words]
        unmarked = list(words) == bare
        end = 0
        for first, word in enumerate(bare):
            for phrase, folded, owner, share in self.cues_.get(word, ()):
                last = first + len(folded)
                if last < end or tuple(bare[first:last]) != folded:
                    continue
                exact = unmarked or tuple(words[first:last]) == phrase
                yield first, last, owner, len(folded) ** LONGER_COUNTS_MORE * share * (1 if exact else WITHOUT_MARKS)
                end = max(end, last)


_Cue = tuple[tuple[str, ...], tuple[str, ...], int, float]


def _by_first_word(cues: Iterable[tuple[str, int]]) -> dict[str, list[_Cue]]:
    """Cues by their first bare word, longest first; a cue of several topics is shared among them."""
    owners: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for cue, owner in cues:
        owners[tuple(WORD.findall(prepared(cue).text))].append(owner)
    found: dict[str, list[_Cue]] = defaultdict(list)
    for phrase, own in owners.items():
        folded = tuple(fold(word) for word in phrase)
        found[folded[0]] += [(phrase, folded, owner, 1 / len(own)) for owner in own]
    for together in found.values():
        together.sort(key=lambda cue: -len(cue[1]))
    return found
