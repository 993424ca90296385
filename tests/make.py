"""Rows for tests, each with what matters to the test and plain values for the rest."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from listener.store import tables as t

NOON = datetime(2026, 11, 18, 5, tzinfo=UTC)  # Wednesday of 2026-W47, 12:00 in the city
_numbers = count(900_001)


def make_item(session: Session, text: str = "Đèn đường hẻm 51 tắt ba đêm nay", **values: Any) -> t.Item:
    """A read item; a report unless ``is_report=False``. The field follows from the topic."""
    is_report = values.pop("is_report", True)
    at = values.pop("at", NOON)
    topic = values.pop("topic", "den-duong-hong")
    plain = {
        "number": f"{'PA' if is_report else 'BD'}-2026-{next(_numbers)}",
        "channel": "web" if is_report else "news",
        "received_at": at,
        "read_at": at,
        "topic": topic,
        "field": load_taxonomy().field_of(topic) if topic else None,
        "sentiment": "negative",
        "urgency": "thuong",
        "kind": "phan_anh",
        "flags": [],
        "decided_by": [],
        "masks": [],
    }
    item = t.Item(text=text, is_report=is_report, **{**plain, **values})
    session.add(item)
    session.flush()
    return item


def make_post(session: Session, text: str = "Đường ngập cả buổi sáng", **values: Any) -> t.Item:
    """A read post."""
    return make_item(session, text, is_report=False, **values)


def make_assignment(session: Session, item: t.Item, department: str = "SXD", **values: Any) -> t.Assignment:
    """An item on a desk, due two days after it was given, unless said otherwise."""
    at = values.pop("at", item.received_at)
    plain = {"reason": "thử", "rule": "thử", "hours": 16, "assigned_at": at, "due_at": at + timedelta(days=2)}
    assignment = t.Assignment(item_id=item.id, department_code=department, **{**plain, **values})
    session.add(assignment)
    session.flush()
    return assignment


def make_source(session: Session, name: str, **values: Any) -> t.Source:
    """A source that is visited."""
    plain = {"slug": name.lower().replace(" ", "-"), "kind": "rss", "url": "http://127.0.0.1:9/feed", "options": {}}
    source = t.Source(name=name, **{**plain, **values})
    session.add(source)
    session.flush()
    return source


def make_run(session: Session, source: t.Source, at: datetime = NOON, **values: Any) -> t.SourceRun:
    """One visit to a source."""
    run = t.SourceRun(source_id=source.id, started_at=at, **{"outcome": "ok", **values})
    session.add(run)
    session.flush()
    return run


def make_story(session: Session, items: Sequence[t.Item]) -> t.Story:
    """A story of these items."""
    times = [item.received_at for item in items]
    story = t.Story(title=items[0].text, first_at=min(times), last_at=max(times), size=len(items))
    session.add(story)
    session.flush()
    session.add_all(t.StoryItem(item_id=item.id, story_id=story.id, similarity=1.0) for item in items)
    session.flush()
    return story
