"""Keeping what comes in: citizens' reports, posts from sources, rows of files."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from classifiers.text.sameness import is_copy
from listener.canonical import canonical
from listener.collect import clean, codes
from listener.collect.erasure_service import tombstone
from listener.collect.found import FoundPost, NewReport
from listener.collect.photos import store_photos
from listener.errors import BadInput
from listener.metrics import ITEMS
from listener.sealing import Secrets, key_id, seal
from listener.store import desks
from listener.store import items as rows
from listener.store import tables as t

# Which contact lets a sender be told of the matter, and by which outgoing channel.
REACHED_BY = {"email": "mail", "zalo": "zalo"}
ARTICLES = "news"  # the channel whose posts have an address of their own


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a batch: ids that are new or changed, and what was refused with the reason."""

    new: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    dropped: list[dict[str, str]] = field(default_factory=list)


def keep_report(
    session: Session,
    report: NewReport,
    *,
    secret: bytes,
    data_dir: Path,
    now: datetime,
    identity_secrets: Secrets | None = None,
) -> tuple[t.Item, str]:
    """Keep a citizen's report; returns the item and its tracking code.

    The same idempotency key gives the first item again; its code is derived from the key, so it is the same code.

    Raises
    ------
    BadInput
        The text or a photo cannot be kept; nothing was written.
    """
    text = clean.readable(report.text)
    if report.key is not None:
        known = rows.by_idempotency_key(session, report.key)
        if known is not None:
            return known, codes.code_for_key(report.key, secret)
    code = codes.code_for_key(report.key, secret) if report.key is not None else codes.new_code()
    photos = store_photos(report.photos, data_dir)
    item = _new_item(session, text=text, title="", is_report=True, channel=report.channel, now=now)
    item.code_hash = codes.code_hash(code, secret)
    item.idempotency_key = report.key
    item.place_text = clean.readable(report.place, limit=300) if report.place and report.place.strip() else None
    item.lat, item.lng = report.lat, report.lng
    item.may_publish = report.may_publish
    item.chosen_topic, item.media_url = report.chosen_topic, report.media_url
    session.add(item)
    session.flush()
    _keep_sender(session, item, report, secret, identity_secrets or secret)
    session.add_all(t.Photo(item_id=item.id, path=p.path, width=p.width, height=p.height) for p in photos)
    words = f"Đã nhận phản ánh.{_sent_along(report)}"
    desks.add_event(session, item.id, "received", words, now=now, actor="citizen", channel=report.channel)
    ITEMS.labels(report.channel).inc()
    return item, code


def _sent_along(report: NewReport) -> str:
    """What came beside the text, for the desk to see."""
    chosen = f" Người gửi chọn lĩnh vực “{load_taxonomy().name(report.chosen_topic)}”." if report.chosen_topic else ""
    return chosen + (f" Đường dẫn người gửi kèm, chưa ai mở: {report.media_url}" if report.media_url else "")


def keep_posts(
    session: Session, posts: Sequence[FoundPost], *, source_id: int | None, secret: bytes, now: datetime
) -> Kept:
    """Keep what a source or a file brought: new ones, new wordings of known ones; the rest is passed over."""
    kept = Kept()
    rows.one_keeper_at_a_time(session)
    unique = {post.external_id: post for post in posts}
    erased = {tombstone(external_id, secret): external_id for external_id in unique}
    known = rows.by_external_ids(session, source_id, [*unique, *erased]) if source_id is not None else {}
    known = {erased.get(external_id, external_id): item for external_id, item in known.items()}
    for post in unique.values():
        try:
            item = known.get(post.external_id)
            address = _address(post)
            if item is None and address is not None:
                item = rows.by_address(session, [address, tombstone(address, secret)])
                if item is not None and not _is_the_post(item, post):
                    item = address = None  # one address, other words: not the address of one article
            if item is None:
                kept.new.append(_keep_new_post(session, post, source_id, secret, now, address=address).id)
            elif item.source_id == source_id and _take_new_wording(session, item, post, now):
                kept.changed.append(item.id)
        except BadInput as error:
            kept.dropped.append({"id": post.external_id[:200], "reason": error.message})
    return kept


