"""A linear model after training: terms × labels, a bias, a temperature; reads a text in microseconds and says why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from classifiers.features import Floats, Text, Vocabulary

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Scores = NDArray[np.float64]
FIRST_SLOPE = 4.0  # margins of a linear SVM lie around ±1


@dataclass(frozen=True)
class LinearModel:
    """Weights learned for the labels of one task.

    ``weights`` may be kept in half precision.
    ``link`` says how scores become probabilities: ``softmax``; ``shares`` (one sigmoid a label, divided by their sum),
    which suits many labels better; ``each`` where labels do not exclude one another (flags): one sigmoid a label.
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
    link: str = "softmax"

    @classmethod
    def fresh(
        cls, labels: Sequence[str], vocabulary: Vocabulary, weights: Floats, bias: Floats, *, link: str = "softmax"
    ) -> "LinearModel":
        """A model whose probabilities are not fitted yet."""
        size = len(labels)
        ones, zeros = np.full(size, FIRST_SLOPE, dtype=np.float32), np.zeros(size, dtype=np.float32)
        return cls(tuple(labels), vocabulary, weights, bias, ones, zeros, zeros, link)

    def scores_of(self, texts: Sequence[Text]) -> Scores:
        """The raw scores of many texts, a row each."""
        return self.scores_in(self.vocabulary.matrix(texts)) if texts else np.zeros((0, len(self.labels)))

    def scores_in(self, matrix: "csr_matrix") -> Scores:
        """The raw scores of texts whose terms are rows of a matrix already (`Vocabulary.matrix`)."""
        return np.asarray(matrix @ self.weights.astype(np.float32, copy=False) + self.bias, dtype=np.float64)

    def probabilities(self, scores: Scores, prior: Scores | None = None) -> Scores:
        """Scores → probabilities: rows that sum to one, or one probability a label where several can hold.

        ``prior`` holds logarithms of probabilities (logits where several can hold).
        """
        total = scores * self.slopes + self.shifts
        if prior is not None:
            total = total + prior * self.prior_weights
        return LINKS[self.link](total)

    @property
    def several(self) -> bool:
        """Whether several labels can hold at once."""
        return self.link == "each"

    def with_factors(
        self, slopes: Scores, prior_weights: Scores, shifts: Scores, link: str | None = None
    ) -> "LinearModel":
        """The same model with other factors between scores and probabilities."""
        return replace(
            self,
            link=link or self.link,
            slopes=slopes.astype(np.float32),
            prior_weights=prior_weights.astype(np.float32),
            shifts=shifts.astype(np.float32),
        )


def lead(scores: Scores) -> Scores:
    """How far the best score of each row lies above the second best."""
    best = np.partition(scores, -2, axis=-1)
    return np.asarray(best[..., -1] - best[..., -2])


def choose(probabilities: Scores, preferred: dict[int, float]) -> NDArray[np.int64]:
    """The label of each row: the first preferred one that reaches its probability, else the most probable.

    >>> choose(np.array([[0.3, 0.7], [0.1, 0.9]]), {0: 0.25}).tolist()
    [0, 1]
    """
    said = probabilities.argmax(axis=-1)
    for label, enough in reversed(preferred.items()):
        said = np.where(probabilities[..., label] >= enough, label, said)
    return np.asarray(said)


def softmax(scores: Scores) -> Scores:
    """Scores → positive numbers that sum to one along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True, initial=-np.inf))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def sigmoid(scores: Scores) -> Scores:
    """Scores → numbers between 0 and 1, each for itself."""
    return np.asarray(1 / (1 + np.exp(np.minimum(-scores, 50.0))))


def shares(scores: Scores) -> Scores:
    """Scores → one sigmoid a label, divided by their sum."""
    powers = sigmoid(scores)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


LINKS: dict[str, Callable[[Scores], Scores]] = {"softmax": softmax, "shares": shares, "each": sigmoid}
