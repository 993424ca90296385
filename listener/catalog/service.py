"""The catalogue in the database: loading a pack, reading it whole, the gazetteer for the place finder."""

from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from classifiers.text import places
from listener.catalog.checks import faults
from listener.catalog.files import read_pack
from listener.catalog.rows import from_rows, to_rows
from listener.catalog.shapes import Catalog
from listener.errors import CatalogFault
from listener.store import catalog as rows

# The kinds of source that have a spider; a house test compares this with collect's table.
SOURCE_KINDS = frozenset({"rss", "page"})


def check(catalog: Catalog) -> list[str]:
    """The catalogue's faults, each a sentence."""
    return faults(catalog, list(load_taxonomy().leaves), SOURCE_KINDS)


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
    return catalog


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
