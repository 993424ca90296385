"""Probabilities that mean what they say, thresholds that keep their promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.calibration import (
    NEVER,
    expected_calibration_error,
    fit,
    fit_flag,
    threshold_for,
    threshold_for_recall,
    thresholds_by_label,
)
from classifiers.scoring import LINKS, sigmoid


def _overconfident(texts: int = 3000) -> tuple[np.ndarray, np.ndarray]:
    """Scores five times too large for a truth drawn from them."""
    dice = np.random.default_rng(0)
    scores = dice.normal(size=(texts, 5))
    powers = np.exp(scores)
    truth = np.array([dice.choice(5, p=row / row.sum()) for row in powers])
    return scores * 5, truth


def test_fitted_probabilities_are_as_often_right_as_they_say() -> None:
    scores, truth = _overconfident()
    raw = LINKS["softmax"](scores)
    said = fit(scores, truth).probabilities(scores)
    errors = [expected_calibration_error(p.max(axis=1), p.argmax(axis=1) == truth) for p in (raw, said)]
    assert errors[0] > 0.2
    assert errors[1] < 0.03


def test_a_prior_that_knows_the_truth_gets_weight() -> None:
    scores, truth = _overconfident(500)
    prior = np.log(np.where(np.eye(5)[truth] > 0, 0.9, 0.025))
    assert fit(scores, truth, prior).prior_weight > 0.5
    assert fit(scores, truth).prior_weight == 0


def test_a_flag_is_fitted_from_scores_and_prior() -> None:
    dice = np.random.default_rng(1)
    scores, prior = dice.normal(size=800), dice.normal(size=800)
    truth = dice.random(800) < sigmoid(3 * scores + 1 * prior - 2)
    slope, weight, shift = fit_flag(scores, prior, truth)
    assert slope == pytest.approx(3, abs=0.6)
    assert weight == pytest.approx(1, abs=0.4)
    assert shift == pytest.approx(-2, abs=0.5)


probabilities = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


@given(probabilities, st.sampled_from([0.8, 0.9, 0.97]))
def test_what_is_accepted_keeps_the_promise(said: list[tuple[float, bool]], promise: float) -> None:
    sure, right = np.array([p for p, _ in said]), np.array([r for _, r in said])
    threshold = threshold_for(sure, right, promise=promise, fewest=1)
    if threshold < NEVER:
        assert right[sure >= threshold].mean() >= promise


@given(probabilities, st.sampled_from([0.5, 0.9, 1.0]))
def test_the_threshold_for_recall_finds_its_share(said: list[tuple[float, bool]], recall: float) -> None:
    sure, truth = np.array([p for p, _ in said]), np.array([t for _, t in said])
    threshold = threshold_for_recall(sure, truth, recall=recall)
    if truth.any():
        assert (sure[truth] >= threshold).mean() >= recall


def test_labels_said_seldom_have_no_threshold_of_their_own() -> None:
    said = np.array([0] * 60 + [1] * 5)
    sure = np.full(65, 0.9)
    found = thresholds_by_label(["a", "b"], said, sure, np.ones(65, dtype=bool), promise=0.9)
    assert found == {"a": 0.9}
