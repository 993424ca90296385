"""Public sets are read as they lie; peers learn; the tables hold every figure."""

import importlib.util
from pathlib import Path

import pytest
from openpyxl import Workbook

from classifiers.evaluation.benchmarks import BENCHMARKS, Benchmark, fitted, found_in
from classifiers.evaluation.peers import PEERS, Peer, encoder_rate, rate
from classifiers.evaluation.tables import markdown

DATA = Path(__file__).parents[4] / "shared" / "data"
GOOD = ["thầy dạy hay quá", "giảng bài dễ hiểu", "thầy rất nhiệt tình", "môn học hay", "thầy cô dễ thương", "bài hay"]
BAD = ["phòng học nóng quá", "máy chiếu hư hoài", "giảng bài khó hiểu", "phòng chật", "máy lạnh hư", "quạt hư nóng"]


def named(name: str) -> Benchmark:
    return next(each for each in BENCHMARKS if each.name == name)


def test_parallel_files_are_read_line_by_line(tmp_path: Path) -> None:
    folder = tmp_path / "train"
    folder.mkdir()
    (folder / "sents.txt").write_text("hay\ndở\n", encoding="utf-8")
    (folder / "sentiments.txt").write_text("2\n0\n", encoding="utf-8")
    assert named("UIT-VSFC sentiment").read(tmp_path, "train") == (["hay", "dở"], ["2", "0"])


def test_a_table_gives_its_column_and_skips_empty_texts(tmp_path: Path) -> None:
    (tmp_path / "test.csv").write_text('free_text,label_id\n"dở, tệ",1\n,0\n  ,2\nhay,0\n', encoding="utf-8")
    assert named("ViHSD hate").read(tmp_path, "test") == (["dở, tệ", "hay"], ["1", "0"])


def test_tabbed_lines_are_cut_at_the_last_tab(tmp_path: Path) -> None:
    (tmp_path / "SA-2016.test").write_text("máy\ttốt\tPOS\nlỗi dòng\n", encoding="utf-8")
    assert named("VLSP2016 sentiment").read(tmp_path, "test") == (["máy\ttốt"], ["POS"])


def test_a_sheet_gives_sentences_and_emotions(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in [("", "Emotion", "Sentence"), (1, "Anger", "bực quá"), (2, "Other", None)]:
        sheet.append(row)
    book.save(tmp_path / "train_nor_811.xlsx")
    assert named("UIT-VSMEC emotion").read(tmp_path, "train") == (["bực quá"], ["Anger"])


def test_only_sets_that_are_there_are_found(tmp_path: Path) -> None:
    (tmp_path / "vihsd").mkdir()
    assert [each.name for each in found_in(tmp_path)] == ["ViHSD hate"]


@pytest.mark.parametrize("benchmark", BENCHMARKS, ids=lambda each: each.name)
def test_the_real_sets_are_read(benchmark: Benchmark) -> None:
    if not (DATA / benchmark.folder).is_dir():
        pytest.skip(f"{benchmark.folder} is not here")
    for part in ("train", "test"):
        texts, labels = benchmark.read(DATA / benchmark.folder, part)
        assert len(texts) == len(labels) > 600
        assert 2 <= len(set(labels)) <= 10


def test_our_recipe_chooses_its_switches_and_learns() -> None:
    model = fitted([*GOOD, *BAD] * 2, (["2"] * len(GOOD) + ["0"] * len(BAD)) * 2)
    assert model.predict(["thầy dạy dễ hiểu", "phòng nóng, quạt hư"]).tolist() == ["2", "0"]


@pytest.mark.parametrize("peer", PEERS, ids=lambda each: each.name)
def test_peers_learn(peer: Peer) -> None:
    model = peer.make().fit([*GOOD, *BAD] * 2, (["2"] * len(GOOD) + ["0"] * len(BAD)) * 2)
    assert model.predict(["thầy dạy hay", "máy chiếu hư"]).tolist() == ["2", "0"]


def test_the_encoder_is_timed_only_where_torch_is() -> None:
    if importlib.util.find_spec("torch") is None:
        assert encoder_rate() is None
    else:
        found = encoder_rate()
        assert found is not None
        assert 0 < found < 1000


def test_a_rate_counts_every_text() -> None:
    seen: list[str] = []
    assert rate(seen.extend, ["a", "b"]) > 0
    assert seen == ["a", "b"]


def test_the_table_shows_floor_and_published_figure_once() -> None:
    way = {"accuracy": 90.0, "macro_f1": 75.0, "weighted_f1": 89.0, "macro_f1_interval": [72.0, 78.0]}
    own = {"name": "UIT-VSFC sentiment", "texts": 2, "floor": (90.7, 75.5, 89.6), "published": "PhoBERT acc 93"}
    flags = {"as_written": {"by_label": {"tre_em": {"texts": 1, "precision": 1.0, "recall": 1.0, "f1": 1.0}}}}
    nothing = {"f1": 1.0, "precision": 1.0, "recall": 1.0, "texts": 1}
    table = markdown(
        {
            "texts": 2,
            "version": "x",
            "tasks": {"flags": flags, "urgency": flags},
            "fields": 1.0,
            "spam": nothing,
            "topics_beside": nothing,
            "places": {"found": nothing},
            "by_register": {},
            "masks": {},
            "benchmarks": [{**own, "ways": {"as_written": way, "bare": way}}],
        }
    )
    assert table.count("90.7 / 75.5 / 89.6") == 1
    assert table.count("PhoBERT acc 93") == 1
    assert table.count("72.0–78.0") == 2
