"""What a message to the city's Zalo account becomes: a report, a part of one, or a question back."""

from datetime import datetime

from sqlalchemy.orm import Session

from listener import pipeline, vietnamese
from listener.catalog.shapes import Catalog
from listener.collect import clean, codes
from listener.collect.found import NewReport
from listener.collect.talking import TOGETHER, Draft, is_enough, question, words
from listener.collect.zalo_events import FOLLOW, UNFOLLOW, ZaloEvent
from listener.deliver.reply_service import PURPOSE
from listener.errors import BadInput
from listener.jobs import hand_over_once
from listener.route import desk_service
from listener.route.workflow import Actor
from listener.sealing import seal, unseal
from listener.settings import Settings
from listener.store import desks, items, senders
from listener.store import tables as t
from listener.store import talks as rows

CHANNEL = "zalo"
CITIZEN = Actor("Người gửi", "citizen")
DRAFT = "draft"
ENDED = ("closed", "refused", "merged")
STOPPED = "Người gửi đã bỏ quan tâm trang Zalo."
WELCOME = "Cảm ơn ông/bà đã quan tâm. Nhắn vào đây chuyện cần phản ánh, kèm ảnh hoặc vị trí nếu có."
DANGER = "Nếu đang nguy hiểm, gọi ngay 113, 114 hoặc 115."
NOT_READ = "Trang chưa đọc được loại tin này. Ông/bà viết bằng chữ giúp, có thể kèm ảnh hoặc vị trí."
UNREAD = ("user_send_audio", "user_send_video", "user_send_sticker", "user_send_file", "user_send_gif")


def take(session: Session, event: ZaloEvent, *, catalog: Catalog, settings: Settings, now: datetime) -> None:
    """Take one event in; the same message a second time changes nothing."""
    person = codes.person_key(event.sender, settings.secret())
    talk = rows.locked(session, person, CHANNEL)
    if event.name in (FOLLOW, UNFOLLOW):
        _follow(session, talk, event, settings, now)
        return
    key = f"{CHANNEL}:{event.message_id}"
    if not event.message_id or rows.is_answered(session, key):
        return
    _Turn(session, talk, event, catalog, settings, now).take(key)


def _follow(session: Session, talk: t.Talk, event: ZaloEvent, settings: Settings, now: datetime) -> None:
    """Follow or unfollow; one that is older than what is known changes nothing."""
    if talk.follows_since is not None and event.at <= talk.follows_since:
        return
    talk.follows, talk.follows_since = event.name == FOLLOW, event.at
    if not talk.follows:
        talk.sealed = None
        rows.stop(session, talk.person_key, CHANNEL, now=now, problem=STOPPED)
        return
    rows.resume(session, talk.person_key, CHANNEL)
    _answer(session, talk, event, f"follow:{talk.person_key[:16]}:{event.at.timestamp():.3f}", WELCOME, settings, now)


