"""The notebooks run from top to bottom offline, say what they promise, and are committed without outputs."""

import os
import time
import unicodedata
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from classifiers import artifacts

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LONGEST = 900  # seconds; about two minutes on two idle cores
# A notebook that asks the network anything fails at once.
NO_NETWORK = """
import socket

def refused(*_arguments, **_more):
    raise OSError("a notebook asked the network")

socket.socket.connect = refused
socket.create_connection = refused
"""


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_without_outputs_and_explains_itself_in_vietnamese(path: Path) -> None:
    cells = read(path).cells
    assert cells[0].cell_type == "markdown"
    assert all(not cell.outputs and cell.execution_count is None for cell in cells if cell.cell_type == "code")
    told = "\n".join(cell.source for cell in cells)
    assert unicodedata.is_normalized("NFC", told)
    assert "listener." not in told, "a notebook imports classifiers only"
    assert sum(cell.cell_type == "markdown" for cell in cells) >= 5


@pytest.mark.slow
@pytest.mark.timeout(LONGEST)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.filterwarnings("default")
def test_a_notebook_runs_top_to_bottom_and_its_model_has_learned(path: Path, tmp_path: Path) -> None:
    notebook = read(path)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(NO_NETWORK))  # type: ignore[no-untyped-call]
    said = nbformat.v4.new_code_cell("import json; print('RESULT', json.dumps(result))")  # type: ignore[no-untyped-call]
    notebook.cells.append(said)
    environment = {**os.environ, "TMPDIR": str(tmp_path), "MPLBACKEND": "agg", "PYTHONPATH": str(FOLDER.parent)}
    started = time.monotonic()
    client = NotebookClient(
        notebook, timeout=LONGEST, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}
    )
    client.execute(env=environment)
    assert time.monotonic() - started < LONGEST
    result = _result(notebook.cells[-1])
    assert result["learned"] > 1000
    assert result["unseen"] > 100
    assert result["right"] > result["always"] + 0.1, "no better than always saying the same"
    assert result["verdict"]
    saved = artifacts.load(Path(result["saved"]))
    assert saved.manifest.texts == result["learned"]
    assert tmp_path in Path(result["saved"]).parents


def _result(cell: Any) -> dict[str, Any]:
    import json

    printed = "".join(output.get("text", "") for output in cell.outputs if output.get("name") == "stdout")
    found: dict[str, Any] = json.loads(printed.partition("RESULT ")[2])
    return found


def test_there_is_a_notebook_for_topic_and_one_for_sentiment() -> None:
    told = ["\n".join(cell.source for cell in read(path).cells) for path in NOTEBOOKS]
    for task in ("topic", "sentiment"):
        assert any(f'TASK, PROMISE = "{task}"' in text for text in told)