def unsaved(text: str, place: str | None, *, now: datetime) -> t.Item:
    """An item that is never kept, for reading a text before it is sent; raises ValueError when it holds no words."""
    try:
        return t.Item(
            text=clean.readable(text),
            title="",
            place_text=place,
            received_at=now,
            is_report=True,
            channel="web",
            flags=[],
            decided_by=[],
        )
    except BadInput as error:
        raise ValueError(error.message) from error


def _address(post: FoundPost) -> str | None:
    """The address by which a post is known; None where several may share one, as comments do."""
    return canonical(post.url) if post.channel == ARTICLES and not post.is_report else None


def _is_the_post(item: t.Item, post: FoundPost) -> bool:
    """Whether an item of the same address is this post, perhaps in another wording."""
    text, title = _readable(post)
    if item.erased_at is not None or (title and title == item.title):
        return True
    return is_copy(item.body, f"{title}\n{text}" if title else text)


def _keep_new_post(
    session: Session, post: FoundPost, source_id: int | None, secret: bytes, now: datetime, *, address: str | None
) -> t.Item:
    text, title = _readable(post)
    item = _new_item(session, text=text, title=title, is_report=post.is_report, channel=post.channel, now=now)
    item.source_id, item.external_id, item.url, item.address = source_id, post.external_id, post.url, address
    item.published_at = post.published_at
    item.author_key = codes.person_key(post.author, secret) if post.author else None
    item.place_text, item.lat, item.lng = post.place, post.lat, post.lng
    session.add(item)
    session.flush()
    desks.add_event(session, item.id, "received", "Đã thu về.", now=now, channel=post.channel)
    ITEMS.labels(post.channel).inc()
    return item


def _take_new_wording(session: Session, item: t.Item, post: FoundPost, now: datetime) -> bool:
    """Put a changed text in place of the old one, which is kept as a revision; an erased post stays as it is."""
    if item.erased_at is not None:
        return False
    text, title = _readable(post)
    if (text, title) == (item.text, item.title):
        return False
    session.add(t.ItemRevision(item_id=item.id, title=item.title, text=item.text))
    item.text, item.title = text, title
    _mark(item)
    item.read_at = item.linked_at = None
    desks.add_event(session, item.id, "changed", "Nguồn đã sửa bài; bản cũ được giữ.", now=now)
    return True


def _readable(post: FoundPost) -> tuple[str, str]:
    title = clean.readable(post.title, limit=1000) if post.title.strip() else ""
    text = clean.cut(post.text) if post.text.strip() else ""
    if title and not text.strip():
        return title, ""
    return clean.readable(text, limit=clean.LONGEST_POST), title


def _new_item(session: Session, *, text: str, title: str, is_report: bool, channel: str, now: datetime) -> t.Item:
    number = rows.next_number(session, is_report=is_report, year=now.year)
    item = t.Item(
        number=number,
        is_report=is_report,
        channel=channel,
        title=title,
        text=text,
        received_at=now,
        flags=[],
        decided_by=[],
    )
    _mark(item)
    return item


def _mark(item: t.Item) -> None:
    item.search_text = clean.search_text(item.title, item.text)
    item.fingerprint, item.runs = clean.copy_marks(item.body)


def _keep_sender(session: Session, item: t.Item, report: NewReport, secret: bytes, keys: Secrets) -> None:
    identity = report.identity
    if not identity:
        return
    contact = next(identity[name] for name in ("phone", "email", "zalo", "name") if name in identity)
    session.add(
        t.Sender(
            item_id=item.id,
            sealed=seal(identity, keys),
            key_id=key_id(keys),
            person_key=codes.person_key(contact, secret),
            channels=[channel for name, channel in REACHED_BY.items() if name in identity],
        )
    )
