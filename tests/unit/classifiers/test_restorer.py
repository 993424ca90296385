"""Words typed without marks get back those they most likely had; everything else stays as it is."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from classifiers import marks
from classifiers.artifacts import BadArtifact, load_marks
from classifiers.copies import bare
from classifiers.features import ready
from classifiers.marks import Restorer, completed, is_bare
from classifiers.reader import Reader

LEARNED = Restorer.of([ready(text).words for text in ("cổng trường đóng", "cống trào nước", "nước cống hôi")])


def test_the_neighbour_decides_between_forms() -> None:
    assert LEARNED.restored(("cong", "truong")) == ("cổng", "trường")
    assert LEARNED.restored(("nuoc", "cong")) == ("nước", "cống")


def test_words_never_met_stay_and_part_what_stands_around_them() -> None:
    assert LEARNED.restored(("zalo", "nuoc", "xyz", "cong", "trao")) == ("zalo", "nước", "xyz", "cống", "trào")
    assert LEARNED.restored(()) == ()


def test_a_text_with_any_mark_is_left_alone() -> None:
    text = ready("nuoc cống hoi")
    assert completed(text, LEARNED) is text
    assert completed(text, None) is text


def test_spans_still_lead_to_the_text_as_typed() -> None:
    text = completed(ready("Nuoc cong trao!"), LEARNED)
    assert text.words == ("nước", "cống", "trào")
    assert text.span(1, 1) == (5, 9)


def test_texts_without_marks_teach_nothing() -> None:
    assert Restorer.of([("cong", "hoi")]).words == ()
    assert Restorer.of([]).restored(("cong",)) == ("cong",)


def test_time_grows_with_the_length_alone() -> None:
    words = ready(bare("nước cống trào cổng trường đóng")).words
    spent = []
    for times in (200, 2000):
        started = time.perf_counter()
        LEARNED.restored(words * times)
        spent.append(time.perf_counter() - started)
    assert spent[1] < 40 * spent[0]


def test_the_artefact_comes_back_as_it_was(shelf: Path, small_reader: Reader) -> None:
    (folder,) = (shelf / "marks").iterdir()
    restorer = load_marks(folder).model
    assert restorer.restored(("den", "hem", "tat")) == ("đèn", "hẻm", "tắt")
    assert "get the right marks back" in (folder / "card.md").read_text(encoding="utf-8")
    assert small_reader.restorer is not None
    assert small_reader.restorer.words == restorer.words


def test_a_model_of_a_task_is_no_restorer(shelf: Path) -> None:
    (folder,) = (shelf / "topic").iterdir()
    with pytest.raises(BadArtifact, match="not a restorer"):
        load_marks(folder)


def test_a_restorer_whose_counts_do_not_fit_is_refused(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder,) = (shelf / "marks").iterdir()
    state = {"words": "a\nb", "counts": LEARNED.counts, "pairs": LEARNED.pairs, "followers": LEARNED.followers}
    monkeypatch.setattr("classifiers.artifacts._read", lambda _: (state, None))
    with pytest.raises(BadArtifact, match="do not fit"):
        load_marks(folder)


def test_the_reader_reads_the_completed_words(small_reader: Reader) -> None:
    seen: list[tuple[str, ...]] = []

    class Telling(Restorer):
        def restored(self, words: tuple[str, ...]) -> tuple[str, ...]:  # type: ignore[override]
            seen.append(super().restored(words))
            return seen[-1]

    assert small_reader.restorer is not None
    known = small_reader.restorer
    telling = Telling(known.words, known.counts, known.pairs, known.followers)
    reader = Reader(small_reader.artifacts, small_reader.taxonomy, None, telling)
    reading = reader("den hem tat")
    assert seen == [("đèn", "hẻm", "tắt")]
    assert reading.topic.label == "den-duong-hong"
    assert all(reading.text[span.start : span.end].isascii() for span in reading.topic.why)
    assert reader("đèn hẻm tắt").topic.label == "den-duong-hong"
    assert len(seen) == 1


def test_examples() -> None:
    import doctest

    assert doctest.testmod(marks).failed == 0
    assert is_bare(replace(ready("xe rac"), signals=()).words)
