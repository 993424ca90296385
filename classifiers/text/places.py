"""Find the places a text names: the span, and today's unit where the text settles it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import ahocorasick

from classifiers.prediction import Place

from . import place_words as words
from .clean import cleaned
from .fold import fold, lower
from .gazetteer import Gazetteer, Mention, NameBook, OldDistrict, OldUnit, Settled, Unit
from .pieces import mended
from .place_parts import Part, Scan, kind_before

__all__ = ["REORGANISED", "Gazetteer", "OldDistrict", "OldUnit", "PlaceFinder", "Unit"]

REORGANISED = date(2025, 7, 1)
_GAP_LIMIT = 34  # letters between two parts of one address; longer gaps on the corpus joined strangers


class PlaceFinder:
    """Finds places by one pass of an automaton over the folded text.

    >>> gazetteer = Gazetteer(
    ...     units=(Unit("31147", "Tân An", "phuong", "Phường Tân An"),),
    ...     old_units=(OldUnit("Tân An", "phuong", "Ninh Kiều", "Cần Thơ", "31135"),),
    ...     old_districts=(OldDistrict("Ninh Kiều", "quan", "Cần Thơ"),),
    ... )
    >>> finder = PlaceFinder(gazetteer)
    >>> [(place.text, place.unit_code) for place in finder.find("Ngập ở hẻm 9 đường Lý Tự Trọng, P. Tân An cũ")]
    [('hẻm 9 đường Lý Tự Trọng, P. Tân An cũ', '31135')]
    >>> finder.find("den tat o phuong tan an")[0].unit_code
    '31147'
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._book = NameBook(gazetteer)
        self._automaton = ahocorasick.Automaton()
        for written, key in self._book.folded_names().items():
            self._automaton.add_word(written, (len(written), key))
        self._automaton.make_automaton()

    def find(self, text: str, *, written_on: date | None = None) -> list[Place]:
        """The places of a text in order; ``written_on`` before the reorganisation makes older names the likelier."""
        state = mended(cleaned(text))
        past = written_on is not None and written_on < REORGANISED
        scan = Scan(state.text, self._hits(state.text), self._book)
        places = []
        for group in _groups(scan):
            if all(part.kind == "number" or part.nameless for part in group):
                continue
            settled = _settle(group, self._book, past=past)
            start, end = state.original(group[0].start, group[-1].end)
            places.append(
                Place(text[start:end], start, end, settled.code, settled.confidence, settled.candidates, settled.older)
            )
        return places

    def _hits(self, text: str) -> list[tuple[int, int, str]]:
        """Names that stand as whole words, the longest at each spot."""
        folded, small = fold(text), lower(text)
        found = []
        for last, (length, key) in self._automaton.iter(folded) if len(self._automaton) else ():
            start, end = last - length + 1, last + 1
            whole = not (start and folded[start - 1].isalnum()) and not (end < len(folded) and folded[end].isalnum())
            if whole and self._spelt_so(small, start, end, key):
                found.append((start, end, key))
        found.sort(key=lambda hit: (hit[0], -hit[1]))
        kept: list[tuple[int, int, str]] = []
        for hit in found:
            if not kept or hit[0] >= kept[-1][1]:
                kept.append(hit)
        return kept

    def _spelt_so(self, small: str, start: int, end: int, key: str) -> bool:
        """Whether the marks fit the name; behind a type word faults are forgiven, and phuong is no name without one."""
        written = small[start:end]
        typed = kind_before(small, start)
        if words.is_marked(written):
            spellings = self._book.spellings(key)
            if written in spellings or key in self._book.provinces:
                return True
            faults = min((_differing_words(written, name) for name in spellings), default=9)
            return bool(typed) and faults <= 1 and not key.startswith("phuong ")
        return not key.startswith("phuong ") or bool(typed)


def _differing_words(one: str, other: str) -> int:
    return sum(left != right for left, right in zip(one.split(" "), other.split(" "), strict=False))


def _groups(scan: Scan) -> Iterator[list[Part]]:
    """Parts that stand together as one address."""
    group: list[Part] = []
    for part in scan.parts():
        if group and _joined(scan, group, part):
            group.append(part)
            continue
        if group:
            yield group
        group = [part]
    if group:
        yield group


def _joined(scan: Scan, group: list[Part], part: Part) -> bool:
    small = scan.small
    last = group[-1]
    gap = small[last.end : part.start]
    if len(gap) > _GAP_LIMIT:
        return False
    reaches = (
        bool(words.REACH.fullmatch(gap))
        and part.kind != "unit"
        and (small.startswith(("từ ", "tu ", "đoạn từ"), group[0].start) or last.kind == "crossing" or "–" in gap)
    )
    if not (words.JOINT.fullmatch(gap) or reaches) or "\n" in gap:
        return False
    units = [member for member in group if member.is_unit]
    if part.is_unit:
        return not units or _explains(scan.book, last, part, gap)
    if part.is_wider:
        return True
    if last.is_wider or (units and len(group) > 1):
        return False
    return not units or part.kind in ("hamlet", "estate") or gap.strip() in ("", "bên", "ben")


def _explains(book: NameBook, last: Part, part: Part, gap: str) -> bool:
    """Whether a second unit belongs to the first (X cũ, nay là Y; phường 3, Ngã Năm; Lái Hiếu, phường Ngã Bảy)."""
    if "nay" in gap or "giờ" in gap or "(" in gap:
        return True
    if last.mention is None or part.mention is None or gap.strip(" ,-") not in ("", "bên", "ben", "của", "thuộc"):
        return False
    if part.mention.kind is None:
        return part.mention.key in book.districts or part.mention.key in book.provinces
    return last.mention.kind is None and last.is_unit


def _settle(group: list[Part], book: NameBook, *, past: bool) -> Settled:
    units = [part.mention for part in group if part.is_unit and part.mention]
    wider = [part.mention for part in group if part.is_wider and part.mention]
    if units:
        return _best_reading(units, wider, book, past=past)
    lent = [part.mention for part in group if part.mention and part.kind != "unit"]
    if lent:
        settled = book.settle(lent[-1], wider, past=past)
        return replace(settled, confidence=min(settled.confidence, 0.6))
    if wider:
        return book.settle(wider[0], past=past)
    return Settled(None, 0.5)


def _best_reading(units: list[Mention], wider: list[Mention], book: NameBook, *, past: bool) -> Settled:
    """The reading of the unit with a type word, the names beside it as evidence."""
    typed = [mention for mention in units if mention.kind] or units[:1]
    beside = [mention for mention in units if mention is not typed[0] and mention.kind is None]
    evidence = [place for place in (*beside, *wider) if place.key in book.districts or place.key in book.provinces]
    readings = [book.settle(mention, evidence, past=past) for mention in typed]
    explained = [
        reading for mention, reading in zip(typed, readings, strict=True) if not mention.older and reading.code
    ]
    if len(typed) > 1 and typed[0].older and explained:
        return replace(explained[-1], older=True)
    return readings[0]
