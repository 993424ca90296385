"""Terms of a text, their weights, and the words they came from."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.features import Recipe, Vocabulary, ready
from classifiers.scoring import softmax

TEXTS = ["đèn đường tắt", "đèn hẻm tắt rồi", "den duong tat", "rác đầy đường"]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.of([ready(text) for text in TEXTS], Recipe(min_texts=1))


@given(st.text(max_size=200))
def test_any_text_gives_rising_terms_of_finite_weight(text: str) -> None:
    vocabulary = Vocabulary.of([ready(text) for text in TEXTS], Recipe(min_texts=1))
    ids, values = vocabulary.row(ready(text))
    assert (np.diff(ids) > 0).all()
    assert np.isfinite(values).all()
    assert (values > 0).all()


def test_one_row_and_the_matrix_agree(vocabulary: Vocabulary) -> None:
    made = [ready(text) for text in TEXTS]
    matrix = vocabulary.matrix(made).toarray()
    for line, text in zip(matrix, made, strict=True):
        ids, values = vocabulary.row(text)
        np.testing.assert_allclose(line[ids], values, rtol=1e-6)
        assert (line != 0).sum() == len(ids)


def test_a_text_without_marks_shares_the_folded_terms(vocabulary: Vocabulary) -> None:
    marked, bare = (vocabulary.row(ready(text))[0] for text in ("đèn tắt", "den tat"))
    assert vocabulary.terms["~den"] in set(marked) & set(bare)


def test_a_word_that_comes_again_adds_nothing(vocabulary: Vocabulary) -> None:
    once, twice = (vocabulary.terms_of(ready(text)) for text in ("rác đèn", "rác đèn rác đèn"))
    assert (once.words, once.at) == (twice.words, twice.at)
    assert set(once.pairs) <= set(twice.pairs)


def test_pairs_know_the_place_of_their_first_word(vocabulary: Vocabulary) -> None:
    found = vocabulary.terms_of(ready("kìa đèn hẻm kìa"))
    assert dict(zip(found.pairs, found.firsts, strict=True))[vocabulary.terms["đèn hẻm"]] == 1


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


@given(st.lists(st.lists(st.floats(-500, 500), min_size=3, max_size=3), min_size=1, max_size=5))
def test_softmax_rows_sum_to_one_however_large_the_scores(rows: list[list[float]]) -> None:
    assert softmax(np.array(rows)).sum(axis=1) == pytest.approx(1)
