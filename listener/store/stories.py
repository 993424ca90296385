"""Rows of stories."""

from collections.abc import Callable, Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from listener.store import tables as t


def story_of(session: Session, item_id: int) -> t.Story | None:
    """The story an item belongs to, or None."""
    return session.scalar(
        select(t.Story).join(t.StoryItem, t.StoryItem.story_id == t.Story.id).where(t.StoryItem.item_id == item_id)
    )


def gather(session: Session, item_ids: Sequence[int], *, title_of: Callable[[t.Item], str]) -> t.Story:
    """One story of items and of the stories they are in: the oldest, or a new one."""
    member, story = t.StoryItem, t.Story
    known = list(session.scalars(select(member.story_id).where(member.item_id.in_(item_ids)).distinct()))
    kept = session.get_one(story, min(known)) if known else _start(session, item_ids, title_of)
    session.execute(update(member).where(member.story_id.in_(known)).values(story_id=kept.id))
    session.execute(delete(story).where(story.id.in_(known), story.id != kept.id))
    rows = [{"item_id": item_id, "story_id": kept.id, "similarity": 1.0} for item_id in item_ids]
    session.execute(insert(member).values(rows).on_conflict_do_nothing())
    _measure(session, kept)
    return kept


def _start(session: Session, item_ids: Sequence[int], title_of: Callable[[t.Item], str]) -> t.Story:
    first = session.scalars(select(t.Item).where(t.Item.id.in_(item_ids)).order_by(t.Item.id).limit(1)).one()
    story = t.Story(title=title_of(first), first_at=first.received_at, last_at=first.received_at)
    session.add(story)
    session.flush()
    return story


def _measure(session: Session, story: t.Story) -> None:
    query = (
        select(func.count(), func.min(t.Item.received_at), func.max(t.Item.received_at))
        .join(t.StoryItem, t.StoryItem.item_id == t.Item.id)
        .where(t.StoryItem.story_id == story.id)
    )
    story.size, story.first_at, story.last_at = session.execute(query).one()


def members(session: Session, story_id: int) -> list[t.Item]:
    """A story's items, oldest first."""
    query = (
        select(t.Item)
        .join(t.StoryItem, t.StoryItem.item_id == t.Item.id)
        .where(t.StoryItem.story_id == story_id, t.Item.restricted.is_(False))
    )
    return list(session.scalars(query.order_by(t.Item.received_at)))
