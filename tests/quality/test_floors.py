"""The served models keep the floors, are what their manifests say, and the reader's examples are true."""

import doctest
import json
from pathlib import Path
from typing import Any

import pytest

from classifiers import reader
from classifiers.artifacts import load, load_marks
from classifiers.reader import SHELF, load_reader, served
from classifiers.tasks import MARKS, TASKS
from classifiers.taxonomy import load_taxonomy

FLOORS: dict[str, dict[str, float]] = json.loads((SHELF / "floors.json").read_text(encoding="utf-8"))
LARGEST = 60 * 2**20  # bytes of all served models together


def _folder(task: str) -> Path:
    return SHELF / task / served(SHELF)[task]


def _value(metrics: dict[str, Any], path: str) -> float:
    """A figure by its path, such as ``as_written/by_label/to_cao/recall``."""
    found: Any = metrics
    for key in path.split("/"):
        found = found[key]
    return float(found)


@pytest.mark.parametrize(("task", "path"), [(task, path) for task, floors in FLOORS.items() for path in floors])
def test_no_served_model_lies_under_its_floor(task: str, path: str) -> None:
    metrics = json.loads((_folder(task) / "metrics.json").read_text(encoding="utf-8"))
    if path.endswith("ece"):
        assert _value(metrics, path) <= FLOORS[task][path]
    else:
        assert _value(metrics, path) >= FLOORS[task][path]


@pytest.mark.parametrize("task", TASKS)
def test_served_models_have_a_card_and_the_labels_of_the_taxonomy(task: str) -> None:
    artifact = load(_folder(task))
    assert artifact.manifest.task == task
    assert list(artifact.model.labels) == list(TASKS[task].labels(load_taxonomy()))
    assert (_folder(task) / "card.md").read_text(encoding="utf-8").startswith(f"# {task}, version ")


def test_the_restorer_of_marks_has_a_card_and_gives_marks_back() -> None:
    restorer = load_marks(_folder(MARKS)).model
    assert (_folder(MARKS) / "card.md").read_text(encoding="utf-8").startswith("# marks, version ")
    assert " ".join(restorer.restored("den duong hem tat ba dem nay".split())) == "đèn đường hẻm tắt ba đêm nay"


def test_every_task_has_floors() -> None:
    assert set(FLOORS) == {*TASKS, MARKS}


def test_served_models_are_small() -> None:
    assert sum(path.stat().st_size for task in (*TASKS, MARKS) for path in _folder(task).iterdir()) <= LARGEST


def test_examples_of_the_reader_are_true() -> None:
    assert doctest.testmod(reader).failed == 0


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Đèn đường hẻm 51 tắt ba đêm nay, tối thui", "den-duong-hong"),
        ("den duong hem 51 tat ba dem nay, toi thui", "den-duong-hong"),
        ("Nắp cống trước nhà bể, xe sụp bánh, nguy hiểm quá", "mat-nap-cong"),
        ("xe rac 4 ngay ko toi gom, rac hoi qua", "thu-gom-rac"),
        ("Nhà kế bên hát karaoke loa kéo tới 12 giờ khuya", "karaoke-loa-keo"),
        ("Mưa chút xíu là đường ngập tới gối, nước tràn vô nhà", "ngap-nuoc"),
        ("Có người gọi điện tự xưng công an kêu chuyển tiền, tôi nghi lừa đảo", "lua-dao-mang"),
        ("Bờ sông sạt lở ăn sâu vô 5 mét, nhà tôi sắp rớt xuống sông", "sat-lo"),
    ],
)
def test_plain_reports_are_read_right(text: str, topic: str) -> None:
    assert load_reader()(text).topic.label == topic
