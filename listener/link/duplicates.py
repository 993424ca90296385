"""Which of the likely copies are copies."""

from collections.abc import Sequence

from classifiers.text.sameness import is_copy
from listener.store import tables as t


def copies(item: t.Item, likely: Sequence[t.Item]) -> list[t.Item]:
    """Those that say the same words; of a group known already one is enough."""
    found: dict[int, t.Item] = {}
    for other in likely:
        group = other.copy_group or other.id
        if group not in found and is_copy(item.body, other.body):
            found[group] = other
    return list(found.values())
