"""From compact lines to the corpus."""

import unicodedata
from pathlib import Path

import pytest

from classifiers.datasets import BrokenText, read_masks, read_texts
from classifiers.writing import main, read_compact

REPORT = (
    "ngap-nuoc,cong-nghet-nuoc-thai | neg/auth | cao | phan_anh | - | 31201 | zalo+nam_bo | - | "
    "⟦noi¦Hẻm 9, phường Hưng Phú⟧ ngập, gọi ⟦dien_thoai¦0530000000⟧\\ncảm ơn"
)
POST = "- | neu | thuong | spam | - | - | facebook | - | Vay nhanh trong ngày"


def test_a_line_becomes_a_labelled_text_with_offsets(tmp_path: Path) -> None:
    path = tmp_path / "w3_reports.txt"
    path.write_text(f"# leaf: ngap-nuoc\n{REPORT}\n", encoding="utf-8")
    (written,) = read_compact(path)
    text = written.text
    assert (text.id, text.writer_batch) == ("r-b301-0001", "b301")
    assert text.topics == ("ngap-nuoc", "cong-nghet-nuoc-thai")
    assert (text.sentiment, text.sentiment_target) == ("negative", "authority_service")
    assert text.place is not None
    assert text.text[slice(*text.place)] == "Hẻm 9, phường Hưng Phú"
    assert [text.text[mask.start : mask.end] for mask in written.masks] == ["0530000000"]
    assert text.text.endswith("\ncảm ơn")


def test_files_become_a_corpus_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "w1_reports.txt").write_text(REPORT, encoding="utf-8")
    (tmp_path / "w1_posts.txt").write_text(POST, encoding="utf-8")
    main(tmp_path / "out", [tmp_path / "w1_reports.txt", tmp_path / "w1_posts.txt"])
    (report,) = read_texts(tmp_path / "out" / "reports.jsonl")
    (post,) = read_texts(tmp_path / "out" / "posts.jsonl")
    assert report.is_report
    assert post.spam
    assert (post.id, post.writer_batch, post.topics) == ("p-b101-0001", "p101", ())
    assert list(read_masks(tmp_path / "out" / "masking.jsonl")) == [report.id]


def test_a_test_file_gets_batches_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "test_reports.txt"
    path.write_text(REPORT, encoding="utf-8")
    assert read_compact(path)[0].text.writer_batch == "b951"


def test_a_number_of_three_digits_is_the_first_batch_and_every_25th_text_is_decomposed(tmp_path: Path) -> None:
    path = tmp_path / "w420_reports.txt"
    path.write_text("\n".join([REPORT] * 75), encoding="utf-8")
    texts = [written.text for written in read_compact(path)]
    assert (texts[0].id, texts[70].id) == ("r-b420-0001", "r-b421-0001")
    apart = [text for text in texts if "nfd" in text.register]
    assert len(apart) == 3
    for text in apart:
        assert text.text == unicodedata.normalize("NFD", texts[0].text)
        assert text.place is not None
        assert unicodedata.normalize("NFC", text.text[slice(*text.place)]) == "Hẻm 9, phường Hưng Phú"


def test_a_hard_pair_stays_on_one_side_of_every_split(tmp_path: Path) -> None:
    labels = "cong-nghet-nuoc-thai | neg/auth | thuong | phan_anh | - | - | zalo"
    partner = f"{labels} | pair; alt:ngap-nuoc | Trời khô rang mà cống trào"
    (tmp_path / "w1_reports.txt").write_text(f"{REPORT}\n{partner}\n", encoding="utf-8")
    main(tmp_path / "out", [tmp_path / "w1_reports.txt"])
    first, second = read_texts(tmp_path / "out" / "reports.jsonl")
    assert second.split_group == first.id
    assert second.note == "alt:ngap-nuoc"
    main(tmp_path / "out", [])
    assert [text.split_group for text in read_texts(tmp_path / "out" / "reports.jsonl")] == [first.id, first.id]


def test_a_corpus_grows_and_what_repeats_eight_words_stays_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = "nước tràn vô nhà từ chiều hôm qua tới giờ"
    line = REPORT.replace("cảm ơn", words)
    (tmp_path / "w1_reports.txt").write_text(line, encoding="utf-8")
    (tmp_path / "w2_reports.txt").write_text(line.replace("Hẻm 9", "Hẻm 7"), encoding="utf-8")
    (tmp_path / "test_reports.txt").write_text(line.replace("Hẻm 9", "Ấp 1"), encoding="utf-8")
    (tmp_path / "w3_reports.txt").write_text(REPORT, encoding="utf-8")
    out = tmp_path / "out"
    main(out, [tmp_path / "w1_reports.txt"])
    assert len(read_texts(out / "reports.jsonl")) == 1
    main(out, [tmp_path / name for name in ("w2_reports.txt", "test_reports.txt", "w3_reports.txt")])
    assert [text.id for text in read_texts(out / "reports.jsonl")] == ["r-b301-0001"]
    assert [text.id for text in read_texts(out / "test.jsonl")] == ["r-b951-0001"]
    assert "left out r-b101-0001" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "line", "fault"),
    [
        ("w1_reports.txt", "ngap-nuoc | neu", r"w1_reports\.txt:1: 2 columns instead of 9"),
        ("w1_reports.txt", REPORT.replace("ngap-nuoc", "lut"), "unknown topic 'lut'"),
        ("w1_reports.txt", REPORT.replace("neg/auth", "bad/auth"), "unknown sentiment 'bad'"),
        ("notes.txt", REPORT, "the name must be like"),
    ],
)
def test_a_fault_is_told_with_file_and_line(tmp_path: Path, name: str, line: str, fault: str) -> None:
    (tmp_path / name).write_text(line, encoding="utf-8")
    with pytest.raises(BrokenText, match=fault):
        read_compact(tmp_path / name)
