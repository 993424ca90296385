"""One contract for every line of ESTIMATORS."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone

from classifiers.copies import bare, chatty, decomposed
from classifiers.estimators import ESTIMATORS
from classifiers.estimators.keywords import KeywordClassifier
from classifiers.estimators.linear import LinearClassifier
from classifiers.features import Recipe
from classifiers.taxonomy import load_taxonomy

TEXTS = ["Đèn đường hẻm 9 tắt", "bóng đèn đường cháy", "rác ùn ứ ba ngày", "xe rác không tới lấy"] * 3
LABELS = ["den-duong-hong", "den-duong-hong", "thu-gom-rac", "thu-gom-rac"] * 3


@pytest.fixture(params=sorted(ESTIMATORS))
def estimator(request: pytest.FixtureRequest, tiny_encoder: Callable[[], Path]) -> Any:
    if request.param == "transformer":
        return ESTIMATORS["transformer"](tiny_encoder(), epochs=1)
    return ESTIMATORS[request.param]()


def test_fit_returns_itself_and_rows_of_probabilities_sum_to_one(estimator: Any) -> None:
    assert estimator.fit(TEXTS, LABELS) is estimator
    rows = estimator.predict_proba(["đèn đường tắt", "xin chào", ""])
    assert rows.shape == (3, len(estimator.classes_))
    assert rows.sum(axis=1) == pytest.approx(1)
    assert (rows >= 0).all()


def test_predictions_are_known_labels(estimator: Any) -> None:
    estimator.fit(TEXTS, LABELS)
    assert set(LABELS) <= set(estimator.classes_)
    said = estimator.predict(TEXTS)
    assert len(said) == len(TEXTS)
    assert set(said) <= set(estimator.classes_)
    assert len(estimator.predict([])) == 0


def test_a_clone_has_the_same_parameters_and_nothing_learned(estimator: Any) -> None:
    estimator.fit(TEXTS, LABELS)
    copy = clone(estimator)
    assert repr(copy.get_params()) == repr(estimator.get_params())
    assert not hasattr(copy, "classes_")


def test_init_only_stores_its_arguments(estimator: Any) -> None:
    for name, value in estimator.get_params(deep=False).items():
        assert getattr(estimator, name) is value


def test_the_same_seed_learns_the_same(estimator: Any) -> None:
    first = clone(estimator).fit(TEXTS, LABELS).predict_proba(TEXTS)
    second = clone(estimator).fit(TEXTS, LABELS).predict_proba(TEXTS)
    np.testing.assert_allclose(first, second, rtol=1e-5)


@pytest.mark.parametrize("change", [str, bare, decomposed, chatty, str.upper])
def test_keywords_are_found_however_they_are_typed(change: Callable[[str], str]) -> None:
    model = KeywordClassifier().fit([], [])
    text = change("Nắp cống trước nhà bị bể, không ai đậy")
    assert model.predict([text]).tolist() == ["mat-nap-cong"]


def test_keywords_explain_themselves_in_the_text_as_written() -> None:
    model = KeywordClassifier().fit([], [])
    text = "Dạ cái NẮP CỐNG bể rồi"
    spans = model.explain(text, "mat-nap-cong")
    assert next(text[span.start : span.end] for span in spans) == "NẮP CỐNG"


def test_a_text_without_any_cue_goes_to_the_topic_for_that() -> None:
    assert KeywordClassifier().fit([], []).predict(["zzz"]).tolist() == ["khong-du-thong-tin"]


@pytest.mark.parametrize("topic", ["den-duong-hong", "sat-lo", "karaoke-loa-keo", "bhxh-that-nghiep"])
def test_each_cue_alone_names_its_topic_among_the_best(topic: str) -> None:
    model = KeywordClassifier().fit([], [])
    for cue in load_taxonomy().topic(topic).cues:
        rows = model.predict_proba([cue])[0]
        assert rows[list(model.classes_).index(topic)] >= rows.max() - 1e-9, cue


def test_linear_reads_a_text_without_marks_like_the_one_with_marks() -> None:
    model = LinearClassifier(recipe=Recipe(min_texts=1)).fit(TEXTS, LABELS)
    texts = ["đèn đường tắt rồi", "xe rác đâu không thấy"]
    assert model.predict(texts).tolist() == model.predict([bare(text) for text in texts]).tolist()
    np.testing.assert_array_equal(model.predict_proba(texts), model.predict_proba([decomposed(t) for t in texts]))


def test_linear_explains_itself_with_words_of_the_text() -> None:
    model = LinearClassifier(recipe=Recipe(min_texts=1)).fit(TEXTS, LABELS)
    text = "Tối qua  ĐÈN ĐƯỜNG lại tắt"
    best = model.explain(text, "den-duong-hong")[0]
    assert "ĐÈN" in text[best.start : best.end]
    assert best.weight > 0


def test_linear_refuses_what_it_cannot_learn() -> None:
    with pytest.raises(ValueError, match="2 texts but 1 labels"):
        LinearClassifier().fit(["a", "b"], ["x"])
    with pytest.raises(ValueError, match="one label is not enough"):
        LinearClassifier(recipe=Recipe(min_texts=1)).fit(["a", "b"], ["x", "x"])
    with pytest.raises(TypeError, match="a list of texts"):
        LinearClassifier().fit("a text", ["x"] * 6)


def test_sample_weights_pull_the_answer() -> None:
    texts, labels = ["rác đèn", "đèn rác"], ["a", "b"]
    heavy = LinearClassifier(recipe=Recipe(min_texts=1), class_weight=None, copies=())
    assert heavy.fit(texts, labels, sample_weight=[1.0, 20.0]).predict(["đèn và rác"]).tolist() == ["b"]
