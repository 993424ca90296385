"""Models side by side: the same scores as the matrix gives, and the words behind them."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers import lookup
from classifiers.features import Recipe, Vocabulary, ready
from classifiers.lookup import Shelf
from classifiers.scoring import LinearModel

TEXTS = ["đèn đường tắt", "đèn hẻm tắt rồi", "den duong tat", "rác đầy đường", "Rác hôi quá, ai dọn?"]
VOCABULARY = Vocabulary.of([ready(text) for text in TEXTS], Recipe(min_texts=1))


def model(labels: int, seed: int) -> LinearModel:
    dice = np.random.default_rng(seed)
    weights = dice.normal(size=(len(VOCABULARY.terms), labels)).astype(np.float32)
    names = [f"nhãn {number}" for number in range(labels)]
    return LinearModel.fresh(names, VOCABULARY, weights, dice.normal(size=labels).astype(np.float32))


MODELS = {"một": model(3, 1), "hai": model(5, 2)}
SHELF = Shelf(MODELS)


@given(st.one_of(st.sampled_from(TEXTS), st.text(alphabet="đèn rác tắt. ", max_size=80), st.text(max_size=80)))
def test_the_scores_are_those_of_the_matrix(text: str) -> None:
    made = ready(text)
    scores = SHELF.scores([SHELF.look_up(made)])
    for task, own in MODELS.items():
        np.testing.assert_allclose(scores[task], own.scores_of([made]), atol=1e-4)


def test_a_full_table_is_emptied_and_filled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "CACHED_WORDS", 5)
    shelf = Shelf(MODELS)
    for text in TEXTS * 2:
        made = ready(text)
        scores = shelf.scores([shelf.look_up(made)])["một"]
        np.testing.assert_allclose(scores, MODELS["một"].scores_of([made]), atol=1e-4)


def test_threads_read_what_one_alone_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "CACHED_WORDS", 12)
    shelf = Shelf(MODELS)
    made = [
        ready(f"{text} {number} đèn {chr(97 + number % 26)}{number}") for number in range(300) for text in TEXTS[:2]
    ]
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(shelf.look_up, made))
    scores = shelf.scores(seen)["một"]
    np.testing.assert_allclose(scores, MODELS["một"].scores_of(made), atol=1e-4)


def speaking_for(term: str) -> Shelf:
    weights = np.zeros((len(VOCABULARY.terms), 2), dtype=np.float32)
    weights[VOCABULARY.terms[term], 0] = 1
    return Shelf({"": LinearModel.fresh(["đèn", "rác"], VOCABULARY, weights, np.zeros(2, dtype=np.float32))})


def test_why_points_into_the_original_text() -> None:
    text = "Ối  ĐÈN… tối quá"
    shelf = speaking_for("~den")
    (span,) = shelf.why([shelf.look_up(ready(text))], {"": [0]})[0][""]
    assert text[span.start : span.end] == "ĐÈN"
    assert span.weight > 0


def test_a_pair_speaks_for_both_its_words() -> None:
    text = "kìa đèn hẻm kìa"
    shelf = speaking_for("đèn hẻm")
    (span,) = shelf.why([shelf.look_up(ready(text))], {"": [0]})[0][""]
    assert text[span.start : span.end] == "đèn hẻm"


def test_a_text_of_unknown_signs_has_the_scores_of_nothing_and_no_words() -> None:
    seen = SHELF.look_up(ready("۞۞"))
    np.testing.assert_allclose(SHELF.scores([seen])["một"][0], MODELS["một"].bias, atol=1e-6)
    assert SHELF.why([seen], {"một": [0]}) == [{"một": ()}]


def test_texts_together_are_explained_as_each_alone() -> None:
    seen = [SHELF.look_up(ready(text)) for text in [*TEXTS, "", "đèn đèn đèn", "۞۞", " ".join(TEXTS)]]
    labels = [number % 3 for number in range(len(seen))]
    together = SHELF.why(seen, {"một": labels, "hai": labels})
    assert together == [
        SHELF.why([each], {"một": [label], "hai": [label]})[0] for each, label in zip(seen, labels, strict=True)
    ]
    assert any(len(found["một"]) > 1 for found in together)
