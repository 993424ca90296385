"""Taking a person out of a text: every character that tells of them becomes a block, so that all offsets still hold."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from classifiers.text.fold import fold
from classifiers.text.privacy import find_personal

BLOCK = "█"
OURS = ": "  # in a line of the history, our own words stand before it, the person's after
WRITTEN_BY_PEOPLE = frozenset(
    {"reason", "question", "text", "answer", "public_text", "asked_reason", "extended_reason", "added", "place"}
)
SENT_ALONG = re.compile(r"https?://\S+|-?\d{1,3}\.\d{4,}, -?\d{1,3}\.\d{4,}")  # the picture's address, the exact spot
SHORTEST = 4  # letters of a name or handle; shorter ones stand in ordinary words
Span = dict[str, Any]


def personal(text: str, known: Iterable[str], masks: Iterable[Mapping[str, Any]] = ()) -> list[Span]:
    """Where a text tells of the person: what was masked, what the mask finds now, and what is known of them."""
    found = [{"start": one.start, "end": one.end, "type": one.type} for one in find_personal(text)]
    found += [dict(mask) for mask in masks]
    found += [{"start": start, "end": end, "type": kind} for start, end, kind in _known(text, known)]
    return _joined(found)


def blackened(text: str, spans: Iterable[Mapping[str, Any]]) -> str:
    """The text with each span as blocks of the same length."""
    letters = list(text)
    for span in spans:
        letters[span["start"] : span["end"]] = BLOCK * (span["end"] - span["start"])
    return "".join(letters)


def without_person(text: str, known: Sequence[str]) -> str:
    """A text without the person."""
    return blackened(text, personal(text, known))


def line_without_person(words: str, known: Sequence[str]) -> str:
    """A line of the history without the person; the names of staff in our own words stay."""
    ours, colon, theirs = words.partition(OURS)
    line = _only_known(ours, known) + colon + without_person(theirs, known)
    return SENT_ALONG.sub(lambda match: BLOCK * len(match[0]), line)


def details_without_person(value: Any, known: Sequence[str], *, name: str = "") -> Any:
    """The details of a line of the history without the person, however deep they lie."""
    if isinstance(value, dict):
        return {key: details_without_person(inner, known, name=key) for key, inner in value.items()}
    if isinstance(value, list):
        return [details_without_person(inner, known, name=name) for inner in value]
    if not isinstance(value, str):
        return value
    return without_person(value, known) if name in WRITTEN_BY_PEOPLE else _only_known(value, known)


def _only_known(text: str, known: Sequence[str]) -> str:
    return blackened(text, [{"start": start, "end": end} for start, end, _ in _known(text, known)])


def _known(text: str, known: Iterable[str]) -> list[tuple[int, int, str]]:
    folded = fold(text)
    return [
        (match.start(), match.end(), kind)
        for value in known
        for pattern, kind in _patterns(value)
        for match in re.finditer(pattern, folded)
    ]


def _patterns(value: str) -> list[tuple[str, str]]:
    """How a name, number or address may be written in a folded text."""
    plain = fold(value).strip()
    digits = re.sub(r"\D", "", plain)
    if len(digits) >= SHORTEST and len(digits) >= len(re.sub(r"\s", "", plain)) - 4:
        local = digits[2:] if digits.startswith("84") else digits.removeprefix("0")
        return [(r"(?<!\d)(?:\+?84|0)?[\s.\-]?" + r"[\s.\-]?".join(local) + r"(?!\d)", "phone")]
    if "@" in plain:
        return [(re.escape(plain), "email")]
    words = plain.split()
    names = [words, words[-2:]] if len(words) > 2 else [words]
    return [
        (r"(?<!\w)" + r"\s+".join(map(re.escape, name)) + r"(?!\w)", "person")
        for name in names
        if len("".join(name)) >= SHORTEST
    ]


def _joined(spans: list[Span]) -> list[Span]:
    """The spans in order, overlapping ones made one."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda one: (one["start"], -one["end"])):
        if joined and span["start"] < joined[-1]["end"]:
            joined[-1]["end"] = max(joined[-1]["end"], span["end"])
        else:
            joined.append(dict(span))
    return joined
