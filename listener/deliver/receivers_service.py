"""What administrators do with receivers, dead letters and texts; every change stands in the audit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from listener.deliver.channels import CHANNELS
from listener.deliver.keys import WebhookKey, in_force, rotated
from listener.deliver.outbox import KINDS, TEST, Message, Outcome
from listener.deliver.webhook import new_secret
from listener.deliver.wording import Wording, checked, first_wordings
from listener.errors import BadInput, NotFound, UnknownDepartment
from listener.sealing import seal, unseal
from listener.settings import Settings
from listener.store import accounts, audit
from listener.store import outbox as letters
from listener.store import receivers as rows
from listener.store import tables as t

LONGEST_NAME = 120
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class By:
    """Who makes the change, for the audit."""

    name: str
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A receiver as the form describes it; ``department`` None means all matters."""

    name: str
    channel: str
    address: str
    department: str | None
    kinds: Sequence[str]


def add(session: Session, wanted: Wanted, *, settings: Settings, by: By) -> tuple[t.Receiver, str | None]:
    """Make a receiver; returns it and, for a webhook, its secret, which is shown this once.

    Raises
    ------
    BadInput, UnknownDepartment
        A field cannot be used; the message says which and what to do.
    """
    good = _checked(session, wanted, settings)
    if rows.same(session, good.channel, good.address, good.department) is not None:
        raise BadInput("Đã có nơi nhận dùng địa chỉ này cho đơn vị này. Sửa nơi nhận đó.", field="address")
    secret = new_secret() if good.channel == "webhook" else None
    receiver = t.Receiver(
        name=good.name,
        department_code=good.department,
        channel=good.channel,
        address=good.address,
        kinds=list(good.kinds),
        sealed=_sealed([{"secret": secret, "until": None}], settings) if secret else None,
    )
    session.add(receiver)
    session.flush()
    _note(session, by, "receiver_added", receiver)
    return receiver, secret


def change(session: Session, receiver: t.Receiver, wanted: Wanted, *, settings: Settings, by: By) -> None:
    """Change name, address, department or kinds; the channel stays.

    Raises
    ------
    BadInput, UnknownDepartment
        As for ``add``.
    """
    good = _checked(session, wanted, settings)
    other = rows.same(session, receiver.channel, good.address, good.department)
    if other is not None and other.id != receiver.id:
        raise BadInput("Đã có nơi nhận khác dùng địa chỉ này cho đơn vị này.", field="address")
    old = {"name": receiver.name, "address": receiver.address, "department": receiver.department_code}
    receiver.name, receiver.address = good.name, good.address
    receiver.department_code, receiver.kinds = good.department, list(good.kinds)
    _note(session, by, "receiver_changed", receiver, old=old)


def set_state(session: Session, receiver: t.Receiver, state: str, *, by: By) -> None:
    """Pause it (letters wait) or let it run again."""
    receiver.state, receiver.note = state, ""
    if state == "active":
        line = letters.line(session, f"webhook:{receiver.id}")
        line.quiet_until, line.failures = None, 0
    _note(session, by, f"receiver_{state}", receiver)


def rotate(session: Session, receiver: t.Receiver, *, settings: Settings, now: datetime, by: By) -> str:
    """A new secret; the old one signs beside it for a week. Returns the new one, which is shown this once."""
    secret = new_secret()
    receiver.sealed = _sealed(rotated(_keys(receiver, settings), secret, now=now), settings)
    _note(session, by, "receiver_secret_changed", receiver)
    return secret


def forget_old_secret(session: Session, receiver: t.Receiver, *, settings: Settings, by: By) -> None:
    """Let only the newest secret sign from now on."""
    receiver.sealed = _sealed(_keys(receiver, settings)[:1], settings)
    _note(session, by, "receiver_old_secret_ended", receiver)


def secrets_in_force(receiver: t.Receiver, *, settings: Settings, now: datetime) -> int:
    """How many secrets sign now."""
    return len(in_force(_keys(receiver, settings), now=now)) if receiver.sealed else 0


