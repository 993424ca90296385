"""Numbers, dates and spans of time as Vietnamese readers write them; the clock always comes in as an argument."""

import math
import unicodedata
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

CITY = ZoneInfo("Asia/Ho_Chi_Minh")
WORKING_DAY = timedelta(hours=7, minutes=30)  # 7:30-11:30 and 13:30-17:00
SOON = timedelta(hours=4)  # half a working day: still time to act today
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
MINUS = "−"
Z95 = 1.959964  # normal quantile of a two-sided interval of 95%
CHANNELS = {
    "web": "trang web",
    "api": "API",
    "open311": "Open311",
    "zalo": "Zalo",
    "phone": "tổng đài",
    "import": "nhập từ tệp",
    "news": "báo",
    "facebook": "Facebook",
    "comment": "bình luận",
    "forum": "diễn đàn",
    "youtube": "YouTube",
    "telegram": "Telegram",
}
LETTERS = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵz"


def local(moment: datetime) -> datetime:
    """The moment on the city's clock; it must know its own zone."""
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone: {moment!r}")
    return moment.astimezone(CITY)


def number(value: float | None, decimals: int | None = None) -> str:
    """12345.6 → ``12.345,6``; None → ``–``. Whole numbers show no decimals unless asked."""
    if value is None or math.isnan(value):
        return "–"
    if decimals is None:
        decimals = 0 if float(value).is_integer() else 1
    english = f"{abs(value):,.{decimals}f}"
    sign = MINUS if value < 0 and english.strip("0.,") else ""
    return sign + english.translate(str.maketrans(",.", ".,"))


def signed(value: float) -> str:
    """+14, −5 or 0, with a true minus sign."""
    return "+" + number(value) if value > 0 else number(value)


def wilson(part: int, total: int) -> tuple[float, float]:
    """The 95% score interval of a share; sound for small counts too."""
    p, squared = part / total, Z95**2
    centre = (p + squared / (2 * total)) / (1 + squared / total)
    half = Z95 * math.sqrt(p * (1 - p) / total + squared / (4 * total**2)) / (1 + squared / total)
    return max(0.0, centre - half), min(1.0, centre + half)


def percent(part: float, total: float, decimals: int = 0) -> str:
    """A bare share, ``41%``; ``–`` of nothing."""
    return f"{number(100 * part / total, decimals)}%" if total else "–"


def share(part: int, total: int) -> str:
    """A share with its n and its interval: ``63,7% (n = 412; 59–68%)``."""
    if not total:
        return "chưa có số liệu (n = 0)"
    low, high = wilson(part, total)
    return f"{percent(part, total, 1)} (n = {number(total)}; {round(100 * low)}–{round(100 * high)}%)"


def delta(now: float, before: float, than: str = "tuần trước") -> str:
    """The change in words: ``tăng 18% so với tuần trước``."""
    if now == before:
        return f"không đổi so với {than}"
    if not before:
        return f"{than} chưa có"
    change = round(100 * abs(now - before) / before)
    if now > 2 * before:
        return f"gấp {number(now / before, 1).removesuffix(',0')} lần {than}"
    return f"{'tăng' if now > before else 'giảm'} {change or 'dưới 1'}% so với {than}"


def delta_points(now: float, before: float, than: str = "tuần trước") -> str:
    """The change between two shares (0..1), in percentage points."""
    points = round(100 * (now - before))
    if points == 0:
        return f"không đổi so với {than}"
    return f"{'tăng' if points > 0 else 'giảm'} {abs(points)} điểm so với {than}"


def channel(name: str) -> str:
    """The channel by which something came, in words."""
    return CHANNELS.get(name, name)


def clock(moment: datetime) -> str:
    """14:05"""
    return f"{local(moment):%H:%M}"


