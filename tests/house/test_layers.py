"""The rules of the house that import-linter and ruff do not know."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = [
    path
    for folder in ("classifiers", "listener")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "versions" not in path.parts and "node_modules" not in path.parts
]
STAGES = ("collect", "classify", "link", "route", "deliver", "brief", "letters", "retrain", "accounts")


def test_layers_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_opens_with_what_its_room_is_for_and_stays_under_400_lines(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "no opening line"
    assert text.count("\n") <= 400


@pytest.mark.parametrize("stage", STAGES)
def test_only_the_services_of_a_stage_open_the_store(stage: str) -> None:
    for path in (ROOT / "listener" / stage).rglob("*.py"):
        if path.name.endswith("service.py"):
            continue
        imports = re.findall(
            r"^\s*(?:from|import) (listener\.store\S*|sqlalchemy\S*)", path.read_text(encoding="utf-8"), re.M
        )
        imports = [name for name in imports if name != "listener.store.shapes"]  # plain data
        assert not imports, f"{path.name} imports {imports}"


def test_the_spine_stays_short() -> None:
    assert (ROOT / "listener" / "pipeline.py").read_text(encoding="utf-8").count("\n") <= 150


def test_every_kind_of_source_in_the_catalogue_has_a_spider() -> None:
    from listener.catalog.service import SOURCE_KINDS
    from listener.collect.spiders import SPIDERS

    assert set(SPIDERS) == SOURCE_KINDS


def test_the_readme_names_every_setting() -> None:
    from listener.settings import Settings

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert f"`LISTENER_{name.upper()}`" in readme, name
        assert field.description in readme, name


def test_the_files_are_in_nfc_and_name_no_machine() -> None:
    import unicodedata

    for path in [*PYTHON, *ROOT.glob("*.md"), *ROOT.rglob("listener/**/*.toml")]:
        if "node_modules" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text) or path.parts[-2] == "text", path
        assert not re.search(r"/(?:work|root|home)/[a-z]", text), path