def send_test(session: Session, receiver: t.Receiver, *, settings: Settings, now: datetime, by: By) -> Outcome:
    """Send a test message at once, outside the outbox; says how it went."""
    uid = f"test_{uuid4().hex}"
    words = f"Tin thử từ {settings.agency}. Nhận được tin này là kênh đã thông."
    message = Message(
        uid=uid,
        payload={"id": uid, "type": TEST.told, "timestamp": now.isoformat(), "data": {"message": words}},
        address=receiver.address,
        at=now,
        secrets=in_force(_keys(receiver, settings), now=now) if receiver.sealed else (),
        subject=f"Tin thử từ {settings.agency}",
        body=words,
    )
    outcome = CHANNELS[receiver.channel].send(message, settings)
    _note(session, by, "receiver_tested", receiver, outcome=outcome.state, cause=outcome.cause)
    return outcome


def retry(
    session: Session,
    *,
    now: datetime,
    by: By,
    ids: Sequence[int] | None = None,
    channel: str | None = None,
    cause: str | None = None,
) -> int:
    """Let dead letters be tried anew with the ids they always had: these, a group, or all; returns how many."""
    count = letters.revive(session, now=now, ids=ids, channel=channel, cause=cause)
    details = {"letters": list(ids)} if ids is not None else {"channel": channel, "cause": cause}
    audit.note(session, actor=by.name, account_id=by.account_id, act="letters_retried", count=count, **details)
    return count


def drop(session: Session, ids: Sequence[int], *, reason: str, now: datetime, by: By) -> int:
    """Drop dead letters for good.

    Raises
    ------
    BadInput
        No reason was given.
    """
    if len(reason.strip()) < 3:
        raise BadInput("Cần ghi lý do bỏ thư, ví dụ: đơn vị đã nhận qua điện thoại.", field="reason")
    plain = reason.strip()[:LONGEST_REASON]
    count = letters.drop(session, now=now, ids=ids, reason=f"Bỏ: {plain}")
    audit.note(
        session,
        actor=by.name,
        account_id=by.account_id,
        act="letters_dropped",
        count=count,
        letters=list(ids),
        reason=plain,
    )
    return count


def set_wording(session: Session, name: str, subject: str, body: str, *, now: datetime, by: By) -> Wording:
    """Put a text in place of the one in force.

    Raises
    ------
    BadInput, NotFound
        The text cannot be filled in, or there is no text of that name.
    """
    _known(name)
    good = checked(name, subject, body)
    old = rows.wording(session, name)
    if old is None:
        old = t.Wording(name=name, subject="", body="")
        session.add(old)
    old.subject, old.body, old.changed_by, old.changed_at = good.subject, good.body, by.account_id, now
    audit.note(session, actor=by.name, account_id=by.account_id, act="wording_changed", wording=name)
    return good


def reset_wording(session: Session, name: str, *, by: By) -> None:
    """Back to the text of the package."""
    _known(name)
    edited = rows.wording(session, name)
    if edited is not None:
        session.delete(edited)
        audit.note(session, actor=by.name, account_id=by.account_id, act="wording_reset", wording=name)


def _known(name: str) -> None:
    if name not in first_wordings():
        raise NotFound("Không có mẫu tin này.")


def _checked(session: Session, wanted: Wanted, settings: Settings) -> Wanted:
    name = " ".join(wanted.name.split())
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(f"Ghi tên nơi nhận, tối đa {LONGEST_NAME} ký tự. Ví dụ: Văn thư Sở Xây dựng.", field="name")
    if wanted.channel not in CHANNELS:
        raise BadInput("Chọn một kênh: webhook, e-mail hoặc Zalo.", field="channel")
    address = CHANNELS[wanted.channel].check_address(wanted.address, settings)
    if wanted.department is not None and not accounts.department_exists(session, wanted.department):
        raise UnknownDepartment(wanted.department)
    kinds = [kind for kind in KINDS if kind in wanted.kinds]
    if not kinds:
        raise BadInput("Chọn ít nhất một việc cần báo.", field="kinds")
    return Wanted(name, wanted.channel, address, wanted.department, kinds)


def _keys(receiver: t.Receiver, settings: Settings) -> list[WebhookKey]:
    if receiver.sealed is None:
        raise NotFound("Chỉ webhook có khoá ký.")
    found: list[WebhookKey] = unseal(receiver.sealed, settings.secret(), purpose="webhook")
    return found


def _sealed(keys: Sequence[WebhookKey], settings: Settings) -> bytes:
    return seal(list(keys), settings.secret(), purpose="webhook")


def _note(session: Session, by: By, act: str, receiver: t.Receiver, **details: Any) -> None:
    audit.note(
        session,
        actor=by.name,
        account_id=by.account_id,
        act=act,
        receiver=receiver.id,
        name=receiver.name,
        channel=receiver.channel,
        **details,
    )
