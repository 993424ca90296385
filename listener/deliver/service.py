"""The way out: events become letters in one transaction; letters are taken, sent and noted one by one."""

import random
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from cryptography.fernet import InvalidToken
from sqlalchemy.orm import Session

from classifiers.text.privacy import mask
from listener import vietnamese
from listener.catalog.shapes import Catalog
from listener.deliver import outbox as rules
from listener.deliver import payload as payloads
from listener.deliver import reply_service
from listener.deliver import wording as wordings
from listener.deliver.channels import CHANNELS, open_channels
from listener.deliver.keys import in_force
from listener.log import logger
from listener.masking import hidden
from listener.metrics import LETTER_SECONDS, LETTERS
from listener.sealing import unseal
from listener.settings import Settings
from listener.store import audit, feed, items
from listener.store import outbox as rows
from listener.store import receivers as receiver_rows
from listener.store import tables as t

Scope = Callable[[], AbstractContextManager[Session]]
BATCH = 500
SENDERS = 4
SECONDS = 45.0  # of one job, so that it ends before the next minute's begins
LONGEST_TEXT = 5000
KEPT = timedelta(days=90)  # letters that were sent or dropped; what happened stays in the history
CONTACT = {"mail": "email", "zalo": "zalo"}
ANSWERED_AT_ONCE = ("zalo",)  # listener/talks.py answers in the transaction that takes the message in
OUT_OF_SIGHT = "Mục vào phòng riêng, không gửi gì ra ngoài."
log = logger("deliver")


def tell_events(session: Session, *, catalog: Catalog, settings: Settings, now: datetime) -> int:
    """Put events that nobody was told of into the feed, and write a letter for each who must hear; returns how many."""
    events = feed.take_untold(session, limit=BATCH)
    found = {item.id: item for item in items.by_ids(session, [event.item_id for event in events])}
    subscribers = [
        rules.Subscriber(one.id, one.channel, one.department_code, frozenset(one.kinds))
        for one in receiver_rows.not_disabled(session)
    ]
    telling = _Telling(session, catalog, subscribers, open_channels(settings), now)
    for event in events:
        telling.tell(event, found[event.item_id])
    session.flush()
    return len(events)


def work_left(session: Session, *, now: datetime) -> bool:
    """Whether a letter, or an answer in a conversation, could be sent now."""
    return rows.any_due(session, now=now) or reply_service.work_left(session, now=now)


def clear_out(session: Session, *, now: datetime) -> int:
    """Delete letters that ended long ago."""
    return rows.clear_out(session, before=now - KEPT)


def send_due(
    scope: Scope,
    *,
    settings: Settings,
    clock: Callable[[], datetime],
    luck: Callable[[], float] = random.random,
    senders: int = SENDERS,
    seconds: float = SECONDS,
) -> Counter[str]:
    """Send what is due until nothing is left or the time is over; returns how many ended in which state.

    No transaction is open while another machine is asked: the letter is leased, so a crash before the note only
    means that it goes out again, with the same id.
    """
    sending = _Sending(scope, settings, clock, luck, time.monotonic() + seconds)
    if senders == 1:
        return sending.run()
    total: Counter[str] = Counter()
    with ThreadPoolExecutor(senders) as pool:
        for tally in pool.map(lambda _: sending.run(), range(senders)):
            total += tally
    return total


