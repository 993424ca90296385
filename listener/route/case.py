"""What routing needs to know of an item, as plain data, and which known places and works its words name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from listener.catalog.routing import Asset
from listener.catalog.terms import Words, term

NOTHING = Words()


@dataclass(frozen=True, slots=True)
class Case:
    """What routing needs to know of an item. ``text`` and ``place`` are words made ready to be looked through;
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
    text: Words = NOTHING
    place: Words = NOTHING
    place_types: frozenset[str] = frozenset()
    asset_owners: frozenset[str] = frozenset()
    chosen: str | None = None  # the topic the sender picked from a list; asked only while no person has decided


def assets_in(text: Words, place: Words, assets: Iterable[Asset]) -> tuple[frozenset[str], frozenset[str]]:
    """The types of the assets whose words stand in the text or the place, and who owns these assets."""
    seen = [
        asset
        for asset in assets
        if any(text.has(term(one)) or place.has(term(one)) for one in asset.words if one.strip())
    ]
    return frozenset(asset.type for asset in seen), frozenset(asset.owner for asset in seen if asset.owner)
