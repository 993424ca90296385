"""Rows of predictions and labels."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from listener.store import tables as t


def put_predictions(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write predictions over the earlier ones of the same items and tasks."""
    if not rows:
        return
    query = insert(t.Prediction).values(list(rows))
    taken = {
        name: query.excluded[name]
        for name in ("label", "probability", "certain", "runners_up", "why", "model_version", "made_at")
    }
    session.execute(query.on_conflict_do_update(index_elements=["item_id", "task"], set_=taken))


def predictions_of(session: Session, item_id: int) -> dict[str, t.Prediction]:
    """An item's predictions by task."""
    return {row.task: row for row in session.scalars(select(t.Prediction).where(t.Prediction.item_id == item_id))}


def topic_predictions(session: Session, ids: Sequence[int]) -> dict[int, t.Prediction]:
    """The topic prediction of each of several items."""
    query = select(t.Prediction).where(t.Prediction.item_id.in_(ids), t.Prediction.task == "topic")
    return {row.item_id: row for row in session.scalars(query)}


def labels_of(session: Session, ids: Sequence[int]) -> dict[int, dict[str, t.Label]]:
    """The label in force for each item and task: the newest that was not withdrawn."""
    query = select(t.Label).where(t.Label.item_id.in_(ids), t.Label.withdrawn_at.is_(None)).order_by(t.Label.id)
    found: dict[int, dict[str, t.Label]] = {}
    for label in session.scalars(query):
        found.setdefault(label.item_id, {})[label.task] = label
    return found


def withdraw_label(session: Session, item_id: int, task: str, *, now: datetime) -> t.Label | None:
    """Take back the newest label of a task; returns it, or None when there is none."""
    query = select(t.Label).where(t.Label.item_id == item_id, t.Label.task == task, t.Label.withdrawn_at.is_(None))
    label = session.scalar(query.order_by(t.Label.id.desc()).limit(1))
    if label is not None:
        label.withdrawn_at = now
    return label


def labelled_items(session: Session) -> Sequence[t.Item]:
    """Items whose topic a person decided, oldest first; restricted, sample and erased items are left out."""
    query = select(t.Item).where(
        t.Item.decided_by.contains(["topic"]),
        t.Item.restricted.is_(False),
        t.Item.sample.is_(False),
        t.Item.erased_at.is_(None),
    )
    return session.scalars(query.order_by(t.Item.id)).all()
