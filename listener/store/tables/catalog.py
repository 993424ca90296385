"""Lists that people edit: departments, areas and their older names, owners of topics, watch terms, holidays."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from listener.store.tables.base import Base, Key


class Department(Base):
    """An office that must act. ``UBX-<unit>`` and ``CAX-<unit>`` are a commune's own office and police."""

    __tablename__ = "departments"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    area_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    email: Mapped[str | None]
    phone: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True, server_default="true")


class Area(Base):
    """A commune or ward of today. ``outline`` is its bounding box ``[west, south, east, north]`` in degrees."""

    __tablename__ = "areas"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    full_name: Mapped[str]
    kind: Mapped[str]
    lat: Mapped[float]
    lng: Mapped[float]
    outline: Mapped[dict[str, Any]]


class OldUnit(Base):
    """A unit from before 2025-07-01 and what it became; ``partial`` where it was split."""

    __tablename__ = "old_units"
    __table_args__ = (Index("ix_old_units_area_code", "area_code"),)

    id: Mapped[Key]
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    district: Mapped[str]
    province: Mapped[str]
    area_code: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    partial: Mapped[bool] = mapped_column(default=False)


class OldDistrict(Base):
    """A district (quận, huyện, thị xã, thành phố) that ended on 2025-07-01 and that people still name."""

    __tablename__ = "old_districts"

    id: Mapped[Key]
    name: Mapped[str]
    kind: Mapped[str]
    province: Mapped[str]


class TopicOwner(Base):
    """Who owns a topic, everywhere or in one area, from a date to a date, and the hours it takes."""

    __tablename__ = "topic_owners"
    __table_args__ = (Index("ix_topic_owners_topic", "topic", "area_code"),)

    id: Mapped[Key]
    topic: Mapped[str]
    area_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    department_code: Mapped[str]
    coordinating: Mapped[list[str]]
    hours: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class WatchTerm(Base):
    """Words whose every mention the press desk wants to see."""

    __tablename__ = "watch_terms"

    id: Mapped[Key]
    term: Mapped[str] = mapped_column(unique=True)
    note: Mapped[str] = mapped_column(default="")


class Holiday(Base):
    """A day on which offices are closed (``off``), or a Saturday or Sunday worked in exchange (``working``)."""

    __tablename__ = "holidays"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="off")


class OfficeClock(Base):
    """Working hours of an office (empty code: of all), its weekdays from Monday = 1, and its patience with senders."""

    __tablename__ = "office_clocks"

    department_code: Mapped[str] = mapped_column(primary_key=True)
    hours: Mapped[list[str]]
    days: Mapped[list[int]]
    waiting_days: Mapped[int]


class Asset(Base):
    """A kind of place or a named work, known by its words, with its type and who owns it, if known."""

    __tablename__ = "assets"

    id: Mapped[Key]
    name: Mapped[str]
    type: Mapped[str]
    words: Mapped[list[str]]
    owner_code: Mapped[str | None]
