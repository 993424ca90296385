"""A matter as the public may see it: masked text, a point no nearer than its topic allows, never a person."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from classifiers.taxonomy import load_taxonomy
from classifiers.text.privacy import mask
from listener.catalog.shapes import Catalog
from listener.masking import hidden
from listener.route import publication
from listener.store import tables as t
from listener.store.public import Allowed, PublicMatter
from listener.web.open311.sending import LONGEST_TEXT


def allowed() -> Allowed:
    """What may be shown today: routed matters of harmless kinds that their senders let be published."""
    return Allowed(
        kinds=publication.PUBLIC_KINDS,
        topics=publication.public_topics(load_taxonomy()),
        states=publication.OPEN_STATES | publication.DONE_STATES,
        flags=publication.HARMLESS_FLAGS,
    )


def record(matter: PublicMatter, catalog: Catalog, *, extended: bool) -> dict[str, Any]:
    """A request in the standard's fields, and the extended ones where they are asked for."""
    item, desk = matter.item, matter.assignment
    done = item.state in publication.DONE_STATES
    lat, lng = _point(item)
    row = {
        "service_request_id": item.public_id,
        "status": "closed" if done else "open",
        "status_notes": mask(desk.answer) if desk is not None and desk.answer and done else None,
        "service_name": load_taxonomy().topic(item.topic or "").name,
        "service_code": item.topic,
        "description": _shortened(hidden(item.body, item.masks)),
        "agency_responsible": catalog.name_of(desk.department_code) if desk else None,
        "service_notice": None,
        "requested_datetime": in_utc(item.received_at),
        "updated_datetime": in_utc(matter.updated_at),
        "expected_datetime": in_utc(desk.due_at) if desk else None,
        "address": _address(item, catalog),
        "address_id": item.unit_code,
        "zipcode": None,
        "lat": lat,
        "long": lng,
        "media_url": None,  # pictures and links wait for a person's decision
    }
    return {**row, "extended_attributes": _extended(item, catalog)} if extended else row


def in_utc(moment: datetime) -> str:
    """A moment as every client reads it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _extended(item: t.Item, catalog: Catalog) -> dict[str, Any]:
    taxonomy = load_taxonomy()
    return {
        "group": taxonomy.fields[taxonomy.field_of(item.topic or "")].name,
        "kind": item.kind,
        "state": item.state,
        "area": catalog.area_name(item.unit_code),
    }


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def _point(item: t.Item) -> tuple[float, float] | tuple[None, None]:
    if item.lat is None or item.lng is None:
        return None, None
    return publication.shown_point(item.lat, item.lng, item.field)


def _address(item: t.Item, catalog: Catalog) -> str | None:
    """The words for the place, masked, and the ward; the ward alone where the spot may be somebody's home."""
    area = catalog.area_name(item.unit_code)
    words: list[str] = []
    if publication.tells_the_spot(item.field):
        words = [mask(item.place_text)] if item.place_text else list(_named(item))
    if area is not None and not any(area.casefold() in word.casefold() for word in words):
        words.append(area)
    return ", ".join(words) or None


def _named(item: t.Item) -> Iterable[str]:
    """The places that the text names, but for those that touch something masked."""
    clear = (place for place in item.places if not any(_touch(place, masked) for masked in item.masks))
    return dict.fromkeys(item.body[place["start"] : place["end"]] for place in clear)


def _touch(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return bool(one["start"] < other["end"] and other["start"] < one["end"])
