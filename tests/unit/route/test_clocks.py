"""Clocks that stop, stretch and warn: what must hold for every moment of every calendar, across Tết too."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.catalog.files import read_pack
from listener.catalog.shapes import Catalog, Clock
from listener.errors import CatalogFault
from listener.route.deadlines import (
    CITY_ZONE,
    Calendar,
    calendar_of,
    due,
    earlier,
    ladder,
    later,
    next_warning,
    resumed,
    warning_due,
    working_time,
)
from listener.route.service import calendar

PACK = read_pack("can_tho")
DAYS = [(holiday.day, holiday.kind) for holiday in PACK.holidays]
CALENDARS = {
    "offices": calendar_of(DAYS),
    "a market on six days": calendar_of(DAYS, ("06:00-10:30",), (1, 2, 3, 4, 5, 6)),
    "a plant around the clock but an hour": calendar_of([], ("00:00-12:00", "13:00-23:59"), range(1, 8)),
}
TET = (datetime(2026, 2, 9), datetime(2026, 2, 27))
SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CITY_ZONE)


moments = st.one_of(st.datetimes(datetime(2026, 1, 1), datetime(2027, 10, 1)), st.datetimes(*TET)).map(
    lambda moment: moment.replace(tzinfo=CITY_ZONE)
)
hours = st.floats(0.1, 120)
breaks = st.timedeltas(timedelta(0), timedelta(days=20))
calendars = st.sampled_from(list(CALENDARS.values()))


@given(moments, hours, calendars)
def test_a_due_date_is_after_receipt_in_office_hours_and_on_no_holiday(
    received: datetime, length: float, office: Calendar
) -> None:
    moment = due(received, length, office)
    assert moment > received
    assert moment.date() not in office.off
    assert any(opens < moment.time() <= closes for opens, closes in office.hours)


@given(moments, hours, breaks, breaks, calendars)
def test_a_pause_never_shortens_and_leaves_as_much_time_as_before(
    received: datetime, length: float, until_pause: timedelta, pause: timedelta, office: Calendar
) -> None:
    promised = due(received, length, office)
    paused, now = received + until_pause, received + until_pause + pause
    moved = resumed(promised, paused, now, office)
    assert moved >= promised
    left_before, left_after = working_time(paused, promised, office), working_time(now, moved, office)
    assert abs(left_before - left_after) < SECOND


@given(moments, hours, breaks, hours, calendars)
def test_of_two_matters_the_later_one_stays_later_after_the_same_extension(
    received: datetime, length: float, gap: timedelta, more: float, office: Calendar
) -> None:
    added = timedelta(hours=more)
    first, second = (due(start, length, office) for start in (received, received + gap))
    assert first <= second
    assert later(first, added, office) <= later(second, added, office)


@given(moments, hours, hours, calendars)
def test_more_hours_never_give_an_earlier_date(
    received: datetime, length: float, more: float, office: Calendar
) -> None:
    assert due(received, length + more, office) > due(received, length, office)
    assert later(due(received, length, office), timedelta(hours=more), office) > due(received, length, office)


@given(moments, st.floats(0.1, 60), calendars)
def test_going_back_and_forth_by_the_same_working_time_ends_where_it_began(
    received: datetime, length: float, office: Calendar
) -> None:
    end = due(received, length, office)
    start = earlier(end, timedelta(hours=length), office)
    assert abs(due(start, length, office) - end) < SECOND
    assert start < end


@given(moments, st.integers(1, 120), calendars)
def test_somebody_is_told_before_the_breach_and_each_rung_once_in_order(
    received: datetime, length: int, office: Calendar
) -> None:
    promised = due(received, length, office)
    rungs = ladder(promised, length, office)
    assert rungs[0].at < promised == rungs[1].at < rungs[2].at
    heard, now = [], received - timedelta(days=60)
    while (coming := next_warning(promised, length, office, after=now)) is not None:
        now = coming.at
        heard.append(warning_due(promised, length, office, now=now))
    assert heard == list(rungs)
    assert [set(one.told) < set(two.told) for one, two in pairwise(rungs)] == [True, True]


@pytest.mark.parametrize(
    ("due_at", "allowed", "soon", "leader"),
    [
        ("2026-11-23 14:00", 4, "2026-11-23 11:00", "2026-11-25 14:00"),  # the 24th is a holiday
        ("2026-02-13 17:00", 40, "2026-02-13 07:30", "2026-02-23 17:00"),  # the last day before Tết
        ("2026-11-26 09:30", 16, "2026-11-25 15:00", "2026-11-27 09:30"),
    ],
)
def test_when_the_desk_and_the_leader_hear_of_it(due_at: str, allowed: int, soon: str, leader: str) -> None:
    first, _, last = ladder(at(due_at), allowed, CALENDARS["offices"])
    assert (first.at, last.at) == (at(soon), at(leader))
    assert (first.kind, first.told) == ("due_soon", ("officer",))
    assert last.kind == "overdue"
    assert "leader" in last.told


def test_who_was_away_hears_the_worst_and_not_all_at_once() -> None:
    office, promised = CALENDARS["offices"], at("2026-11-16 11:30")
    found = warning_due(promised, 16, office, now=at("2026-11-27 08:00"))
    assert found is not None
    assert found.told == ("officer", "dispatcher", "leader")
    assert next_warning(promised, 16, office, after=at("2026-11-27 08:00")) is None


def test_an_office_has_its_own_hours_and_all_others_the_citys() -> None:
    own = Clock("SXD", hours=("06:00-10:00",), days=(6,), waiting_days=2)
    catalog = Catalog(departments=PACK.departments, areas=PACK.areas, clocks=(Clock(), own))
    monday = at("2026-11-16 08:00")
    assert due(monday, 2, calendar(catalog, "SXD")) == at("2026-11-21 08:00")
    assert due(monday, 2, calendar(catalog, "UBX-31120")) == at("2026-11-16 10:00")
    assert catalog.clock_of("SXD").waiting_days == 2
    assert Catalog(departments={}, areas={}).clock_of("SXD") == Clock()


@pytest.mark.parametrize(
    ("clock", "fault"),
    [
        (Clock(hours=("11:30-07:30",)), "chồng nhau"),
        (Clock(hours=("7h30",)), "07:30-11:30"),
        (Clock(hours=()), "07:30-11:30"),
        (Clock(days=(0,)), "Chủ nhật"),
        (Clock(waiting_days=0), "lớn hơn 0"),
        (Clock("KHONG-CO"), "không có đơn vị này"),
    ],
)
def test_hours_that_make_no_sense_are_refused_with_the_reason(clock: Clock, fault: str) -> None:
    from listener.catalog.service import check

    found = check(Catalog(departments=PACK.departments, areas=PACK.areas, owners=PACK.owners, clocks=(clock,)))
    assert any(fault in one for one in found), found


def test_clocks_survive_writing_and_reading_a_pack(tmp_path: Path) -> None:
    from dataclasses import replace

    from listener.catalog.files import write_pack

    written = replace(PACK, clocks=(Clock(), Clock("SXD", ("06:00-10:00",), (1, 6), 3)))
    write_pack(written, tmp_path)
    assert read_pack(str(tmp_path)).clocks == written.clocks
    (tmp_path / "clocks.toml").unlink()
    assert read_pack(str(tmp_path)).clocks == ()
    (tmp_path / "clocks.toml").write_text("[[clock]]\ngio = 3\n")
    with pytest.raises(CatalogFault):
        read_pack(str(tmp_path))


def test_a_worked_saturday_counts_for_every_office() -> None:
    assert CALENDARS["offices"].is_working(date(2026, 8, 22))
