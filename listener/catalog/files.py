"""Catalogues as TOML: reading a starter pack, and writing the database's back."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import holidays
import tomli_w

from listener.catalog.routing import Asset, RuleSet, rule_of, written
from listener.catalog.shapes import (
    Area,
    Catalog,
    Clock,
    Department,
    Holiday,
    OldUnit,
    Retention,
    Source,
    TopicOwner,
    WatchTerm,
)
from listener.errors import CatalogFault

PACKS = Path(__file__).parent / "packs"
FILES = ("departments", "areas", "owners", "sources", "holidays", "watch_terms")
# A pack from before offices had hours of their own still loads; a city may do without rules beyond the owners.
OPTIONAL = ("clocks", "assets", "rules", "retention")
HOLIDAY_YEARS = range(2025, 2029)


def pack_folder(name: str) -> Path:
    """The folder of a starter pack, or of a path given instead of a name."""
    folder = PACKS / name if (PACKS / name).is_dir() else Path(name)
    if not folder.is_dir():
        known = ", ".join(sorted(path.name for path in PACKS.iterdir() if path.is_dir()))
        raise CatalogFault([f"không có bộ danh mục “{name}”; các bộ đi kèm: {known}"])
    return folder


def read_pack(name: str) -> Catalog:
    """Read a starter pack by name or folder.

    Raises
    ------
    CatalogFault
        A file is missing or is not TOML, or an entry lacks a field; each fault is named.
    """
    folder = pack_folder(name)
    tables = {part: _read(folder / f"{part}.toml") for part in FILES}
    tables |= {part: _read(folder / f"{part}.toml") if (folder / f"{part}.toml").exists() else {} for part in OPTIONAL}
    try:
        areas = {entry["code"]: _area(entry) for entry in tables["areas"].get("area", ())}
        return Catalog(
            departments={d.code: d for d in (*_departments(tables["departments"]), *_commune_desks(areas.values()))},
            areas=areas,
            districts=tuple((d["name"], d["kind"], d["province"]) for d in tables["areas"].get("district", ())),
            owners=tuple(_owner(entry) for entry in tables["owners"].get("owner", ())),
            sources=tuple(Source(**entry) for entry in tables["sources"].get("source", ())),
            holidays=tuple(_holidays(tables["holidays"])),
            clocks=tuple(_clock(entry) for entry in tables["clocks"].get("clock", ())),
            watch_terms=tuple(WatchTerm(**entry) for entry in tables["watch_terms"].get("watch", ())),
            assets=tuple(_asset(entry) for entry in tables.get("assets", {}).get("asset", ())),
            rule_sets=tuple(_rule_sets(tables.get("rules", {}))),
            retention=tuple(Retention(**entry) for entry in tables.get("retention", {}).get("keep", ())),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CatalogFault([f"{folder.name}: mục thiếu hoặc thừa trường ({error})"]) from error


def write_pack(catalog: Catalog, folder: Path) -> None:
    """Write a catalogue as the files of a starter pack; reading them back gives the same catalogue."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, content in _tables(catalog).items():
        (folder / f"{part}.toml").write_text(tomli_w.dumps(content, multiline_strings=False), encoding="utf-8")


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CatalogFault([f"thiếu tệp {path.name} trong {path.parent.name}"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogFault([f"{path.name} không đọc được: {error}"]) from error


def _departments(table: Mapping[str, Any]) -> Iterable[Department]:
    return (Department(**entry) for entry in table.get("department", ()))


def _commune_desks(areas: Iterable[Area]) -> Iterable[Department]:
    """Each commune's own office and police: they follow from the areas and are not written in the pack."""
    for area in areas:
        lower = area.full_name[0].lower() + area.full_name[1:]
        yield Department(f"UBX-{area.code}", f"UBND {lower}", "commune", area.code)
        yield Department(f"CAX-{area.code}", f"Công an {lower}", "police", area.code)


def _area(entry: Mapping[str, Any]) -> Area:
    west, south, east, north = entry["box"]
    older = tuple(OldUnit(**old) for old in entry.get("older", ()))
    return Area(
        entry["code"], entry["name"], entry["kind"], entry["lat"], entry["lng"], (west, south, east, north), older
    )


def _owner(entry: Mapping[str, Any]) -> TopicOwner:
    return TopicOwner(**{**entry, "coordinating": tuple(entry.get("coordinating", ()))})


def _clock(entry: Mapping[str, Any]) -> Clock:
    return Clock(**{**entry, **{name: tuple(entry[name]) for name in ("hours", "days") if name in entry}})


def _asset(entry: Mapping[str, Any]) -> Asset:
    return Asset(**{**entry, "words": tuple(entry["words"])})


def _rule_sets(table: Mapping[str, Any]) -> Iterable[RuleSet]:
    """The pack's own rules as one set; none where it has no rules."""
    rules = tuple(map(rule_of, table.get("rule", ())))
    return (RuleSet(rules),) if rules else ()


def _holidays(table: Mapping[str, Any]) -> Iterable[Holiday]:
    """National days from the holidays package, with the pack's own days over them."""
    days = {
        day: Holiday(day, str(name))
        for day, name in holidays.country_holidays("VN", years=HOLIDAY_YEARS, language="vi").items()
    }
    for entry in table.get("day", ()):
        days[entry["day"]] = Holiday(entry["day"], entry["name"], entry.get("kind", "off"))
    return sorted(days.values(), key=lambda holiday: holiday.day)


def _tables(catalog: Catalog) -> dict[str, dict[str, Any]]:
    return {
        "departments": {"department": [_plain(d) for d in catalog.departments.values() if d.area_code is None]},
        "areas": {
            "district": [{"name": n, "kind": k, "province": p} for n, k, p in catalog.districts],
            "area": [
                _plain(a) | {"box": list(a.box), "older": [_plain(old) for old in a.older]}
                for a in catalog.areas.values()
            ],
        },
        "owners": {"owner": [_plain(owner) for owner in catalog.owners]},
        "sources": {"source": [_plain(source) | {"options": dict(source.options)} for source in catalog.sources]},
        "holidays": {"day": [_plain(day) for day in catalog.holidays]},
        "clocks": {"clock": [_plain(clock) for clock in catalog.clocks]},
        "watch_terms": {"watch": [_plain(term) for term in catalog.watch_terms]},
        "assets": {"asset": [_plain(asset) for asset in catalog.assets]},
        "rules": {"rule": [written(rule) for rule in catalog.rule_sets[-1].rules] if catalog.rule_sets else []},
        "retention": {"keep": [_plain(one) for one in catalog.retention]},
    }


def _plain(shape: Any) -> dict[str, Any]:
    """A shape's fields without the absent ones, tuples as lists."""
    values = {name: getattr(shape, name) for name in shape.__slots__}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if value not in (None, ())
    }


def read_rules(path: Path) -> RuleSet:
    """The rules of one TOML file.

    Raises
    ------
    CatalogFault
        The file is missing, is no TOML, or holds a rule that cannot be read.
    """
    table = _read(path)
    rules = tuple(map(rule_of, table.get("rule", ())))
    found = [f"quy tắc “{rule.name}” {rule.fault}" for rule in rules if rule.fault]
    if found or not rules:
        raise CatalogFault(found or [f"{path.name} không có quy tắc nào ([[rule]])"])
    return RuleSet(rules)


def write_rules(rules: RuleSet, path: Path) -> None:
    """Write rules as TOML; reading them back gives the same rules."""
    path.write_text(tomli_w.dumps({"rule": [written(rule) for rule in rules.rules]}), encoding="utf-8")