class _Turn:
    """One message of one person."""

    def __init__(
        self, session: Session, talk: t.Talk, event: ZaloEvent, catalog: Catalog, settings: Settings, now: datetime
    ) -> None:
        self.session, self.talk, self.event = session, talk, event
        self.catalog, self.settings, self.now = catalog, settings, now

    def take(self, key: str) -> None:
        """Make of the message what it is, and answer it."""
        try:
            with self.session.begin_nested():
                text = self._made(key)
        except BadInput as error:
            text = error.message
        self.talk.spoke_at = self.now
        _answer(self.session, self.talk, self.event, key, text, self.settings, self.now)

    def _made(self, key: str) -> str:
        """What the message became, told to its sender."""
        item = self._last_report()
        if item is not None and self._answers(item):
            return self._supplied(item)
        if item is not None and self._belongs_to_the_last():
            return self._added(item)
        if self.event.name in UNREAD and not self.event.text.strip():
            return NOT_READ
        draft = self._draft().with_event(self.event)
        if not is_enough(draft):
            self.talk.sealed = seal(draft.kept(), self.settings.identity_secrets(), purpose=DRAFT)
            return question(draft)
        return self._reported(draft, key)

    def _reported(self, draft: Draft, key: str) -> str:
        report = NewReport(
            text=draft.text,
            channel=CHANNEL,
            lat=draft.lat,
            lng=draft.lng,
            zalo=self.event.sender,
            key=codes.person_key(key, self.settings.secret()),  # a form sent with a guessed message id gets no code
            media_url=draft.image,
        )
        receipt = pipeline.take_in(self.session, report, catalog=self.catalog, at=self.now)
        self.talk.item_id, self.talk.sealed = receipt.item.id, None
        if not self.talk.follows:
            sender = senders.of_item(self.session, receipt.item.id)
            if sender is not None:
                sender.channels = []
        return self._receipt(receipt.item, receipt.code)

    def _receipt(self, item: t.Item, code: str) -> str:
        """The number, the secret code, and whose desk it is on; of a denunciation no desk is told."""
        desk = None if item.restricted else desks.active_assignment(self.session, item.id)
        parts = [f"Đã nhận phản ánh {item.number}. Mã tra cứu: {code}."]
        if desk is not None:
            parts.append(f"Đơn vị xử lý: {self.catalog.name_of(desk.department_code)}.")
            parts.append(f"Hạn trả lời: {vietnamese.clock(desk.due_at)} ngày {vietnamese.local(desk.due_at):%d/%m/%Y}.")
        if self.settings.public_url:
            parts.append(f"Theo dõi tại {self.settings.public_url.rstrip('/')}/tra-cuu.")
        if not self.talk.follows:
            parts.append("Ông/bà bấm quan tâm trang để được báo khi có trả lời.")
        return " ".join([*parts, DANGER])

    def _last_report(self) -> t.Item | None:
        """The person's last report by this channel, locked, if the message may belong to it; none when it is over.

        It is not locked for a report of its own: that waits for who links, who may wait for this very row.
        """
        found = items.by_ids(self.session, [self.talk.item_id]) if self.talk.item_id is not None else []
        if not found or _is_over(found[0]) or not (self._answers(found[0]) or self._belongs_to_the_last()):
            return None
        item = items.by_number(self.session, found[0].number, restricted=True, lock=True)
        return None if _is_over(item) else item

    def _answers(self, item: t.Item) -> bool:
        """Whether the message answers what the desk asked."""
        return item.state == "waiting_citizen" and words(self.event.text) > 0

    def _belongs_to_the_last(self) -> bool:
        """A picture, a place or a few words soon after a report; a whole story is a report of its own."""
        soon = self.talk.spoke_at is not None and self.now - self.talk.spoke_at <= TOGETHER
        return soon and self.talk.sealed is None and not is_enough(Draft(text=self.event.text))

    def _supplied(self, item: t.Item) -> str:
        """The sender answers what the desk asked; the clock runs on."""
        said = clean.readable(self.event.text, limit=2000)
        desk_service.act(self.session, item, "supply", actor=CITIZEN, catalog=self.catalog, now=self.now, text=said)
        hand_over_once(self.session, "deliver")
        return f"Đã chuyển câu trả lời của ông/bà cho đơn vị xử lý phản ánh {item.number}."

    def _added(self, item: t.Item) -> str:
        said = [clean.readable(self.event.text, limit=2000)] if words(self.event.text) else []
        said += [f"Ảnh: {self.event.image}"] if self.event.image else []
        if self.event.position is not None:
            lat, lng = self.event.position
            said.append(f"Vị trí: {lat:.5f}, {lng:.5f}")
            if item.lat is None:
                item.lat, item.lng = lat, lng
        if not said:
            return f"Phản ánh {item.number} đã được ghi nhận. Ông/bà nhắn thêm nếu cần bổ sung."
        words_of_it = f"Người gửi bổ sung: {' '.join(said)}"
        desks.add_event(self.session, item.id, "added", words_of_it, now=self.now, actor="citizen")
        hand_over_once(self.session, "deliver")
        return f"Đã bổ sung vào phản ánh {item.number}."

    def _draft(self) -> Draft:
        """What was said within the last half hour."""
        fresh = self.talk.spoke_at is not None and self.now - self.talk.spoke_at <= TOGETHER
        if not fresh or self.talk.sealed is None:
            return Draft()
        return Draft.of(unseal(self.talk.sealed, self.settings.identity_secrets(), purpose=DRAFT))


def _is_over(item: t.Item) -> bool:
    return item.state in ENDED or item.erased_at is not None


def _answer(
    session: Session, talk: t.Talk, event: ZaloEvent, key: str, text: str, settings: Settings, now: datetime
) -> None:
    """Write the answer and the job that sends it."""
    sealed = seal({"to": event.sender, "text": text}, settings.identity_secrets(), purpose=PURPOSE)
    rows.answer(session, key=key, person_key=talk.person_key, channel=CHANNEL, sealed=sealed, now=now)
    session.flush()
    hand_over_once(session, "send")
