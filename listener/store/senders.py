"""Rows of senders' identities, and what belongs to one person."""

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from listener.store import tables as t


def of_item(session: Session, item_id: int) -> t.Sender | None:
    """The sealed identity of a report's sender; None for an anonymous or erased one."""
    return session.get(t.Sender, item_id)


def under_other_keys(session: Session, key_id: str, *, limit: int) -> Sequence[t.Sender]:
    """Identities not yet sealed under this key, locked; rows another process holds are left to it."""
    query = select(t.Sender).where(t.Sender.key_id != key_id).order_by(t.Sender.item_id).limit(limit)
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def count_under_other_keys(session: Session, key_id: str) -> int:
    """How many identities are not yet sealed under this key."""
    return session.scalar(select(func.count()).select_from(t.Sender).where(t.Sender.key_id != key_id)) or 0


def items_of(session: Session, person_key: str, *, restricted: bool) -> Sequence[t.Item]:
    """What one person sent or posted under a contact or handle, locked: in the restricted room, or outside it."""
    sent = select(t.Sender.item_id).where(t.Sender.person_key == person_key)
    mine = t.Item.id.in_(sent) | (t.Item.author_key == person_key)
    query = select(t.Item).where(mine, t.Item.restricted == restricted).order_by(t.Item.id)
    return session.scalars(query.with_for_update()).all()


def rename_parent(session: Session, item: t.Item, name: str) -> None:
    """Answers to a post that is erased name it as it is called from now on."""
    answers = (t.Item.source_id == item.source_id) & (t.Item.parent == item.external_id)
    session.execute(update(t.Item).where(answers).values(parent=name))


def events_of(session: Session, item_id: int) -> Sequence[t.Event]:
    """An item's history, to be erased."""
    return session.scalars(select(t.Event).where(t.Event.item_id == item_id).order_by(t.Event.id)).all()


def revisions_of(session: Session, item_id: int) -> Sequence[t.ItemRevision]:
    """An item's earlier wordings."""
    return session.scalars(select(t.ItemRevision).where(t.ItemRevision.item_id == item_id)).all()


def assignments_of(session: Session, item_id: int) -> Sequence[t.Assignment]:
    """All assignments of an item, ended ones too."""
    return session.scalars(select(t.Assignment).where(t.Assignment.item_id == item_id)).all()
