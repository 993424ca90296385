"""The reader: whatever comes in, a whole reading or one clear error comes out."""

import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import classifiers
from classifiers.artifacts import BadArtifact
from classifiers.copies import bare, decomposed
from classifiers.prediction import Reading
from classifiers.reader import LONGEST, Reader, load_reader
from classifiers.taxonomy import Taxonomy, load_taxonomy

LAMP = "Dạ, đèn hẻm tắt, đường tối thui, mong sửa sớm"


def test_a_reading_is_whole(small_reader: Reader) -> None:
    reading = small_reader(LAMP)
    assert reading.text == LAMP
    assert (reading.topic.label, reading.field) == ("den-duong-hong", "ha-tang-ky-thuat")
    assert reading.topics[0] == reading.topic.label
    assert (reading.sentiment.label, reading.kind.label, reading.urgency.label) == ("negative", "phan_anh", "thuong")
    assert not reading.spam
    assert reading.version.startswith("2026-11-23-")
    assert 0 < reading.topic.probability <= 1
    assert [label for label, _ in reading.topic.runners_up]
    assert reading.places == ()


def test_kind_and_topic_bring_urgency_and_flags(small_reader: Reader) -> None:
    theft = small_reader("Tối qua, trộm bẻ khóa vô nhà, mong sửa sớm")
    assert theft.urgency.label == "khan"
    assert theft.flags == ("tin_bao_toi_pham",)
    asked = small_reader("Dạ, trộm bẻ khóa vô nhà, cho hỏi gọi ai vậy ạ?")
    assert (asked.kind.label, asked.urgency.label, asked.flags) == ("hoi_dap", "thuong", ())


def test_why_points_at_words_of_the_text(small_reader: Reader) -> None:
    reading = small_reader("Bà con báo, nắp cống bể, mong sửa sớm")
    best = reading.topic.why[0]
    assert "nắp" in reading.text[best.start : best.end]
    weights = [span.weight for span in reading.topic.why]
    assert weights == sorted(weights, reverse=True)


def test_words_speak_for_every_answer(small_reader: Reader) -> None:
    reading = small_reader(LAMP)
    assert reading.target is not None
    for prediction in (reading.topic, reading.sentiment, reading.target, reading.urgency, reading.kind):
        assert prediction.why
        assert all(reading.text[span.start : span.end].strip() and span.weight > 0 for span in prediction.why)


def test_decomposed_letters_change_nothing(small_reader: Reader) -> None:
    assert small_reader(decomposed(LAMP)) == small_reader(LAMP)


def test_marks_may_be_missing(small_reader: Reader) -> None:
    assert small_reader(bare(LAMP)).topic.label == "den-duong-hong"


@pytest.mark.parametrize("text", ["", "   \n\t ", "\u200b\ufeff", "\x00\x01"])
def test_nothing_to_read_is_one_clear_error(small_reader: Reader, text: str) -> None:
    with pytest.raises(ValueError, match="Văn bản trống"):
        small_reader(text)


@pytest.mark.parametrize("text", ["...", "😡😡😡", "12345", "?", "%PDF-1.4\x00\x93\xff binary", "аbс" * 50, "\ud800x"])
def test_odd_texts_are_read_all_the_same(small_reader: Reader, text: str) -> None:
    assert isinstance(small_reader(text), Reading)


def test_a_megabyte_is_cut_told_and_quick(small_reader: Reader) -> None:
    started = time.process_time()
    reading = small_reader("Đèn đường tắt, tối quá. " * 45_000)
    assert time.process_time() - started < 5
    assert len(reading.text) == LONGEST
    assert any(str(LONGEST) in note for note in reading.notes)
    assert reading.topic.label == "den-duong-hong"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_a_reading_or_the_one_error(small_reader: Reader, text: str) -> None:
    try:
        reading = small_reader(text)
    except ValueError as error:
        assert "Văn bản trống" in str(error)  # noqa: PT017 - both ways out are right
        return
    assert reading.text == unicodedata.normalize("NFC", text)
    for prediction in (reading.topic, reading.sentiment, reading.urgency, reading.kind):
        assert 0 <= prediction.probability <= 1
        for span in prediction.why:
            assert 0 <= span.start < span.end <= len(reading.text)


def test_many_are_read_in_order(small_reader: Reader) -> None:
    texts = [LAMP, "Bà con báo, nắp cống bể, mong sửa sớm"]
    assert small_reader.read_many(texts) == [small_reader(text) for text in texts]


def test_an_unsure_topic_is_noted(small_reader: Reader) -> None:
    reading = small_reader("xin chào")
    assert not reading.topic.certain
    assert any("Chưa chắc chủ đề" in note for note in reading.notes)


def test_a_shelf_without_models_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadArtifact, match=r"there is no served\.toml; train models"):
        load_reader(tmp_path)


def test_a_task_without_a_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "served.toml").write_text('[served]\ntopic = "x"\n', encoding="utf-8")
    with pytest.raises(BadArtifact, match="no model for flags, kind, marks, sentiment, target, urgency"):
        load_reader(tmp_path)


def test_a_model_whose_labels_the_taxonomy_lacks_is_refused(shelf: Path) -> None:
    with pytest.raises(BadArtifact, match="labels of model and taxonomy differ"):
        load_reader(shelf, taxonomy=load_taxonomy())


def test_the_package_itself_offers_the_reader() -> None:
    assert classifiers.load_reader is load_reader
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = classifiers.nothing


def test_loading_and_reading_need_no_heavy_library(shelf: Path, small_taxonomy: Taxonomy) -> None:
    """scikit-learn, pandas, underthesea and torch together cost seconds; a reading must not wait for them."""
    code = (
        "import sys\n"
        "from classifiers.reader import load_reader\n"
        "from dataclasses import replace\n"
        "from pathlib import Path\n"
        "from classifiers.taxonomy import load_taxonomy\n"
        f"shelf, topics = Path({str(shelf)!r}), {list(small_taxonomy.leaves)!r}\n"
        "whole = load_taxonomy()\n"
        "small = replace(whole, leaves={slug: whole.topic(slug) for slug in topics})\n"
        "load_reader(shelf, taxonomy=small)('Đèn hẻm tắt')\n"
        "heavy = {'sklearn', 'pandas', 'underthesea', 'torch', 'transformers', 'skops'} & sys.modules.keys()\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
