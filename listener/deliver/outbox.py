"""What is told to whom, how long to wait after a failure, and when to give up."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

MOST_TRIES = 10
FIRST_WAIT = timedelta(minutes=1)
# 1, 4, 16, 64, 256 minutes, then every 6 hours: ten tries spread over 29.7 hours, so a receiver may be down for a day.
LONGEST_WAIT = timedelta(hours=6)
GROWTH = 4
JITTER = 0.25  # added, never taken away, so that the spread stays longer than a day
LONGEST_ASKED = timedelta(hours=24)  # of a Retry-After
FIRST_REST, LONGEST_REST = timedelta(seconds=30), timedelta(minutes=10)
LEASE = timedelta(minutes=5)  # far longer than one sending may take (SECONDS in web_client.py, mail.py)
UNDO_WINDOW = timedelta(minutes=10)  # a step may be taken back that long; citizens hear of it afterwards


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event that is told: its name in JSON, its name on screens, and who may hear of it."""

    told: str
    name: str
    to_departments: bool = True
    to_sender: bool = False


KINDS = {
    "received": Kind("matter.received", "Đã nhận phản ánh", to_departments=False, to_sender=True),
    "assign": Kind("matter.assigned", "Chuyển tới đơn vị", to_sender=True),
    "accept": Kind("matter.accepted", "Đơn vị tiếp nhận", to_sender=True),
    "return": Kind("matter.returned", "Đơn vị trả lại"),
    "answer": Kind("matter.answered", "Đã trả lời", to_sender=True),
    "close": Kind("matter.closed", "Đã đóng", to_sender=True),
    "reopen": Kind("matter.reopened", "Mở lại", to_sender=True),
    "refuse": Kind("matter.refused", "Từ chối", to_sender=True),
    "ask": Kind("matter.asked", "Hỏi người gửi", to_sender=True),
    "supply": Kind("matter.supplied", "Người gửi trả lời câu hỏi"),
    "added": Kind("matter.added", "Người gửi bổ sung"),
    "resume": Kind("matter.resumed", "Thôi chờ người gửi"),
    "due_soon": Kind("matter.due_soon", "Sắp tới hạn"),
    "overdue": Kind("matter.overdue", "Quá hạn"),
    "ask_extension": Kind("matter.extension_asked", "Xin gia hạn"),
    "grant_extension": Kind("matter.extended", "Duyệt gia hạn", to_sender=True),
    "refuse_extension": Kind("matter.extension_refused", "Không duyệt gia hạn"),
    "coordinate": Kind("matter.coordinated", "Mời phối hợp"),
    "merge": Kind("matter.merged", "Gộp trùng", to_sender=True),
    "split": Kind("matter.split", "Tách ra"),
    "publish": Kind("matter.published", "Công khai", to_sender=True),
    "rated": Kind("matter.rated", "Người gửi đánh giá"),
    "undone": Kind("matter.undone", "Hoàn tác thao tác trước"),
}
TEST = Kind("test", "Tin thử")
# Events that put a matter out of sight: what was to be told of it is dropped.
HIDING = ("restricted", "restrict")


@dataclass(frozen=True, slots=True)
class Message:
    """One letter as a channel sends it. ``uid`` is the same on every try; ``secrets`` sign a webhook, newest first."""

    uid: str
    payload: dict[str, Any]
    address: str
    at: datetime
    secrets: tuple[str, ...] = ()
    subject: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a sending ended: ``sent``, ``retry``, ``dead`` (never try again) or ``gone`` (the receiver wants no more).

    ``cause`` groups dead letters; ``rest`` says that the whole line does not answer, not only this letter.
    """

    state: str
    cause: str = ""
    words: str = ""
    retry_after: timedelta | None = None
    rest: bool = False


SENT = Outcome("sent")


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who is told: a department's receiver (``department`` None hears of all), by which kinds."""

    id: int
    channel: str
    department: str | None
    kinds: Collection[str]


@dataclass(frozen=True, slots=True)
class Copy:
    """One letter to write: to whom, by which channel, on which line, not before when."""

    target: str
    channel: str
    line: str
    not_before: datetime
    receiver_id: int | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """What decides who hears of an event."""

    kind: str
    at: datetime
    by_machine: bool
    may_be_undone: bool
    departments: Collection[str]
    sender_channels: Sequence[str] = field(default=())


def who_hears(event: Happening, subscribers: Sequence[Subscriber], *, open_channels: Collection[str]) -> list[Copy]:
    """One copy for each receiver of the event, and one for its sender where the sender can be reached.

    The sender is not told that the machine chose a desk: the receipt says so already.
    """
    kind = KINDS[event.kind]
    copies = [
        Copy(f"receiver:{one.id}", one.channel, line_of(one.channel, one.id), event.at, one.id)
        for one in subscribers
        if event.kind in one.kinds
        and (one.department is None or (kind.to_departments and one.department in event.departments))
    ]
    channel = next((name for name in event.sender_channels if name in open_channels), None)
    if kind.to_sender and channel is not None and not (event.kind == "assign" and event.by_machine):
        later = event.at + UNDO_WINDOW if event.may_be_undone else event.at
        copies.append(Copy("sender", channel, line_of(channel, None), later))
    return copies


def line_of(channel: str, receiver_id: int | None) -> str:
    """What rests after a failure: a webhook alone, but the mail server or Zalo for everybody."""
    return f"webhook:{receiver_id}" if channel == "webhook" else channel


def next_wait(attempts: int, *, luck: float, asked: timedelta | None = None) -> timedelta | None:
    """How long to wait after this many failed tries, or None when it is time to give up. ``luck`` lies in 0..1.

    >>> [next_wait(n, luck=0.0) for n in (1, 3, 9)]
    [datetime.timedelta(seconds=60), datetime.timedelta(seconds=960), datetime.timedelta(seconds=21600)]
    >>> next_wait(10, luck=0.5) is None
    True
    """
    if attempts >= MOST_TRIES:
        return None
    plain: timedelta = min(FIRST_WAIT * GROWTH ** (attempts - 1), LONGEST_WAIT) * (1 + JITTER * luck)
    return max(plain, min(asked, LONGEST_ASKED)) if asked is not None else plain


def rest(failures: int, *, asked: timedelta | None = None) -> timedelta:
    """How long a line rests after this many failures in a row, so that one dead receiver costs one probe at a time."""
    plain: timedelta = min(FIRST_REST * 2 ** min(failures - 1, 10), LONGEST_REST)
    return max(plain, min(asked, LONGEST_ASKED)) if asked is not None else plain


class Line(Protocol):
    """What is known of a line: how often it failed on end, until when it rests and why, when it last took something."""

    failures: int
    quiet_until: datetime | None
    problem: str | None
    last_sent: datetime | None


def note_line(line: Line, outcome: Outcome, now: datetime) -> None:
    """A line that takes letters or answers is awake; one that does not answer rests for both, longer each time."""
    if outcome.state == "sent":
        line.failures, line.quiet_until, line.problem, line.last_sent = 0, None, None, now
    elif outcome.rest and (line.quiet_until is None or line.quiet_until <= now):
        line.failures += 1
        line.quiet_until = now + rest(line.failures, asked=outcome.retry_after)
        line.problem = outcome.words
