"""A conversation until it is a report: what was said so far, whether that is enough, what is asked back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from classifiers.text.fold import fold
from listener.collect.zalo_events import ZaloEvent

TOGETHER = timedelta(minutes=30)  # what is said within half an hour belongs together
ENOUGH = 4  # words beyond greetings; “đèn hẻm 51 tắt” has four
ENOUGH_WITH_PLACE = 2  # “mất nước” will do when the place came along
LONGEST = 8_000
SMALL_TALK = frozenset(
    "a alo alô lo lô hello hi xin chao ad admin oi shop em anh chi co chu bac toi minh ban oa cho hoi a da vang ok oke "
    "cam on camon thanks thank you tks nhe nha voi duoc khong ko k".split()
)
WHAT_TO_TELL = "chuyện gì, ở đâu (số nhà hoặc hẻm, đường, phường/xã), từ bao giờ"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person has said that is not a report yet."""

    text: str = ""
    image: str | None = None
    lat: float | None = None
    lng: float | None = None

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> "Draft":
        """The draft as kept."""
        return cls(**kept) if kept else cls()

    def kept(self) -> dict[str, Any]:
        """The draft as plain data."""
        return asdict(self)

    def with_event(self, event: ZaloEvent) -> "Draft":
        """With one more message."""
        text = f"{self.text}\n{event.text.strip()}".strip()[:LONGEST]
        lat, lng = event.position or (self.lat, self.lng)
        return replace(self, text=text, image=self.image or event.image, lat=lat, lng=lng)


def words(text: str) -> int:
    """How many words a text has beyond greetings and thanks.

    >>> words("Alo ad ơi"), words("Đèn hẻm 51 tắt")
    (0, 4)
    """
    plain = "".join(letter if letter.isalnum() else " " for letter in fold(text)).split()
    return sum(1 for word in plain if word not in SMALL_TALK)


def is_enough(draft: Draft) -> bool:
    """Whether a draft can be put on a desk."""
    return words(draft.text) >= (ENOUGH_WITH_PLACE if draft.lat is not None else ENOUGH)


def question(draft: Draft) -> str:
    """What is asked back while it is not enough."""
    if words(draft.text) > 0:
        return f"Đã nghe. Ông/bà kể rõ hơn giúp: {WHAT_TO_TELL}."
    if draft.image:
        return f"Đã nhận ảnh. Ông/bà viết thêm vài chữ: {WHAT_TO_TELL}."
    if draft.lat is not None:
        return "Đã nhận vị trí. Ông/bà viết thêm vài chữ: ở đó có chuyện gì, từ bao giờ."
    return f"Chào ông/bà. Ông/bà kể giúp {WHAT_TO_TELL}; gửi kèm ảnh hoặc vị trí nếu có."
