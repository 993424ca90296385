"""Webhooks of a Zalo Official Account: whether one is genuine, and what it says."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

SPOKEN = "user_send_"
FOLLOW, UNFOLLOW = "follow", "unfollow"
LONGEST_ID = 64


@dataclass(frozen=True, slots=True)
class ZaloEvent:
    """What happened at the account. ``sender`` is identity; a picture has ``image``, a place ``position``."""

    name: str
    sender: str = field(repr=False)
    at: datetime
    message_id: str = ""
    text: str = field(default="", repr=False)
    image: str | None = field(default=None, repr=False)
    position: tuple[float, float] | None = field(default=None, repr=False)


def is_genuine(body: bytes, header: str, *, app_id: str | None, secret: str) -> bool:
    """Whether the header signs this very body: plain SHA-256 over app id, body, time and secret, as Zalo does it."""
    try:
        said = json.loads(body)
        own_app, stamp = str(said["app_id"]), str(said["timestamp"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    expected = hashlib.sha256(own_app.encode() + body + stamp.encode() + secret.encode()).hexdigest()
    given = header.strip().removeprefix("mac=").strip().lower().encode("utf-8", "replace")
    same = hmac.compare_digest(given, expected.encode())
    return same and (app_id is None or hmac.compare_digest(own_app.encode(), app_id.encode()))


def event_of(body: bytes) -> ZaloEvent | None:
    """The event of a genuine body; None where it names nobody or nothing that concerns us."""
    said = json.loads(body)
    name = str(said.get("event_name") or "")
    inner = said.get("sender") if name.startswith(SPOKEN) else said.get("follower") or said.get("sender")
    sender = str((inner or {}).get("id") or "") if isinstance(inner, dict) else ""
    if not sender or len(sender) > LONGEST_ID or not (name.startswith(SPOKEN) or name in (FOLLOW, UNFOLLOW)):
        return None
    message = said.get("message") if isinstance(said.get("message"), dict) else {}
    parts = [part for part in message.get("attachments") or () if isinstance(part, dict)]
    return ZaloEvent(
        name,
        sender,
        _moment(said.get("timestamp")),
        str(message.get("msg_id") or "")[:200],
        str(message.get("text") or ""),
        _image(parts),
        _position(parts),
    )


def _moment(stamp: object) -> datetime:
    try:
        return datetime.fromtimestamp(int(str(stamp)) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _image(parts: Sequence[Mapping[str, Any]]) -> str | None:
    for part in parts:
        url = str((part.get("payload") or {}).get("url") or "")
        if part.get("type") in ("image", "photo") and url.startswith("https://"):
            return url[:2000]
    return None


def _position(parts: Sequence[Mapping[str, Any]]) -> tuple[float, float] | None:
    for part in parts:
        told = (part.get("payload") or {}).get("coordinates") or {}
        try:
            lat, lng = float(told["latitude"]), float(told["longitude"])
        except (KeyError, TypeError, ValueError):
            continue
        if -90 <= lat <= 90 and -180 <= lng <= 180:
            return lat, lng
    return None
