"""Words, sentences, and how much two texts share."""

from classifiers.text.similar import PERMUTATIONS, fingerprint, signature, similarity
from classifiers.text.tokens import segment, sentences, word_spans, words


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


def test_near_copies_are_alike_and_strangers_are_not() -> None:
    text = "Cống trước nhà nghẹt đã hai tuần nay, nước đen tràn ra đường, hôi không chịu nổi, mong phường cho người móc"
    copy = text.replace("hai tuần", "ba tuần")
    other = "Đèn đường khu dân cư tắt từ đầu tháng, trẻ con đi học về tối rất sợ, xin điện lực sửa sớm giùm bà con"
    assert len(signature(text)) == PERMUTATIONS
    assert similarity(signature(text), signature(copy)) > 0.6
    assert similarity(signature(text), signature(other)) < 0.2
    assert similarity(signature(""), signature("")) == 1.0
