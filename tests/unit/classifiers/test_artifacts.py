"""An artefact comes back as it was saved, or is refused with a reason."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from skops import io as skops_io

from classifiers.artifacts import MANIFEST, MODEL, BadArtifact, load
from classifiers.features import ready


@pytest.fixture
def folder(shelf: Path, tmp_path: Path) -> Path:
    """A copy of the small topic model that a test may spoil."""
    (source,) = (shelf / "topic").iterdir()
    copy = tmp_path / "topic"
    copy.mkdir()
    for path in source.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    return copy


def _sign(folder: Path) -> None:
    """Make the manifest name the model file as it is now."""
    told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    told["sha256"] = hashlib.sha256((folder / MODEL).read_bytes()).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(told), encoding="utf-8")


def _change(folder: Path, **values: object) -> None:
    told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    (folder / MANIFEST).write_text(json.dumps({**told, **values}), encoding="utf-8")


def test_a_folder_holds_model_manifest_metrics_and_card(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == ["card.md", "manifest.json", "metrics.json", "model.skops"]
    artifact = load(folder)
    assert artifact.manifest.task == "topic"
    assert artifact.model.labels == artifact.manifest.labels
    assert artifact.manifest.libraries["skops"]
    assert "den-duong-hong" in (folder / "card.md").read_text(encoding="utf-8")


def test_skops_itself_opens_the_file_and_finds_no_untrusted_type(folder: Path) -> None:
    data = (folder / MODEL).read_bytes()
    assert skops_io.get_untrusted_types(data=data) == []
    state = skops_io.loads(data)
    own = load(folder).model
    assert state["terms"].tobytes().decode().split("\n") == list(own.vocabulary.terms)
    np.testing.assert_array_equal(state["weights"].astype(np.float32), own.weights)


def _without_model(folder: Path) -> None:
    (folder / MODEL).unlink()


def _without_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


def _manifest_no_json(folder: Path) -> None:
    (folder / MANIFEST).write_text("{", encoding="utf-8")


def _other_format(folder: Path) -> None:
    _change(folder, format=99)


def _other_labels(folder: Path) -> None:
    _change(folder, labels=["a", "b"])


def _less_in_manifest(folder: Path) -> None:
    told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    del told["threshold"]
    (folder / MANIFEST).write_text(json.dumps(told), encoding="utf-8")


def _one_byte_changed(folder: Path) -> None:
    data = bytearray((folder / MODEL).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / MODEL).write_bytes(bytes(data))


def _no_zip(folder: Path) -> None:
    (folder / MODEL).write_bytes(b"nothing of the kind")
    _sign(folder)


def _something_that_runs(folder: Path) -> None:
    (folder / MODEL).write_bytes(skops_io.dumps({"told": Path("x"), "terms": print}))
    _sign(folder)


def _something_else(folder: Path) -> None:
    (folder / MODEL).write_bytes(skops_io.dumps({"told": "{}"}))
    _sign(folder)


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (_without_model, r"there is no model\.skops"),
        (_without_manifest, r"there is no manifest\.json"),
        (_manifest_no_json, "is no JSON"),
        (_other_format, "format 99"),
        (_other_labels, "name different labels"),
        (_less_in_manifest, "incomplete"),
        (_one_byte_changed, "SHA-256 differs"),
        (_no_zip, "cannot be read"),
        (_something_that_runs, "which is not allowed"),
        (_something_else, "is not a model of this library"),
    ],
)
def test_a_spoilt_artefact_is_refused_with_the_reason(folder: Path, spoil: Callable[[Path], None], fault: str) -> None:
    spoil(folder)
    with pytest.raises(BadArtifact, match=fault):
        load(folder)


def test_an_array_that_hides_objects_is_refused(folder: Path) -> None:
    with zipfile.ZipFile(folder / MODEL) as source:
        files = {name: source.read(name) for name in source.namelist()}
    name = next(name for name in files if name.endswith(".npy"))
    np.save(folder / "objects.npy", np.array([object()], dtype=object), allow_pickle=True)
    files[name] = (folder / "objects.npy").read_bytes()
    with zipfile.ZipFile(folder / MODEL, "w") as target:
        for each, content in files.items():
            target.writestr(each, content)
    _sign(folder)
    with pytest.raises(BadArtifact):
        load(folder)


def test_a_loaded_model_says_what_the_saved_one_said(folder: Path) -> None:
    model = load(folder).model
    scores = model.scores_of([ready("đèn hẻm tắt", channel="report")])
    assert model.labels[int(scores.argmax())] == "den-duong-hong"
