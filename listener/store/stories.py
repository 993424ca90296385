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


def gather(session: Session, groups: Sequence[Sequence[int]], *, title_of: Callable[[t.Item], str]) -> None:
    """One story for each of these groups of items and the stories they are in: the oldest of these, or a new one.

    The statements are few, however many the groups.
    """
    member, story = t.StoryItem, t.Story
    every = [item_id for group in groups for item_id in group]
    where = select(member.item_id, member.story_id).where(member.item_id.in_(every))
    of_item = dict(session.execute(where).all())
    known = [sorted({of_item[item_id] for item_id in group if item_id in of_item}) for group in groups]
    fresh = [group for group, own in zip(groups, known, strict=True) if not own]
    started = iter(_start(session, [min(group) for group in fresh], title_of))
    kept = [own[0] if own else next(started) for own in known]
    for first, *gone in (own for own in known if len(own) > 1):
        session.execute(update(member).where(member.story_id.in_(gone)).values(story_id=first))
        session.execute(delete(story).where(story.id.in_(gone)))
    rows = [
        {"item_id": item_id, "story_id": story_id, "similarity": 1.0}
        for group, story_id in zip(groups, kept, strict=True)
        for item_id in group
    ]
    session.execute(insert(member).on_conflict_do_nothing(), rows)
    _measure(session, kept)


def _start(session: Session, first_ids: Sequence[int], title_of: Callable[[t.Item], str]) -> list[int]:
    """New stories, each told by its first item; their ids."""
    firsts = {item.id: item for item in session.scalars(select(t.Item).where(t.Item.id.in_(first_ids)))}
    made = [
        t.Story(title=title_of(first), first_at=first.received_at, last_at=first.received_at)
        for first in (firsts[first_id] for first_id in first_ids)
    ]
    session.add_all(made)
    session.flush()
    return [story.id for story in made]


def _measure(session: Session, story_ids: Sequence[int]) -> None:
    """Count the items of stories and say from when to when they came."""
    at = t.Item.received_at
    counted = (
        select(
            t.StoryItem.story_id, func.count().label("size"), func.min(at).label("first"), func.max(at).label("last")
        )
        .join(t.Item, t.StoryItem.item_id == t.Item.id)
        .where(t.StoryItem.story_id.in_(story_ids))
        .group_by(t.StoryItem.story_id)
        .subquery()
    )
    session.execute(
        update(t.Story)
        .where(t.Story.id == counted.c.story_id)
        .values(size=counted.c.size, first_at=counted.c.first, last_at=counted.c.last)
        .execution_options(synchronize_session=False)
    )
    for story in [one for one in session.identity_map.values() if isinstance(one, t.Story)]:
        session.expire(story)


def members(session: Session, story_id: int) -> list[t.Item]:
    """A story's items, oldest first."""
    query = (
        select(t.Item)
        .join(t.StoryItem, t.StoryItem.item_id == t.Item.id)
        .where(t.StoryItem.story_id == story_id, t.Item.restricted.is_(False))
    )
    return list(session.scalars(query.order_by(t.Item.received_at)))
