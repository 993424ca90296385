"""The table of ``make evaluate``."""

from classifiers.datasets import LabelledText
from classifiers.evaluation.own import evaluate
from classifiers.evaluation.tables import markdown
from classifiers.prediction import Mask
from classifiers.reader import Reader


def test_the_table_tells_every_task_typed_every_way(small_reader: Reader, small_texts: list[LabelledText]) -> None:
    some = small_texts[::9]
    results = evaluate(small_reader, some, {some[0].id: (Mask(0, 2, "ten_rieng"),)})
    assert set(results["tasks"]) == {"topic", "sentiment", "target", "kind", "urgency", "flags"}
    topic = results["tasks"]["topic"]["as_written"]
    assert topic["accuracy"] > 0.9
    assert topic["interval"][0] <= topic["accuracy"] <= topic["interval"][1]
    assert results["tasks"]["topic"]["decomposed"]["accuracy"] == topic["accuracy"]
    assert results["masks"] == {"ten_rieng": {"marked": 1, "covered": 0}}
    table = markdown(results)
    assert table.count("| topic |") >= 4
    assert set(results["places"]) == {"found", "words", "unit"}
    assert "| tre_em |" in table
