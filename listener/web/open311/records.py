"""A matter that a person published: the words they let out, a point no nearer than its topic allows, no sender."""

from datetime import UTC, datetime
from typing import Any

from classifiers.taxonomy import load_taxonomy
from classifiers.text.privacy import mask
from listener.catalog.shapes import Catalog
from listener.route import public_service
from listener.store import tables as t
from listener.store.public import PublicMatter
from listener.web.open311.sending import LONGEST_TEXT


def record(matter: PublicMatter, catalog: Catalog, *, extended: bool) -> dict[str, Any]:
    """A request in the standard's fields, and the extended ones where they are asked for."""
    item, desk = matter.item, matter.assignment
    done = item.state in public_service.DONE_STATES
    lat, lng = _point(item)
    row = {
        "service_request_id": item.public_id,
        "status": "closed" if done else "open",
        "status_notes": mask(desk.answer) if desk is not None and desk.answer and done else None,
        "service_name": load_taxonomy().topic(item.topic or "").name,
        "service_code": item.topic,
        "description": _shortened(item.public_text or ""),
        "agency_responsible": catalog.name_of(desk.department_code) if desk else None,
        "service_notice": None,
        "requested_datetime": in_utc(item.received_at),
        "updated_datetime": in_utc(matter.updated_at),
        "expected_datetime": in_utc(desk.due_at) if desk else None,
        "address": public_service.shown_place(item, catalog.area_name(item.unit_code)),
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
    return public_service.shown_point(item.lat, item.lng, item.field)
