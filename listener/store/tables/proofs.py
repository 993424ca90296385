"""Proofs of work that were used, so that none is used twice."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from listener.store.tables.base import Base


class SpentProof(Base):
    """A challenge that was solved for one report; ``key`` is the report's own, so that sending it again is no fraud.

    Once it is past ``expires_at`` the challenge is refused anyway, and the row goes.
    """

    __tablename__ = "spent_proofs"

    nonce: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(index=True)
