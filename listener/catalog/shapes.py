"""What a catalogue is made of, as plain data; the same shapes are read from TOML and from the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

COMMUNE_OFFICE = "UBX"
COMMUNE_POLICE = "CAX"
OF_THE_COMMUNE = (COMMUNE_OFFICE, COMMUNE_POLICE)


@dataclass(frozen=True, slots=True)
class Department:
    """An office that must act. ``kind``: city, commune, police, utility."""

    code: str
    name: str
    kind: str
    area_code: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class OldUnit:
    """A unit from before 2025-07-01; ``partial`` where only a part of it went to this area."""

    code: str
    name: str
    kind: str
    district: str
    province: str
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A commune or ward of today. ``box``: west, south, east, north in degrees."""

    code: str
    name: str
    kind: str
    lat: float
    lng: float
    box: tuple[float, float, float, float]
    older: tuple[OldUnit, ...] = ()

    @property
    def full_name(self) -> str:
        """The name as written on papers: “Phường Cái Khế”."""
        return f"{'Phường' if self.kind == 'phuong' else 'Xã'} {self.name}"


@dataclass(frozen=True, slots=True)
class TopicOwner:
    """Who owns a topic (in one area, or everywhere), in how many working hours, from and to which day."""

    topic: str
    department: str
    hours: int
    area: str | None = None
    coordinating: tuple[str, ...] = ()
    valid_from: date = date(2025, 7, 1)
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the rule is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Source:
    """A place items come from; ``kind`` names its spider, ``options`` belong to it."""

    slug: str
    name: str
    kind: str
    url: str
    every_minutes: int = 30
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day off, or a weekend day worked in exchange (``kind`` = working)."""

    day: date
    name: str
    kind: str = "off"


@dataclass(frozen=True, slots=True)
class WatchTerm:
    """Words whose every mention the press desk wants to see."""

    term: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days a kind of data is kept: ``author`` are the pseudonyms of posts' authors."""

    what: str
    days: int


@dataclass(frozen=True, slots=True)
class Catalog:
    """A whole catalogue. Look-ups are by code."""

    departments: Mapping[str, Department]
    areas: Mapping[str, Area]
    districts: tuple[tuple[str, str, str], ...] = ()  # name, kind, province
    owners: tuple[TopicOwner, ...] = ()
    sources: tuple[Source, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    watch_terms: tuple[WatchTerm, ...] = ()
    retention: tuple[Retention, ...] = ()

    def resolve(self, department: str, area: str | None) -> str:
        """The desk meant by ``UBX`` or ``CAX`` in an area; any other code stands for itself."""
        return f"{department}-{area}" if department in OF_THE_COMMUNE and area is not None else department

    def area_name(self, code: str | None) -> str | None:
        """The full name of an area, None where there is no such area."""
        area = self.areas.get(code) if code is not None else None
        return area.full_name if area else None

    def name_of(self, code: str) -> str:
        """The name of a department, or its code where the catalogue lacks it."""
        department = self.departments.get(code)
        return department.name if department else code
