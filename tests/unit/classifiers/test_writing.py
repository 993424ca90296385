"""From compact lines to the corpus."""

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
