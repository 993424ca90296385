"""What classifiers said (predictions) and what people decided (labels). Never mixed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from listener.store.tables.base import Base, Key, Made


class Prediction(Base):
    """What one model said of one item: label, calibrated probability, runners-up, the words that spoke for it."""

    __tablename__ = "predictions"
    __table_args__ = (Index("uq_predictions_item_task", "item_id", "task", unique=True),)

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    task: Mapped[str]
    label: Mapped[str]
    probability: Mapped[float]
    certain: Mapped[bool]
    runners_up: Mapped[list[dict[str, Any]]]
    why: Mapped[list[dict[str, Any]]]
    model_version: Mapped[str]
    made_at: Mapped[Made]


class Label(Base):
    """What a person decided of one item for one task; the newest is in force, ``withdrawn_at`` marks an undo."""

    __tablename__ = "labels"
    __table_args__ = (Index("ix_labels_item_task", "item_id", "task"),)

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    task: Mapped[str]
    value: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    origin: Mapped[str] = mapped_column(default="desk")
    model_said: Mapped[str | None]
    set_at: Mapped[Made]
    withdrawn_at: Mapped[datetime | None]
