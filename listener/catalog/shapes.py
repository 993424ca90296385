"""What a catalogue is made of, as plain data; the same shapes are read from TOML and from the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from listener.catalog.routing import Asset, RuleSet

COMMUNE_OFFICE = "UBX"
COMMUNE_POLICE = "CAX"
OF_THE_COMMUNE = (COMMUNE_OFFICE, COMMUNE_POLICE)
NO_RULES = RuleSet()


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
class Clock:
    """When an office works and how long it waits for a sender; without ``department`` it is everyone's.

    ``hours`` are stretches of a day (“07:30-11:30”), ``days`` are weekdays (Monday = 1). ``waiting_days`` is how many
    working days a question to the sender stays open.
    """

    department: str | None = None
    hours: tuple[str, ...] = ("07:30-11:30", "13:30-17:00")
    days: tuple[int, ...] = (1, 2, 3, 4, 5)
    waiting_days: int = 5


@dataclass(frozen=True, slots=True)
class WatchTerm:
    """Words whose every mention the press desk wants to see."""

    term: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days a kind of data is kept: ``author`` are the pseudonyms of posts' authors.

    ``raw`` are the pages that posts were read from.
    """

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
    clocks: tuple[Clock, ...] = ()
    watch_terms: tuple[WatchTerm, ...] = ()
    assets: tuple[Asset, ...] = ()
    rule_sets: tuple[RuleSet, ...] = ()  # by the day from which each holds, and for one day in the order of activation
    retention: tuple[Retention, ...] = ()

    def rules_on(self, day: date) -> RuleSet:
        """The rules in force for what is received on a day; none before the first set."""
        held = (rules for rules in reversed(self.rule_sets) if rules.active_from <= day)
        return next(held, NO_RULES)

    def resolve(self, department: str, area: str | None) -> str:
        """The desk meant by ``UBX`` or ``CAX`` in an area; any other code stands for itself."""
        return f"{department}-{area}" if department in OF_THE_COMMUNE and area is not None else department

    def clock_of(self, department: str | None) -> Clock:
        """The office's own clock, else everyone's, else the usual office hours."""
        by_office = {clock.department: clock for clock in self.clocks}
        return by_office.get(department) or by_office.get(None) or Clock()

    def area_name(self, code: str | None) -> str | None:
        """The full name of an area, None where there is no such area."""
        area = self.areas.get(code) if code is not None else None
        return area.full_name if area else None

    def name_of(self, code: str) -> str:
        """The name of a department, or its code where the catalogue lacks it."""
        department = self.departments.get(code)
        return department.name if department else code
