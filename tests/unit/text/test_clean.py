"""One form for one text, and the exact way back."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.text.clean import Cleaned, clean, cleaned, cleaned_whole

CASES = [
    ("hoà bình, thuỷ lợi, uý kỵ", "hòa bình, thủy lợi, úy kỵ"),
    ("hoàng hoàn khoẻ khoắn", "hoàng hoàn khỏe khoắn"),
    ("HOÀ Khoẻ ĐƯỢC", "HÒA Khỏe ĐƯỢC"),
    ("quý quà giá già gìn giữ gì giếng", "quý quà giá già gìn giữ gì giếng"),
    ("qúy qùa gía gìa hòan tòan", "quý quà giá già hoàn toàn"),
    ("khuỷu tay ngoằn ngoèo, thuở nhỏ, nghĩa địa", "khuỷu tay ngoằn ngoèo, thuở nhỏ, nghĩa địa"),
    ("trờiiii ơiii đẹppp quáaaa", "trời ơi đẹp quá"),
    ("kkkkkk vui ghê, Phường III, www.cantho.example", "kkk vui ghê, Phường III, www.cantho.example"),
    ("CCCD, cccd, PCCC, được lắmmmm", "CCCD, cccd, PCCC, được lắm"),
    ("xoong nồi, soóc, 1000000 đồng", "xoong nồi, soóc, 1000000 đồng"),
    ("đư\u200bờng\ufeff ng\u00adập\u200d", "đường ngập"),
    ("Nguуễn Тrãi, cаfe", "Nguyễn Trãi, cafe"),
    ("привет мир và xin chào", "привет мир và xin chào"),
    ("ＤƯỜＮＧ 𝐍𝐠𝐮𝐲ễ𝐧 ⓐⓑⓒ", "DƯỜNG Nguyễn abc"),
    ("Ðường ðiện", "Đường điện"),
    ("  nhiều   khoảng\xa0\t trắng \r\n\n dòng  hai ", "nhiều khoảng trắng\ndòng hai"),
    ("có\x00 ký\x07 tự lạ", "có ký tự lạ"),
    ("gấp!!!!!!!! ......", "gấp!!! ..."),
]


@pytest.mark.parametrize(("written", "wanted"), CASES)
def test_text_is_brought_to_one_form(written: str, wanted: str) -> None:
    assert clean(written) == wanted
    assert clean(unicodedata.normalize("NFD", written)) == wanted


@pytest.mark.parametrize(("written", "wanted"), CASES)
def test_offsets_lead_back_to_the_same_words(written: str, wanted: str) -> None:
    done = cleaned(written)
    for word in wanted.split():
        start, end = done.original(done.text.index(word), done.text.index(word) + len(word))
        assert clean(written[start:end]) == clean(word)


def test_decomposed_letters_are_covered_whole() -> None:
    written = unicodedata.normalize("NFD", "ở đường Nguyễn Trãi")
    done = cleaned(written)
    start, end = done.original(2, 7)
    assert unicodedata.normalize("NFC", written[start:end]) == "đường"


PIECES = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("aàáăâẫeêoòoôơởuưiíyđdgqtTHkw IVX\u0300\u0301\u0309\u0302\u031b\u200b\ufeffаеоу 𝐚ａ\t\n!"),
    ),
    max_size=60,
)


@given(PIECES)
@settings(max_examples=400, deadline=None)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(PIECES)
@settings(max_examples=600, deadline=None)
def test_word_by_word_gives_what_the_whole_text_gives(text: str) -> None:
    done, whole = cleaned(text), cleaned_whole(Cleaned.same(text))
    assert (done.text, tuple(done.starts), tuple(done.ends)) == (whole.text, tuple(whole.starts), tuple(whole.ends))


def test_a_cyrillic_word_waits_for_the_rest_of_the_text() -> None:
    assert clean("аорс") == "аорс"
    assert clean("аорс nay") == "aopc nay"


@given(PIECES)
@settings(max_examples=300, deadline=None)
def test_offsets_are_in_order_and_inside(text: str) -> None:
    done = cleaned(text)
    assert len(done.starts) == len(done.ends) == len(done.text)
    assert list(done.starts) == sorted(done.starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(done.starts, done.ends, strict=True))


@pytest.mark.parametrize(
    "piece", ["a", "ờ", "a\u0301", "\u0301\u0323", "\u200b", " ", "\n", "!", "Hoà ", "аa", "\U0001d400", "qu", "à a"]
)
def test_cleaning_takes_linear_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    begin = time.process_time()
    clean(text)
    assert time.process_time() - begin < 1.5
