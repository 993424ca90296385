"""What a visit leaves for the next: validators and hash of the body, and which entries were brought home already."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from listener.collect.entries import Entry as Entry  # spiders take it from here

SEEN = 600  # entries remembered beyond those the feed still lists; the longest feed met lists 250
ASK_ANYWAY = 12  # after so many 304s in a row the whole body is asked for, in case the server's ETag never moves
TRIES = 3  # visits after which an article that never came is left at what the feed says of it


@dataclass(slots=True)
class Memory:
    """The memory of one source, read from the last visit's and written for the next."""

    url: str
    etag: str = ""
    modified: str = ""
    body: str = ""
    quiet: int = 0
    distrust: bool = False
    seen: dict[str, str] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Mapping[str, Any], url: str) -> "Memory":
        """The memory as kept; validators of another address are forgotten."""
        memory = cls(url, seen=dict(kept.get("seen") or {}), tries=dict(kept.get("tries") or {}))
        if kept.get("url") == url:
            memory.etag, memory.modified = str(kept.get("etag") or ""), str(kept.get("modified") or "")
            memory.body, memory.quiet, memory.distrust = (
                str(kept.get("body") or ""),
                int(kept.get("quiet") or 0),
                bool(kept.get("distrust")),
            )
        return memory

    def headers(self) -> dict[str, bytes]:
        """The conditions of the next request, byte for byte what the server once said."""
        if self.distrust or self.quiet >= ASK_ANYWAY:
            return {}
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value.encode("latin-1", "replace") for name, value in given.items() if value}

    def not_modified(self) -> None:
        """The server said 304."""
        self.quiet += 1

    def take_body(self, body: bytes, *, etag: str, modified: str) -> bool:
        """Remember a body and its validators; returns whether it is another than before.

        An ETag that stayed while the body changed is not trusted any more.
        """
        digest = hashlib.sha256(body).hexdigest()
        changed = digest != self.body
        if changed and self.body and etag and etag == self.etag:
            self.distrust = True
        self.body, self.etag, self.modified, self.quiet = digest, etag, modified, 0
        return changed

    def is_new(self, entry: Entry) -> bool:
        """Whether an entry is unknown, or says something else than when it was brought home."""
        return self.seen.get(entry.key) != entry.digest

    def brought(self, entry: Entry) -> None:
        """An entry is home."""
        self.seen[entry.key] = entry.digest
        self.tries.pop(entry.key, None)

    def missed(self, entry: Entry) -> bool:
        """An article did not come; returns whether to try it again at the next visit."""
        self.tries[entry.key] = self.tries.get(entry.key, 0) + 1
        return self.tries[entry.key] < TRIES

    def kept(self, listed: Iterable[Entry], *, complete: bool) -> dict[str, Any]:
        """What is written down; without validators while entries wait to be fetched, so that no 304 hides them."""
        now = {entry.key: self.seen[entry.key] for entry in listed if entry.key in self.seen}
        older = [(key, digest) for key, digest in self.seen.items() if key not in now][:SEEN]
        return {
            "url": self.url,
            "etag": self.etag if complete else "",
            "modified": self.modified if complete else "",
            "body": self.body if complete else "",
            "quiet": self.quiet,
            "distrust": self.distrust,
            "seen": {**now, **dict(older)},
            "tries": {entry.key: self.tries[entry.key] for entry in listed if entry.key in self.tries},
        }
