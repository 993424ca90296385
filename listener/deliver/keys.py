"""The secrets of a webhook: one in force, and during a change the old one beside it for a while."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypedDict

OVERLAP = timedelta(days=7)


class WebhookKey(TypedDict):
    """A secret, and until when it signs; None for the newest."""

    secret: str
    until: str | None


def in_force(keys: Sequence[WebhookKey], *, now: datetime) -> tuple[str, ...]:
    """The secrets that sign now, newest first."""
    return tuple(key["secret"] for key in keys if key["until"] is None or datetime.fromisoformat(key["until"]) > now)


def rotated(keys: Sequence[WebhookKey], secret: str, *, now: datetime) -> list[WebhookKey]:
    """A new secret in front; the one before it signs on for a week, older ones no more."""
    newest: WebhookKey = {"secret": secret, "until": None}
    before: list[WebhookKey] = [{"secret": key["secret"], "until": (now + OVERLAP).isoformat()} for key in keys[:1]]
    return [newest, *before]
