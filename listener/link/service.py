"""Putting copies of one text together, and into one story."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from classifiers.text.sameness import SHARED_RUNS
from listener.link.duplicates import copies
from listener.store import items as item_rows
from listener.store import sameness, stories
from listener.store import tables as t

LOOK_AROUND = timedelta(days=14)
TITLE_LENGTH = 120


def link_items(session: Session, item_ids: Sequence[int], *, now: datetime) -> list[int]:
    """Put each item not linked yet together with its copies, or leave it alone; returns the ids done.

    Every pair is compared once, when the second of the two is linked, so groups are the same in any order.
    """
    sameness.one_linker_at_a_time(session)
    fresh = [item for item in item_rows.by_ids(session, item_ids) if item.linked_at is None]
    ids = [item.id for item in fresh]
    likely = sameness.likely_copies(session, ids, within=LOOK_AROUND, shared=SHARED_RUNS)
    wanted = sorted({other for own in likely.values() for other in own})
    others = {item.id: item for item in item_rows.by_ids(session, wanted)}
    waiting, found = set(ids), []
    for item in fresh:
        waiting.discard(item.id)
        same = copies(item, [others[other] for other in likely.get(item.id, ()) if other not in waiting])
        if same:
            found.append([item, *same])
        item.linked_at = now
    if found:
        stories.gather(session, sameness.put_together(session, found), title_of=_title)
    return ids


def _title(item: t.Item) -> str:
    words = item.title or item.text
    return words if len(words) <= TITLE_LENGTH else words[:TITLE_LENGTH].rsplit(" ", 1)[0] + "…"
