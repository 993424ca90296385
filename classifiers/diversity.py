"""How varied a corpus is: repeated runs of words, distinct pairs, openings, nearest neighbours."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from classifiers.text.fold import fold_key

RUN = 8  # words; two texts that share so many in a row are not independent (labelling guideline, part 8)
OPENING = 3
BLOCK = 1000


def shared_runs(texts: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Each text that repeats a run of eight words of an earlier one: its row, the row of the earlier one, the run.

    Case, marks and digits do not count; a text of fewer words is one run.

    >>> list(shared_runs(["a b c d e f g h i", "khác", "x B c d e f g h i"]))
    [(2, 0, 'b c d e f g h i')]
    """
    first: dict[str, int] = {}
    for row, text in enumerate(texts):
        runs = _runs(text)
        repeated = next(((first[run], run) for run in runs if run in first), None)
        if repeated is not None:
            yield row, *repeated
            continue
        for run in runs:
            first[run] = row


def _runs(text: str) -> list[str]:
    words = _words(text)
    starts = range(max(1, len(words) - RUN + 1))
    return list(dict.fromkeys(" ".join(words[start : start + RUN]) for start in starts)) if words else []


def _words(text: str) -> list[str]:
    return "".join("0" if sign.isdigit() else sign for sign in fold_key(text)).split()


def describe(texts: Sequence[str]) -> dict[str, Any]:
    """Distinct-2 (different pairs of neighbours among all, Li et al. 2016), openings, shared runs, neighbours.

    ``nearest`` holds quantiles of the cosine between each text and the one most like it (TF-IDF of words and pairs).
    """
    words = [_words(text) for text in texts]
    pairs = [pair for own in words for pair in pairwise(own)]
    opening, count = Counter(" ".join(own[:OPENING]) for own in words).most_common(1)[0]
    return {
        "texts": len(texts),
        "distinct_2": round(len(set(pairs)) / max(1, len(pairs)), 4),
        "commonest_opening": (opening, round(count / len(texts), 4)),
        "shared_runs": sum(1 for _ in shared_runs(texts)),
        "nearest": dict(zip(("median", "p95", "max"), _nearest(words), strict=True)),
    }


def _nearest(words: Sequence[Sequence[str]]) -> tuple[float, float, float]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    matrix = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True).fit_transform(" ".join(own) for own in words)
    best = np.zeros(len(words))
    for start in range(0, len(words), BLOCK):
        near = (matrix[start : start + BLOCK] @ matrix.T).tolil()
        near.setdiag(0, start)
        best[start : start + BLOCK] = near.tocsr().max(axis=1).toarray()[:, 0]
    median, high, most = (round(float(value), 3) for value in np.quantile(best, [0.5, 0.95, 1.0]))
    return median, high, most
