"""Which column of a file means what, and making a post of a row."""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from classifiers.text.fold import fold
from listener.collect.dates import read_date
from listener.collect.found import FoundPost
from listener.errors import FileRefused

# What a row may hold, with the headers that name it (folded, letters and digits only), the likeliest first.
FIELDS: dict[str, tuple[str, ...]] = {
    "text": (
        "text", "noidung", "noidungphananh", "noidungbinhluan", "cauphananh", "phananh", "ykien", "gopy", "binhluan",
        "comment", "comments", "content", "sentence", "freetext", "message", "body", "review", "feedback", "cau",
        "vanban", "mota", "description",
    ),
    "title": ("title", "tieude", "headline", "subject", "tenbai"),
    "id": ("id", "maphananh", "externalid", "commentid", "postid", "mahoso", "uuid"),
    "url": ("url", "link", "duongdan", "lienket", "permalink", "diachiweb"),
    "author": ("author", "tacgia", "nguoigui", "nguoidang", "nguoiphananh", "user", "username", "taikhoan"),
    "published": (
        "published", "publishedat", "publishedtime", "date", "datetime", "time", "timestamp", "createdat",
        "createdtime", "ngay", "ngaydang", "ngaygui", "ngaytao", "thoigian", "thoidiem", "thoigiangui",
    ),
    "place": ("place", "diadiem", "diachi", "noixayra", "vitri", "address", "location", "khuvuc"),
    "lat": ("lat", "latitude", "vido"),
    "lng": ("lng", "lon", "long", "longitude", "kinhdo"),
    "position": ("position", "toado", "coordinates", "latlng"),
}  # fmt: skip
Record = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Made:
    """A post made of a row, with a remark where a part of it could not be used."""

    post: FoundPost
    note: str | None = None


def parse_mapping(given: Sequence[str]) -> dict[str, str]:
    """What was asked for by ``text=Nội dung,title=…``; a comma inside a column's name is kept when no ``=`` follows it.

    Raises
    ------
    FileRefused
        A part is no ``field=column``, or the field is unknown.
    """
    wanted: dict[str, str] = {}
    for option in given:
        last = ""
        for part in option.split(","):
            field, equals, column = part.partition("=")
            if not equals and last:
                wanted[last] += f",{part}"
                continue
            last = field.strip().lower()
            if last not in FIELDS or not column.strip():
                raise FileRefused(
                    f"Không hiểu “{part}”. Viết theo mẫu: --map text=Tên cột. Các phần có thể gán: {', '.join(FIELDS)}."
                )
            wanted[last] = column.strip()
    return wanted


def choose(columns: Sequence[str], wanted: Mapping[str, str]) -> dict[str, str]:
    """The column of each field: as asked for, else by its header.

    Raises
    ------
    FileRefused
        A column asked for is not there, or none holds the text; the message lists the columns there are.
    """
    chosen = {field: _named(name, columns) for field, name in wanted.items()}
    keys = {_key(column): column for column in reversed(columns)}
    for field, names in FIELDS.items():
        free = (keys[name] for name in names if name in keys and keys[name] not in chosen.values())
        if field not in chosen and (column := next(free, None)) is not None:
            chosen[field] = column
    if "text" not in chosen and len(columns) == 1:
        chosen["text"] = columns[0]
    if "text" not in chosen:
        raise FileRefused(f"Không biết cột nào chứa nội dung. Chọn bằng --map text=Tên cột. {_listed(columns)}")
    return chosen


def make(record: Record, chosen: Mapping[str, str], *, channel: str, is_report: bool, now: datetime) -> Made | None:
    """The post of a row; None where the row holds no words."""
    told = {field: unicodedata.normalize("NFC", record.get(column, "")).strip() for field, column in chosen.items()}
    if not told.get("text") and not told.get("title"):
        return None
    dated = read_date(told.get("published"), now=now)
    lat, lng = _position(told)
    post = FoundPost(
        external_id=told.get("id") or _digest(told),
        text=told.get("text", ""),
        title=told.get("title", ""),
        url=told.get("url") or None,
        author=told.get("author") or None,
        channel=channel,
        published_at=dated.moment,
        is_report=is_report,
        place=told.get("place") or None,
        lat=lat,
        lng=lng,
    )
    return Made(post, dated.note)


def _named(name: str, columns: Sequence[str]) -> str:
    if name in columns:
        return name
    alike = [column for column in columns if _key(column) == _key(name)]
    if len(alike) == 1 and _key(name):
        return alike[0]
    raise FileRefused(f"Tệp không có cột “{name}”. {_listed(columns)}")


def _listed(columns: Sequence[str]) -> str:
    shown = ", ".join(f"“{column[:60]}”" for column in columns[:40])
    return f"Các cột trong tệp: {shown}{' …' if len(columns) > 40 else ''}."


def _key(name: str) -> str:
    return "".join(letter for letter in fold(name) if letter.isalnum())


def _digest(told: Mapping[str, str]) -> str:
    """A name for a row that has none: the same words by the same person at the same time are the same row."""
    parts = [told.get(field, "") for field in ("text", "title", "author", "published")]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _position(told: Mapping[str, str]) -> tuple[float | None, float | None]:
    """Latitude and longitude, both or neither."""
    first, second = told.get("lat", ""), told.get("lng", "")
    if not first and told.get("position"):
        first, _, second = told["position"].strip("[]() ").replace(";", ",").partition(",")
    try:
        lat, lng = float(first.replace(",", ".")), float(second.replace(",", "."))
    except ValueError:
        return None, None
    return (lat, lng) if -90 <= lat <= 90 and -180 <= lng <= 180 else (None, None)
