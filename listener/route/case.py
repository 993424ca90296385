"""What routing needs to know of an item, as plain data, and how its words are made comparable."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from classifiers.text.fold import fold_key
from listener.catalog.routing import Asset


@dataclass(frozen=True, slots=True)
class Case:
    """What routing needs to know of an item. ``text`` and ``place`` are padded folded words (see `folded`);
    ``hour`` and ``weekday`` (1 = Monday) of its receipt in the city, None where it was only read.
    """

    topic: str
    topic_certain: bool
    kind: str
    urgency: str
    flags: frozenset[str]
    spam: bool
    area: str | None
    area_settled: bool
    area_how: str
    on: date
    topic_by: str = "machine"
    runners_up: tuple[tuple[str, float], ...] = ()
    probability: float = 1.0
    channel: str = ""
    hour: int | None = None
    weekday: int | None = None
    text: str = ""
    place: str = ""
    place_types: frozenset[str] = frozenset()
    asset_owners: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Words without marks or case, one blank around each, so that whole words are found by a plain search.

    >>> folded("Công viên, Lưu Hữu Phước!")
    ' cong vien luu huu phuoc '
    """
    return f" {fold_key(text)} "


def assets_in(text: str, place: str, assets: Iterable[Asset]) -> tuple[frozenset[str], frozenset[str]]:
    """The types of the assets whose words stand in folded text or place, and who owns these assets."""
    seen = [
        asset
        for asset in assets
        if any((word := folded(one)) in text or word in place for one in asset.words if one.strip())
    ]
    return frozenset(asset.type for asset in seen), frozenset(asset.owner for asset in seen if asset.owner)
