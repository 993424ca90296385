"""The names of today's and former units, and which unit a name means by the evidence beside it."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .clean import clean
from .fold import fold_key

_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}
KEPT = 20_000  # answers for mentions met before
_DISTRICT_KIND = re.compile(r"(quan|huyen|thi xa|thanh pho|tx|tp) ")


@dataclass(frozen=True, slots=True)
class Unit:
    """A commune or ward of today; ``kind`` is ``phuong`` or ``xa``."""

    code: str
    name: str
    kind: str
    full_name: str


@dataclass(frozen=True, slots=True)
class OldUnit:
    """A unit of before the reorganisation and its successor; ``partial`` when split among several (one row each).

    ``kind`` is ``phuong``, ``xa`` or ``thi_tran``; ``district`` may carry its type ("Thị xã Long Mỹ") or not.
    """

    name: str
    kind: str
    district: str
    province: str
    new_code: str
    partial: bool = False


@dataclass(frozen=True, slots=True)
class OldDistrict:
    """A former district that people still name; ``kind`` is ``quan``, ``huyen``, ``thi_xa`` or ``thanh_pho``."""

    name: str
    kind: str
    province: str


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All the names a finder knows."""

    units: tuple[Unit, ...]
    old_units: tuple[OldUnit, ...] = ()
    old_districts: tuple[OldDistrict, ...] = ()

    @classmethod
    def read(cls, path: Path) -> "Gazetteer":
        """The names in a starter pack's ``areas.toml``: today's units, those before them, the old districts."""
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        areas = table["area"]
        types = {"phuong": "Phường", "xa": "Xã"}
        return cls(
            tuple(Unit(a["code"], a["name"], a["kind"], f"{types[a['kind']]} {a['name']}") for a in areas),
            tuple(
                OldUnit(o["name"], o["kind"], o["district"], o["province"], a["code"], o.get("partial", False))
                for a in areas
                for o in a.get("older", ())
            ),
            tuple(OldDistrict(d["name"], d["kind"], d["province"]) for d in table.get("district", ())),
        )


@dataclass(frozen=True, slots=True)
class Mention:
    """A unit as a text names it: folded name, type word if any, what points to the past, and the name as written."""

    key: str
    kind: str | None = None
    older: bool = False
    written: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """Which unit a mention means: its code, or None with the codes it may be."""

    code: str | None
    confidence: float
    candidates: tuple[str, ...] = ()
    older: bool = False


def name_key(name: str) -> str:
    """Folded words with Arabic numbers at the end.

    >>> name_key("Hòa Tú II"), name_key("III"), name_key("Bình Thuỷ")
    ('hoa tu 2', '3', 'binh thuy')
    """
    words = fold_key(name).split(" ")
    return " ".join([*words[:-1], _ROMAN.get(words[-1], words[-1])])


def _kind_key(kind: str) -> str:
    return fold_key(kind).replace("_", " ").replace(" ", "_")


def _district_parts(district: str) -> tuple[str, str]:
    """Type (or nothing) and name of a district: ("thi_xa", "long my")."""
    key = fold_key(district)
    match = _DISTRICT_KIND.match(key)
    return (match[1].replace(" ", "_"), key[match.end() :]) if match else ("", key)