def when(moment: datetime, now: datetime) -> str:
    """How long ago, as one says it: vừa xong, 12 phút trước, hôm qua 14:05, thứ Năm 09:30, 14/11 09:30, 14/11/2025."""
    then, today = local(moment), local(now)
    age = today - then
    days = (today.date() - then.date()).days
    if timedelta(minutes=-1) < age < timedelta(minutes=1):
        return "vừa xong"
    if timedelta(0) < age < timedelta(hours=1):
        return f"{int(age.total_seconds() // 60)} phút trước"
    if days in (0, 1, -1):
        return f"{ {0: 'hôm nay', 1: 'hôm qua', -1: 'ngày mai'}[days] } {then:%H:%M}"
    if 1 < days < 7:
        return f"{WEEKDAYS[then.weekday()]} {then:%H:%M}"
    return f"{then:%d/%m %H:%M}" if then.year == today.year else f"{then:%d/%m/%Y}"


def day(value: date, *, year: bool = False) -> str:
    """thứ Ba, 24/11 — or with its year."""
    written = f"{value:%d/%m/%Y}" if year else f"{value:%d/%m}"
    return f"{WEEKDAYS[value.weekday()]}, {written}"


def full(moment: datetime) -> str:
    """14:05 thứ Sáu, 20/11/2026"""
    return f"{clock(moment)} {day(local(moment).date(), year=True)}"


def absolute(moment: datetime, now: datetime) -> str:
    """17:00 hôm nay / 17:00 thứ Ba, 24/11: what a promise to a citizen reads."""
    then, today = local(moment), local(now)
    if then.date() == today.date():
        return f"{then:%H:%M} hôm nay"
    return f"{then:%H:%M} {day(then.date(), year=then.year != today.year)}"


def period(first: date, last: date) -> str:
    """16/11 – 22/11/2026"""
    if first == last:
        return day(first, year=True)
    start = f"{first:%d/%m}" if first.year == last.year else f"{first:%d/%m/%Y}"
    return f"{start} – {last:%d/%m/%Y}"


def paper_date(value: date, place: str = "Cần Thơ") -> str:
    """Cần Thơ, ngày 05 tháng 02 năm 2026 (NĐ 30/2020: days under 10 and months 1, 2 carry a zero)."""
    month = f"{value.month:02d}" if value.month <= 2 else str(value.month)
    return f"{place}, ngày {value.day:02d} tháng {month} năm {value.year}"


def working(length: timedelta) -> str:
    """A length of working time in its largest unit, floored; a working day has 7.5 hours."""
    if length >= WORKING_DAY:
        return f"{length // WORKING_DAY} ngày"
    if length >= timedelta(hours=1):
        return f"{length // timedelta(hours=1)} giờ"
    return f"{max(length // timedelta(minutes=1), 1)} phút"


def due(left: timedelta | None, *, paused: bool = False) -> str:
    """Working time left, negative when over: ``còn 3 giờ làm việc``, ``quá hạn 2 ngày``, ``tạm dừng``."""
    if paused:
        return "tạm dừng"
    if left is None:
        return "chưa có hạn"
    if left < timedelta(0):
        return f"quá hạn {working(-left)}"
    text = working(left)
    return f"còn {text}" if text.endswith("phút") else f"còn {text} làm việc"


def due_state(left: timedelta | None, *, paused: bool = False) -> str:
    """Which colour the due date has: paused, none, over, soon or ok."""
    if paused:
        return "paused"
    if left is None:
        return "none"
    if left < timedelta(0):
        return "over"
    return "soon" if left <= SOON else "ok"


def size(count: int) -> str:
    """A file's size: 640 KB, 18 MB, 2,5 MB."""
    if count < 1024 * 1024:
        return f"{max(1, round(count / 1024))} KB"
    megabytes = count / 1024 / 1024
    return f"{number(megabytes, 0 if megabytes >= 10 else 1).removesuffix(',0')} MB"


def sort_key(text: str) -> tuple[int, ...]:
    """Orders names as a Vietnamese index does: a ă â … d đ e …, tones last within a letter."""
    folded = unicodedata.normalize("NFC", text).lower()
    return tuple(LETTERS.find(letter) + 1000 if letter in LETTERS else ord(letter) % 1000 for letter in folded)


def initial(text: str) -> str:
    """The heading under which an index lists the name: ``Ô Môn`` → ``Ô``, ``Ấp Một`` → ``Â``."""
    first = unicodedata.normalize("NFD", text[:1].upper())
    return unicodedata.normalize("NFC", "".join(mark for mark in first if mark not in "\u0300\u0301\u0303\u0309\u0323"))
