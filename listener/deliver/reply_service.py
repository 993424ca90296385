"""Answers within a conversation: taken, sent and noted one by one, like letters, but outside every matter's history."""

import random
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.fernet import InvalidToken
from sqlalchemy.orm import Session

from listener.deliver import outbox as rules
from listener.deliver.channels import CHANNELS
from listener.log import logger
from listener.sealing import unseal
from listener.settings import Settings
from listener.store import outbox, talks

SECONDS = 20.0  # of one job
PURPOSE = "reply"
DRAFTS, REPLIES = timedelta(days=1), timedelta(days=90)
log = logger("replies")


@dataclass(frozen=True, slots=True)
class _Taken:
    """An answer that this worker holds."""

    id: int
    attempt: int
    key: str
    channel: str
    sealed: bytes = field(repr=False)


def work_left(session: Session, *, now: datetime) -> bool:
    """Whether an answer could be sent now."""
    return talks.any_due(session, now=now)


def clear_out(session: Session, *, now: datetime) -> None:
    """Forget drafts and answers that are over."""
    talks.clear_out(session, drafts_before=now - DRAFTS, replies_before=now - REPLIES)


def send_due(
    scope: Callable[[], AbstractContextManager[Session]],
    *,
    settings: Settings,
    clock: Callable[[], datetime],
    luck: Callable[[], float] = random.random,
    seconds: float = SECONDS,
) -> Counter[str]:
    """Send what is due; no transaction is open while Zalo is asked."""
    tally: Counter[str] = Counter()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with scope() as session:
            reply = talks.next_due(session, now=clock(), lease=rules.LEASE)
            taken = _Taken(reply.id, reply.attempts, reply.key, reply.channel, reply.sealed or b"") if reply else None
        if taken is None:
            break
        outcome = _send(taken, settings, clock())
        with scope() as session:
            tally[_note(session, taken, outcome, clock(), luck())] += 1
    return tally


def _send(taken: _Taken, settings: Settings, now: datetime) -> rules.Outcome:
    channel = CHANNELS[taken.channel]
    missing = channel.missing(settings)
    if missing is not None:
        return rules.Outcome("retry", "not-set-up", missing, rest=True)
    try:
        told = unseal(taken.sealed, settings.identity_secrets(), purpose=PURPOSE)
        message = rules.Message(f"reply_{taken.id}", {}, told["to"], now, body=told["text"])
        return channel.send(message, settings)
    except InvalidToken:
        return rules.Outcome("dead", "sealed", "Không mở được câu trả lời đã niêm phong: khoá bí mật đã đổi.")
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        log.error(
            "reply_failed", reply=taken.id, error=type(error).__name__, at=f"{Path(place.filename).name}:{place.lineno}"
        )
        return rules.Outcome("retry", "fault", "Chương trình gửi gặp lỗi; xem nhật ký máy chủ.")


def _note(session: Session, taken: _Taken, outcome: rules.Outcome, now: datetime, luck: float) -> str:
    reply = talks.held(session, taken.id, taken.attempt)
    if reply is None:
        return "overtaken"
    rules.note_line(outbox.line(session, reply.channel), outcome, now)
    wait = rules.next_wait(reply.attempts, luck=luck, asked=outcome.retry_after)
    if outcome.state == "sent":
        talks.end(reply, outbox.SENT, now=now)
    elif outcome.state == "retry" and wait is not None:
        reply.next_try, reply.leased_until = now + wait, None
        reply.cause, reply.problem = outcome.cause, outcome.words
        return "retry"
    else:
        talks.end(reply, outbox.DEAD, now=now, cause=outcome.cause, problem=outcome.words)
    return reply.state
