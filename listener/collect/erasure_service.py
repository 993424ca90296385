"""Erasing a person: identity, contact, photos, handles and names go; the matter and what was counted of it stay."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from listener.collect import clean, codes, erasing
from listener.sealing import Secrets, unseal
from listener.store import audit, feed, outbox, pages, senders, stories, talks
from listener.store import tables as t

PLACES_KEPT = 3  # decimals of a degree: about a hundred metres, so that no house is told
TOMBSTONE = "xoa:"
FROM_SENDER = "report"


@dataclass(slots=True)
class Erased:
    """What was erased, as counts; ``files`` are the photos' paths, to be deleted once this is committed."""

    items: int = 0
    identities: int = 0
    photos: int = 0
    revisions: int = 0
    lines: int = 0
    author_keys: int = 0
    files: list[str] = field(default_factory=list)

    def proof(self) -> dict[str, int]:
        """The counts alone."""
        return {name: value for name, value in asdict(self).items() if name != "files"}


def belonging(session: Session, item: t.Item, *, whole_person: bool, restricted: bool) -> list[t.Item]:
    """The items that a wish concerns: the report itself, and with ``whole_person`` all else under its contact.

    Only what lies in the restricted room, or only what lies outside it: neither side learns of the other.
    """
    sender = senders.of_item(session, item.id)
    found = {item.id: item} if item.restricted == restricted else {}
    if whole_person and sender is not None:
        found |= {one.id: one for one in senders.items_of(session, sender.person_key, restricted=restricted)}
    return [one for one in found.values() if one.erased_at is None]


def erase(
    session: Session,
    items: Sequence[t.Item],
    *,
    secrets: Secrets,
    secret: bytes,
    now: datetime,
    known: Sequence[str] = (),
) -> Erased:
    """Take the person out of these items. ``known`` are further names or contacts to look for in the texts.

    What is done twice changes nothing more.
    """
    done = Erased()
    everything = [*known, *(value for item in items for value in _identity(session, item, secrets))]
    session.execute(text("SET LOCAL listener.erasing = 'on'"))
    for item in items:
        _erase_texts(session, item, everything, done)
        _forget_talk(session, item, now)
        _erase_traces(session, item, secret, done)
        for told in feed.of_item(session, item.id):
            outbox.drop_to_sender(session, told.id, now=now, problem="Dữ liệu của người gửi đã được xoá.")
        item.erased_at = now
        done.items += 1
    session.flush()
    session.execute(text("SET LOCAL listener.erasing = 'off'"))
    return done


def prove(session: Session, erased: Erased, items: Sequence[t.Item], *, actor: str, account_id: int | None) -> None:
    """Write the erasure into the audit: what, how much, by whom, nothing of the person."""
    for item in items:
        audit.note(session, actor=actor, account_id=account_id, act="erase", item_id=item.id)
    audit.note(session, actor=actor, account_id=account_id, act="erased_person", counts=erased.proof())


def tombstone(external_id: str, secret: bytes) -> str:
    """What stands for a source's name of an erased post, so that the next visit does not bring it back."""
    return TOMBSTONE + codes.person_key(external_id, secret)[:40]


def _identity(session: Session, item: t.Item, secrets: Secrets) -> list[str]:
    sender = senders.of_item(session, item.id)
    return list(unseal(sender.sealed, secrets).values()) if sender is not None else []


def _erase_texts(session: Session, item: t.Item, known: Sequence[str], done: Erased) -> None:
    """Item, earlier wordings, history, answers, what others were told, the story's title."""
    _erase_body(item, known)
    if item.public_text:
        item.public_text = erasing.without_person(item.public_text, known)
    if item.place_text:
        item.place_text = erasing.without_person(item.place_text, known)
    for revision in senders.revisions_of(session, item.id):
        revision.title = erasing.without_person(revision.title, known)
        revision.text = erasing.without_person(revision.text, known)
        done.revisions += 1
    for line in senders.events_of(session, item.id):
        line.words = erasing.line_without_person(line.words, known)
        line.details = erasing.details_without_person(line.details, known)
        done.lines += 1
    for assignment in senders.assignments_of(session, item.id):
        assignment.reason = erasing.details_without_person(assignment.reason, known)
        for name in ("answer", "asked_reason", "extended_reason"):
            words = getattr(assignment, name)
            setattr(assignment, name, erasing.without_person(words, known) if words else words)
    for told in feed.of_item(session, item.id):
        told.payload = erasing.details_without_person(told.payload, known)
    story = stories.story_of(session, item.id)
    if story is not None:
        story.title = erasing.without_person(story.title, known)


def _erase_body(item: t.Item, known: Sequence[str]) -> None:
    """The text itself; spans of masks, places and evidence still hold, and copies are sought by the new words."""
    spans = erasing.personal(item.body, known, item.masks)
    body, cut = erasing.blackened(item.body, spans), len(item.title)
    item.title, item.text = (body[:cut], body[cut + 1 :]) if item.title else ("", body)
    item.masks = spans
    item.places = [{**place, "text": body[place["start"] : place["end"]]} for place in item.places]
    item.search_text = clean.search_text(item.title, item.text)
    item.fingerprint, item.runs = clean.copy_marks(item.body)


def _forget_talk(session: Session, item: t.Item, now: datetime) -> None:
    """What the person said in a conversation that is no report yet, and what was to be answered there."""
    sender = senders.of_item(session, item.id)
    if sender is not None:
        talks.forget(session, sender.person_key, now=now, problem="Dữ liệu của người gửi đã được xoá.")


def _erase_traces(session: Session, item: t.Item, secret: bytes, done: Erased) -> None:
    """Identity, code, handle, address of the post, photos, the exact spot."""
    sender = senders.of_item(session, item.id)
    if sender is not None:
        session.delete(sender)
        done.identities += 1
    done.author_keys += item.author_key is not None
    item.author_key = item.code_hash = item.idempotency_key = item.url = item.media_url = None
    if item.external_id is not None and item.source_id is not None:
        pages.forget(session, item.source_id, item.external_id)
    if item.external_id is not None and not item.external_id.startswith(TOMBSTONE):
        stone = tombstone(item.external_id, secret)
        senders.rename_parent(session, item, stone)
        item.external_id = stone
    if item.address is not None and not item.address.startswith(TOMBSTONE):
        item.address = tombstone(item.address, secret)
    item.may_publish = False
    item.lat, item.lng = (round(side, PLACES_KEPT) if side is not None else None for side in (item.lat, item.lng))
    for photo in [one for one in item.photos if one.purpose == FROM_SENDER]:
        done.files.append(photo.path)
        done.photos += 1
        item.photos.remove(photo)
        session.delete(photo)
