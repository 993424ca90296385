"""What NĐ 30/2020 asks of every paper: country and motto, letterheads, margins; and the tables that papers hold."""

from dataclasses import dataclass

COUNTRY, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
FONT = "Times New Roman"
# Appendix I: A4, margins top and bottom 20-25, left 30-35, right 15-20 mm; body 13-14 points.
WIDTH, HEIGHT = 210, 297
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15
TEXT_WIDTH = WIDTH - LEFT - RIGHT
BODY = 13


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its part of the width, and whether it holds numbers."""

    title: str
    width: float
    number: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``bold_last`` marks a line of sums at the end."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    bold_last: bool = False
    note: str = ""


def letterhead(agency: str) -> tuple[str, ...]:
    """The agency as letterheads write it, in capitals; a people's committee takes two lines.

    >>> letterhead("UBND thành phố Cần Thơ")
    ('ỦY BAN NHÂN DÂN', 'THÀNH PHỐ CẦN THƠ')
    """
    full, body = agency.replace("UBND", "Ủy ban nhân dân").upper(), "ỦY BAN NHÂN DÂN"
    return (body, full.removeprefix(body).strip()) if full.startswith(f"{body} ") else (full,)
