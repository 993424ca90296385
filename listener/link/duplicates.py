"""Which earlier item says the same: exact copies by fingerprint, near copies by MinHash."""

from collections.abc import Iterable, Sequence

from classifiers.text.similar import similarity

# Estimated Jaccard similarity of word 3-grams from which two texts count as one story's copies.
# Syndicated articles with another lead stay above it; two reports of one street by two people fall far below.
SAME_STORY = 0.6


def closest(signature: Sequence[int], others: Iterable[tuple[int, Sequence[int]]]) -> tuple[int, float] | None:
    """The id of the most alike signature and its similarity (0..1), or None when none is alike enough."""
    scored = [(similarity(signature, other), identity) for identity, other in others]
    best = max(scored, default=(0.0, 0))
    return (best[1], best[0]) if best[0] >= SAME_STORY else None
