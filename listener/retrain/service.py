"""The learning loop: labels from the desks, training on them, and the gate before a model serves."""

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import tomli_w
from sqlalchemy.orm import Session

from classifiers import artifacts, training
from classifiers.datasets import LabelledText, read_texts
from classifiers.reader import SERVED, load_reader
from classifiers.tasks import MARKS, TASKS
from classifiers.taxonomy import load_taxonomy
from listener.errors import BadInput, ModelRefused
from listener.retrain.sampling import training_text
from listener.store import readings as rows

CORPUS = Path(training.__file__).parent / "corpus"
FLOORS = "floors.json"
BEFORE = "before"
ALL = "all"


def corpus() -> list[LabelledText]:
    """The labelled corpus that comes with the library, without its test split."""
    return [text for name in ("reports.jsonl", "posts.jsonl") for text in read_texts(CORPUS / name)]


def desk_labels(session: Session) -> list[LabelledText]:
    """Items whose topic a person decided, as training texts. Restricted and sample items are never among them."""
    return [
        training_text(
            item.id,
            is_report=item.is_report,
            body=item.body,
            masks=item.masks,
            values={
                "topic": item.topic or "",
                "sentiment": item.sentiment or "neutral",
                "urgency": item.urgency or "thuong",
                "kind": item.kind or "phan_anh",
            },
            flags=tuple(item.flags),
        )
        for item in rows.labelled_items(session)
    ]


def check_task(task: str) -> None:
    """Refuse a task that there is not.

    Raises
    ------
    BadInput
        There is no such task; the message lists those there are.
    """
    known = (*TASKS, MARKS, ALL)
    if task not in known:
        raise BadInput(f"Không có việc đọc nào tên “{task}”. Các việc: {', '.join(known)}.")


def train(task: str, texts: list[LabelledText], *, models: Path, on: date) -> dict[str, str]:
    """Train one task, or all of them, and put the artefacts on the shelf; they serve only once they are promoted.

    Returns the version of each task trained.

    Raises
    ------
    BadInput
        There is no such task.
    """
    check_task(task)
    made: dict[str, artifacts.Artifact | artifacts.MarksArtifact]
    if task == ALL:
        made = training.train_all(texts, models=models, on=on)
    elif task == MARKS:
        made = {task: training.train_marks(texts, models=models, on=on)}
    else:
        made = {task: training.train(task, texts, models=models, on=on)}
    return {name: artifact.manifest.version for name, artifact in made.items()}


def promote(task: str, version: str, *, models: Path) -> str | None:
    """Let a version serve from the next start on; returns the version it replaces.

    Raises
    ------
    ModelRefused
        No such version, no card, below a floor, or labels that the taxonomy lacks; each reason is named.
    """
    folder = models / task / version
    faults = gate(task, folder, models)
    if faults:
        raise ModelRefused(
            f"Chưa đưa {task} {version} vào dùng được:\n" + "\n".join(f"  - {fault}" for fault in faults)
        )
    path = models / SERVED
    told = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {"served": {}}
    replaced: str | None = told["served"].get(task)
    told["served"][task] = version
    if replaced and replaced != version:
        told.setdefault(BEFORE, {})[task] = replaced
    path.write_text(tomli_w.dumps(told), encoding="utf-8")
    return replaced


def roll_back(task: str, *, models: Path) -> str:
    """Serve the version before the present one again; returns it.

    Raises
    ------
    ModelRefused
        There is none.
    """
    path = models / SERVED
    told = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    version: str | None = told.get(BEFORE, {}).get(task)
    if version is None:
        raise ModelRefused(f"Không có bản trước của {task} để quay lại.")
    promote(task, version, models=models)
    return version


def gate(task: str, folder: Path, models: Path) -> list[str]:
    """Everything that keeps a version from serving, in words."""
    if not (folder / artifacts.MANIFEST).is_file():
        return [
            f"không có bản này trong {folder.parent.name}; các bản: {', '.join(versions(task, models)) or 'chưa có'}"
        ]
    faults = [] if (folder / artifacts.CARD).is_file() else ["thiếu thẻ mô hình (card.md)"]
    try:
        labels = artifacts.load_marks(folder).manifest.labels if task == MARKS else artifacts.load(folder).model.labels
    except artifacts.BadArtifact as error:
        return [*faults, str(error)]
    if task != MARKS and list(labels) != list(TASKS[task].labels(load_taxonomy())):
        faults.append("nhãn của mô hình khác danh mục hiện tại; hãy huấn luyện lại")
    return [*faults, *_below_floors(task, folder, models)]


def versions(task: str, models: Path) -> list[str]:
    """The versions of a task on the shelf, oldest first."""
    return sorted(path.parent.name for path in (models / task).glob(f"*/{artifacts.MANIFEST}"))


def check_served(models: Path) -> list[str]:
    """Faults of the models that serve now; empty when all is well."""
    try:
        load_reader(models)
    except artifacts.BadArtifact as error:
        return [str(error)]
    told = tomllib.loads((models / SERVED).read_text(encoding="utf-8"))["served"]
    return [
        f"{task}: {fault}" for task, version in told.items() for fault in gate(task, models / task / version, models)
    ]


def _below_floors(task: str, folder: Path, models: Path) -> list[str]:
    """Figures under their floor; for calibration errors (paths that end in ``ece``) the floor is a ceiling."""
    path = models / FLOORS
    floors = json.loads(path.read_text(encoding="utf-8")).get(task, {}) if path.exists() else {}
    figures = json.loads((folder / artifacts.METRICS).read_text(encoding="utf-8"))
    faults = []
    for name, floor in floors.items():
        value = _figure(figures, name)
        if value is None or (value > floor if name.endswith("ece") else value < floor):
            faults.append(f"{name} là {value}, giới hạn là {floor}")
    return faults


def _figure(figures: Any, path: str) -> float | None:
    """The figure at a path such as ``as_written/by_label/to_cao/recall``, None where there is none."""
    for key in path.split("/"):
        figures = figures.get(key) if isinstance(figures, dict) else None
    return figures if isinstance(figures, float | int) else None
