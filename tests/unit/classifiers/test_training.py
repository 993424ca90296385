"""Training: same texts, same model; measures come from texts not trained on."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from classifiers.bench import Bench
from classifiers.datasets import LabelledText
from classifiers.tasks import TASKS, Implications, UnknownTask
from classifiers.taxonomy import Taxonomy, load_taxonomy
from classifiers.training import train

DAY = date(2026, 11, 23)


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_texts_day_and_seed_give_the_same_bytes(
    tmp_path: Path, small_texts: list[LabelledText], small_taxonomy: Taxonomy
) -> None:
    for name in ("one", "two"):
        train("sentiment", small_texts, models=tmp_path / name, on=DAY, taxonomy=small_taxonomy)
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")


def test_the_version_tells_day_and_texts(
    tmp_path: Path, small_texts: list[LabelledText], small_taxonomy: Taxonomy
) -> None:
    some = train("kind", small_texts, models=tmp_path, on=DAY, taxonomy=small_taxonomy).manifest
    other = [replace(small_texts[0], urgency="cao"), *small_texts[1:]]
    less = train("kind", other, models=tmp_path, on=DAY, taxonomy=small_taxonomy).manifest
    assert some.version.startswith("2026-11-23-")
    assert some.version != less.version
    assert some.texts == len(small_texts)


def test_measures_stand_beside_the_model(shelf: Path) -> None:
    (folder,) = (shelf / "topic").iterdir()
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    assert {"as_written", "bare", "decomposed", "chatty", "reports", "posts", "field", "topics"} == set(metrics)
    assert metrics["as_written"]["accuracy"] > 0.9
    assert metrics["decomposed"] == metrics["as_written"]
    assert set(metrics["as_written"]["by_label"]) == {"den-duong-hong", "thu-gom-rac", "mat-nap-cong", "trom-cuop"}


def test_held_out_scores_come_from_models_that_did_not_see_the_text(
    small_taxonomy: Taxonomy, small_texts: list[LabelledText]
) -> None:
    """Texts of nonsense with labels drawn by lot cannot be told, unless they were learned by heart."""
    dice = np.random.default_rng(0)
    topics = list(small_taxonomy.leaves)
    lots = [
        replace(text, text=" ".join(dice.choice(list("bcdgh"), 6).tolist()), topics=(topics[int(dice.integers(4))],))
        for text in small_texts
    ]
    bench = Bench(lots, small_taxonomy)
    task = TASKS["topic"]
    said = bench.held_out(task)["as_written"].argmax(axis=1)
    right = (said == bench.truth(task, range(len(lots))).argmax(axis=1)).mean()
    assert right < 0.45


def test_an_unknown_task_is_named(tmp_path: Path, small_texts: list[LabelledText]) -> None:
    with pytest.raises(UnknownTask, match="'mood' is no task; there are topic, sentiment"):
        train("mood", small_texts, models=tmp_path, on=DAY)


def test_what_topic_and_kind_imply_follows_their_probabilities() -> None:
    taxonomy = load_taxonomy()
    implied = Implications.of(taxonomy)
    topics, kinds = np.zeros((2, 80)), np.zeros((2, 7))
    topics[:, list(taxonomy.leaves).index("mat-nap-cong")] = 1
    kinds[0, list(taxonomy.kinds).index("phan_anh")] = 1
    kinds[1, list(taxonomy.kinds).index("hoi_dap")] = 1
    best = implied.log_urgency(topics, kinds).argmax(axis=1)
    assert [list(taxonomy.urgencies)[number] for number in best] == ["khan", "thuong"]


def test_what_is_implied_for_flags_is_a_logit() -> None:
    taxonomy = load_taxonomy()
    topics, kinds = np.zeros((1, 80)), np.zeros((1, 7))
    topics[0, list(taxonomy.leaves).index("trom-cuop")] = 1
    kinds[0, 0] = 1
    logits = Implications.of(taxonomy).logit_flags(topics, kinds)[0]
    flags = dict(zip(taxonomy.flags, logits.tolist(), strict=True))
    assert flags["tin_bao_toi_pham"] > 4
    assert flags["tre_em"] < -4
