"""Which area an item speaks of: the text first, then what the sender typed, then the point on the map."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from listener.catalog.shapes import Area

# A point counts as settled when the nearest area is this much nearer than the next, each measured in its own size.
CLEARLY_NEARER = 0.7


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """An area's code, or None; how it was found, in words; and whether that settles it."""

    code: str | None
    how: str
    settled: bool


def whereabouts(
    text_code: str | None, typed_code: str | None, point: tuple[float, float] | None, areas: Mapping[str, Area]
) -> Whereabouts:
    """The area an item speaks of. ``point`` is latitude and longitude in degrees."""
    if typed_code is not None:
        return Whereabouts(typed_code, "nơi người gửi ghi", settled=True)
    if text_code is not None:
        return Whereabouts(text_code, "tên trong bài", settled=True)
    if point is not None:
        return _by_point(*point, areas)
    return Whereabouts(None, "chưa rõ nơi", settled=False)


def _by_point(lat: float, lng: float, areas: Mapping[str, Area]) -> Whereabouts:
    """The nearest centre among the areas whose box holds the point; near a border, without outlines, it stays open."""
    near = sorted((_distance(lat, lng, area), area.code) for area in areas.values() if _holds(area, lat, lng))
    if not near:
        return Whereabouts(None, "vị trí ngoài thành phố", settled=False)
    settled = len(near) == 1 or near[0][0] < CLEARLY_NEARER * near[1][0]
    return Whereabouts(near[0][1], "vị trí trên bản đồ", settled)


def _holds(area: Area, lat: float, lng: float) -> bool:
    west, south, east, north = area.box
    return south <= lat <= north and west <= lng <= east


def _distance(lat: float, lng: float, area: Area) -> float:
    """Distance to the centre in units of the area's own radius, so that small wards keep their surroundings."""
    west, south, east, north = area.box
    squeeze = math.cos(math.radians(lat))
    distance = math.hypot(lat - area.lat, (lng - area.lng) * squeeze)
    return distance / (math.hypot(north - south, (east - west) * squeeze) / 2)
