"""Senders' identities: opened for who must answer, with a reason that is audited; sealed anew under a newer key."""

from datetime import datetime

from sqlalchemy.orm import Session

from listener.errors import BadInput, NotFound
from listener.sealing import Secrets, key_id, reseal, unseal
from listener.store import audit, senders
from listener.store import tables as t

SHORTEST_REASON = 5
BATCH = 500


def open_identity(
    session: Session,
    item: t.Item,
    *,
    secrets: Secrets,
    actor: str,
    account_id: int | None,
    reason: str,
    now: datetime,
) -> dict[str, str]:
    """Who sent the report; the opening stands in the audit. Whether the actor may is for the caller to ask.

    Raises
    ------
    BadInput
        The reason is missing.
    NotFound
        The sender gave no name, or it was erased.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise BadInput("Cần ghi lý do xem danh tính, vài chữ là đủ.", field="identity_reason")
    sender = senders.of_item(session, item.id)
    if sender is None:
        raise NotFound("Người gửi không để lại danh tính, hoặc danh tính đã được xoá theo yêu cầu.")
    audit.note(
        session,
        actor=actor,
        account_id=account_id,
        act="open_identity",
        item_id=item.id,
        at=now,
        reason=reason.strip()[:200],
    )
    opened: dict[str, str] = unseal(sender.sealed, secrets)
    return opened


def rotate(session: Session, secrets: Secrets, *, limit: int = BATCH) -> int:
    """Seal some identities anew under the newest key; returns how many. Run again until none is left.

    What stands under an older key stays readable all the while, since every key in force opens.
    """
    newest = key_id(secrets)
    waiting = senders.under_other_keys(session, newest, limit=limit)
    for sender in waiting:
        sender.sealed, sender.key_id = reseal(sender.sealed, secrets), newest
    session.flush()
    return len(waiting)
