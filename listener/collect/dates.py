"""Dates as sources write them, read by the source's own rule; what cannot be true becomes none, with the reason."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from zoneinfo import ZoneInfo

CITY = ZoneInfo("Asia/Ho_Chi_Minh")  # where a source says no zone, it means its own
EARLIEST = datetime(1997, 11, 19, tzinfo=CITY)  # the internet came to Việt Nam that day
AHEAD = timedelta(hours=1)  # clocks of newspapers run fast; beyond this the date is wrong
MONTH_FIRST = "month_first"
NEW = timedelta(days=3)

_NUMBERS = re.compile(
    r"(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})[/.-](?P<year>\d{4})"
    r"(?:\D{1,12}?(?P<hour>\d{1,2})[:hg](?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<half>[AaPp]\.?[Mm]\.?|SA|CH)?)?"
)
_CLOCK_FIRST = re.compile(r"^\s*(\d{1,2}[:hg]\d{2}(?::\d{2})?)\D{1,12}(\d{1,2}[/.-]\d{1,2}[/.-]\d{4})(.*)$")
_ZONE = re.compile(r"(?:(?:GMT|UTC)\s*|(?<=\s)|(?<=:\d\d)|^)([+-])(\d{1,2})(?::?(\d{2}))?\)?\s*$")
_MONTH = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)
_NAMED_ZONE = re.compile(r"\b(?:GMT|UTC|UT|Z|[ECMP][SD]T)\s*$")
_ISO_START = re.compile(r"^\d{4}-")
_EPOCH = re.compile(r"^\d{10}(?:\d{3})?(?:\.\d+)?$")


@dataclass(frozen=True, slots=True)
class Dated:
    """A moment, or none with the reason in words."""

    moment: datetime | None
    note: str | None = None


def read_date(text: str | None, *, now: datetime, rule: str | None = None, fresh: bool = False) -> Dated:
    """The moment that a source's date means.

    ``rule`` = ``month_first`` reads 10/2/2026 as 2 October; without it such a date is 10 February.
    A date no calendar has in that order is read in the other. Without a zone it is the city's time. With ``fresh``
    (a feed lists what is new) a date that only the other order makes a recent one is none: the rule may be wrong.

    >>> read_date("10/2/2026 9:25:00 AM", rule="month_first", now=datetime(2026, 10, 3, tzinfo=CITY)).moment.isoformat()
    '2026-10-02T09:25:00+07:00'
    """
    written = " ".join((text or "").split())
    if not written:
        return Dated(None)
    try:
        moment = _epoch(written) or _iso(written) or _mail(written) or _numbers(written, rule)
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        return Dated(None, f"ngày không đọc được “{written[:60]}”")
    if moment > now + AHEAD:
        return Dated(None, f"ngày ở tương lai “{written[:60]}”")
    if moment < EARLIEST:
        return Dated(None, f"ngày quá xa “{written[:60]}”")
    if fresh and _other_order_is_newer(written, moment, now):
        return Dated(None, f"ngày “{written[:60]}” đọc được hai cách, xem lại cách viết ngày của nguồn")
    return Dated(moment)


def _other_order_is_newer(written: str, moment: datetime, now: datetime) -> bool:
    """Whether day and month, changed about, make an old date one of these days."""
    local = moment.astimezone(CITY)
    if now - moment < NEW or local.day > 12 or local.day == local.month or not _NUMBERS.search(written):
        return False
    if _ISO_START.match(written) or _MONTH.search(written):
        return False  # their order is told
    return abs(now - local.replace(day=local.month, month=local.day)) < NEW


def _epoch(written: str) -> datetime | None:
    if not _EPOCH.match(written):
        return None
    seconds = float(written)
    return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)


def _iso(written: str) -> datetime | None:
    try:
        return _zoned(datetime.fromisoformat(written))
    except ValueError:
        return None


def _mail(written: str) -> datetime | None:
    """RFC 822, also with zones it does not know: ``+07``, ``GMT+7``, ``+07:00``."""
    if not _MONTH.search(written):
        return None
    zone = _zone(written)
    parts = parsedate_tz(_ZONE.sub("", written))
    if parts is None:
        return None
    if zone is None and _NAMED_ZONE.search(written):
        zone = timedelta(seconds=parts[9] or 0)
    return _placed(datetime(*parts[:6]), zone)  # noqa: DTZ001


def _numbers(written: str, rule: str | None) -> datetime | None:
    """Day, month and year in digits, wherever they stand: “Thứ hai, 5/10/2026, 11:07 (GMT+7)”."""
    turned = _CLOCK_FIRST.match(written)
    found = _NUMBERS.search(f"{turned[2]} {turned[1]}{turned[3]}" if turned else written)
    if found is None:
        return None
    day, month = int(found["a"]), int(found["b"])
    if (rule == MONTH_FIRST and day <= 12) or month > 12:
        day, month = month, day
    hour = _hour(int(found["hour"] or 0), found["half"])
    moment = datetime(int(found["year"]), month, day, hour, int(found["minute"] or 0), int(found["second"] or 0))  # noqa: DTZ001
    zone = _zone(written[found.end() :]) if not turned else _zone(turned[3])
    return _placed(moment, zone)


def _placed(moment: datetime, zone: timedelta | None) -> datetime:
    """The moment in its zone, the city's where none is said."""
    return (moment - zone).replace(tzinfo=UTC).astimezone(CITY) if zone is not None else moment.replace(tzinfo=CITY)


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    return hour % 12 + (12 if half[0] in "PpC" else 0)


def _zone(written: str) -> timedelta | None:
    """The offset at the end of a date: +0700, +07:00, +07, GMT+7."""
    found = _ZONE.search(written)
    if found is None:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return -offset if found[1] == "-" else offset


def _zoned(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=CITY)
