"""Keeping what comes in: citizens' reports, posts from sources, rows of files."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from classifiers.text.sameness import is_copy
from listener.canonical import canonical
from listener.collect import clean, codes
from listener.collect.erasure_service import tombstone
from listener.collect.found import FetchedPage, FoundPost, NewReport
from listener.collect.photos import store_photos
from listener.errors import BadInput
from listener.metrics import ITEMS
from listener.sealing import Secrets, key_id, seal
from listener.store import desks, pages, sources
from listener.store import items as rows
from listener.store import tables as t

# Which contact lets a sender be told of the matter, and by which outgoing channel.
REACHED_BY = {"email": "mail", "zalo": "zalo"}
EDITED = "Nguồn đã sửa bài; bản cũ được giữ."
READ_AGAIN = "Đọc lại trang đã lưu bằng cách đọc mới; bản cũ được giữ."
ARTICLES = "news"  # the channel whose posts have an address of their own


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a batch: ids that are new or changed, and what was refused with the reason."""

    new: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    dropped: list[dict[str, str]] = field(default_factory=list)

    def add(self, more: "Kept") -> None:
        """Take another batch of the same visit in."""
        self.new.extend(more.new)
        self.changed.extend(more.changed)
        self.dropped.extend(more.dropped)


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
    session: Session,
    posts: Sequence[FoundPost],
    *,
    source_id: int | None,
    secret: bytes,
    now: datetime,
    why_changed: str = EDITED,
) -> Kept:
    """Keep what a source or a file brought: new ones, new wordings of known ones; the rest is passed over."""
    kept = Kept()
    rows.one_keeper_at_a_time(session)
    unique = {post.external_id: post for post in posts}
    erased = {tombstone(external_id, secret): external_id for external_id in unique}
    known = rows.by_external_ids(session, source_id, [*unique, *erased]) if source_id is not None else {}
    known = {erased.get(external_id, external_id): item for external_id, item in known.items()}
    addresses = {address for post in unique.values() if (address := _address(post)) is not None}
    standing: dict[str, t.Item | FoundPost] = {}
    standing |= rows.by_addresses(session, [*addresses, *(tombstone(address, secret) for address in addresses)])
    fresh: list[tuple[FoundPost, str | None, str, str]] = []
    for post in unique.values():
        try:
            item: t.Item | FoundPost | None = known.get(post.external_id)
            address = None
            if item is None:
                item, address = _standing_at(_address(post), standing, post, secret)
            if item is None:
                fresh.append((post, address, *_readable(post)))
                standing |= {address: post} if address else {}
                continue
            ours = item if isinstance(item, t.Item) and item.source_id == source_id else None
            if ours is not None and _take_new_wording(session, ours, post, now, why_changed):
                kept.changed.append(ours.id)
        except BadInput as error:
            kept.dropped.append({"id": post.external_id[:200], "reason": error.message})
    kept.new.extend(item.id for item in _keep_new_posts(session, fresh, source_id, secret, now))
    return kept


def keep_pages(session: Session, found: Sequence[FetchedPage], *, source_id: int, now: datetime) -> None:
    """Keep what the source's own posts were read from.

    Nothing is kept of an erased post, nor of one that is kept under another source: no erasure would find it.
    """
    known = sources.known_ids(session, source_id, [page.external_id for page in found])
    pages.keep(
        session,
        [
            {**asdict(page), "source_id": source_id, "fetched_at": now, "looked_at": now}
            for page in found
            if page.external_id in known
        ],
    )


def mark_gone(session: Session, external_ids: Sequence[str], *, source_id: int, now: datetime) -> list[int]:
    """Mark posts that their site took away; the words stay. Returns those that were not marked before."""
    marked = []
    for item in rows.by_external_ids(session, source_id, external_ids).values():
        if item.gone_at is None:
            item.gone_at = now
            desks.add_event(session, item.id, "gone", "Nguồn đã gỡ bài này; bản đã thu vẫn được giữ.", now=now)
            marked.append(item.id)
    return marked


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


