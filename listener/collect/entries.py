"""One line of a feed or listing, before anything is fetched for it."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a feed or listing: its own name, where it leads, and what is already said of it."""

    id: str
    url: str | None
    title: str = ""
    summary: str = ""
    author: str | None = None
    published: str | None = None

    @property
    def key(self) -> str:
        """A short stand-in for the name."""
        return _short(self.id)

    @property
    def digest(self) -> str:
        """Changes when the entry's words do."""
        return _short(f"{self.title}\n{self.summary}")


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
