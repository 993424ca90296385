"""Webhooks of Facebook pages: whether one is genuine, and the posts and comments it tells of."""

import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from listener.collect.found import FoundPost
from listener.collect.plain import tidy

POSTS = ("post", "status", "photo", "video", "share")
KEPT_VERBS = ("add", "edited", "edit")


def is_genuine(body: bytes, header: str, *, secret: str) -> bool:
    """Whether the header signs this very body: HMAC-SHA256 under the app's secret."""
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(header.strip().lower().encode("utf-8", "replace"), expected.encode())


def posts_by_page(body: bytes) -> dict[str, list[FoundPost]]:
    """What people wrote on each page, under the names the Graph API gives them; the page's own words are left out."""
    said = json.loads(body)
    found: dict[str, list[FoundPost]] = defaultdict(list)
    if not isinstance(said, dict) or said.get("object") != "page":
        return found
    for entry in (one for one in said.get("entry") or () if isinstance(one, dict)):
        page = str(entry.get("id") or "")
        found[page] += [post for value in _values(entry) if (post := _post(value, page)) is not None]
    return found


def _values(entry: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for change in entry.get("changes") or ():
        if isinstance(change, dict) and change.get("field") == "feed" and isinstance(change.get("value"), dict):
            yield change["value"]


def _post(value: Mapping[str, Any], page: str) -> FoundPost | None:
    author = str((value.get("from") or {}).get("id") or "")
    text = tidy(str(value.get("message") or ""))
    if value.get("verb") not in KEPT_VERBS or author == page or not text:
        return None
    is_comment = value.get("item") == "comment"
    if not is_comment and value.get("item") not in POSTS:
        return None
    thread = str(value.get("post_id") or "")
    name = str(value.get("comment_id") or "") if is_comment else thread
    if not name:
        return None
    parent = str(value.get("parent_id") or "") if is_comment else ""
    return FoundPost(
        external_id=name[:1000],
        text=text,
        url=str(value.get("permalink_url") or "") or f"https://www.facebook.com/{name}",
        author=author or None,
        channel="facebook",
        published_at=_moment(value.get("created_time")),
        thread=thread if is_comment else None,
        parent=parent if parent not in ("", thread) else None,
    )


def _moment(stamp: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(str(stamp)), UTC)
    except (ValueError, OverflowError, OSError):
        return None
