"""Working-hour clocks: a table of facts, and what must hold for every moment."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.catalog.files import read_pack
from listener.route.deadlines import CITY_ZONE, OFFICE_HOURS, Calendar, calendar_of, due, working_time

CITY = calendar_of((holiday.day, holiday.kind) for holiday in read_pack("can_tho").holidays)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CITY_ZONE)


@pytest.mark.parametrize(
    ("received", "hours", "expected", "why"),
    [
        ("2026-11-23 08:00", 4, "2026-11-23 14:00", "the lunch break does not count"),
        ("2026-11-23 16:30", 4, "2026-11-25 11:00", "the 24th is Ngày Văn hóa Việt Nam"),
        ("2026-11-21 09:00", 4, "2026-11-23 11:30", "received on a Saturday, begins on Monday"),
        ("2026-11-19 22:10", 8, "2026-11-23 08:00", "received at night, begins in the morning"),
        ("2026-02-13 16:00", 4, "2026-02-23 10:30", "Tết 2026: closed from the 16th to the 20th"),
        ("2026-08-21 16:00", 4, "2026-08-22 10:30", "a Saturday worked in exchange for the 31st"),
        ("2026-11-16 07:30", 37.5, "2026-11-20 17:00", "five full days end with the day"),
    ],
)
def test_due_date(received: str, hours: float, expected: str, why: str) -> None:
    assert due(at(received), hours, CITY) == at(expected), why


def test_a_calendar_without_working_days_is_refused() -> None:
    closed = Calendar(off=frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(1500)))
    with pytest.raises(ValueError, match="check the holidays"):
        due(at("2026-01-05 08:00"), 4, closed)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 11, 1)).map(lambda moment: moment.replace(tzinfo=CITY_ZONE))
lengths = st.floats(0.1, 120)


@given(moments, lengths)
def test_due_is_after_receipt_and_inside_office_hours(received: datetime, hours: float) -> None:
    moment = due(received, hours, CITY)
    assert moment > received
    assert CITY.is_working(moment.date())
    assert any(start < moment.time() <= end for start, end in OFFICE_HOURS)


@given(moments, lengths)
def test_exactly_the_hours_lie_between(received: datetime, hours: float) -> None:
    between = working_time(received, due(received, hours, CITY), CITY)
    assert abs(between - timedelta(hours=hours)) < timedelta(milliseconds=1)


@given(moments, st.timedeltas(timedelta(0), timedelta(days=30)), lengths)
def test_what_comes_later_is_never_due_earlier(received: datetime, later: timedelta, hours: float) -> None:
    assert due(received + later, hours, CITY) >= due(received, hours, CITY)


@given(moments, moments)
def test_working_time_is_antisymmetric(first: datetime, second: datetime) -> None:
    assert working_time(first, second, CITY) == -working_time(second, first, CITY)
