"""Between the shapes of a catalogue and the rows that keep it."""

from collections import defaultdict

from listener.catalog.routing import Asset, RuleSet, rule_of
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
from listener.store import tables as t
from listener.store.catalog import CatalogRows


def to_rows(catalog: Catalog) -> CatalogRows:
    """The rows of a catalogue."""
    return CatalogRows(
        areas=[
            t.Area(
                code=a.code,
                name=a.name,
                full_name=a.full_name,
                kind=a.kind,
                lat=a.lat,
                lng=a.lng,
                outline={"box": list(a.box)},
            )
            for a in catalog.areas.values()
        ],
        old_units=[
            t.OldUnit(
                code=old.code,
                name=old.name,
                kind=old.kind,
                district=old.district,
                province=old.province,
                area_code=area.code,
                partial=old.partial,
            )
            for area in catalog.areas.values()
            for old in area.older
        ],
        districts=[
            t.OldDistrict(name=name, kind=kind, province=province) for name, kind, province in catalog.districts
        ],
        departments=[
            t.Department(code=d.code, name=d.name, kind=d.kind, area_code=d.area_code, email=d.email, phone=d.phone)
            for d in catalog.departments.values()
        ],
        owners=[
            t.TopicOwner(
                topic=o.topic,
                area_code=o.area,
                department_code=o.department,
                coordinating=list(o.coordinating),
                hours=o.hours,
                valid_from=o.valid_from,
                valid_to=o.valid_to,
            )
            for o in catalog.owners
        ],
        sources=[
            t.Source(
                slug=s.slug, name=s.name, kind=s.kind, url=s.url, every_minutes=s.every_minutes, options=dict(s.options)
            )
            for s in catalog.sources
        ],
        holidays=[t.Holiday(day=h.day, name=h.name, kind=h.kind) for h in catalog.holidays],
        clocks=[
            t.OfficeClock(
                department_code=c.department or "", hours=list(c.hours), days=list(c.days), waiting_days=c.waiting_days
            )
            for c in catalog.clocks
        ],
        watch_terms=[t.WatchTerm(term=w.term, note=w.note) for w in catalog.watch_terms],
        assets=[t.Asset(name=a.name, type=a.type, words=list(a.words), owner_code=a.owner) for a in catalog.assets],
        retention=[t.Retention(what=one.what, days=one.days) for one in catalog.retention],
    )


def from_rows(rows: CatalogRows) -> Catalog:
    """The catalogue that rows hold."""
    older: dict[str, list[OldUnit]] = defaultdict(list)
    for old in rows.old_units:
        older[old.area_code].append(OldUnit(old.code, old.name, old.kind, old.district, old.province, old.partial))
    return Catalog(
        departments={
            d.code: Department(d.code, d.name, d.kind, d.area_code, d.email, d.phone) for d in rows.departments
        },
        areas={a.code: _area(a, older[a.code]) for a in rows.areas},
        districts=tuple((d.name, d.kind, d.province) for d in rows.districts),
        owners=tuple(
            TopicOwner(
                o.topic, o.department_code, o.hours, o.area_code, tuple(o.coordinating), o.valid_from, o.valid_to
            )
            for o in rows.owners
        ),
        sources=tuple(Source(s.slug, s.name, s.kind, s.url, s.every_minutes, dict(s.options)) for s in rows.sources),
        holidays=tuple(Holiday(h.day, h.name, h.kind) for h in rows.holidays),
        clocks=tuple(
            Clock(c.department_code or None, tuple(c.hours), tuple(c.days), c.waiting_days) for c in rows.clocks
        ),
        watch_terms=tuple(WatchTerm(w.term, w.note) for w in rows.watch_terms),
        assets=tuple(Asset(a.name, a.type, tuple(a.words), a.owner_code) for a in rows.assets),
        rule_sets=tuple(
            RuleSet(tuple(map(rule_of, one.rules.rules if one.rules else ())), one.active_from, one.set_id or 0)
            for one in rows.activations
        ),
        retention=tuple(Retention(one.what, one.days) for one in rows.retention),
    )


def _area(row: t.Area, older: list[OldUnit]) -> Area:
    west, south, east, north = row.outline["box"]
    return Area(row.code, row.name, row.kind, row.lat, row.lng, (west, south, east, north), tuple(older))
