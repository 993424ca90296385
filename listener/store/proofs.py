"""Rows of used proofs of work."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from listener.store import tables as t


def spend(session: Session, nonce: str, *, key: str, expires_at: datetime, now: datetime) -> bool:
    """Use a challenge for the report of a key; False where another report has used it. Of two at once, one waits."""
    session.execute(delete(t.SpentProof).where(t.SpentProof.expires_at < now))
    row = {"nonce": nonce, "key": key, "expires_at": expires_at}
    session.execute(insert(t.SpentProof).values(row).on_conflict_do_nothing())
    return session.scalar(select(t.SpentProof.key).where(t.SpentProof.nonce == nonce)) == key
