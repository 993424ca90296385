"""Chat spellings and keyboard faults become standard words, and ordinary text stays."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.text.clean import clean
from classifiers.text.fold import fold
from classifiers.text.noise import teencode, telex, without_marks
from classifiers.text.prepare import prepare, prepared
from classifiers.text.spelling import expand, table
from classifiers.text.syllables import is_syllable
from classifiers.text.telex import keys_of, retyped

EXPANDED = [
    ("k ai dọn rác hết", "không ai dọn rác hết"),
    ("ko biết, hok hiểu, hông thấy", "không biết, không hiểu, không thấy"),
    ("đc chưa, dc rồi", "được chưa, được rồi"),
    ("mn ơi có ai bị cúp nc như e ko", "mọi người ơi có ai bị cúp nước như em không"),
    (
        "UBND phường, CSGT, KDC 91B, BHYT của mẹ",
        "ủy ban nhân dân phường, cảnh sát giao thông, khu dân cư 91B, bảo hiểm y tế của mẹ",
    ),
    ("cong nghet ma ko ai sua, dc bao lau r", "cong nghet ma khong ai sua, duoc bao lau roi"),
    ("K ai trả lời", "Không ai trả lời"),
    ("KO AI SỬA HẾT", "KHÔNG AI SỬA HẾT"),
    ("phán anhr dduwowngf hongr", "phán ảnh đường hỏng"),
    ("nu7o7c1 ngập, d9uo7ng2 hu7", "nước ngập, đường hư"),
    ("nuoc71 vô nhà", "nước vô nhà"),
    ("Nguyeenx Traix, phuwowngf Cais Khees", "Nguyễn Trãi, phường Cái Khế"),
]

UNTOUCHED = [
    "Đèn đường trước số 12/3 hẻm 51 tắt đã 3 ngày.",
    "Giá 200 k một ký, đi 5 km, dây 110 kV, khu E, lô A2, vitamin B12",
    "xe taxi, quán cafe, app wifi, bus, karaoke, inox, photo, gas",
    "trời mưa bùn lầy, cống bít, mùi hỏng, ca đêm, dược sĩ",
    "mui hoi qua, hong den, lun nha, thui het",
    "biển số 65B1-123.45, hồ sơ 000.24.18.H12, mã PB1200417733",
    "Quyết định số 47/TB-UBND ngày 3/2/2026",
    "thu@example.com, https://cantho.example/k/r?v=j",
    "COVID, VNPT, H5N1, CO2, A1, QL1A, QR, TPHCM",
]


@pytest.mark.parametrize(("written", "wanted"), EXPANDED)
def test_short_forms_and_faults_become_standard_words(written: str, wanted: str) -> None:
    assert expand(written) == wanted


@pytest.mark.parametrize("written", UNTOUCHED)
def test_ordinary_text_stays_as_it_is(written: str) -> None:
    assert expand(written) == written


def test_the_table_is_large_and_its_words_are_no_short_forms() -> None:
    short_forms = table()
    assert len(short_forms) >= 250
    assert not {word for words in short_forms.values() for word in words.split()} & set(short_forms)


def test_each_short_form_stands_once_for_one_meaning() -> None:
    assert all(short == short.lower() and " " not in short for short in table())


@pytest.mark.parametrize("word", "đường nước việt phường nghiêng khuỷu quốc giếng thuở ngoằn rượu yến".split())
def test_telex_keys_spell_the_word_again(word: str) -> None:
    mended = retyped(keys_of(word))
    assert mended is not None
    assert mended[0] == word


@pytest.mark.parametrize(
    "word", "nước nuoc đường duong giếng gìn quyết quốc khuỷu nghiêng uống yên oái huơ thuở".split()
)
def test_real_syllables_are_known(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", "dduong anhr shop càt ko cít nghà wifi club street".split())
def test_impossible_syllables_are_known(word: str) -> None:
    assert not is_syllable(word)


TEXTS = st.text(st.one_of(st.characters(), st.sampled_from("aăâđekorjvsưfxwz 0179.,-/ẠỜ")), max_size=60)


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_expanding_twice_changes_nothing_more(text: str) -> None:
    once = expand(clean(text))
    assert expand(once) == once


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_prepared_text_knows_its_way_back(text: str) -> None:
    done = prepared(text)
    assert len(done.starts) == len(done.text) == len(done.ends)
    assert len(fold(done.text)) == len(done.text)


def test_estimators_see_the_same_text_whatever_the_encoding() -> None:
    assert prepare("Ngập ở đường Hoà Bình, k ai dọn") == prepare("NGẬP  ở\u200b đường Hòa Bình, không ai dọn")


def test_folding_keeps_the_length() -> None:
    for text in ("Đường Nguyễn Trãi", "İstanbul Straße ﬁ", "emoji 🌊 và Ώ"):
        assert len(fold(clean(text))) == len(clean(text))


def test_noise_is_ruled_by_its_seed_and_share() -> None:
    text = "đường hư rồi mà không ai sửa, mọi người được báo gì đâu"
    assert teencode(text, random.Random(1), 0.5) == teencode(text, random.Random(1), 0.5)
    assert teencode(text, random.Random(1), 0.0) == telex(text, random.Random(1), 0.0) == text
    assert prepare(telex(text, random.Random(1), 1.0)) == text
    assert without_marks("ĐƯỜNG Lê Lợi") == "DUONG Le Loi"
