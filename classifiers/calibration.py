"""Probabilities that mean what they say, and thresholds with a promised error rate."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from classifiers.scoring import LINKS, LinearModel, Scores

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
NEVER = 2.0  # a threshold that no probability reaches
BINS = 15
SMALL = 1e-4  # keeps factors that change nothing near zero
FEWEST = 25  # accepted texts below which a measured share of right ones says nothing


@dataclass(frozen=True, slots=True)
class Fit:
    """Factors between scores and probabilities, and how badly they still fit (mean of −log p of the truth)."""

    slope: float
    prior_weight: float
    shift: float
    link: str
    loss: float

    def probabilities(self, scores: Scores, log_prior: Scores | None = None) -> Scores:
        """The probabilities under these factors."""
        total = self.slope * scores + self.shift
        return LINKS[self.link](total if log_prior is None else total + self.prior_weight * log_prior)


def fit(scores: Scores, truth: NDArray[np.int64], log_prior: Scores | None = None) -> Fit:
    """The link and factors under which the probabilities of the true labels are highest.

    >>> scores = np.array([[2.0, 0.0], [2.0, 0.0], [2.0, 0.0], [2.0, 0.0]])
    >>> found = fit(scores, np.array([0, 0, 0, 1]))  # three of four right
    >>> [round(float(p), 2) for p in found.probabilities(scores)[0]]
    [0.75, 0.25]
    """
    return min((_fit_link(scores, truth, log_prior, link) for link in ("softmax", "shares")), key=lambda one: one.loss)


def _fit_link(scores: Scores, truth: NDArray[np.int64], log_prior: Scores | None, link: str) -> Fit:
    from scipy.optimize import minimize

    rows = np.arange(len(truth))

    def factors(free: Numbers) -> Fit:
        weight = 0.0 if log_prior is None else float(free[1])
        return Fit(float(np.exp(free[0])), weight, float(free[2]) if link == "shares" else 0.0, link, 0.0)

    def loss(free: Numbers) -> float:
        said = factors(free).probabilities(scores, log_prior)
        return float(-np.log(said[rows, truth] + 1e-12).mean() + SMALL * (free[1] ** 2 + free[2] ** 2))

    best = minimize(loss, np.array([1.0, 0.0, 0.0]), method="Nelder-Mead", options={"maxiter": 300})
    return replace(factors(best.x), loss=float(best.fun))


def fit_flag(scores: Numbers, prior: Numbers, truth: Flags) -> tuple[float, float, float]:
    """Slope, weight of the prior (a logit) and shift under which a sigmoid fits one flag best; both factors ≥ 0."""
    from scipy.optimize import minimize

    def loss(factors: Numbers) -> float:
        total = factors[0] * scores + factors[1] * prior + factors[2]
        signed = np.where(truth, total, -total)
        return float(np.logaddexp(0, -signed).mean() + 1e-3 * (factors[:2] ** 2).sum() / len(truth))

    bounds = [(0.0, None), (0.0, None), (None, None)]
    best = minimize(loss, np.array([1.0, 0.5, 0.0]), method="L-BFGS-B", bounds=bounds).x
    return float(best[0]), float(best[1]), float(best[2])


def expected_calibration_error(probabilities: Numbers, right: Flags, bins: int = BINS) -> float:
    """How far said and true shares lie apart on average, over bins of equal width.

    >>> expected_calibration_error(np.array([0.8, 0.8, 0.8, 0.8, 0.8]), np.array([1, 1, 1, 1, 0], bool))
    0.0
    """
    if not len(probabilities):
        return 0.0
    own = np.minimum((probabilities * bins).astype(int), bins - 1)
    gaps = [
        abs(right[own == each].mean() - probabilities[own == each].mean()) * (own == each).mean() for each in set(own)
    ]
    return round(float(sum(gaps)), 6)


def threshold_for(probabilities: Numbers, right: Flags, *, promise: float, fewest: int = FEWEST) -> float:
    """The lowest probability from which at least the promised share is right; `NEVER` when none is known.

    >>> said = np.array([0.9, 0.8, 0.7, 0.6])
    >>> threshold_for(said, np.array([True, True, True, False]), promise=0.95, fewest=2)
    0.7
    >>> threshold_for(said, np.array([False, True, True, False]), promise=0.95, fewest=2)
    2.0
    """
    order = np.argsort(-probabilities, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    last_of_its_value = np.append(np.diff(probabilities[order]) != 0, True)
    good = np.flatnonzero((share >= promise) & last_of_its_value & (np.arange(1, len(order) + 1) >= fewest))
    return float(probabilities[order][good[-1]]) if len(good) else NEVER


def thresholds_by_label(
    labels: Sequence[str], said: NDArray[np.int64], probabilities: Numbers, right: Flags, *, promise: float
) -> dict[str, float]:
    """A threshold of its own for every label said often enough; the others keep the task's."""
    found: dict[str, float] = {}
    for index, label in enumerate(labels):
        own = said == index
        if own.sum() >= 2 * FEWEST:
            found[label] = threshold_for(probabilities[own], right[own], promise=promise)
    return found


def best_threshold(scores: Numbers, truth: Flags) -> float:
    """The score from which F1 is best; `NEVER` when nothing is true.

    >>> best_threshold(np.array([0.9, 0.5, 0.4, 0.1]), np.array([True, True, False, False]))
    0.5
    """
    if not truth.any():
        return NEVER
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order])
    both = 2 * hits / (np.arange(1, len(order) + 1) + truth.sum())
    return float(scores[order][int(both.argmax())])


def threshold_for_recall(probabilities: Numbers, truth: Flags, *, recall: float) -> float:
    """The highest probability at which at least this share of the true ones is still found.

    >>> threshold_for_recall(np.array([0.9, 0.4, 0.2, 0.1]), np.array([True, False, True, False]), recall=1.0)
    0.2
    """
    found = np.sort(probabilities[truth])[::-1]
    if not len(found):
        return 0.5
    return float(found[int(np.ceil(recall * len(found))) - 1])


def calibrate(
    model: LinearModel, scores: Scores, truth: NDArray[np.int64], log_prior: Scores | None = None
) -> LinearModel:
    """The model with link and factors fitted to scores of texts not trained on."""
    found = fit(scores, truth, log_prior)
    every = np.ones(len(model.labels))
    return model.with_factors(every * found.slope, every * found.prior_weight, every * found.shift, found.link)
