"""The served models on the test split: every task, by register, typed as others would; places, masks, desks, speed."""

import re
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

from classifiers.copies import COPIES
from classifiers.datasets import CORPUS, LabelledText
from classifiers.measures import Measures, bootstrap_interval, f1, macro_f1, measure, measure_several
from classifiers.prediction import Mask, Prediction, Reading
from classifiers.reader import SINGLE, Reader
from classifiers.tasks import TASKS, Task

WAYS: dict[str, Callable[[str], str]] = {"as_written": str, **COPIES}
TEST = CORPUS / "test.jsonl"
TEST_MASKS = CORPUS / "test_masking.jsonl"
Results = dict[str, Any]
_WORD = re.compile(r"\w+")
# Types of the sidecar that are numbers; the others are names, addresses of the net, dates.
NUMBERS = frozenset({"dien_thoai", "cccd", "cmnd", "bien_so", "tai_khoan", "the", "mst"})


class Desks(Protocol):
    """Who would get a text: needs a city's departments, which this library does not know."""

    def true(self, text: LabelledText) -> str | None:
        """The department of the labelled topic and place."""

    def said(self, reading: Reading) -> tuple[str | None, bool, bool]:
        """The department by the reading, whether the machine is sure of it, and whether it would send it alone."""


def evaluate(
    reader: Reader,
    texts: Sequence[LabelledText],
    masks: dict[str, tuple[Mask, ...]] | None = None,
    desks: Desks | None = None,
) -> Results:
    """Every task on labelled texts: as written, by register, and typed as others would have."""
    results: Results = {"texts": len(texts), "version": reader.version, "tasks": {}}
    for way, change in WAYS.items():
        started = time.perf_counter()
        readings = [_read(reader, text, change) for text in texts]
        seconds = time.perf_counter() - started
        for task in TASKS.values():
            results["tasks"].setdefault(task.name, {})[way] = _measures(reader, task, texts, readings)
        if way == "as_written":
            results["texts_per_second"] = round(len(texts) / seconds, 1) if seconds else 0.0
            results["by_register"] = _by_register(reader, texts, readings)
            results["fields"] = _share([r.field for r in readings], texts, lambda text: _field(reader, text))
            results["spam"] = f1(np.array([t.spam for t in texts]), np.array([r.spam for r in readings]))
            results["topics_beside"] = _topics_beside(reader, texts, readings)
            results["places"] = _places(texts, readings)
            results["masks"] = _mask_recall(texts, readings, masks or {})
            results["desks"] = _desks(texts, readings, desks) if desks is not None else {}
    return results


def _read(reader: Reader, text: LabelledText, change: Callable[[str], str]) -> Reading:
    return reader(change(text.text), channel="report" if text.is_report else "post")


def _measures(reader: Reader, task: Task, texts: Sequence[LabelledText], readings: Sequence[Reading]) -> Measures:
    labels = list(task.labels(reader.taxonomy))
    if task.several:
        truth = np.array([[label in task.labels_of(text) for label in labels] for text in texts])
        given = np.array([[label in reading.flags for label in labels] for reading in readings])
        return measure_several(labels, truth, given)
    known = [
        (text, said)
        for text, reading in zip(texts, readings, strict=True)
        for said in [_prediction(reading, task)]
        if task.labels_of(text) and said is not None
    ]
    numbers = np.array([labels.index(task.labels_of(text)[0]) for text, _ in known], dtype=np.int64)
    said = np.array([labels.index(said.label) for _, said in known], dtype=np.int64)
    sure = np.array([said.probability for _, said in known])
    found = measure(labels, numbers, said, sure, np.array([said.certain for _, said in known], dtype=bool))
    if not known:
        return found
    intervals = {
        "interval": bootstrap_interval(numbers, said),
        "macro_f1_interval": bootstrap_interval(numbers, said, macro_f1),
    }
    return {**found, **intervals}


def _prediction(reading: Reading, task: Task) -> Prediction | None:
    found: Prediction | None = getattr(reading, task.name)
    return found


def _by_register(reader: Reader, texts: Sequence[LabelledText], readings: Sequence[Reading]) -> Results:
    """Share right by genre and by each surface of the register."""
    found: Results = {}
    for register in sorted({part for text in texts for part in text.register.split("+") if part}):
        rows = [row for row, text in enumerate(texts) if register in text.register.split("+")]
        some, read = [texts[row] for row in rows], [readings[row] for row in rows]
        shares = {task: _measures(reader, TASKS[task], some, read)["accuracy"] for task in SINGLE}
        found[register] = {"texts": len(rows), **shares}
    return found


