"""Plain data that passes between the store and the stages; importing it opens nothing."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Visit:
    """What a crawl needs to know of its source."""

    run_id: int
    source_id: int
    slug: str
    kind: str
    url: str
    options: dict[str, Any] = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict)
    again: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a visit ended: ``ok``, ``unchanged`` (304 or the same body), ``failed`` (why, in words) or ``stopped``.

    ``stopped`` is the visit that a person or a crash of ours ended: no fault of the source. ``rest`` are the seconds of
    pause that the server asked for, ``peak`` the most memory that the visit's process held, in bytes.
    """

    status: str
    found: int = 0
    problem: str | None = None
    memory: dict[str, Any] = field(default_factory=dict)
    rest: int = 0
    peak: int = 0
