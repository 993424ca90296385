"""``make evaluate``: the served models on the test split, as one table in Markdown and JSON."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from classifiers.copies import COPIES
from classifiers.datasets import CORPUS, LabelledText, read_masks, read_texts
from classifiers.measures import Measures, bootstrap_interval, measure, measure_several
from classifiers.prediction import Mask, Prediction, Reading
from classifiers.reader import SINGLE, Reader, load_reader
from classifiers.tasks import TASKS, Task

WAYS: dict[str, Callable[[str], str]] = {"as_written": str, **COPIES}
TEST = CORPUS / "test.jsonl"
TEST_MASKS = CORPUS / "test_masking.jsonl"
Results = dict[str, Any]


def evaluate(
    reader: Reader, texts: Sequence[LabelledText], masks: dict[str, tuple[Mask, ...]] | None = None
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
            results["masks"] = _mask_recall(texts, readings, masks or {})
    return results


def _read(reader: Reader, text: LabelledText, change: Callable[[str], str]) -> Reading:
    return reader(change(text.text), channel="report" if text.is_report else "post")


def _measures(reader: Reader, task: Task, texts: Sequence[LabelledText], readings: Sequence[Reading]) -> Measures:
    labels = list(task.labels(reader.taxonomy))
    if task.several:
        truth = np.array([[label in task.labels_of(text) for label in labels] for text in texts])
        given = np.array([[label in reading.flags for label in labels] for reading in readings])
        return measure_several(labels, truth, given)
    known = [(text, _prediction(reading, task)) for text, reading in zip(texts, readings, strict=True)]
    known = [(text, said) for text, said in known if task.labels_of(text)]
    numbers = np.array([labels.index(task.labels_of(text)[0]) for text, _ in known], dtype=np.int64)
    said = np.array([labels.index(said.label) for _, said in known], dtype=np.int64)
    sure = np.array([said.probability for _, said in known])
    found = measure(labels, numbers, said, sure, np.array([said.certain for _, said in known], dtype=bool))
    return {**found, "interval": bootstrap_interval(numbers, said)} if known else found


def _prediction(reading: Reading, task: Task) -> Prediction:
    found: Prediction = getattr(reading, task.name)
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


def _mask_recall(
    texts: Sequence[LabelledText], readings: Sequence[Reading], masks: dict[str, tuple[Mask, ...]]
) -> Results:
    """Share of the marked personal data that is wholly covered, by type. Only texts in NFC are compared."""
    counts: dict[str, list[int]] = {}
    for text, reading in zip(texts, readings, strict=True):
        if text.text != reading.text:
            continue
        for mask in masks.get(text.id, ()):
            covered = any(own.start <= mask.start and own.end >= mask.end for own in reading.masks)
            counts.setdefault(mask.type, []).append(covered)
    return {kind: {"marked": len(found), "covered": sum(found)} for kind, found in sorted(counts.items())}


def markdown(results: Results) -> str:
    """The table for people."""
    lines = [
        f"{results['texts']} texts of the test split, models {results['version']}, "
        f"{results['texts_per_second']} texts a second on one core, fields right {results['fields']}.",
        "",
        "| task | typed | texts | right | 95 % interval | macro-F1 | calibration error | accepted | right among them |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [_row(task, way, found) for task, ways in results["tasks"].items() for way, found in ways.items()]
    lines += ["", "| register | texts | topic | sentiment | urgency | kind |", "|---|---|---|---|---|---|"]
    for register, found in results["by_register"].items():
        lines.append(f"| {register} | " + " | ".join(str(found[key]) for key in ("texts", *SINGLE)) + " |")
    lines += ["", "| flag | texts | precision | recall |", "|---|---|---|---|"]
    for flag, found in results["tasks"]["flags"]["as_written"]["by_label"].items():
        lines.append(f"| {flag} | {found['texts']} | {found['precision']} | {found['recall']} |")
    lines += ["", "| personal data | marked | covered |", "|---|---|---|"]
    lines += [f"| {kind} | {found['marked']} | {found['covered']} |" for kind, found in results["masks"].items()]
    return "\n".join(lines) + "\n"


def _row(task: str, way: str, found: Measures) -> str:
    keys = ("texts", "accuracy", "interval", "macro_f1", "ece", "accepted", "accepted_right")
    return f"| {task} | {way} | " + " | ".join(str(found.get(key, "–")) for key in keys) + " |"


def main(out: Path | None = None) -> str:
    """Evaluate the served models; with a folder, also write ``evaluation.md`` and ``evaluation.json`` there."""
    texts = read_texts(TEST)
    results = evaluate(load_reader(), texts, read_masks(TEST_MASKS) if TEST_MASKS.is_file() else {})
    table = markdown(results)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "evaluation.md").write_text(table, encoding="utf-8")
        (out / "evaluation.json").write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return table


if __name__ == "__main__":
    sys.stdout.write(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
