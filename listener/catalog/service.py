"""The catalogue in the database: loading a pack, reading it whole, the gazetteer for the place finder."""

from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from classifiers.text import places
from listener.catalog.checks import faults
from listener.catalog.files import read_pack
from listener.catalog.routing import RuleSet, as_json, digest, rule_of
from listener.catalog.rows import from_rows, to_rows
from listener.catalog.rule_checks import FAULT, Finding, check_rules
from listener.catalog.shapes import Catalog
from listener.catalog.source_kinds import KINDS
from listener.errors import CatalogFault
from listener.store import catalog as rows
from listener.store import rules as rule_rows
from listener.store import tables as t

# The kinds of source that have a spider; a house test compares this with collect's table.
SOURCE_KINDS = frozenset(KINDS)


def check(catalog: Catalog) -> list[str]:
    """The catalogue's faults, each a sentence."""
    return [
        *faults(catalog, list(load_taxonomy().leaves)),
        *(one.words for one in rule_findings(catalog) if one.level == FAULT),
    ]


def rule_findings(catalog: Catalog) -> list[Finding]:
    """What is wrong with the newest rules, and assets whose owner is unknown."""
    rules = catalog.rule_sets[-1].rules if catalog.rule_sets else ()
    lost = (asset for asset in catalog.assets if asset.owner and asset.owner not in catalog.departments)
    return [
        *check_rules(rules, catalog, load_taxonomy()),
        *(Finding("unknown", FAULT, f"“{a.name}” thuộc “{a.owner}”: không có đơn vị này.") for a in lost),
    ]


def load(session: Session, pack: str) -> Catalog:
    """Check a starter pack and put it into the database, over what stands there under the same codes.

    Raises
    ------
    CatalogFault
        The pack contradicts itself; nothing was written.
    """
    catalog = read_pack(pack)
    found = check(catalog)
    if found:
        raise CatalogFault(found)
    rows.replace(session, to_rows(catalog))
    for rules in catalog.rule_sets:
        keep_rules(session, rules)
    return catalog


def keep_rules(session: Session, rules: RuleSet) -> str:
    """Keep a pack's rules: in force at the first load, later only as a draft that a person must activate.

    Returns ``active``, ``draft``, ``same`` (they are in force already) or ``waiting`` (another draft stands open).
    """
    if rule_rows.is_empty(session):
        row = t.RuleSet(state="kept", rules=as_json(rules.rules))
        session.add(row)
        session.flush()
        session.add(t.RuleActivation(set_id=row.id, active_from=rules.active_from, kind="pack"))
        session.flush()
        return "active"
    held = rule_rows.activations(session)
    if held and held[-1].rules is not None and digest(map(rule_of, held[-1].rules.rules)) == digest(rules.rules):
        return "same"
    if rule_rows.draft(session) is not None:
        return "waiting"
    session.add(t.RuleSet(rules=as_json(rules.rules), based_on=held[-1].set_id if held else None))
    session.flush()
    return "draft"


def load_if_empty(session: Session, pack: str) -> bool:
    """Load the starter pack at the first start. Afterwards the database is the truth."""
    if not rows.is_empty(session):
        return False
    load(session, pack)
    return True


def current(session: Session) -> Catalog:
    """The catalogue as the database has it."""
    return from_rows(rows.read(session))


def gazetteer(catalog: Catalog) -> places.Gazetteer:
    """The names that the place finder looks for."""
    return places.Gazetteer(
        units=tuple(places.Unit(area.code, area.name, area.kind, area.full_name) for area in catalog.areas.values()),
        old_units=tuple(
            places.OldUnit(old.name, old.kind, old.district, old.province, area.code, old.partial)
            for area in catalog.areas.values()
            for old in area.older
        ),
        old_districts=tuple(places.OldDistrict(name, kind, province) for name, kind, province in catalog.districts),
    )
