"""The linear classifier: words, pairs, letter groups, one weight a label; learns with scikit-learn, reads without."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from classifiers.copies import COPIES
from classifiers.features import Recipe, Text, Vocabulary, ready
from classifiers.lookup import Shelf
from classifiers.prediction import Span
from classifiers.scoring import LinearModel, Scores

NAIVE_ALPHA = 0.1  # 59.1 % right in the sum against 58.3 % at 1.0
WORTH_A_PROCESS = 500_000  # terms in the matrix from which labels are learned side by side
RAISE_RARE = 0.5  # 0 leaves rare labels as rare as they are, 1 makes them weigh as much as all others together


class LinearClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """A linear support vector machine over weighted terms, one label against the others.

    Parameters
    ----------
    C : float
        How much a text on the wrong side costs; smaller means simpler weights.
    recipe : Recipe or None
        Which terms are counted; the usual recipe when None.
    naive : float
        How much of the weights of a naive Bayes model is added: steadies labels with few texts.
    copies : sequence of str
        Each training text is also learned as others would have typed it (`classifiers.copies`).
    class_weight : "balanced" or None
        Whether rare labels weigh more, so that each label counts the same.
    vocabulary : Vocabulary or None
        Terms shared with other models; counted from the texts when None.
    random_state : int
        Seed of the solver.

    Examples
    --------
    >>> texts = ["Đèn đường tắt", "đèn hẻm không sáng", "rác chất đống", "xe rác không tới"]
    >>> model = LinearClassifier(recipe=Recipe(min_texts=1)).fit(texts, ["đèn", "đèn", "rác", "rác"])
    >>> model.predict(["den hem tat", "rac dau hem"]).tolist()
    ['đèn', 'rác']
    """

    def __init__(
        self,
        C: float = 0.5,
        *,
        recipe: Recipe | None = None,
        naive: float = 0.33,
        copies: Sequence[str] = ("bare",),
        class_weight: str | None = "balanced",
        vocabulary: Vocabulary | None = None,
        random_state: int = 0,
    ) -> None:
        self.C = C
        self.recipe = recipe
        self.naive = naive
        self.copies = copies
        self.class_weight = class_weight
        self.vocabulary = vocabulary
        self.random_state = random_state

    def fit(
        self,
        X: Sequence[str],
        y: Sequence[str],
        *,
        channels: Sequence[str] | None = None,
        sample_weight: Sequence[float] | None = None,
    ) -> Self:
        """Learn from texts and their labels."""
        if len(X) != len(y):
            raise ValueError(f"{len(X)} texts but {len(y)} labels")
        texts = with_copies(X, channels, self.copies)
        times = len(self.copies) + 1
        labels = np.tile(np.asarray(y, dtype=object), times)
        weights = None if sample_weight is None else np.tile(np.asarray(sample_weight, dtype=float), times)
        self._fit(texts, labels, weights)
        return self

    def _fit(self, texts: Sequence[Text], labels: NDArray[np.object_], weights: NDArray[np.float64] | None) -> None:
        self.classes_ = np.unique(labels.astype(str)).astype(object)
        if len(self.classes_) < 2:
            raise ValueError(f"one label is not enough to tell apart: {self.classes_.tolist()}")
        vocabulary = self.vocabulary or Vocabulary.of(texts, self.recipe or Recipe())
        matrix = vocabulary.matrix(texts)
        truth = labels[:, None] == self.classes_[None, :]
        columns, bias = one_against_the_others(
            matrix,
            truth,
            C=self.C,
            balanced=self.class_weight == "balanced",
            weights=weights,
            seed=self.random_state,
        )
        if self.naive:
            columns += np.float32(self.naive) * complement_weights(matrix, truth)
        self.model_ = LinearModel.fresh(self.classes_.tolist(), vocabulary, columns, bias)

    def decision_function(self, X: Sequence[str], *, channels: Sequence[str] | None = None) -> Scores:
        """The raw score of every label, a row a text."""
        check_is_fitted(self, "model_")
        return self.model_.scores_of(_ready(X, channels))

    def predict_proba(self, X: Sequence[str], *, channels: Sequence[str] | None = None) -> Scores:
        """The probability of every label, a row a text; rows sum to one."""
        return self.model_.probabilities(self.decision_function(X, channels=channels))

    def predict(self, X: Sequence[str], *, channels: Sequence[str] | None = None) -> NDArray[np.object_]:
        """The most probable label of each text."""
        scores = self.decision_function(X, channels=channels)
        return np.asarray(self.classes_[scores.argmax(axis=1)])

    def explain(self, text: str, label: str) -> tuple[Span, ...]:
        """The words of a text that spoke most for a label."""
        check_is_fitted(self, "model_")
        shelf = Shelf({"": self.model_})
        return shelf.why([shelf.look_up(ready(text))], {"": [self.classes_.tolist().index(label)]})[0][""]


def with_copies(X: Sequence[str], channels: Sequence[str] | None, copies: Sequence[str]) -> list[Text]:
    """The texts made ready, then each kind of copy in the same order."""
    ways = [COPIES[name] for name in copies]
    return _ready(X, channels) + [each for way in ways for each in _ready([way(text) for text in X], channels)]


def one_against_the_others(
    matrix: Any,
    truth: NDArray[np.bool_],
    unsaid: NDArray[np.bool_] | None = None,
    *,
    C: float,
    balanced: bool,
    weights: NDArray[np.float64] | None = None,
    seed: int = 0,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights (terms × labels) and bias of one linear support vector machine a label.

    ``truth`` has a row a text and a column a label; where ``unsaid`` holds, the text teaches nothing about the label.
    A label that no text has gets a score below all others, one that every text has a score above them.
    """
    from joblib import Parallel, delayed

    # Processes, not threads: the solver's dice are one for the whole process, and equal texts must give equal models.
    workers = -1 if matrix.nnz > WORTH_A_PROCESS else 1
    learned = Parallel(n_jobs=workers)(
        delayed(_one_machine)(
            matrix, truth[:, label], None if unsaid is None else unsaid[:, label], C, balanced, weights, seed
        )
        for label in range(truth.shape[1])
    )
    columns = np.stack([column for column, _ in learned], axis=1)
    return columns, np.array([bias for _, bias in learned], dtype=np.float32)


