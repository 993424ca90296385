"""Terms of a text, their weights, and the words they came from."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.features import Recipe, Vocabulary, ready
from classifiers.scoring import LinearModel, softmax

TEXTS = ["đèn đường tắt", "đèn hẻm tắt rồi", "den duong tat", "rác đầy đường"]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.of([ready(text) for text in TEXTS], Recipe(min_texts=1))


@given(st.text(max_size=200))
def test_any_text_gives_a_row_of_length_one_or_nothing(text: str) -> None:
    vocabulary = Vocabulary.of([ready(text) for text in TEXTS], Recipe(min_texts=1))
    row = vocabulary.row(ready(text))
    assert np.linalg.norm(row.values) == pytest.approx(1, abs=1e-5) or not len(row.ids)
    assert (np.diff(row.ids) > 0).all()
    assert len(row.places) == len(row.owners)


def test_one_row_and_the_matrix_agree(vocabulary: Vocabulary) -> None:
    made = [ready(text) for text in TEXTS]
    matrix = vocabulary.matrix(made).toarray()
    for line, text in zip(matrix, made, strict=True):
        row = vocabulary.row(text)
        np.testing.assert_allclose(line[row.ids], row.values, rtol=1e-6)
        assert (line != 0).sum() == len(row.ids)


def test_a_text_without_marks_shares_the_folded_terms(vocabulary: Vocabulary) -> None:
    marked, bare = (vocabulary.row(ready(text)) for text in ("đèn tắt", "den tat"))
    assert vocabulary.terms["~den"] in set(marked.ids) & set(bare.ids)


def test_weights_go_to_the_words_the_terms_came_from(vocabulary: Vocabulary) -> None:
    text = ready("rác đèn rác")
    row = vocabulary.row(text)
    share = np.zeros(len(row.ids), dtype=np.float32)
    share[row.ids.tolist().index(vocabulary.terms["đèn"])] = 1
    assert row.word_weights(share, len(text.words)).tolist() == [0, 1, 0]


def test_a_pair_counts_for_both_its_words(vocabulary: Vocabulary) -> None:
    text = ready("kìa đèn hẻm kìa")
    row = vocabulary.row(text)
    share = np.zeros(len(row.ids), dtype=np.float32)
    share[row.ids.tolist().index(vocabulary.terms["đèn hẻm"])] = 1
    assert row.word_weights(share, len(text.words)).tolist() == [0, 1, 1, 0]


def test_rare_terms_are_left_out() -> None:
    made = [ready(text) for text in TEXTS]
    assert "hẻm" not in Vocabulary.of(made, Recipe(min_texts=2)).terms
    assert "tắt" in Vocabulary.of(made, Recipe(min_texts=2)).terms


def test_the_same_terms_have_the_same_digest_and_others_another(vocabulary: Vocabulary) -> None:
    again = Vocabulary.of([ready(text) for text in TEXTS], Recipe(min_texts=1))
    assert again.digest == vocabulary.digest
    assert Vocabulary.of([ready("khác")], Recipe(min_texts=1)).digest != vocabulary.digest


def test_channel_length_and_signs_are_signals() -> None:
    assert ready("Sao vậy?", channel="facebook").signals == ("post", "words<3", "?")
    assert "report" in ready("x", channel="report").signals


def test_why_points_into_the_original_text(vocabulary: Vocabulary) -> None:
    weights = np.zeros((len(vocabulary.terms), 2), dtype=np.float32)
    weights[vocabulary.terms["~den"], 0] = 1
    model = LinearModel.fresh(["đèn", "rác"], vocabulary, weights, np.zeros(2, dtype=np.float32))
    text = "Ối  ĐÈN… tối quá"
    (span,) = model.why(ready(text), 0)
    assert text[span.start : span.end] == "ĐÈN"


@given(st.lists(st.lists(st.floats(-500, 500), min_size=3, max_size=3), min_size=1, max_size=5))
def test_softmax_rows_sum_to_one_however_large_the_scores(rows: list[list[float]]) -> None:
    assert softmax(np.array(rows)).sum(axis=1) == pytest.approx(1)
