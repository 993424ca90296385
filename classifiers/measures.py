"""How good predictions are: shares right, F1 by label, calibration, what can be accepted; plain numpy."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.calibration import Flags, Numbers, expected_calibration_error

Measures = dict[str, Any]


def measure(
    labels: Sequence[str], truth: NDArray[np.int64], said: NDArray[np.int64], sure: Numbers, accepted: Flags
) -> Measures:
    """Measures of a task whose labels exclude one another.

    ``truth`` and ``said`` hold label numbers, ``sure`` the probability of what was said, ``accepted`` whether it
    reached its threshold.

    >>> sure = np.array([0.9, 0.6, 0.8, 0.7])
    >>> found = measure(["có", "không"], np.array([0, 1, 1, 1]), np.array([0, 1, 0, 1]), sure, sure > 0.65)
    >>> found["accuracy"], found["accepted"], found["accepted_right"]
    (0.75, 0.75, 0.6667)
    """
    right = said == truth
    by_label = {label: f1(truth == index, said == index) for index, label in enumerate(labels)}
    present = [by_label[label]["f1"] for index, label in enumerate(labels) if (truth == index).any()]
    return {
        "texts": len(truth),
        "accuracy": _share(right),
        "macro_f1": round(float(np.mean(present)), 4) if present else 0.0,
        "ece": round(expected_calibration_error(sure, right), 4),
        "accepted": _share(accepted),
        "accepted_right": _share(right[accepted]),
        "by_label": by_label,
    }


def measure_several(labels: Sequence[str], truth: Flags, given: Flags) -> Measures:
    """Measures of a task where several labels can hold: a row a text, a column a label."""
    by_label = {label: f1(truth[:, index], given[:, index]) for index, label in enumerate(labels)}
    present = [by_label[label]["f1"] for index, label in enumerate(labels) if truth[:, index].any()]
    return {
        "texts": len(truth),
        "accuracy": _share((given == truth).all(axis=1)),
        "macro_f1": round(float(np.mean(present)), 4) if present else 0.0,
        "by_label": by_label,
    }


def f1(truth: Flags, given: Flags) -> dict[str, float]:
    """Precision, recall and F1 of one label, and how many texts have it."""
    hits = float((truth & given).sum())
    precision = hits / given.sum() if given.any() else 0.0
    recall = hits / truth.sum() if truth.any() else 0.0
    both = precision + recall
    rounded = (round(float(value), 4) for value in (precision, recall, 2 * precision * recall / both if both else 0.0))
    return {**dict(zip(("precision", "recall", "f1"), rounded, strict=True)), "texts": int(truth.sum())}


def macro_f1(truth: NDArray[np.int64], said: NDArray[np.int64]) -> float:
    """The mean F1 of the labels that occur in the truth; label numbers from 0.

    >>> round(macro_f1(np.array([0, 1, 1, 1]), np.array([0, 1, 0, 1])), 4)
    0.7333
    """
    size = int(max(truth.max(), said.max())) + 1
    hits = np.bincount(truth[truth == said], minlength=size)
    own, given = np.bincount(truth, minlength=size), np.bincount(said, minlength=size)
    present = own > 0
    return float((2 * hits[present] / (own + given)[present]).mean())


def share_right(truth: NDArray[np.int64], said: NDArray[np.int64]) -> float:
    """The share of the texts whose label is right."""
    return float((truth == said).mean())


def bootstrap_interval(
    truth: NDArray[np.int64],
    said: NDArray[np.int64],
    measured: Callable[[NDArray[np.int64], NDArray[np.int64]], float] = share_right,
    *,
    seed: int = 0,
    rounds: int = 1000,
) -> tuple[float, float]:
    """The 95 % interval of a measure, by drawing the texts anew (percentile bootstrap); there must be texts."""
    draws = np.random.default_rng(seed).integers(0, len(truth), (rounds, len(truth)))
    found = [measured(truth[draw], said[draw]) for draw in draws]
    low, high = np.quantile(found, [0.025, 0.975])
    return round(float(low), 4), round(float(high), 4)


def _share(flags: Flags) -> float:
    return round(float(flags.mean()), 4) if len(flags) else 0.0
