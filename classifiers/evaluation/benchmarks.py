"""Public labelled sets as a yardstick: train on their train, test on their test. For research only, never shipped."""

import csv
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.datasets import grouped_folds
from classifiers.estimators.linear import LinearClassifier, complement_weights, one_against_the_others, with_copies
from classifiers.features import Recipe, Vocabulary
from classifiers.measures import macro_f1

COSTS = (0.15, 0.5)
FOLDS = 3
Labelled = tuple[list[str], list[str]]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One task of a public set.

    ``read`` gives texts and labels of its ``train`` or ``test`` part under a folder; ``floor`` holds accuracy, macro-F1
    and weighted F1 that a well-made linear model reached on the test part (best of many tries, so a little rosy), in
    per cent; ``published`` what others reported.
    """

    name: str
    folder: str
    read: Callable[[Path, str], Labelled]
    floor: tuple[float, float, float]
    published: str


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _parallel(labels: str) -> Callable[[Path, str], Labelled]:
    """UIT-VSFC: texts and labels in files of their own, line by line."""

    def read(folder: Path, part: str) -> Labelled:
        return _lines(folder / part / "sents.txt"), _lines(folder / part / labels)

    return read


def _table(name: str, text: str, label: str) -> Callable[[Path, str], Labelled]:
    """A CSV file a part, with a header; rows without a text are left out."""

    def read(folder: Path, part: str) -> Labelled:
        with (folder / name.format(part)).open(encoding="utf-8-sig", newline="") as lines:
            rows = [(row[text], row[label]) for row in csv.DictReader(lines) if row[text] and row[text].strip()]
        return [each for each, _ in rows], [each for _, each in rows]

    return read


def _tabbed(folder: Path, part: str) -> Labelled:
    """VLSP 2016: text, tab, label."""
    rows = [line.rsplit("\t", 1) for line in _lines(folder / f"SA-2016.{part}") if "\t" in line]
    return [row[0] for row in rows], [row[1].strip() for row in rows]


def _sheet(folder: Path, part: str) -> Labelled:
    """UIT-VSMEC: an Excel sheet with the columns Emotion and Sentence."""
    from openpyxl import load_workbook

    with closing(load_workbook(folder / f"{part}_nor_811.xlsx", read_only=True)) as book:
        first, *rows = book.worksheets[0].iter_rows(values_only=True)
    header = [str(cell) for cell in first]
    text, label = header.index("Sentence"), header.index("Emotion")
    found = [(str(row[text]), str(row[label])) for row in rows if row[text]]
    return [each for each, _ in found], [each for _, each in found]


BENCHMARKS: tuple[Benchmark, ...] = (
    Benchmark(
        "UIT-VSFC sentiment", "uit_vsfc", _parallel("sentiments.txt"), (90.7, 75.5, 89.6),
        "MaxEnt wF1 87.9; PhoBERT acc 93, maF1 84; ViSoBERT 93.4",
    ),
    Benchmark(
        "UIT-VSFC topic", "uit_vsfc", _parallel("topics.txt"), (86.8, 76.0, 86.0),
        "MaxEnt wF1 84.0; PhoBERT acc 85, maF1 77, wF1 86",
    ),
    Benchmark(
        "VLSP2016 sentiment", "vlsp2016_sa", _tabbed, (73.9, 74.0, 74.0), "underthesea acc 70.9; PhoBERT acc 78.0"
    ),
    Benchmark(
        "UIT-ViCTSD topic", "uit_victsd", _table("ViCTSD_{}.csv", "Comment", "Topic"), (75.4, 74.3, 75.1), "–"
    ),
    Benchmark(
        "UIT-ViCTSD toxicity", "uit_victsd", _table("ViCTSD_{}.csv", "Comment", "Toxicity"), (91.0, 69.6, 89.0),
        "PhoBERT F1 59.4",
    ),
    Benchmark("ViHSD hate", "vihsd", _table("{}.csv", "free_text", "label_id"), (87.8, 63.7, 86.6), "mBERT maF1 62.7"),
    Benchmark(
        "ViSpamReviews spam", "vispamreviews", _table("{}.csv", "Comment", "Label"), (87.8, 84.0, 87.4),
        "PhoBERT maF1 86.9",
    ),
    Benchmark(
        "UIT-VSMEC emotion", "uit_vsmec", _sheet, (62.5, 60.7, 62.4), "bi-encoder acc 61.9; Qwen2.5-7B acc 69.9"
    ),
)  # fmt: skip


def found_in(folder: Path) -> Sequence[Benchmark]:
    """The benchmarks whose data is there."""
    return [each for each in BENCHMARKS if (folder / each.folder).is_dir()]


def fitted(texts: Sequence[str], labels: Sequence[str]) -> LinearClassifier:
    """Our linear classifier on a public set: one recipe, its three switches chosen on folds of the training part.

    Held-out macro-F1 decides between two costs, balanced labels or not, and with or without the naive Bayes weights.
    """
    own = LinearClassifier()
    made = with_copies(texts, None, own.copies)
    matrix = Vocabulary.of(made, Recipe()).matrix(made)
    numbers = np.unique(np.asarray(labels, dtype=str), return_inverse=True)[1]
    best = max(product(COSTS, (None, "balanced"), (0.0, 0.33)), key=lambda each: _held_out(matrix, numbers, *each))
    return LinearClassifier(best[0], class_weight=best[1], naive=best[2]).fit(texts, labels)


def _held_out(matrix: Any, numbers: NDArray[np.int64], cost: float, weight: str | None, naive: float) -> float:
    """Macro-F1 over folds; the copies of a text stay on its side."""
    size, said = len(numbers), np.zeros_like(numbers)
    truth = numbers[:, None] == np.arange(numbers.max() + 1)[None, :]
    for held in grouped_folds([str(row) for row in range(size)], folds=FOLDS):
        rows = np.setdiff1d(np.arange(size), held)
        learned = np.concatenate([rows, rows + size])
        own = np.vstack([truth[rows], truth[rows]])
        weights, bias = one_against_the_others(matrix[learned], own, C=cost, balanced=weight is not None)
        if naive:
            weights += np.float32(naive) * complement_weights(matrix[learned], own)
        said[held] = (matrix[held] @ weights + bias).argmax(axis=1)
    return macro_f1(numbers, said)
