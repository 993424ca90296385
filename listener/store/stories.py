"""Rows of stories."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from listener.store import tables as t


def story_of(session: Session, item_id: int) -> t.Story | None:
    """The story an item belongs to, or None."""
    return session.scalar(
        select(t.Story).join(t.StoryItem, t.StoryItem.story_id == t.Story.id).where(t.StoryItem.item_id == item_id)
    )


def start_story(session: Session, first: t.Item, *, title: str) -> t.Story:
    """A new story that begins with an item."""
    story = t.Story(title=title, first_at=first.received_at, last_at=first.received_at, size=1)
    session.add(story)
    session.flush()
    session.add(t.StoryItem(item_id=first.id, story_id=story.id, similarity=1.0))
    session.flush()
    return story


def join(session: Session, story: t.Story, item: t.Item, *, similarity: float) -> None:
    """Put an item into a story, unless it is in one already."""
    query = (
        insert(t.StoryItem).values(item_id=item.id, story_id=story.id, similarity=similarity).on_conflict_do_nothing()
    )
    if session.execute(query.returning(t.StoryItem.item_id)).first() is not None:
        story.size += 1
        story.first_at, story.last_at = min(story.first_at, item.received_at), max(story.last_at, item.received_at)


def members(session: Session, story_id: int) -> list[t.Item]:
    """A story's items, oldest first."""
    query = (
        select(t.Item)
        .join(t.StoryItem, t.StoryItem.item_id == t.Item.id)
        .where(t.StoryItem.story_id == story_id, t.Item.restricted.is_(False))
    )
    return list(session.scalars(query.order_by(t.Item.received_at)))