@dataclass(frozen=True, slots=True)
class _Telling:
    """One round of telling: who subscribed, which channels are open."""

    session: Session
    catalog: Catalog
    subscribers: Sequence[rules.Subscriber]
    channels: Sequence[str]
    now: datetime

    def tell(self, event: t.Event, item: t.Item) -> None:
        """Write one event into the feed and its letters into the outbox; sample and restricted items never."""
        if event.kind in rules.HIDING or item.restricted:
            feed.hide(self.session, item.id)
            rows.drop_item(self.session, item.id, now=self.now, problem=OUT_OF_SIGHT)
            return
        before = self._taken_back(event)
        if not self._is_told(event, item, before):
            return
        desk = feed.desk_at(self.session, item.id, self._department(event, before), event.happened_at)
        told = self._written(event, item, desk, before)
        happening = rules.Happening(
            kind=event.kind,
            at=event.happened_at,
            by_machine=event.actor == "machine",
            may_be_undone="before" in event.details,
            departments=told.departments,
            sender_channels=self._sender_channels(event, item),
        )
        for copy in rules.who_hears(happening, self.subscribers, open_channels=self.channels):
            self._write(copy, told)

    def _sender_channels(self, event: t.Event, item: t.Item) -> Sequence[str]:
        """By which channels the sender is told; who wrote in a conversation got the receipt there."""
        if not item.is_report or (event.kind == "received" and item.channel in ANSWERED_AT_ONCE):
            return ()
        return feed.sender_channels(self.session, item.id)

    def _is_told(self, event: t.Event, item: t.Item, before: t.Event | None) -> bool:
        if event.kind not in rules.KINDS or item.sample or (event.kind == "received" and not item.is_report):
            return False
        return event.kind != "undone" or (before is not None and before.kind in rules.KINDS)

    def _taken_back(self, event: t.Event) -> t.Event | None:
        """The event an undo takes back; its sender, who was not told yet, never hears of it."""
        if event.kind != "undone":
            return None
        before = self.session.get(t.Event, event.details.get("undone"))
        told = feed.of_event(self.session, before.id) if before is not None else None
        if told is not None:
            rows.drop_to_sender(self.session, told.id, now=self.now, problem="Thao tác đã được hoàn tác.")
        return before

    def _department(self, event: t.Event, before: t.Event | None) -> str | None:
        return event.department_code or (before.department_code if before is not None else None)

    def _written(self, event: t.Event, item: t.Item, desk: t.Assignment | None, before: t.Event | None) -> t.Told:
        uid = f"evt_{uuid4().hex}"
        department = self._department(event, before) or (desk.department_code if desk else None)
        left = (event.details.get("before") or {}).get("desk")  # the desk a matter was taken from
        concerned = {department, feed.department_of(self.session, left["id"]) if left else None}
        coordinating = desk.coordinating if desk else []
        matter = _matter(item, department, desk, self.catalog)
        return feed.add(
            self.session,
            t.Told(
                uid=uid,
                event_id=event.id,
                item_id=item.id,
                kind=event.kind,
                departments=sorted({*coordinating, *(code for code in concerned if code)}),
                payload=payloads.told(
                    uid, event.kind, event.happened_at, matter, details=event.details, words=event.words
                ),
            ),
        )

    def _write(self, copy: rules.Copy, told: t.Told) -> None:
        letter = t.Outgoing(
            told_id=told.id,
            item_id=told.item_id,
            receiver_id=copy.receiver_id,
            target=copy.target,
            channel=copy.channel,
            line=copy.line,
            next_try=copy.not_before,
            made_at=self.now,
        )
        self.session.add(letter)


def _matter(item: t.Item, department: str | None, desk: t.Assignment | None, catalog: Catalog) -> payloads.Matter:
    # Before an item is read nobody has looked for personal data in it yet.
    text = hidden(item.body, item.masks) if item.read_at is not None else mask(item.body)
    return payloads.Matter(
        number=item.number,
        state=item.state,
        kind=item.kind,
        topic=item.topic,
        urgency=item.urgency,
        area=item.unit_code,
        area_name=catalog.area_name(item.unit_code),
        place=item.place_text,
        text=text[:LONGEST_TEXT],
        is_report=item.is_report,
        received_at=item.received_at,
        department=department,
        department_name=catalog.name_of(department) if department else None,
        due=desk.due_at if desk else None,
        answer=desk.answer if desk else None,
    )


@dataclass(frozen=True, slots=True)
class _Taken:
    """A letter that this worker holds, with all that sending needs, so that no row is touched meanwhile."""

    id: int
    attempt: int
    uid: str
    channel: str
    target: str
    kind: str
    payload: dict[str, Any] = field(repr=False)
    address: str | None = field(repr=False)
    sealed: bytes | None = field(repr=False)
    wording: wordings.Wording | None = None


