"""Joining new items to the stories that tell the same."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from listener.link.duplicates import closest
from listener.store import items as item_rows
from listener.store import stories as rows
from listener.store import tables as t

LOOK_BACK = timedelta(days=14)
TITLE_LENGTH = 120


def link_items(session: Session, item_ids: Sequence[int], *, now: datetime) -> list[int]:
    """Join each item not linked yet to the story of its closest copy, or leave it alone; returns the ids done."""
    done = []
    for item in item_rows.by_ids(session, item_ids):
        if item.linked_at is not None:
            continue
        if item.signature is not None and not item.restricted and not item.spam:
            _link(session, item)
        item.linked_at = now
        done.append(item.id)
    return done


def _link(session: Session, item: t.Item) -> None:
    since = item.received_at - LOOK_BACK
    alike = item_rows.sharing_bands(session, item, since=since)
    found = closest(item.signature or [], ((other.id, other.signature or []) for other in alike))
    if found is None:
        return
    other = next(candidate for candidate in alike if candidate.id == found[0])
    story = rows.story_of(session, other.id) or rows.start_story(session, other, title=_title(other))
    rows.join(session, story, item, similarity=found[1])


def _title(item: t.Item) -> str:
    words = item.title or item.text
    return words if len(words) <= TITLE_LENGTH else words[:TITLE_LENGTH].rsplit(" ", 1)[0] + "…"
