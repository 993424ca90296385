"""Geometry of the small server-made charts: pure functions from numbers to coordinates, no script on the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 100.0, 28.0
TONES = ("negative", "neutral", "positive")
BUCKETS = ("on_time", "late", "open", "overdue")


@dataclass(frozen=True, slots=True)
class Slice:
    """One piece of a stacked bar, in percent of the whole bar."""

    name: str
    value: int
    start: float
    length: float


def spark(values: Sequence[float], *, width: float = WIDTH, height: float = HEIGHT) -> str:
    """The points of a polyline from zero at the bottom to the highest value at the top."""
    if not values:
        return ""
    top = max(max(values), 1)
    step = width / max(len(values) - 1, 1)
    points = [(index * step, height - 2 - (height - 4) * value / top) for index, value in enumerate(values)]
    if len(points) == 1:
        points.append((width, points[0][1]))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def stack(parts: Mapping[str, int], names: Sequence[str] = TONES, *, top: int | None = None) -> list[Slice]:
    """Lays the named counts end to end; ``top`` is the count that fills the bar (their sum when None)."""
    whole = top or sum(parts.get(name, 0) for name in names) or 1
    slices, start = [], 0.0
    for name in names:
        value = parts.get(name, 0)
        length = 100 * value / whole
        slices.append(Slice(name, value, round(start, 2), round(length, 2)))
        start += length
    return slices


def nice_top(value: float) -> int:
    """The round number at or above a value that an axis ends with: 0→10, 37→40, 412→500."""
    if value <= 10:
        return 10
    size = 10 ** (len(str(int(value))) - 1)
    return next(int(size * factor) for factor in (1, 2, 2.5, 3, 4, 5, 6, 8, 10) if size * factor >= value)
