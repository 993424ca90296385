"""Rows of the audit: who opened, exported or overrode what, and why."""

from typing import Any

from sqlalchemy.orm import Session

from listener.store import tables as t


def note(
    session: Session, *, actor: str, act: str, account_id: int | None = None, item_id: int | None = None, **details: Any
) -> None:
    """Append a line to the audit."""
    session.add(t.Audit(actor=actor, act=act, account_id=account_id, item_id=item_id, details=details))
