"""Open published matters close to what somebody is about to send, and joining one of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from listener.catalog.shapes import Catalog
from listener.errors import ListenerError
from listener.route import desk_service, public_service
from listener.route.workflow import OPEN, Actor
from listener.store import items, public
from listener.store import tables as t
from listener.vietnamese import when
from listener.web.preview import Understood

MOST = 5
SHORT = 120  # letters of a matter's words in a list
CITIZEN = Actor("Người gửi", "citizen")


def near(
    session: Session, understood: Understood, words: str, lat: float | None, lng: float | None, *, now: datetime
) -> list[dict[str, Any]]:
    """What was told nearby and is not done; nothing for a text that may be secret."""
    field = load_taxonomy().field_of(understood.topic) if understood.topic else None
    if field is None or understood.kind in public_service.allowed().never:
        return []
    spot = public.Spot(
        field, understood.area, public_service.street_in(words), lat, lng, public_service.tells_the_spot(field)
    )
    found = public.near(session, public_service.allowed(), spot, states=OPEN, limit=MOST)
    return _shown(session, found, now)


def join(session: Session, item: t.Item, public_id: str, *, catalog: Catalog, now: datetime) -> bool:
    """Let a report follow a published matter; where it cannot, it stays a matter of its own. Twice changes nothing."""
    target = of_id(session, public_id)
    if target is None or item.state not in OPEN:
        return False
    held = items.by_number(session, item.number, lock=True)
    try:
        with session.begin_nested():
            desk_service.act(session, held, "join", actor=CITIZEN, catalog=catalog, now=now, into=target.number)
    except ListenerError:
        session.refresh(held)
        return False
    return True


def of_id(session: Session, public_id: str) -> t.Item | None:
    """The open published matter of a public id."""
    wanted = public.Wanted(ids=[public_id.upper()], states=OPEN)
    found = public.find(session, public_service.allowed(), wanted, limit=1)
    return found[0].item if found else None


def sent_before(session: Session, key: str) -> bool:
    """Whether a report of this key is kept: then it is the same sending once more, and no new one."""
    return items.by_idempotency_key(session, key) is not None


def shortened(text: str, most: int = SHORT) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + "…"


def _shown(session: Session, found: Sequence[public.Near], now: datetime) -> list[dict[str, Any]]:
    counts = public.supporters(session, [one.item.id for one in found])
    return [
        {
            "id": one.item.public_id,
            "url": f"/cong-khai/{one.item.public_id}",
            "text": shortened(one.item.public_text or ""),
            "distance_m": one.metres,
            "when": when(one.item.received_at, now),
            "others": counts.get(one.item.id, 0),
        }
        for one in found
    ]
