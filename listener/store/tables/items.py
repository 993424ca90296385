"""Items: everything a person wrote that we keep, its earlier wordings, photos, and the sender kept apart."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from listener.store.tables.base import Base, Key, Made
from listener.store.tables.sources import Source

# The last sixteen digits of a random UUID: 62 random bits.
RANDOM_ID = "upper(right(replace(gen_random_uuid()::text, '-', ''), 16))"


class Item(Base):
    """A post (public) or a report (sent to us). The reading in force stands on the row: a person's, else the machine's.

    ``number`` (PA-2026-000123, BD-…) is for the sender and the staff; the tracking code is kept only as ``code_hash``.
    ``public_id`` is random: what is published is named by it, so that no gap tells of what is not.
    ``chosen_topic`` is what the sender picked from the list of services, ``media_url`` a link that nobody has opened.
    ``thread`` is what a comment is about, ``parent`` the ``external_id`` of the post of its source that it answers.
    ``places`` and ``masks`` are spans of ``body``; ``decided_by`` names the tasks a person decided.
    ``search_text`` is the folded title and text; ``runs`` serve the search for copies, ``fingerprint`` is of all words.
    ``address`` is the canonical form of ``url`` where one address is one post: no second item may have it.
    ``copy_group``: the lowest id among the copies of one text, the first itself included; None while there is no other.
    ``waiting_until``: until when a question to the sender stays open. ``merged_into``: the matter it repeats.
    ``public_text`` is what a person published at ``public_at``, masked; None while nobody did.
    ``restricted`` items (suspected denunciations) appear only in the restricted room.
    ``details``: section, images' addresses and comment thread of a post. ``gone_at``: its site has taken it away.
    ``erased_at``: the person's data was taken out of it at their wish; the matter and its reading stay.
    """

    __tablename__ = "items"
    __table_args__ = (
        Index("ix_items_received_at", "received_at"),
        Index("ix_items_state", "state", "received_at"),
        Index("ix_items_fingerprint", "fingerprint"),
        Index("ix_items_topic", "topic", "received_at"),
        Index("ix_items_unit_code", "unit_code", "received_at"),
        Index(
            "uq_items_source_external",
            "source_id",
            "external_id",
            unique=True,
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index("ix_items_author_key", "author_key", postgresql_where=text("author_key IS NOT NULL")),
        Index("ix_items_runs", "runs", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
        Index("uq_items_address", "address", unique=True, postgresql_where=text("address IS NOT NULL")),
        Index("ix_items_copy_group", "copy_group", postgresql_where=text("copy_group IS NOT NULL")),
        Index("ix_items_search", text("to_tsvector('simple', search_text)"), postgresql_using="gin"),
    )

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(unique=True)
    public_id: Mapped[str] = mapped_column(unique=True, server_default=text(RANDOM_ID))
    code_hash: Mapped[str | None] = mapped_column(unique=True)
    idempotency_key: Mapped[str | None] = mapped_column(unique=True)
    is_report: Mapped[bool]
    channel: Mapped[str]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id"))
    external_id: Mapped[str | None]
    url: Mapped[str | None]
    thread: Mapped[str | None]
    parent: Mapped[str | None]
    address: Mapped[str | None]
    title: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    author_key: Mapped[str | None]
    published_at: Mapped[datetime | None]
    received_at: Mapped[Made]
    place_text: Mapped[str | None]
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    chosen_topic: Mapped[str | None]
    media_url: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    search_text: Mapped[str] = mapped_column(default="")
    fingerprint: Mapped[str] = mapped_column(default="")
    runs: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))
    copy_group: Mapped[int | None] = mapped_column(BigInteger)
    may_publish: Mapped[bool] = mapped_column(default=False, server_default="false")
    sample: Mapped[bool] = mapped_column(default=False, server_default="false")

    unit_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    topic: Mapped[str | None]
    field: Mapped[str | None]
    sentiment: Mapped[str | None]
    urgency: Mapped[str | None]
    kind: Mapped[str | None]
    certain: Mapped[bool] = mapped_column(default=False, server_default="false")
    places: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default="[]")
    masks: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default="[]")
    flags: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    spam: Mapped[bool] = mapped_column(default=False, server_default="false")
    restricted: Mapped[bool] = mapped_column(default=False, server_default="false")
    decided_by: Mapped[list[str]] = mapped_column(default=list, server_default="{}")

    state: Mapped[str] = mapped_column(default="new", server_default="new")
    problem: Mapped[str | None]
    read_at: Mapped[datetime | None]
    linked_at: Mapped[datetime | None]
    routed_at: Mapped[datetime | None]
    waiting_until: Mapped[datetime | None] = mapped_column(index=True)
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("items.id", ondelete="SET NULL"), index=True)
    public_at: Mapped[datetime | None] = mapped_column(index=True)
    public_text: Mapped[str | None]
    erased_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    source: Mapped[Source | None] = relationship()
    photos: Mapped[list["Photo"]] = relationship(back_populates="item", order_by="Photo.id")

    @property
    def body(self) -> str:
        """What is read and shown: the title, where there is one, above the text. All offsets count in it."""
        return f"{self.title}\n{self.text}" if self.title else self.text

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads a plain dict)


class ItemRevision(Base):
    """An earlier wording of an item whose source changed it, with the reading that was in force then."""

    __tablename__ = "item_revisions"

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), index=True)
    title: Mapped[str]
    text: Mapped[str]
    reading: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    replaced_at: Mapped[Made]


class Photo(Base):
    """A picture of a report or an answer, re-encoded without its metadata. ``path`` is below the data folder."""

    __tablename__ = "photos"

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), index=True)
    path: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    purpose: Mapped[str] = mapped_column(default="report")
    added_at: Mapped[Made]

    item: Mapped[Item] = relationship(back_populates="photos")


class Sender(Base):
    """Who sent a report: encrypted, apart from the matter, shown only to who must answer.

    ``channels`` says by which channels the sender can be told of the matter, without saying where.
    ``key_id`` names the key it is sealed under; the empty one stands for rows older than the column.
    """

    __tablename__ = "senders"

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    person_key: Mapped[str] = mapped_column(index=True)
    channels: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    key_id: Mapped[str] = mapped_column(default="", server_default="", index=True)
