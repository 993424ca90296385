"""Weeks, intervals and hot matters: what is more than chance, and what is not."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.brief.trends import (
    Count,
    NoSuchWeek,
    Period,
    Tone,
    Week,
    count_moved,
    hot,
    rows,
    share_moved,
    upper_tail,
)

AREA = "31117"


@pytest.mark.parametrize("name", ["2026-W47", "2026-W53", "2027-W01", "2020-W53"])
def test_a_week_is_called_what_it_was_parsed_from(name: str) -> None:
    assert str(Week.parse(name)) == name


@pytest.mark.parametrize("name", ["2026-W54", "2025-W53", "2026-47", "2026-W4", "", "W47", "2026-W47.pdf", "0000-W01"])
def test_what_names_no_week_is_refused(name: str) -> None:
    with pytest.raises(NoSuchWeek):
        Week.parse(name)


@given(st.dates(date(1970, 1, 1), date(2200, 1, 1)))
def test_every_day_lies_in_its_week(day: date) -> None:
    week = Week.of(day)
    assert day in week.days
    assert week.first.weekday() == 0
    assert week.before.after == week
    assert Week.parse(str(week)) == week


def test_the_week_begins_at_midnight_in_the_city() -> None:
    assert Week.parse("2026-W47").begins() == datetime(2026, 11, 15, 17, tzinfo=UTC)


def test_an_unfinished_week_ends_now_and_says_so() -> None:
    week, now = Week.parse("2026-W47"), datetime(2026, 11, 18, 5, tzinfo=UTC)
    assert (Period.of(week, now).cutoff, Period.of(week, now).finished) == (now, False)
    over = Period.of(week, datetime(2026, 11, 23, 5, tzinfo=UTC))
    assert (over.cutoff, over.finished) == (week.after.begins(), True)


def test_reports_count_but_have_no_part_in_the_tone() -> None:
    now = [Count("a", False, "negative", 3), Count("a", True, "negative", 9), Count("a", False, None, 2)]
    found = rows(now, [Count("b", False, "positive", 1), Count(None, True, None, 5)], {"a": "Ngập", None: "Chưa rõ"})
    assert [(row.name, row.now.total, row.before.total) for row in found] == [
        ("Ngập", 14, 0),
        ("b", 0, 1),
        ("Chưa rõ", 0, 5),
    ]
    assert found[0].now.tone == Tone(negative=3)
    assert (found[0].now.posts, found[0].now.reports) == (5, 9)


def test_newcombes_interval_of_a_difference() -> None:
    # Newcombe 1998, table II, method 10: 56/70 against 48/80.
    low, high = share_moved(Tone(56, 14), Tone(48, 32)) or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


def test_there_is_no_change_against_nothing() -> None:
    assert share_moved(Tone(1), Tone()) is None
    assert Tone().interval is None


@pytest.mark.parametrize(
    ("now", "before", "moved"),
    [(100, 100, False), (110, 100, False), (150, 100, True), (1, 9, True), (2, 0, False), (0, 0, False)],
)
def test_whether_a_count_moved_by_more_than_chance(now: int, before: int, moved: bool) -> None:
    assert count_moved(now, before) is moved


@given(st.integers(0, 300), st.integers(1, 300), st.sampled_from([0.2, 0.25, 0.5]))
def test_the_tail_is_the_sum_of_its_terms(count: int, trials: int, chance: float) -> None:
    from math import comb

    count = min(count, trials)
    exact = sum(comb(trials, k) * chance**k * (1 - chance) ** (trials - k) for k in range(count, trials + 1))
    expected = exact if count > trials * chance else 1.0
    assert upper_tail(count, trials, chance) == pytest.approx(expected, rel=1e-9)


def test_a_burst_is_hot_and_ordinary_weeks_are_not() -> None:
    counts = {
        ("ngap-nuoc", AREA): [14, 3, 2, 4, 3],
        ("den-duong-hong", AREA): [4, 3, 5, 4, 3],
        ("thu-gom-rac", AREA): [2, 0, 0, 0, 0],
        ("mat-dien", AREA): [9, 6, 7, 8, 9],
    }
    found = hot(counts, weeks=4)
    assert [(one.topic, one.count, one.usual) for one in found] == [("ngap-nuoc", 14, 3.0)]


def test_three_at_once_where_there_never_was_one_are_hot() -> None:
    assert [one.count for one in hot({("sat-lo", AREA): [3, 0, 0, 0, 0]}, weeks=4)] == [3]


def test_two_items_are_never_hot() -> None:
    assert hot({("sat-lo", AREA): [2, 0, 0, 0, 0]}, weeks=4) == []


def test_without_earlier_weeks_the_largest_are_named_but_not_called_tested() -> None:
    found = hot({("sat-lo", AREA): [3], ("mat-dien", AREA): [7], ("un-tac", AREA): [2]}, weeks=0)
    assert [(one.topic, one.usual, one.tested) for one in found] == [("mat-dien", None, False), ("sat-lo", None, False)]


def test_few_of_a_thousand_quiet_matters_are_called_hot_by_chance() -> None:
    """Five weeks of Poisson counts without any change: Benjamini and Hochberg leave hardly a false one."""
    import numpy as np

    draws = np.random.default_rng(7).poisson(3, size=(1000, 5))
    counts = {(f"t{i}", AREA): [int(n) for n in row] for i, row in enumerate(draws) if row[0]}
    assert len(hot(counts, weeks=4, limit=1000)) <= 1
