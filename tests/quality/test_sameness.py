"""Copies and look-alikes of our own pairs are told apart; thresholds were chosen on one half, this measures both."""

from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest

from classifiers.text.sameness import SHARED_RUNS, is_copy, runs

PAIRS = Path(__file__).parent / "sameness"


class Pair(NamedTuple):
    one: str
    other: str
    copy: bool


def pairs_of(half: str) -> list[Pair]:
    """Six pairs a family: three of the text and its two copies, three that set a look-alike against each of them."""
    found = []
    for family in (PAIRS / f"{half}.txt").read_text(encoding="utf-8").split("# ")[1:]:
        first, *others = family.strip().split("\n")[1:]
        copies = [first, *(line[2:] for line in others if line.startswith("+ "))]
        alike = [line[2:] for line in others if line.startswith("- ")]
        found += [Pair(one, other, True) for one, other in combinations(copies, 2)]
        found += [Pair(first, alike[0], False), Pair(copies[1], alike[1], False), Pair(alike[0], alike[1], False)]
    return found


def held_for_copy(pair: Pair) -> bool:
    """As the service does it: found by shared runs, then compared."""
    return len({*runs(pair.one)} & {*runs(pair.other)}) >= SHARED_RUNS and is_copy(pair.one, pair.other)


def test_the_pairs_are_many_and_half_of_them_copies() -> None:
    pairs = pairs_of("dev") + pairs_of("test")
    assert len(pairs) >= 320
    assert sum(pair.copy for pair in pairs) * 2 == len(pairs)
    texts = {text for pair in pairs for text in (pair.one, pair.other)}
    assert all(20 <= len(text.split()) <= 150 for text in texts)
    assert len(texts) == 270


@pytest.mark.parametrize("half", ["dev", "test"])
def test_precision_and_recall(half: str) -> None:
    pairs = pairs_of(half)
    held = [pair for pair in pairs if held_for_copy(pair)]
    right = sum(pair.copy for pair in held)
    precision, recall = right / len(held), right / sum(pair.copy for pair in pairs)
    assert precision >= 0.98
    assert recall >= 0.95


@pytest.mark.parametrize("half", ["dev", "test"])
def test_the_order_of_two_texts_does_not_matter(half: str) -> None:
    for one, other, _ in pairs_of(half):
        assert is_copy(one, other) == is_copy(other, one)