class NameBook:
    """Readings of each folded name."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.units: dict[str, list[Unit]] = defaultdict(list)
        self.olds: dict[str, list[OldUnit]] = defaultdict(list)
        self.districts: dict[str, list[OldDistrict]] = defaultdict(list)
        for unit in gazetteer.units:
            self.units[name_key(unit.name)].append(unit)
        for old in gazetteer.old_units:
            self.olds[name_key(old.name)].append(old)
        for district in gazetteer.old_districts:
            self.districts[name_key(district.name)].append(district)
        self._marked = {
            name: clean(name).lower()
            for name in (
                *(unit.name for unit in gazetteer.units),
                *(old.name for old in gazetteer.old_units),
                *(district.name for district in gazetteer.old_districts),
            )
        }
        self.provinces = {fold_key(old.province) for old in gazetteer.old_units}
        self._all_olds = gazetteer.old_units
        self._settled: dict[tuple[Mention, tuple[Mention, ...], bool], Settled] = {}

    def folded_names(self) -> dict[str, str]:
        """Every folded way to write a name with a letter in it → its key (hoa tu ii → hoa tu 2)."""
        keys = {key for key in (*self.units, *self.olds, *self.districts, *self.provinces) if not key.isdigit()}
        romans = {arabic: roman for roman, arabic in _ROMAN.items()}
        numbered = {key: key.rpartition(" ") for key in keys}
        return {key: key for key in keys} | {
            f"{name} {romans[number]}": key for key, (name, _, number) in numbered.items() if name and number in romans
        }

    def is_ward_number(self, number: str) -> bool:
        """Whether an older unit bore just this number."""
        return number in self.olds

    def spellings(self, key: str) -> set[str]:
        """The name in small letters with its marks, in each way that units have it (Tân Thành, Tân Thạnh)."""
        places = (*self.units.get(key, ()), *self.olds.get(key, ()), *self.districts.get(key, ()))
        return {self._marked[place.name] for place in places}

    def settle(self, mention: Mention, wider: Sequence[Mention] = (), *, past: bool = False) -> Settled:
        """Which unit is meant, given districts or provinces beside it; ``past``: the text is older than the change."""
        asked = (mention, tuple(wider), past)
        settled = self._settled.get(asked)
        if settled is None:
            if len(self._settled) >= KEPT:
                self._settled.clear()
            settled = self._settled[asked] = self._settle(mention, wider, past=past)
        return settled

    def _settle(self, mention: Mention, wider: Sequence[Mention], *, past: bool) -> Settled:
        if mention.kind in ("quan", "huyen", "thi_xa", "thanh_pho", "tinh"):
            return self._whole_district(mention)
        inside = self._of_kind(mention)
        for place in wider:
            narrower = [old for old in inside if self._lies_in(old, place)] or self._in_province(inside, place)
            if not narrower and place.kind != "thanh_pho":
                break
            inside = narrower or inside
        else:
            if inside and any(
                self._lies_in(inside[0], place) or self._in_province(inside[:1], place) for place in wider
            ):
                return _successors(inside, 0.95, past=True)
        if mention.kind is None and not mention.older:
            return self._bare(mention, past=past)
        older = mention.older or past or mention.kind == "thi_tran" or mention.key.isdigit()
        return self._past(mention) if older else self._present(mention)

    def _present(self, mention: Mention) -> Settled:
        same_kind = [unit for unit in self._units(mention) if unit.kind == mention.kind]
        if same_kind:
            clash = {old.new_code for old in self._of_kind(mention)} - {same_kind[0].code}
            return Settled(same_kind[0].code, 0.85 if clash else 0.97)
        olds = self._of_kind(mention)
        if olds:
            return _successors(olds, 0.85, past=True)
        return self._past(replace(mention, kind=None), confidence=0.65)

    def _past(self, mention: Mention, confidence: float = 0.92) -> Settled:
        olds = self._of_kind(mention) or self._of_kind(replace(mention, kind=None))
        units = self._units(mention)
        if confidence < 0.9 and units:  # a unit of today under the wrong type
            return _successors_or_now(olds, units)
        if olds:
            return _successors(olds, confidence, past=True)
        return (
            Settled(units[0].code, 0.65, older=mention.older) if len(units) == 1 else _open(unit.code for unit in units)
        )

    def _bare(self, mention: Mention, *, past: bool) -> Settled:
        """A name without a type word: settled only when nothing else bears it."""
        now = {unit.code for unit in self._units(mention)}
        then = {old.new_code for old in self._of_kind(mention)}
        if mention.key in self.districts or mention.key in self.provinces:
            return _open(now | then | self._codes_in(mention), 0.45)
        codes = then if past and then else now | then
        if len(codes) != 1:
            return _open(codes, 0.45)
        return Settled(codes.pop(), 0.7 if now else 0.6, older=not now)

    def _whole_district(self, mention: Mention) -> Settled:
        return _open(self._codes_in(mention), 0.5, older=mention.key in self.districts)

    def _codes_in(self, district: Mention) -> set[str]:
        return {old.new_code for old in self._all_olds if self._lies_in(old, district)}

    def _of_kind(self, mention: Mention) -> list[OldUnit]:
        olds = [
            old for old in self.olds.get(mention.key, ()) if mention.kind is None or _kind_key(old.kind) == mention.kind
        ]
        return [old for old in olds if self._marked[old.name] == mention.written] or olds

    def _units(self, mention: Mention) -> list[Unit]:
        units = self.units.get(mention.key, [])
        return [unit for unit in units if self._marked[unit.name] == mention.written] or units

    def _lies_in(self, old: OldUnit, place: Mention) -> bool:
        kind, name = _district_parts(old.district)
        if place.kind == "tinh":
            return fold_key(old.province) == place.key
        return name == place.key and (not kind or place.kind in (None, kind))

    @staticmethod
    def _in_province(olds: list[OldUnit], place: Mention) -> list[OldUnit]:
        return [old for old in olds if place.kind is None and fold_key(old.province) == place.key]


def _successors_or_now(olds: Iterable[OldUnit], units: Iterable[Unit]) -> Settled:
    codes = {unit.code for unit in units}
    return Settled(codes.pop(), 0.65) if len(codes) == 1 else _open(codes | {old.new_code for old in olds})


def _successors(olds: Iterable[OldUnit], confidence: float, *, past: bool) -> Settled:
    codes = {old.new_code for old in olds}
    return Settled(codes.pop(), confidence, older=past) if len(codes) == 1 else _open(codes, older=past)


def _open(codes: Iterable[str], confidence: float = 0.5, *, older: bool = False) -> Settled:
    return Settled(None, confidence, tuple(sorted(set(codes))), older)