def _standing_at(
    address: str | None, standing: Mapping[str, t.Item | FoundPost], post: FoundPost, secret: bytes
) -> tuple[t.Item | FoundPost | None, str | None]:
    """What is kept, or about to be, under the address of a post if it is this post, and the address it may have.

    One address with other words is not the address of one article: then the post stands without one.
    """
    if address is None:
        return None, None
    other = standing.get(address) or standing.get(tombstone(address, secret))
    if other is None:
        return None, address
    return (other, address) if _is_the_post(other, post) else (None, None)


def _is_the_post(other: t.Item | FoundPost, post: FoundPost) -> bool:
    """Whether what stands at the same address is this post, perhaps in another wording."""
    text, title = _readable(post)
    if isinstance(other, t.Item):
        if other.erased_at is not None:
            return True
        before, its_title = other.text, other.title
    else:
        before, its_title = _readable(other)
    return (title != "" and title == its_title) or is_copy(_whole(its_title, before), _whole(title, text))


def _whole(title: str, text: str) -> str:
    return f"{title}\n{text}" if title else text


def _keep_new_posts(
    session: Session,
    fresh: Sequence[tuple[FoundPost, str | None, str, str]],
    source_id: int | None,
    secret: bytes,
    now: datetime,
) -> list[t.Item]:
    """Keep posts that are new, with their readable text and title: few statements however many they are."""
    reports = sum(post.is_report for post, *_ in fresh)
    counts = {True: reports, False: len(fresh) - reports}
    numbers = {
        kind: iter(rows.next_numbers(session, count, is_report=kind, year=now.year)) for kind, count in counts.items()
    }
    items = []
    for post, address, text, title in fresh:
        item = _item(next(numbers[post.is_report]), text, title, post.is_report, post.channel, now)
        item.source_id, item.external_id, item.url, item.address = source_id, post.external_id, post.url, address
        item.published_at, item.details = post.published_at, post.details
        item.thread, item.parent = post.thread, post.parent
        item.author_key = codes.person_key(post.author, secret) if post.author else None
        item.place_text, item.lat, item.lng = post.place, post.lat, post.lng
        items.append(item)
    session.add_all(items)
    session.flush()
    for item in items:
        desks.add_event(session, item.id, "received", "Đã thu về.", now=now, channel=item.channel)
        ITEMS.labels(item.channel).inc()
    session.flush()
    return items


def _take_new_wording(session: Session, item: t.Item, post: FoundPost, now: datetime, why: str) -> bool:
    """Put a changed text in place of the old one, which is kept as a revision with the reading it had.

    An erased post stays as it is.
    """
    if item.erased_at is not None:
        return False
    if item.gone_at is not None:
        item.gone_at = None
        desks.add_event(session, item.id, "back", "Bài đã gỡ nay có lại ở nguồn.", now=now)
    text, title = _readable(post)
    if (text, title) == (item.text, item.title):
        return False
    session.add(
        t.ItemRevision(item_id=item.id, title=item.title, text=item.text, reading=_reading(item), replaced_at=now)
    )
    item.text, item.title, item.details = text, title, post.details or item.details
    _mark(item)
    item.read_at = item.linked_at = None
    desks.add_event(session, item.id, "changed", why, now=now)
    return True


def _reading(item: t.Item) -> dict[str, Any]:
    """The reading in force of a wording that is about to be replaced; empty where it was never read."""
    if item.read_at is None:
        return {}
    names = ("topic", "field", "sentiment", "urgency", "kind", "unit_code", "certain", "flags", "spam")
    return {"read_at": item.read_at.isoformat(), **{name: getattr(item, name) for name in names}}


def _readable(post: FoundPost) -> tuple[str, str]:
    title = clean.readable(post.title, limit=1000) if post.title.strip() else ""
    text = clean.cut(post.text) if post.text.strip() else ""
    if title and not text.strip():
        return title, ""
    return clean.readable(text, limit=clean.LONGEST_POST), title


def _new_item(session: Session, *, text: str, title: str, is_report: bool, channel: str, now: datetime) -> t.Item:
    return _item(rows.next_number(session, is_report=is_report, year=now.year), text, title, is_report, channel, now)


def _item(number: str, text: str, title: str, is_report: bool, channel: str, now: datetime) -> t.Item:
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
