"""Silence of a source against its own rhythm."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from listener.collect.health import rhythm, span, waking, words

CITY = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 23, 17, 0, tzinfo=CITY)


def every(minutes: int, days: int, *, until: datetime) -> list[datetime]:
    """Arrivals by day, from 6:00 to 21:59, at this pace."""
    moments = [until - timedelta(minutes=minutes * place) for place in range(days * 24 * 60 // minutes)]
    return [moment for moment in moments if 6 <= moment.hour < 22]


def test_source_that_posts_every_forty_minutes_is_silent_after_nine_hours() -> None:
    found = rhythm(every(40, 10, until=NOW - timedelta(hours=9)), now=NOW)
    assert found is not None
    assert found.silent
    assert words(found) == "im lặng 9 giờ (thường 40 phút có tin mới)"


def test_night_is_no_silence() -> None:
    morning = datetime(2026, 11, 23, 6, 30, tzinfo=CITY)
    found = rhythm(every(40, 10, until=morning - timedelta(hours=9)), now=morning)
    assert found is not None
    assert not found.silent


def test_slow_source_may_take_its_time() -> None:
    weekly = [NOW - timedelta(days=7 * place + 9) for place in range(12)]
    found = rhythm(weekly, now=NOW)
    assert found is not None
    assert not found.silent
    assert found.usual == timedelta(hours=7 * 16)


def test_without_enough_arrivals_there_is_no_rhythm() -> None:
    found = rhythm([NOW - timedelta(days=3)], now=NOW)
    assert found is not None
    assert found.usual is None
    assert words(found) == "chưa đủ tin để biết nhịp"
    assert rhythm([], now=NOW) is None
    assert words(None) == "chưa có tin nào"


def test_waking_time_leaves_nights_out() -> None:
    assert waking(NOW, NOW + timedelta(days=1)) == timedelta(hours=16)
    assert waking(NOW.replace(hour=23), NOW.replace(hour=23, minute=30)) == timedelta(0)


def test_spans_in_words() -> None:
    assert [span(timedelta(minutes=40)), span(timedelta(hours=9)), span(timedelta(hours=48))] == [
        "40 phút",
        "9 giờ",
        "3 ngày",
    ]
