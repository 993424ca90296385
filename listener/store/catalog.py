"""The catalogue's rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from listener.store import rules
from listener.store import tables as t


@dataclass(frozen=True, slots=True)
class CatalogRows:
    """All rows of a catalogue, in the order in which they may be written."""

    areas: Sequence[t.Area]
    old_units: Sequence[t.OldUnit]
    districts: Sequence[t.OldDistrict]
    departments: Sequence[t.Department]
    owners: Sequence[t.TopicOwner]
    sources: Sequence[t.Source]
    holidays: Sequence[t.Holiday]
    clocks: Sequence[t.OfficeClock]
    watch_terms: Sequence[t.WatchTerm]
    retention: Sequence[t.Retention] = ()
    assets: Sequence[t.Asset] = ()
    activations: Sequence[t.RuleActivation] = ()  # read with the catalogue, never written with it


def is_empty(session: Session) -> bool:
    """Whether no department stands in the database yet."""
    return session.scalar(select(func.count()).select_from(t.Department)) == 0


def read(session: Session) -> CatalogRows:
    """All rows, in the order in which they were written."""
    return CatalogRows(
        areas=session.scalars(select(t.Area).order_by(t.Area.code)).all(),
        old_units=session.scalars(select(t.OldUnit).order_by(t.OldUnit.id)).all(),
        districts=session.scalars(select(t.OldDistrict).order_by(t.OldDistrict.id)).all(),
        departments=session.scalars(select(t.Department).where(t.Department.active).order_by(t.Department.code)).all(),
        owners=session.scalars(select(t.TopicOwner).order_by(t.TopicOwner.id)).all(),
        sources=session.scalars(select(t.Source).where(t.Source.removed_at.is_(None)).order_by(t.Source.id)).all(),
        holidays=session.scalars(select(t.Holiday).order_by(t.Holiday.day)).all(),
        clocks=session.scalars(select(t.OfficeClock).order_by(t.OfficeClock.department_code)).all(),
        watch_terms=session.scalars(select(t.WatchTerm).order_by(t.WatchTerm.id)).all(),
        assets=session.scalars(select(t.Asset).order_by(t.Asset.id)).all(),
        activations=rules.activations(session),
        retention=session.scalars(select(t.Retention).order_by(t.Retention.what)).all(),
    )


def replace(session: Session, rows: CatalogRows) -> None:
    """Write rows over what stands there. Areas, departments and sources keep their rows (items point at them)
    and departments that the new catalogue lacks are retired, not deleted; the other lists are replaced."""
    for row in (*rows.areas, *rows.departments, *rows.retention):
        session.merge(row)
    session.flush()
    for table in (t.OldUnit, t.OldDistrict, t.TopicOwner, t.Holiday, t.OfficeClock, t.WatchTerm, t.Asset):
        session.execute(delete(table))
    codes = [row.code for row in rows.departments]
    for department in session.scalars(select(t.Department).where(t.Department.code.not_in(codes))):
        department.active = False
    session.add_all([*rows.old_units, *rows.districts, *rows.owners, *rows.holidays, *rows.clocks])
    session.add_all([*rows.watch_terms, *rows.assets])
    _merge_sources(session, rows.sources)
    session.flush()


def _merge_sources(session: Session, sources: Sequence[t.Source]) -> None:
    known = {source.slug: source for source in session.scalars(select(t.Source))}
    for new in sources:
        old = known.get(new.slug)
        if old is None:
            session.add(new)
        else:
            old.name, old.kind, old.url, old.every_minutes, old.options = (
                new.name,
                new.kind,
                new.url,
                new.every_minutes,
                new.options,
            )


def departments(session: Session) -> list[t.Department]:
    """All departments in use: the city's first, then the communes', by name."""
    query = select(t.Department).where(t.Department.active)
    return list(session.scalars(query.order_by(t.Department.area_code.is_not(None), t.Department.name)))
