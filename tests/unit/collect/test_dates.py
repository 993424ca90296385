"""Dates as sources write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.collect.dates import CITY, read_date

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=CITY)


@pytest.mark.parametrize(
    ("written", "rule", "meant"),
    [
        ("10/2/2026 9:25:00 AM", "month_first", "2026-10-02T09:25:00+07:00"),
        ("10/2/2026 9:25:00 PM", "month_first", "2026-10-02T21:25:00+07:00"),
        ("10/2/2026 12:05:00 AM", "month_first", "2026-10-02T00:05:00+07:00"),
        ("10/2/2026 9:25", None, "2026-02-10T09:25:00+07:00"),
        ("10/25/2026 9:25:00 AM", None, "2026-10-25T09:25:00+07:00"),
        ("25/10/2026 9:25:00 SA", "month_first", "2026-10-25T09:25:00+07:00"),
        ("Mon, 05 Oct 2026 11:07:00 +07", None, "2026-10-05T11:07:00+07:00"),
        ("Mon, 05 Oct 26 14:10:00 +0700", None, "2026-10-05T14:10:00+07:00"),
        ("Mon, 05 Oct 2026 04:07:00 GMT", None, "2026-10-05T11:07:00+07:00"),
        ("Mon, 05 Oct 2026 11:07:00 GMT+7", None, "2026-10-05T11:07:00+07:00"),
        ("Mon, 05 Oct 2026 11:07:00", None, "2026-10-05T11:07:00+07:00"),
        ("Mon, 05 Oct 2026 11:07:00 ICT", None, "2026-10-05T11:07:00+07:00"),
        ("05 Oct 2026 11:07 +07:00", None, "2026-10-05T11:07:00+07:00"),
        ("2026-10-05T11:07:00+07:00", None, "2026-10-05T11:07:00+07:00"),
        ("2026-10-05T04:07:00Z", None, "2026-10-05T11:07:00+07:00"),
        ("2026-10-05T04:07:00.123Z", None, "2026-10-05T11:07:00.123000+07:00"),
        ("2026-10-05 11:07:00", None, "2026-10-05T11:07:00+07:00"),
        ("2026-10-05", None, "2026-10-05T00:00:00+07:00"),
        ("Thứ hai, 5/10/2026, 11:07 (GMT+7)", None, "2026-10-05T11:07:00+07:00"),
        ("11:07 | 05/10/2026", None, "2026-10-05T11:07:00+07:00"),
        ("05-10-2026 - 11:07 AM", None, "2026-10-05T11:07:00+07:00"),
        ("1791173220", None, "2026-10-05T11:07:00+07:00"),
        ("1791173220000", None, "2026-10-05T11:07:00+07:00"),
    ],
)
def test_date_is_read_by_the_rule_of_its_source(written: str, rule: str | None, meant: str) -> None:
    found = read_date(written, now=NOW, rule=rule)
    assert found.moment is not None, found.note
    assert found.moment.astimezone(CITY).isoformat() == meant


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("hôm qua", "không đọc được"),
        ("31/02/2026 10:00", "không đọc được"),
        ("Mon, 30 Nov 2026 11:07:00 +0700", "ở tương lai"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "quá xa"),
        ("99999999999999", "không đọc được"),
    ],
)
def test_date_that_cannot_be_true_is_none_with_the_reason(written: str, said: str) -> None:
    found = read_date(written, now=NOW)
    assert found.moment is None
    assert said in (found.note or "")


def test_no_date_needs_no_remark() -> None:
    assert read_date(None, now=NOW) == read_date("  ", now=NOW)
    assert read_date("", now=NOW).note is None


def test_clock_that_runs_a_little_fast_is_believed() -> None:
    ahead = NOW + timedelta(minutes=20)
    assert read_date(ahead.isoformat(), now=NOW).moment == ahead


@given(st.text(max_size=80))
def test_any_text_gives_a_moment_with_a_zone_or_a_reason(written: str) -> None:
    found = read_date(written, now=NOW, rule="month_first")
    assert found.moment is None or found.moment.tzinfo is not None


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2026, 11, 1)))
def test_iso_comes_back_as_it_went(moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC)
    assert read_date(aware.isoformat(), now=NOW).moment == aware


@pytest.mark.parametrize("rule", [None, "month_first"])
def test_a_date_that_is_recent_only_in_the_other_order_is_none_and_said(rule: str | None) -> None:
    now = datetime(2026, 10, 2, 12, tzinfo=CITY)
    written = "10/2/2026 9:25:00 AM" if rule is None else "2/10/2026 9:25:00 AM"
    found = read_date(written, now=now, rule=rule, fresh=True)
    assert found.moment is None
    assert "hai cách" in (found.note or "")
    assert read_date(written, now=now, rule=rule).moment is not None  # a file may hold old rows


@pytest.mark.parametrize("written", ["2026-02-10", "10 Feb 2026 09:25:00 +0700", "10/2/2025 9:25", "25/9/2026 8:00"])
def test_an_old_date_that_can_be_read_only_one_way_is_kept(written: str) -> None:
    assert read_date(written, now=datetime(2026, 10, 2, 12, tzinfo=CITY), fresh=True).moment is not None
