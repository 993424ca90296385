"""Labelled texts in and out, faults with line numbers, splits that part no group."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.datasets import (
    BrokenText,
    LabelledText,
    digest,
    grouped_copies,
    grouped_folds,
    parse_marked,
    read_masks,
    read_texts,
    to_json,
    write_masks,
    write_texts,
)
from classifiers.prediction import Mask

GOOD = LabelledText(
    id="r-b07-0012",
    text="Hẻm 9 đường Bông Trang, phường Hưng Phú hễ nước lớn là lội tới gối",
    topics=("ngap-nuoc",),
    sentiment="negative",
    sentiment_target="authority_service",
    urgency="cao",
    kind="phan_anh",
    place=(0, 39),
    unit_code="31201",
    register="zalo+nam_bo",
    writer_batch="b07",
    split_group="r-b07-0012",
)


def test_written_texts_are_read_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    write_texts(path, [GOOD])
    assert read_texts(path) == [GOOD]
    assert json.loads(path.read_text(encoding="utf-8"))["place"] == {
        "text": "Hẻm 9 đường Bông Trang, phường Hưng Phú",
        "start": 0,
        "end": 39,
        "unit_code": "31201",
    }


def test_keys_stand_in_the_order_of_the_schema() -> None:
    assert list(to_json(GOOD)) == (
        "id text topics sentiment urgency kind flags place register spam writer_batch split_group note".split()
    )


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"topics": ()}, "no topic"),
        ({"topics": ("lightning",)}, "unknown topic 'lightning'"),
        ({"topics": ("ngap-nuoc",) * 5}, "more than 4 topics"),
        ({"urgency": "gap"}, "unknown urgency 'gap'"),
        ({"kind": None}, "a report without a kind"),
        ({"sentiment_target": None}, "sentiment without a target"),
        ({"flags": ("tre_em", "to_cao")}, "flags are not sorted"),
        ({"text": "  ", "place": None}, "the text is empty"),
        ({"id": "x-1"}, "id 'x-1' is not like"),
    ],
)
def test_a_fault_is_told_with_file_and_line(tmp_path: Path, change: dict[str, object], fault: str) -> None:
    path = tmp_path / "texts.jsonl"
    write_texts(path, [GOOD, replace(GOOD, **{"id": "r-b07-0013", **change})])  # type: ignore[arg-type]
    with pytest.raises(BrokenText, match=rf"texts\.jsonl:2: .*{fault}"):
        read_texts(path)


@pytest.mark.parametrize(
    ("line", "fault"),
    [("{", "no JSON"), ("[]", "not a JSON object"), ('{"id": "r-b07-0001"}', "the key 'place' is missing")],
)
def test_a_line_that_is_no_text_is_told(tmp_path: Path, line: str, fault: str) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(BrokenText, match=rf"texts\.jsonl:2: {fault}"):
        read_texts(path)


def test_the_same_id_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    write_texts(path, [GOOD, GOOD])
    with pytest.raises(BrokenText, match="a second time"):
        read_texts(path)


def test_a_place_must_stand_where_it_says(tmp_path: Path) -> None:
    row = to_json(GOOD)
    row["place"]["start"] = 1
    path = tmp_path / "texts.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(BrokenText, match="does not stand at 1"):
        read_texts(path)


def test_masks_are_read_back_the_same(tmp_path: Path) -> None:
    masks = {"r-b07-0012": (Mask(3, 13, "dien_thoai"),)}
    write_masks(tmp_path / "masking.jsonl", masks)
    assert read_masks(tmp_path / "masking.jsonl") == masks


def test_digest_does_not_depend_on_order_but_on_every_label() -> None:
    other = replace(GOOD, id="r-b07-0013")
    assert digest([GOOD, other]) == digest([other, GOOD])
    assert digest([GOOD]) != digest([replace(GOOD, urgency="thuong")])


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=40), st.integers(2, 5))
def test_folds_hold_every_row_once_and_part_no_group(groups: list[str], folds: int) -> None:
    found = grouped_folds(groups, folds=folds, seed=1)
    assert sorted(row for fold in found for row in fold) == list(range(len(groups)))
    owners = [{groups[row] for row in fold} for fold in found]
    assert sum(len(own) for own in owners) == len(set(groups))


words = st.text(st.characters(blacklist_characters="⟦¦⟧", blacklist_categories=("Cs",)), max_size=20)


@given(st.lists(st.tuples(words, st.sampled_from(["dien_thoai", "ten_rieng"]), words), max_size=4), words)
def test_marks_come_out_and_spans_hold_the_marked_words(parts: list[tuple[str, str, str]], end: str) -> None:
    parsed = parse_marked("".join(f"{before}⟦{kind}¦{inside}⟧" for before, kind, inside in parts) + end)
    assert parsed.text == "".join(before + inside for before, _, inside in parts) + end
    assert [parsed.text[mask.start : mask.end] for mask in parsed.masks] == [inside for _, _, inside in parts]


def test_near_copies_share_a_group_and_others_do_not() -> None:
    texts = [
        "Nắp cống trước nhà số 12 bể làm đôi, xe qua lọc cọc cả đêm",
        "Đèn đường ngoài chợ tắt hết",
        "nap cong truoc nha so 12 be lam doi, xe qua loc coc ca dem luon",
    ]
    assert grouped_copies(texts) == [0, 1, 0]
