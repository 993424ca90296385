"""A dry run: what another set of rules would have done with past items, and where people knew better."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from listener.route.rules import Decision

MOST_SHOWN = 200  # changed items kept for the page; the counts count all
TRIAGE, LISTED = "triage", "listed"


@dataclass(frozen=True, slots=True)
class Seen:
    """A past item with what both sets of rules say of it, and what people said: the right desk, desks that refused.

    ``before`` and ``after`` are the desk's code, or triage or listed.
    """

    number: str
    before: str
    after: str
    was: Decision
    would: Decision
    right: str | None = None
    wrong: frozenset[str] = frozenset()
    also: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """Counts over a dry run. ``mended`` and ``spoiled``: people corrected it, and only the draft (only the present
    rules) says what they said; ``returns_saved``: the desk that sent it back would not have got it.
    """

    total: int = 0
    changed: int = 0
    mended: int = 0
    spoiled: int = 0
    corrected: int = 0
    returns_saved: int = 0
    returns_new: int = 0
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    hits: Counter[str] = field(default_factory=Counter)
    meets: dict[tuple[str, str], str] = field(default_factory=dict)
    shown: list[dict[str, Any]] = field(default_factory=list)

    def add(self, seen: Seen) -> None:
        """Count one item."""
        self.total += 1
        self.before[seen.before] += 1
        self.after[seen.after] += 1
        if seen.would.slug is not None:
            self.hits[seen.would.slug] += 1
        for other in seen.also:
            self.meets.setdefault((seen.would.slug or "", other), seen.number)
        self._judge(seen)
        if seen.before != seen.after:
            self.changed += 1
            self.moves[seen.before, seen.after] += 1
            if len(self.shown) < MOST_SHOWN:
                self.shown.append(_shown(seen))

    def _judge(self, seen: Seen) -> None:
        if seen.right is not None:
            self.corrected += 1
            self.mended += seen.after == seen.right != seen.before
            self.spoiled += seen.before == seen.right != seen.after
        self.returns_saved += seen.before in seen.wrong and seen.after not in seen.wrong
        self.returns_new += seen.after in seen.wrong and seen.before not in seen.wrong

    def as_json(self) -> dict[str, Any]:
        """The counts as the database keeps them."""
        names = "total changed mended spoiled corrected returns_saved returns_new shown".split()
        return {
            **{name: getattr(self, name) for name in names},
            "before": dict(self.before),
            "after": dict(self.after),
            "moves": [[start, end, n] for (start, end), n in self.moves.most_common()],
            "hits": dict(self.hits),
            "meets": [[first, second, number] for (first, second), number in self.meets.items()],
        }


def verdict(seen: Seen) -> str:
    """What people's later word says of the change: mended, spoiled, neither, or nothing where they said none."""
    if seen.after == seen.right or (seen.before in seen.wrong and seen.after not in seen.wrong):
        return "mended"
    if seen.before == seen.right or (seen.after in seen.wrong and seen.before not in seen.wrong):
        return "spoiled"
    return "neither" if seen.right is not None else ""


def _shown(seen: Seen) -> dict[str, Any]:
    return {
        "so": seen.number,  # its words are looked up when shown: it may be erased or restricted meanwhile
        "before": seen.before,
        "after": seen.after,
        "was": seen.was.reason,
        "would": seen.would.reason,
        "right": seen.right,
        "verdict": verdict(seen),
    }
