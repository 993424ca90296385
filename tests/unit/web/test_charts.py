"""The charts' geometry keeps its promises whatever the numbers are."""

from hypothesis import given
from hypothesis import strategies as st

from listener.web.pages.charts import nice_top, spark, stack


def test_a_spark_runs_from_left_to_right_with_the_highest_on_top() -> None:
    assert spark([0, 10, 5]) == "0.0,26.0 50.0,2.0 100.0,14.0"


def test_a_single_value_is_still_a_line_and_none_is_nothing() -> None:
    assert spark([3]) == "0.0,2.0 100.0,2.0"
    assert spark([]) == ""


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=40))
def test_a_spark_stays_inside_its_box(values: list[int]) -> None:
    for point in spark(values).split():
        x, y = map(float, point.split(","))
        assert 0 <= x <= 100.0
        assert 0 <= y <= 28


@given(st.integers(0, 999), st.integers(0, 999), st.integers(0, 999))
def test_a_stack_fills_its_bar_and_no_more(negative: int, neutral: int, positive: int) -> None:
    slices = stack({"negative": negative, "neutral": neutral, "positive": positive})
    total = sum(piece.length for piece in slices)
    assert total < 100.1
    assert [piece.value for piece in slices] == [negative, neutral, positive]


@given(st.integers(0, 5_000_000))
def test_an_axis_ends_at_or_above_its_values(value: int) -> None:
    assert value <= nice_top(value) <= max(10, 2.5 * value)
