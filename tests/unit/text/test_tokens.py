"""Words, sentences, and how much two texts share."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.text.clean import cleaned
from classifiers.text.pieces import words_of
from classifiers.text.prepare import prepared
from classifiers.text.similar import fingerprint
from classifiers.text.tokens import WORD, segment, sentences, word_spans, words


def test_words_are_syllables_numbers_and_emoji() -> None:
    text = "Ngập 1.200,5 m ở hẻm 9, khổ quá 😡"
    assert words(text) == ["Ngập", "1.200,5", "m", "ở", "hẻm", "9", "khổ", "quá", "😡"]
    assert [text[start:end] for start, end in word_spans(text)] == words(text)


def test_segmentation_joins_the_syllables_of_a_word() -> None:
    assert "Công an" in segment("Công an phường xử lý tiếng ồn")
    assert len(sentences("Cống nghẹt. Nước tràn vô nhà! Ai lo?")) == 3


def test_texts_that_differ_only_in_dress_have_one_fingerprint() -> None:
    assert fingerprint("Hẻm 51 ngập!!!") == fingerprint("HEM 12 ngap")
    assert fingerprint("Hẻm 51 ngập") != fingerprint("Hẻm 51 tối")


WRITTEN = st.lists(
    st.one_of(
        st.sampled_from(
            "ko dc UBND p. P. k/m 200k khu k, dduwowngf nuoc71 51/3 5.6-7 İ Σ 😡 Hẻm\n ngập  đường KO".split(" ")
        ),
        st.text(max_size=6),
    ),
    max_size=12,
).map(" ".join)


@given(WRITTEN)
@settings(max_examples=500, deadline=None)
def test_words_kept_by_spelling_are_those_of_the_prepared_text(text: str) -> None:
    state, done = cleaned(text), prepared(text)
    own, bounds = words_of(state)
    matches = list(WORD.finditer(done.text))
    assert list(own) == [match[0] for match in matches]
    assert [state.original(*place) for place in zip(*bounds, strict=True)] == [
        done.original(*match.span()) for match in matches
    ]


@pytest.mark.parametrize("text", ["giá 200 k", "k ai dọn", "khu k", "KO AI DỌN", "dduwowngf ngaapj anhr"])
def test_a_short_form_is_read_by_what_stands_around_it(text: str) -> None:
    assert " ".join(words_of(cleaned(text))[0]) == " ".join(words(prepared(text).text))
