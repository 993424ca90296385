"""The shipped corpus keeps its own rules."""

from collections import Counter

import pytest

from classifiers.datasets import CORPUS, LabelledText, read_masks, read_texts
from classifiers.diversity import shared_runs
from classifiers.taxonomy import load_taxonomy
from classifiers.text.fold import fold_key

MASK_TYPES = frozenset(
    "dien_thoai cccd cmnd bien_so tai_khoan the mst email ten_rieng so_nha ngay_sinh mang_xa_hoi".split()
)


@pytest.fixture(scope="module")
def training() -> list[LabelledText]:
    return read_texts(CORPUS / "reports.jsonl") + read_texts(CORPUS / "posts.jsonl")


@pytest.fixture(scope="module")
def test_split() -> list[LabelledText]:
    return read_texts(CORPUS / "test.jsonl")


def test_it_is_as_large_as_the_guideline_wants(training: list[LabelledText], test_split: list[LabelledText]) -> None:
    kinds = Counter(text.is_report for text in training + test_split)
    assert kinds[True] >= 8000
    assert kinds[False] >= 5000
    assert len(test_split) >= 1500


def test_every_topic_has_eighty_reports_and_fifteen_test_texts(
    training: list[LabelledText], test_split: list[LabelledText]
) -> None:
    reports = Counter(text.topics[0] for text in training + test_split if text.is_report)
    tested = Counter(text.topics[0] for text in test_split if text.topics)
    for topic in load_taxonomy().leaves:
        assert reports[topic] >= 80, topic
        assert tested[topic] >= 15, topic


def test_no_two_texts_share_eight_words_in_a_row(training: list[LabelledText], test_split: list[LabelledText]) -> None:
    texts = test_split + training
    repeats = [(texts[row].id, texts[other].id, run) for row, other, run in shared_runs([t.text for t in texts])]
    assert repeats == []


def test_no_topic_is_tied_to_one_batch_or_one_kind(training: list[LabelledText]) -> None:
    for topic in load_taxonomy().leaves:
        own = [text for text in training if text.topics[:1] == (topic,)]
        assert len({text.writer_batch for text in own}) >= 3, topic
        assert len({text.kind for text in own}) >= 3, topic


def test_training_and_test_share_no_text_group_or_batch(
    training: list[LabelledText], test_split: list[LabelledText]
) -> None:
    for shared in (
        lambda text: text.id,
        lambda text: text.split_group,
        lambda text: text.writer_batch,
        lambda text: fold_key(text.text) or text.text,
    ):
        assert not {shared(text) for text in training} & {shared(text) for text in test_split}


def test_masks_lie_on_words_of_their_texts(training: list[LabelledText], test_split: list[LabelledText]) -> None:
    texts = {text.id: text.text for text in training + test_split}
    for name in ("masking.jsonl", "test_masking.jsonl"):
        for id_, masks in read_masks(CORPUS / name).items():
            for mask in masks:
                assert mask.type in MASK_TYPES
                assert texts[id_][mask.start : mask.end].strip(), (id_, mask)
