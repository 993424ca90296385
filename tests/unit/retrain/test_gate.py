"""The gate before a model serves: card, floors, labels; promotion and the way back."""

import json
import shutil
import tomllib
from pathlib import Path

import pytest

from classifiers.reader import SHELF, served
from listener.errors import BadInput, ModelRefused
from listener.retrain import service
from listener.retrain.sampling import without_spans

VERSION = served(SHELF)["sentiment"]


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A shelf with the served sentiment model twice, the second under another name."""
    for version in (VERSION, "next"):
        shutil.copytree(SHELF / "sentiment" / VERSION, tmp_path / "sentiment" / version)
    (tmp_path / "served.toml").write_text(f'[served]\nsentiment = "{VERSION}"\n', encoding="utf-8")
    (tmp_path / "floors.json").write_text('{"sentiment": {"as_written/macro_f1": 0.5}}', encoding="utf-8")
    return tmp_path


def test_a_promoted_version_serves_and_the_one_before_can_come_back(shelf: Path) -> None:
    assert service.promote("sentiment", "next", models=shelf) == VERSION
    assert tomllib.loads((shelf / "served.toml").read_text(encoding="utf-8"))["served"]["sentiment"] == "next"
    assert service.roll_back("sentiment", models=shelf) == VERSION


def test_a_model_without_a_card_is_refused(shelf: Path) -> None:
    (shelf / "sentiment" / "next" / "card.md").unlink()
    with pytest.raises(ModelRefused, match="thiếu thẻ"):
        service.promote("sentiment", "next", models=shelf)


@pytest.mark.parametrize("floors", [{"as_written/macro_f1": 0.999}, {"as_written/ece": 0.0}, {"no/such/figure": 0.1}])
def test_a_model_under_a_floor_is_refused_with_the_figure(shelf: Path, floors: dict[str, float]) -> None:
    (shelf / "floors.json").write_text(json.dumps({"sentiment": floors}), encoding="utf-8")
    with pytest.raises(ModelRefused, match="giới hạn là"):
        service.promote("sentiment", "next", models=shelf)


def test_a_damaged_model_is_refused(shelf: Path) -> None:
    (shelf / "sentiment" / "next" / "model.skops").write_bytes(b"not a model")
    with pytest.raises(ModelRefused):
        service.promote("sentiment", "next", models=shelf)


def test_an_unknown_version_names_the_known_ones(shelf: Path) -> None:
    with pytest.raises(ModelRefused, match="next"):
        service.promote("sentiment", "never", models=shelf)


def test_an_unknown_task_is_refused() -> None:
    with pytest.raises(BadInput, match="lightning"):
        service.check_task("lightning")


def test_personal_data_is_cut_out_before_training() -> None:
    assert without_spans("Gọi 0530000001 giùm", [{"start": 4, "end": 14, "type": "phone"}]) == "Gọi … giùm"
