"""A linear model after training: terms × labels, a bias, a temperature; reads a text in microseconds and says why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from classifiers.features import Floats, Ids, Text, Vocabulary
from classifiers.prediction import Span

Scores = NDArray[np.float64]
WORDS_SHOWN = 6
FIRST_SLOPE = 4.0  # margins of a linear SVM lie around ±1


@dataclass(frozen=True)
class LinearModel:
    """Weights learned for the labels of one task.

    ``several`` is True where labels do not exclude one another (flags): each then has its own probability.
    ``slopes`` (one over the temperature), ``prior_weights`` and ``shifts`` turn scores into probabilities;
    they are fitted on texts not trained on (`calibration`). The prior says what the other tasks imply.
    """

    labels: tuple[str, ...]
    vocabulary: Vocabulary
    weights: Floats
    bias: Floats
    slopes: Floats
    prior_weights: Floats
    shifts: Floats
    several: bool = False

    @classmethod
    def fresh(
        cls, labels: Sequence[str], vocabulary: Vocabulary, weights: Floats, bias: Floats, *, several: bool = False
    ) -> "LinearModel":
        """A model whose probabilities are not fitted yet."""
        size = len(labels)
        ones, zeros = np.full(size, FIRST_SLOPE, dtype=np.float32), np.zeros(size, dtype=np.float32)
        return cls(tuple(labels), vocabulary, weights, bias, ones, zeros, zeros, several)

    def scores(self, ids: Ids, values: Floats) -> Scores:
        """The raw score of each label for one row of the vocabulary."""
        return np.asarray(values @ self.weights[ids] + self.bias, dtype=np.float64)

    def scores_of(self, texts: Sequence[Text]) -> Scores:
        """The raw scores of many texts, a row each."""
        if not texts:
            return np.zeros((0, len(self.labels)))
        return np.asarray(self.vocabulary.matrix(texts) @ self.weights + self.bias, dtype=np.float64)

    def probabilities(self, scores: Scores, prior: Scores | None = None) -> Scores:
        """Scores → probabilities: rows that sum to one, or one probability a label where several can hold.

        ``prior`` holds logarithms of probabilities (logits where several can hold).
        """
        total = scores * self.slopes + self.shifts
        if prior is not None:
            total = total + prior * self.prior_weights
        return sigmoid(total) if self.several else softmax(total)

    def why(self, text: Text, label: int, row: tuple[Ids, Floats] | None = None) -> tuple[Span, ...]:
        """The words that spoke most for a label, strongest first; neighbours are joined."""
        weights = self._word_weights(text, label, row or self.vocabulary.row(text))
        spans = text.spans()
        joined: list[Span] = []
        previous = -2
        for index in sorted(np.argsort(-weights)[:WORDS_SHOWN].tolist()):
            weight = float(weights[index])
            if weight <= 0:
                continue
            start, end = spans[index]
            if index == previous + 1:
                joined[-1] = Span(joined[-1].start, end, joined[-1].weight + weight)
            else:
                joined.append(Span(start, end, weight))
            previous = index
        return tuple(sorted(joined, key=lambda span: -span.weight))

    def _word_weights(self, text: Text, label: int, row: tuple[Ids, Floats]) -> Scores:
        """How much each word spoke for a label, against what its terms say for all labels on average."""
        ids, values = row
        shares = values * self._contrast(ids, label)
        parts, owners = self.vocabulary.parts(text)
        return np.asarray(
            np.bincount(owners, weights=shares[np.searchsorted(ids, parts)], minlength=len(text.words)),
            dtype=np.float64,
        )

    def _contrast(self, ids: Ids, label: int) -> Floats:
        rows = self.weights[ids]
        return rows[:, label] if self.several else rows[:, label] - rows.mean(axis=1)

    def with_factors(self, slopes: Scores, prior_weights: Scores, shifts: Scores) -> "LinearModel":
        """The same model with other factors between scores and probabilities."""
        return replace(
            self,
            slopes=slopes.astype(np.float32),
            prior_weights=prior_weights.astype(np.float32),
            shifts=shifts.astype(np.float32),
        )


def softmax(scores: Scores) -> Scores:
    """Scores → positive numbers that sum to one along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True, initial=-np.inf))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def sigmoid(scores: Scores) -> Scores:
    """Scores → numbers between 0 and 1, each for itself."""
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -50, 50))))
