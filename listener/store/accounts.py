"""Rows of accounts and tokens."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from listener.store import tables as t


def by_login(session: Session, login: str, *, lock: bool = False) -> t.Account | None:
    """The account of a sign-in name."""
    query = select(t.Account).where(t.Account.login == login)
    return session.scalar(query.with_for_update() if lock else query)


def everyone(session: Session) -> list[t.Account]:
    """All accounts, by name of sign-in."""
    return list(session.scalars(select(t.Account).order_by(t.Account.login)))


def count(session: Session) -> int:
    """How many accounts there are."""
    return session.scalar(select(func.count()).select_from(t.Account)) or 0


def department_exists(session: Session, code: str) -> bool:
    """Whether a department of that code is in use."""
    return session.scalar(select(t.Department.code).where(t.Department.code == code, t.Department.active)) is not None


def by_token_hash(session: Session, token_hash: str) -> t.ApiToken | None:
    """The token of a hash."""
    return session.scalar(select(t.ApiToken).where(t.ApiToken.token_hash == token_hash))
