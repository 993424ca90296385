"""The filters that lists share: their choices, and what a query string asks for."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from classifiers.taxonomy import load_taxonomy
from classifiers.text.fold import fold
from listener import vietnamese
from listener.catalog.shapes import Catalog
from listener.route.workflow import STATES
from listener.store.search import Filters
from listener.vietnamese import CHANNELS

PERIODS = {
    "24h": ("24 giờ", timedelta(days=1)),
    "7n": ("7 ngày", timedelta(days=7)),
    "30n": ("30 ngày", timedelta(days=30)),
}


def wanted(query: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """The parameters of these names that hold something."""
    return {name: query[name] for name in names if query.get(name)}


def field_field() -> dict[str, Any]:
    """Fields of the taxonomy."""
    return {
        "name": "linh-vuc",
        "label": "Lĩnh vực",
        "options": [(f.slug, f.name) for f in load_taxonomy().fields.values()],
    }


def urgency_field() -> dict[str, Any]:
    """Levels of urgency."""
    return {
        "name": "muc-khan",
        "label": "Mức khẩn",
        "options": [(u.slug, u.name) for u in load_taxonomy().urgencies.values()],
    }


def sentiment_field() -> dict[str, Any]:
    """Sentiments."""
    return {
        "name": "sac-thai",
        "label": "Sắc thái",
        "options": [(s.slug, s.name) for s in load_taxonomy().sentiments.values()],
    }


def area_field(catalog: Catalog) -> dict[str, Any]:
    """Areas, in Vietnamese order."""
    areas = sorted(catalog.areas.values(), key=lambda area: vietnamese.sort_key(area.name))
    return {"name": "dia-ban", "label": "Địa bàn", "options": [(area.code, area.full_name) for area in areas]}


def channel_field() -> dict[str, Any]:
    """Channels."""
    return {"name": "kenh", "label": "Kênh", "options": list(CHANNELS.items())}


def state_field() -> dict[str, Any]:
    """States of the workflow that lists show."""
    return {
        "name": "trang-thai",
        "label": "Trạng thái",
        "options": [(key, name) for key, name in STATES.items() if key != "restricted"],
    }


def period_field() -> dict[str, Any]:
    """How far back."""
    return {
        "name": "ky",
        "label": "Kỳ",
        "options": [(key, label) for key, (label, _) in PERIODS.items()],
        "all": "Từ đầu",
    }


def given_fields(query: Mapping[str, str]) -> list[dict[str, Any]]:
    """Filters that only links set (topic, from and to day): shown while they hold, so that they can be taken off."""
    leaf = load_taxonomy().leaves.get(query.get("chu-de", ""))
    days = [(name, label, _day(query.get(name))) for name, label in (("tu", "Từ ngày"), ("den", "Đến ngày"))]
    return [
        *([{"name": "chu-de", "label": "Chủ đề", "options": [(leaf.slug, leaf.name)]}] if leaf else []),
        *(
            {"name": name, "label": label, "options": [(query[name], f"{day:%d/%m/%Y}")]}
            for name, label, day in days
            if day is not None
        ),
    ]


def _day(text: str | None) -> date | None:
    """The day of an ISO date, None for anything else."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 1970 <= day.year <= 2200 else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=vietnamese.CITY)


def search_filters(query: Mapping[str, str], now: datetime) -> Filters:
    """What a list's query string asks for."""
    period = PERIODS.get(query.get("ky", ""))
    first, last = _day(query.get("tu")), _day(query.get("den"))
    return Filters(
        query=fold(query["q"]) if query.get("q", "").strip() else None,
        field=query.get("linh-vuc") or None,
        area=query.get("dia-ban") or None,
        channel=query.get("kenh") or None,
        urgency=query.get("muc-khan") or None,
        sentiment=query.get("sac-thai") or None,
        state=query.get("trang-thai") or None,
        source=query.get("nguon") or None,
        topic=query.get("chu-de") or None,
        since=_midnight(first) if first else now - period[1] if period else None,
        until=_midnight(last + timedelta(days=1)) if last else None,
        spam=False if query.get("rac") == "khong" else None,
    )