def _one_machine(
    matrix: Any,
    own: NDArray[np.bool_],
    unsaid: NDArray[np.bool_] | None,
    C: float,
    balanced: bool,
    weights: NDArray[np.float64] | None,
    seed: int,
) -> tuple[NDArray[np.float32], float]:
    """Weights and bias of one label."""
    from sklearn.svm import LinearSVC

    if not own.any() or own.all():
        return np.zeros(matrix.shape[1], dtype=np.float32), 1.0 if own.all() else -1.0
    of_own = float(((~own).sum() / own.sum()) ** RAISE_RARE) if balanced else 1.0
    machine = LinearSVC(C=C, class_weight={True: of_own, False: 1.0}, random_state=seed, tol=1e-3)
    said = slice(None) if unsaid is None or not unsaid.any() else np.flatnonzero(~unsaid)
    machine.fit(matrix[said], own[said], sample_weight=None if weights is None else weights[said])
    return machine.coef_[0].astype(np.float32), float(machine.intercept_[0])


def complement_weights(matrix: Any, truth: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The weights (terms × labels) of complement naive Bayes, centred: strong where single labels have few texts."""
    from sklearn.naive_bayes import ComplementNB

    model = ComplementNB(alpha=NAIVE_ALPHA).fit(matrix, truth.argmax(axis=1))
    found = np.zeros((matrix.shape[1], truth.shape[1]))
    found[:, model.classes_] = model.feature_log_prob_.T
    return np.asarray(found - found.mean(axis=1, keepdims=True), dtype=np.float32)


def _ready(X: Sequence[str], channels: Sequence[str] | None) -> list[Text]:
    if isinstance(X, str):
        raise TypeError("a list of texts is needed, not one text")
    own = channels if channels is not None else [""] * len(X)
    return [ready(text, channel=channel) for text, channel in zip(X, own, strict=True)]
