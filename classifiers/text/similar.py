"""How much two texts share: an exact fingerprint, and a MinHash signature for near copies."""

import re
from collections.abc import Sequence
from hashlib import sha1

from .fold import fold

PERMUTATIONS = 64
SHINGLE_WORDS = 3
_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")


def _words(text: str) -> list[str]:
    return _WORD.findall(_DIGIT.sub("0", fold(text)))


def fingerprint(text: str) -> str:
    """The same for texts that differ only in marks, case, digits and punctuation.

    >>> fingerprint("Hẻm 9 ngập!") == fingerprint("hem 7, NGAP")
    True
    """
    return sha1(" ".join(_words(text)).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def signature(text: str) -> list[int]:
    """MinHash of the folded runs of three words, 64 numbers; near copies agree in most of them."""
    from datasketch import MinHash

    words = _words(text)
    count = max(1, len(words) - SHINGLE_WORDS + 1)
    shingles = {" ".join(words[start : start + SHINGLE_WORDS]) for start in range(count)}
    sketch = MinHash(num_perm=PERMUTATIONS)
    sketch.update_batch([shingle.encode("utf-8", "replace") for shingle in sorted(shingles)])
    return [int(value) for value in sketch.hashvalues]


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """Share of the signatures' places that agree: an estimate of the Jaccard likeness, 0..1.

    >>> a = signature("Nước ngập tới đầu gối ở hẻm 9 đường Bông Trang suốt đêm qua")
    >>> b = signature("nuoc ngap toi dau goi o hem 9 duong Bong Trang suot dem qua")
    >>> similarity(a, b), similarity(a, signature("Đèn đường tắt đã ba ngày nay không ai sửa")) < 0.2
    (1.0, True)
    """
    return sum(left == right for left, right in zip(one, other, strict=True)) / len(one)
