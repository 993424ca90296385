"""Numbers and dates read as a Vietnamese reader expects them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from listener import vietnamese as vi

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=vi.CITY)  # a Friday


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (12345.6, "12.345,6"), (1_000_000, "1.000.000"), (-5, "−5"), (-0.01, "0,0"), (None, "–"), (2.0, "2")],
)
def test_numbers_have_points_for_thousands_and_a_comma_for_decimals(value: float | None, text: str) -> None:
    assert vi.number(value) == text


def test_a_change_is_signed_with_a_true_minus() -> None:
    assert [vi.signed(value) for value in (14, 0, -5)] == ["+14", "0", "−5"]


def test_a_share_carries_its_n_and_its_interval() -> None:
    assert vi.share(262, 412) == "63,6% (n = 412; 59–68%)"
    assert vi.share(0, 0) == "chưa có số liệu (n = 0)"


def test_the_interval_of_a_share_never_leaves_0_to_100_percent() -> None:
    assert vi.wilson(0, 3)[0] == 0.0
    assert vi.wilson(3, 3)[1] == 1.0


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        (118, 100, "tăng 18% so với tuần trước"),
        (96, 100, "giảm 4% so với tuần trước"),
        (7, 7, "không đổi so với tuần trước"),
        (5, 0, "tuần trước chưa có"),
        (42, 12, "gấp 3,5 lần tuần trước"),
        (42, 3, "gấp 14 lần tuần trước"),
        (1001, 1000, "tăng dưới 1% so với tuần trước"),
    ],
)
def test_a_change_is_said_in_words(now: int, before: int, text: str) -> None:
    assert vi.delta(now, before) == text


def test_shares_change_by_points() -> None:
    assert vi.delta_points(0.41, 0.35) == "tăng 6 điểm so với tuần trước"
    assert vi.delta_points(0.351, 0.35) == "không đổi so với tuần trước"


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=20), "vừa xong"),
        (timedelta(minutes=12), "12 phút trước"),
        (timedelta(hours=5, minutes=53), "hôm nay 08:12"),
        (timedelta(days=1), "hôm qua 14:05"),
        (timedelta(days=1, hours=4, minutes=35), "hôm qua 09:30"),
        (timedelta(days=3), "thứ Ba 14:05"),
        (timedelta(days=6, hours=4, minutes=35), "thứ Bảy 09:30"),
        (timedelta(days=7), "13/11 14:05"),
        (timedelta(days=400), "16/10/2025"),
        (timedelta(days=-1), "ngày mai 14:05"),
        (timedelta(days=-4), "24/11 14:05"),
    ],
)
def test_a_moment_is_said_as_one_says_it(ago: timedelta, text: str) -> None:
    assert vi.when(NOW - ago, NOW) == text


def test_moments_from_other_zones_are_read_on_the_citys_clock() -> None:
    assert vi.when(datetime(2026, 11, 19, 17, 30, tzinfo=UTC), NOW) == "hôm nay 00:30"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        vi.local(datetime(2026, 11, 20))


@pytest.mark.parametrize(
    ("left", "text", "state"),
    [
        (timedelta(minutes=25), "còn 25 phút", "soon"),
        (timedelta(seconds=5), "còn 1 phút", "soon"),
        (timedelta(hours=3, minutes=40), "còn 3 giờ làm việc", "soon"),
        (timedelta(hours=7), "còn 7 giờ làm việc", "ok"),
        (timedelta(hours=16), "còn 2 ngày làm việc", "ok"),
        (timedelta(hours=-16), "quá hạn 2 ngày", "over"),
        (timedelta(minutes=-5), "quá hạn 5 phút", "over"),
        (None, "chưa có hạn", "none"),
    ],
)
def test_what_is_left_is_counted_in_working_time(left: timedelta | None, text: str, state: str) -> None:
    assert vi.due(left) == text
    assert vi.due_state(left) == state


def test_a_stopped_clock_says_so() -> None:
    assert vi.due(timedelta(hours=3), paused=True) == "tạm dừng"
    assert vi.due_state(None, paused=True) == "paused"


def test_promises_to_citizens_are_absolute() -> None:
    assert vi.absolute(datetime(2026, 11, 24, 17, tzinfo=vi.CITY), NOW) == "17:00 thứ Ba, 24/11"
    assert vi.absolute(datetime(2026, 11, 20, 17, tzinfo=vi.CITY), NOW) == "17:00 hôm nay"
    assert vi.absolute(datetime(2027, 1, 4, 9, tzinfo=vi.CITY), NOW) == "09:00 thứ Hai, 04/01/2027"
    assert vi.full(NOW) == "14:05 thứ Sáu, 20/11/2026"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 2, 5), "Cần Thơ, ngày 05 tháng 02 năm 2026"),
        (date(2026, 11, 20), "Cần Thơ, ngày 20 tháng 11 năm 2026"),
        (date(2026, 3, 9), "Cần Thơ, ngày 09 tháng 3 năm 2026"),
    ],
)
def test_papers_are_dated_by_decree_30(value: date, text: str) -> None:
    assert vi.paper_date(value) == text


def test_periods_name_the_year_once() -> None:
    assert vi.period(date(2026, 11, 16), date(2026, 11, 22)) == "16/11 – 22/11/2026"
    assert vi.period(date(2025, 12, 29), date(2026, 1, 4)) == "29/12/2025 – 04/01/2026"
    assert vi.period(date(2026, 11, 16), date(2026, 11, 16)) == "thứ Hai, 16/11/2026"


def test_sizes_are_short() -> None:
    assert [vi.size(n) for n in (10, 640 * 1024, 18 * 1024**2, int(2.5 * 1024**2), 3 * 1024**2)] == [
        "1 KB",
        "640 KB",
        "18 MB",
        "2,5 MB",
        "3 MB",
    ]


def test_names_sort_as_in_a_vietnamese_index() -> None:
    names = ["Đông Phước", "Ô Môn", "An Bình", "Cái Khế", "Ấp Một", "Dầu Tiếng"]
    assert sorted(names, key=vi.sort_key) == ["An Bình", "Ấp Một", "Cái Khế", "Dầu Tiếng", "Đông Phước", "Ô Môn"]
    assert [vi.initial(name) for name in ("Ấp Một", "Đông Phước", "ô Môn", "Ưu Long")] == ["Â", "Đ", "Ô", "Ư"]