def _field(reader: Reader, text: LabelledText) -> str | None:
    return reader.taxonomy.field_of(text.topics[0]) if text.topics else None


def _share(said: Sequence[str], texts: Sequence[LabelledText], truth: Callable[[LabelledText], str | None]) -> float:
    right = [label == truth(text) for label, text in zip(said, texts, strict=True) if truth(text) is not None]
    return round(sum(right) / len(right), 4) if right else 0.0


def _topics_beside(reader: Reader, texts: Sequence[LabelledText], readings: Sequence[Reading]) -> Results:
    """The topics beside the main one, where the main one is right."""
    labels = list(reader.taxonomy.leaves)
    pairs = [(t, r) for t, r in zip(texts, readings, strict=True) if t.topics and t.topics[0] == r.topic.label]
    truth = np.array([[label in text.topics[1:] for label in labels] for text, _ in pairs])
    given = np.array([[label in reading.topics[1:] for label in labels] for _, reading in pairs])
    return f1(truth, given) if pairs else {}


def _places(texts: Sequence[LabelledText], readings: Sequence[Reading]) -> Results:
    """The main place of each text: whether it is found, which words belong to it, and the unit it settles.

    The main place of a reading is the first that settles a unit, else the first. Only texts in NFC are compared.
    """
    found, words, units = _Tally(), _Tally(), _Tally()
    for text, reading in zip(texts, readings, strict=True):
        if text.text != reading.text:
            continue
        main = next((place for place in reading.places if place.unit_code), next(iter(reading.places), None))
        own, said = text.place or (0, 0), (main.start, main.end) if main else (0, 0)
        found.add(text.place is not None, main is not None, own[0] < said[1] and said[0] < own[1])
        starts = [match.start() for match in _WORD.finditer(text.text)]
        marked = {start for start in starts if own[0] <= start < own[1]}
        given = {start for start in starts if said[0] <= start < said[1]}
        words.true += len(marked)
        words.given += len(given)
        words.hits += len(marked & given)
        units.add(text.unit_code is not None, reading.unit_code is not None, text.unit_code == reading.unit_code)
    return {"found": found.f1(), "words": words.f1(), "unit": units.f1()}


class _Tally:
    """Counts for precision and recall."""

    def __init__(self) -> None:
        self.true = self.given = self.hits = 0

    def add(self, true: bool, given: bool, right: bool) -> None:
        self.true += true
        self.given += given
        self.hits += true and given and right

    def f1(self) -> dict[str, float]:
        precision, recall = self.hits / max(1, self.given), self.hits / max(1, self.true)
        both = 2 * self.hits / max(1, self.true + self.given)
        return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(both, 4), "marked": self.true}


def _desks(texts: Sequence[LabelledText], readings: Sequence[Reading], desks: Desks) -> Results:
    """Reports that are not spam: the right department, and what the machine would send alone."""
    rows = [
        (desks.true(text), *desks.said(reading))
        for text, reading in zip(texts, readings, strict=True)
        if text.is_report and not text.spam
    ]
    right = [true == said for true, said, _, _ in rows]
    sure = [ok for ok, (_, _, is_sure, _) in zip(right, rows, strict=True) if is_sure]
    alone = [ok for ok, (_, _, _, is_alone) in zip(right, rows, strict=True) if is_alone]
    return {
        "reports": len(rows),
        "right": _mean(right),
        "sure": round(len(sure) / max(1, len(rows)), 4),
        "sure_right": _mean(sure),
        "sent_alone": round(len(alone) / max(1, len(rows)), 4),
        "sent_alone_right": _mean(alone),
    }


def _mean(flags: Sequence[bool]) -> float:
    return round(sum(flags) / len(flags), 4) if flags else 0.0


def _mask_recall(
    texts: Sequence[LabelledText], readings: Sequence[Reading], masks: dict[str, tuple[Mask, ...]]
) -> Results:
    """Share of the marked personal data that is wholly covered, by type, and of all numbers together.

    Only texts in NFC are compared.
    """
    counts: dict[str, list[bool]] = {}
    for text, reading in zip(texts, readings, strict=True):
        if text.text != reading.text:
            continue
        for mask in masks.get(text.id, ()):
            covered = any(own.start <= mask.start and own.end >= mask.end for own in reading.masks)
            counts.setdefault(mask.type, []).append(covered)
            if mask.type in NUMBERS:
                counts.setdefault("numbers", []).append(covered)
    return {kind: {"marked": len(found), "covered": sum(found)} for kind, found in sorted(counts.items())}
