"""Which of the likely copies are copies."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from classifiers.text.sameness import is_copy


class Words(Protocol):
    """What is compared: an item, and the group of copies it is in."""

    id: int
    copy_group: int | None

    @property
    def body(self) -> str:
        """Title and text."""


One = TypeVar("One", bound=Words)


def copies(item: One, likely: Sequence[One]) -> list[One]:
    """Those that say the same words; of a group known already one is enough."""
    found: dict[int, One] = {}
    for other in likely:
        group = other.copy_group or other.id
        if group not in found and is_copy(item.body, other.body):
            found[group] = other
    return list(found.values())