@dataclass(frozen=True, slots=True)
class _Sending:
    """One worker's round: take, send, note, until nothing is due or the time is over."""

    scope: Scope
    settings: Settings
    clock: Callable[[], datetime]
    luck: Callable[[], float]
    until: float

    def run(self) -> Counter[str]:
        """Work until nothing is left."""
        tally: Counter[str] = Counter()
        while time.monotonic() < self.until:
            with self.scope() as session:
                taken = self._take(session)
            if taken is None:
                return tally
            outcome = self._send(taken)
            with self.scope() as session:
                tally[self._note(session, taken, outcome)] += 1
        return tally

    def _take(self, session: Session) -> _Taken | None:
        """The next letter; those of items that went out of sight meanwhile are dropped on the way."""
        while (letter := rows.next_due(session, now=self.clock(), lease=rules.LEASE)) is not None:
            if not letter.item.restricted:
                return self._packed(session, letter)
            rows.end(letter, rows.DROPPED, now=self.clock(), cause="restricted", problem=OUT_OF_SIGHT)
            session.flush()
        return None

    def _packed(self, session: Session, letter: t.Outgoing) -> _Taken:
        sender = session.get(t.Sender, letter.item_id) if letter.target == "sender" else None
        name = wordings.name_of(letter.target, letter.told.kind, letter.channel)
        return _Taken(
            id=letter.id,
            attempt=letter.attempts,
            uid=letter.told.uid,
            channel=letter.channel,
            target=letter.target,
            kind=letter.told.kind,
            payload=letter.told.payload,
            address=letter.receiver.address if letter.receiver else None,
            sealed=letter.receiver.sealed if letter.receiver else (sender.sealed if sender else None),
            wording=wording_in_force(session, name) if CHANNELS[letter.channel].has_text else None,
        )

    def _send(self, taken: _Taken) -> rules.Outcome:
        """Unseal, fill in, send. Whatever goes wrong here is a fault of ours and is tried again."""
        try:
            with LETTER_SECONDS.labels(taken.channel).time():
                return CHANNELS[taken.channel].send(self._message(taken), self.settings)
        except InvalidToken:
            return rules.Outcome("dead", "sealed", "Không mở được địa chỉ hoặc khoá đã niêm phong: khoá bí mật đã đổi.")
        except Exception as error:
            # A traceback of some renderers shows local values, and here these are addresses: only the place is told.
            place = traceback.extract_tb(error.__traceback__)[-1]
            fault = {"error": type(error).__name__, "at": f"{Path(place.filename).name}:{place.lineno}"}
            log.error("sending_failed", letter=taken.id, channel=taken.channel, **fault)
            return rules.Outcome("retry", "fault", "Chương trình gửi gặp lỗi; xem nhật ký máy chủ.")

    def _message(self, taken: _Taken) -> rules.Message:
        secret, now = self.settings.secret(), self.clock()
        subject, body = "", ""
        if taken.wording is not None:
            values = wordings.values_of(taken.payload, agency=self.settings.agency, public_url=self.settings.public_url)
            subject, body = wordings.fill(taken.wording, values, channel=taken.channel)
        keys: tuple[str, ...] = ()
        address = taken.address
        if taken.target == "sender":
            identity = unseal(taken.sealed, self.settings.identity_secrets()) if taken.sealed else {}
            address = identity.get(CONTACT[taken.channel], "")
        elif taken.sealed is not None:
            keys = in_force(unseal(taken.sealed, secret, purpose="webhook"), now=now)
        return rules.Message(taken.uid, taken.payload, address or "", now, keys, subject, body)

    def _note(self, session: Session, taken: _Taken, outcome: rules.Outcome) -> str:
        """Write down how it went; returns the state in a word."""
        letter = rows.held(session, taken.id, taken.attempt)
        if letter is None:
            return "overtaken"
        now = self.clock()
        rules.note_line(rows.line(session, letter.line), outcome, now)
        state = self._note_letter(session, letter, outcome, now)
        LETTERS.labels(letter.channel, state).inc()
        log.info(
            "letter", uid=taken.uid, channel=letter.channel, state=state, cause=outcome.cause, tries=letter.attempts
        )
        return state

    def _note_letter(self, session: Session, letter: t.Outgoing, outcome: rules.Outcome, now: datetime) -> str:
        wait = rules.next_wait(letter.attempts, luck=self.luck(), asked=outcome.retry_after)
        if outcome.state == "sent":
            rows.end(letter, rows.SENT, now=now)
        elif outcome.state == "retry" and wait is not None:
            letter.next_try, letter.leased_until = now + wait, None
            letter.cause, letter.problem = outcome.cause, outcome.words
            return "retry"
        else:
            rows.end(letter, rows.DEAD, now=now, cause=outcome.cause, problem=outcome.words)
            if outcome.state == "gone" and letter.receiver is not None:
                _disable(session, letter.receiver, outcome, now)
        return letter.state


def wording_in_force(session: Session, name: str) -> wordings.Wording:
    """The text people put in place, else the package's."""
    edited = receiver_rows.wording(session, name)
    return wordings.Wording(edited.subject, edited.body) if edited else wordings.first_wordings()[name]


def _disable(session: Session, receiver: t.Receiver, outcome: rules.Outcome, now: datetime) -> None:
    receiver.state, receiver.note = "disabled", f"{outcome.words} Tắt lúc {vietnamese.full(now)}."
    rows.give_up_receiver(session, receiver.id, now=now, cause=outcome.cause, problem=outcome.words)
    audit.note(session, actor="machine", act="receiver_disabled", receiver=receiver.id, name=receiver.name)
