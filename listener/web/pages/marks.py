"""Cuts a text into segments: what the machine leaned on, what must stay hidden. Offsets count in the NFC original."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

MOST_WORDS = 5  # more marks than this and nothing stands out


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text, the questions it was evidence for, and the type of personal data it hides (None shows it)."""

    text: str
    questions: tuple[str, ...] = ()
    mask: str | None = None


Range = tuple[int, int]


def segments(
    text: str, evidence: Mapping[str, Sequence[Range]], masks: Sequence[tuple[int, int, str]] = ()
) -> list[Segment]:
    """The text in pieces, each uniformly marked; masked pieces lose their words, so they never reach the page."""
    kept = {question: _inside(spans, len(text))[:MOST_WORDS] for question, spans in evidence.items()}
    hidden = sorted((start, end, kind) for start, end, kind in masks if 0 <= start < end <= len(text))
    edges = {0, len(text)}
    edges.update(edge for spans in kept.values() for span in spans for edge in span)
    edges.update(edge for start, end, _ in hidden for edge in (start, end))
    cuts = sorted(edges)
    return _merged([_piece(text, start, end, kept, hidden) for start, end in pairwise(cuts)])


def words(
    text: str, evidence: Mapping[str, Sequence[Range]], masks: Sequence[tuple[int, int, str]] = ()
) -> dict[str, list[str]]:
    """The same evidence as lists of words below the text, each word once; masked words are left out."""
    found: dict[str, list[str]] = {}
    for question, spans in evidence.items():
        open_spans = [
            (a, b) for a, b in _inside(spans, len(text)) if not any(a < end and start < b for start, end, _ in masks)
        ]
        unique = dict.fromkeys(text[start:end].strip().lower() for start, end in open_spans[:MOST_WORDS])
        if unique:
            found[question] = list(unique)
    return found


def _inside(spans: Sequence[Range], length: int) -> list[Range]:
    return [(start, end) for start, end in spans if 0 <= start < end <= length]


def _piece(
    text: str, start: int, end: int, evidence: Mapping[str, Sequence[Range]], masks: Sequence[tuple[int, int, str]]
) -> Segment:
    for first, last, kind in masks:
        if first <= start and end <= last:
            return Segment("", mask=kind)
    asked = tuple(question for question, spans in evidence.items() if any(a <= start and end <= b for a, b in spans))
    return Segment(text[start:end], asked)


def _merged(pieces: Sequence[Segment]) -> list[Segment]:
    """Neighbours of the same mask are one box."""
    merged: list[Segment] = []
    for piece in pieces:
        if piece.mask and merged and merged[-1].mask == piece.mask:
            continue
        merged.append(piece)
    return merged
