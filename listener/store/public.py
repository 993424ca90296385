"""Rows that the public may see: what a person published and nothing took back."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from listener.store import tables as t

# The steps that change what is shown; what the sender adds or an officer corrects is nobody else's business.
TOLD = ("assign", "accept", "return", "answer", "close", "reopen", "publish", "undone")
FOLDED_FROM = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
FOLDED_TO = "aaaaaaaaaaaaaaaaaeeeeeeeeeeeiiiiiooooooooooooooooouuuuuuuuuuuyyyyyd"
EARTH = 6_371_000  # metres
NEAR = 300


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be shown at all, once published: these topics and states, and no kind or flag of ``never``."""

    topics: Collection[str]
    states: Collection[str]
    never: Collection[str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; None means all. Times are inclusive, but ``updated_after``. ``words`` are folded."""

    ids: Collection[str] | None = None
    topics: Collection[str] | None = None
    states: Collection[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    updated_after: datetime | None = None
    fields: Collection[str] | None = None
    units: Collection[str] | None = None
    departments: Collection[str] | None = None
    words: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class PublicMatter:
    """A matter that may be shown, its desk, and when it last changed before everybody's eyes."""

    item: t.Item
    assignment: t.Assignment | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody is about to report something, and of which field; ``street`` is folded.

    ``exact``: matters of this field stand on public ground, so that their own points and places may be compared.
    """

    field: str
    unit: str | None
    street: str | None
    lat: float | None
    lng: float | None
    exact: bool


@dataclass(frozen=True, slots=True)
class Near:
    """An open matter close by; ``metres`` is None where only the street is known."""

    item: t.Item
    metres: int | None


def find(
    session: Session, allowed: Allowed, wanted: Wanted, *, limit: int = 1000, skip: int = 0
) -> Sequence[PublicMatter]:
    """Matters that may be shown and are wanted, newest first. What may not be shown is as if it were not there."""
    updated = func.coalesce(_last_told(), t.Item.received_at)
    query = _narrowed(select(t.Item, t.Assignment, updated), allowed, wanted, updated)
    query = query.order_by(t.Item.received_at.desc(), t.Item.id.desc())
    return [PublicMatter(*row) for row in session.execute(query.limit(limit).offset(skip))]


def count(session: Session, allowed: Allowed, wanted: Wanted) -> int:
    """How many matters may be shown and are wanted."""
    updated = func.coalesce(_last_told(), t.Item.received_at)
    return session.scalar(_narrowed(select(func.count(t.Item.id)), allowed, wanted, updated)) or 0


def near(session: Session, allowed: Allowed, spot: Spot, *, states: Collection[str], limit: int = 5) -> Sequence[Near]:
    """Open matters of the field within some 300 m of the spot, nearest first, then those of its street and unit.

    Where the points of a field are shown coarsely, neither they nor the typed places are compared: who asks from many
    spots would find the house.
    """
    close, metres = [], None
    if spot.exact and spot.lat is not None and spot.lng is not None:
        metres = _metres(spot.lat, spot.lng)
        close.append(and_(t.Item.lat.is_not(None), metres <= NEAR))
    if spot.street and spot.unit:
        typed = func.coalesce(t.Item.place_text, "") if spot.exact else literal("")
        words = _folded(func.coalesce(t.Item.public_text, "") + " | " + typed)
        on_street = words.regexp_match(rf"\m{re.escape(spot.street)}\M")
        close.append(and_(t.Item.unit_code == spot.unit, on_street))
    if not close:
        return []
    query = select(t.Item, *([metres] if metres is not None else []))
    query = query.where(*_may_be_shown(allowed), t.Item.state.in_(states), t.Item.field == spot.field, or_(*close))
    order = [metres.asc().nulls_last()] if metres is not None else []
    rows = session.execute(query.order_by(*order, t.Item.received_at.desc()).limit(limit)).all()
    return [Near(row[0], _told(row[1]) if len(row) > 1 else None) for row in rows]


def supporters(session: Session, ids: Collection[int]) -> dict[int, int]:
    """How many reports were joined to each of these matters; what is restricted or spam does not count."""
    query = select(t.Item.merged_into, func.count()).where(
        t.Item.merged_into.in_(ids), t.Item.restricted.is_(False), t.Item.spam.is_(False)
    )
    return {key: number for key, number in session.execute(query.group_by(t.Item.merged_into)) if key is not None}


def units_and_desks(session: Session, allowed: Allowed) -> tuple[list[str], list[str]]:
    """The areas and departments that have something to show, for the lists to choose from."""
    units = select(t.Item.unit_code).where(*_may_be_shown(allowed), t.Item.unit_code.is_not(None)).distinct()
    desks = select(t.Assignment.department_code).join(t.Item, t.Item.id == t.Assignment.item_id)
    desks = desks.where(*_may_be_shown(allowed), t.Assignment.active).distinct()
    return [code for code in session.scalars(units) if code], list(session.scalars(desks))


def _told(metres: float | None) -> int | None:
    return round(metres / 10) * 10 if metres is not None and metres <= NEAR else None


def _narrowed(
    query: Select[*tuple[Any, ...]], allowed: Allowed, wanted: Wanted, updated: ColumnElement[datetime]
) -> Select[*tuple[Any, ...]]:
    desk = (t.Assignment.item_id == t.Item.id) & t.Assignment.active
    return (
        query.select_from(t.Item)
        .outerjoin(t.Assignment, desk)
        .where(*_may_be_shown(allowed), *_is_wanted(wanted, updated))
    )


def _may_be_shown(allowed: Allowed) -> list[ColumnElement[bool]]:
    return [
        t.Item.public_at.is_not(None),
        t.Item.public_text.is_not(None),
        t.Item.is_report,
        t.Item.may_publish,
        t.Item.restricted.is_(False),
        t.Item.spam.is_(False),
        t.Item.state.in_(allowed.states),
        func.coalesce(t.Item.kind, "").not_in(allowed.never),
        ~t.Item.flags.overlap(list(allowed.never)),
        t.Item.topic.in_(allowed.topics),
    ]


def _is_wanted(wanted: Wanted, updated: ColumnElement[datetime]) -> list[ColumnElement[bool]]:
    among = {
        t.Item.public_id: wanted.ids,
        t.Item.topic: wanted.topics,
        t.Item.state: wanted.states,
        t.Item.field: wanted.fields,
        t.Item.unit_code: wanted.units,
        t.Assignment.department_code: wanted.departments,
    }
    found: list[ColumnElement[bool]] = [column.in_(values) for column, values in among.items() if values is not None]
    if wanted.since is not None:
        found.append(t.Item.received_at >= wanted.since)
    if wanted.until is not None:
        found.append(t.Item.received_at <= wanted.until)
    if wanted.updated_after is not None:
        found.append(updated > wanted.updated_after)
    words = _folded(func.coalesce(t.Item.public_text, ""))  # never the text itself: what is masked is not found
    return [*found, *(words.contains(word, autoescape=True) for word in wanted.words or ())]


def _folded(words: ColumnElement[str]) -> ColumnElement[str]:
    """Words without case and marks, as ``fold`` makes them."""
    return func.translate(func.lower(words), FOLDED_FROM, FOLDED_TO)


def _metres(lat: float, lng: float) -> ColumnElement[float]:
    """How far an item's point lies from this one, along the ground (haversine)."""
    half_lat, half_lng = func.radians(t.Item.lat - lat) / 2, func.radians(t.Item.lng - lng) / 2
    chord = func.power(func.sin(half_lat), 2) + func.cos(func.radians(lat)) * func.cos(
        func.radians(t.Item.lat)
    ) * func.power(func.sin(half_lng), 2)
    return 2 * EARTH * func.asin(func.sqrt(func.least(1.0, chord)))


def _last_told() -> ScalarSelect[datetime]:
    query = select(func.max(t.Event.happened_at)).where(t.Event.item_id == t.Item.id, t.Event.kind.in_(TOLD))
    return query.correlate(t.Item).scalar_subquery()
