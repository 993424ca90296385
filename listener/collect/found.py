"""What sources bring home, before it is an item."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class FoundPost:
    """A public post as a spider or a file brought it. ``author`` is pseudonymised on arrival and never kept.

    ``external_id`` is the source's own name for it (its address where it has none). Of a comment, ``thread`` is what is
    talked about (a video, an article, a topic of a forum) and ``parent`` the name of the post it answers. ``details``
    may hold section, images' addresses and the address of the comment thread.
    """

    external_id: str
    text: str
    title: str = ""
    url: str | None = None
    author: str | None = None
    channel: str = "news"
    published_at: datetime | None = None
    is_report: bool = False
    place: str | None = None
    lat: float | None = None
    lng: float | None = None
    thread: str | None = None
    parent: str | None = None
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """What was fetched for a post, kept so that it can be read again: the body packed with gzip, None for a feed alone.

    ``entry`` is what the listing said of it, without its author.
    """

    external_id: str
    url: str
    kind: str
    entry: dict[str, Any]
    body: bytes | None = None
    digest: str = ""
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """A picture as sent: its bytes and the name of the file."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class NewReport:
    """A citizen's report, from whatever door it came through.

    ``chosen_topic`` is what the sender picked from a list: evidence, never a label. ``media_url`` is kept, not opened.
    """

    text: str
    channel: str = "web"
    place: str | None = None
    lat: float | None = None
    lng: float | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    zalo: str | None = None
    may_publish: bool = False
    key: str | None = None
    chosen_topic: str | None = None
    media_url: str | None = None
    photos: tuple[PhotoFile, ...] = field(default=())

    @property
    def identity(self) -> dict[str, str]:
        """What the sender gave of themselves; empty for an anonymous report. ``zalo`` is an id at our account."""
        given = {"name": self.name, "phone": self.phone, "email": self.email, "zalo": self.zalo}
        return {name: value.strip() for name, value in given.items() if value and value.strip()}
