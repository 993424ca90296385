"""Labelled texts: what one consists of, JSONL in and out with checks, digests, splits that keep copies together."""

import hashlib
import json
import random
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from dataclasses import field as dataclass_field
from itertools import combinations
from pathlib import Path
from typing import Any

from classifiers.prediction import Mask
from classifiers.taxonomy import Taxonomy, load_taxonomy

CORPUS = Path(__file__).with_name("corpus")
ID_PATTERN = re.compile(r"[rp]-b\d{2,3}-\d{4}")
MAX_TOPICS = 4


class BrokenText(ValueError):
    """A labelled text does not follow the schema; the message names file, line and fault."""


@dataclass(frozen=True, slots=True)
class LabelledText:
    """One message as sent, with the labels that a person gave it (corpus/README.md tells what each means).

    ``sentiment_target`` is None only when the sentiment is neutral; ``kind`` only on a post that merely informs.
    ``place`` is the span of the main place, or None; ``unit_code`` today's unit, where the text settles it.
    """

    id: str
    text: str
    topics: tuple[str, ...]
    sentiment: str
    urgency: str
    kind: str | None
    sentiment_target: str | None = None
    flags: tuple[str, ...] = ()
    place: tuple[int, int] | None = None
    unit_code: str | None = None
    register: str = ""
    writer_batch: str = ""
    split_group: str = ""
    note: str | None = None

    @property
    def spam(self) -> bool:
        """True exactly when the kind is spam."""
        return self.kind == "spam"

    @property
    def is_report(self) -> bool:
        """True for a report to the city, False for a public post."""
        return self.id.startswith("r")


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text freed of its marks: the place span and the spans of personal data."""

    text: str
    place: tuple[int, int] | None = None
    masks: tuple[Mask, ...] = dataclass_field(default=())


_MARK = re.compile(r"⟦([^¦⟦⟧]*)¦([^⟦⟧]*)⟧")


def parse_marked(marked: str) -> MarkedText:
    """Take the marks ``⟦type¦words⟧`` out of a text and say where they stood; ``noi`` marks the place.

    >>> parsed = parse_marked("Ngập ở ⟦noi¦hẻm 9⟧, gọi ⟦dien_thoai¦0530000000⟧")
    >>> parsed.text, parsed.place
    ('Ngập ở hẻm 9, gọi 0530000000', (7, 12))
    >>> parsed.masks
    (Mask(start=18, end=28, type='dien_thoai'),)
    """
    pieces: list[str] = []
    masks: list[Mask] = []
    place: tuple[int, int] | None = None
    length = read_to = 0
    for mark in _MARK.finditer(marked):
        before = marked[read_to : mark.start()]
        start = length + len(before)
        end = start + len(mark[2])
        pieces += [before, mark[2]]
        length, read_to = end, mark.end()
        if mark[1] == "noi":
            place = (start, end)
        else:
            masks.append(Mask(start, end, mark[1]))
    pieces.append(marked[read_to:])
    return MarkedText("".join(pieces), place, tuple(masks))


def read_texts(path: Path, taxonomy: Taxonomy | None = None) -> list[LabelledText]:
    """Every labelled text of a JSONL file, checked; raises `BrokenText` with the line number."""
    taxonomy = taxonomy or load_taxonomy()
    texts: list[LabelledText] = []
    seen: set[str] = set()
    for number, row in _rows(path):
        try:
            text = from_json(row)
            check(text, taxonomy)
        except (KeyError, TypeError, ValueError) as error:
            raise BrokenText(f"{path.name}:{number}: {_fault(error)}") from None
        if text.id in seen:
            raise BrokenText(f"{path.name}:{number}: id {text.id} stands here a second time")
        seen.add(text.id)
        texts.append(text)
    return texts


def read_masks(path: Path) -> dict[str, tuple[Mask, ...]]:
    """The spans of personal data by text id, from the sidecar ``masking.jsonl``."""
    return {
        row["id"]: tuple(Mask(span["start"], span["end"], span["type"]) for span in row["spans"])
        for _, row in _rows(path)
    }


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise BrokenText(f"{path.name}:{number}: no JSON ({error.msg})") from None
            if not isinstance(row, dict):
                raise BrokenText(f"{path.name}:{number}: not a JSON object")
            yield number, row


def _fault(error: Exception) -> str:
    return f"the key {error} is missing" if isinstance(error, KeyError) else str(error)


def read_phrases(taxonomy: Taxonomy, path: Path = CORPUS / "phrases.toml") -> dict[str, tuple[str, ...]]:
    """Short phrases by topic, for training, of the topics that the taxonomy has."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))["phrases"]
    return {slug: tuple(phrases) for slug, phrases in table.items() if slug in taxonomy.leaves}


def write_texts(path: Path, texts: Iterable[LabelledText]) -> None:
    """Write texts as JSONL, one object a line, keys in the order of the schema."""
    lines = (json.dumps(to_json(text), ensure_ascii=False) for text in texts)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def write_masks(path: Path, masks: dict[str, tuple[Mask, ...]]) -> None:
    """Write the sidecar of personal-data spans."""
    rows = ({"id": id_, "spans": [asdict(mask) for mask in spans], "keep": []} for id_, spans in masks.items())
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")


def to_json(text: LabelledText) -> dict[str, Any]:
    """The JSON object of one labelled text."""
    return {
        "id": text.id,
        "text": text.text,
        "topics": list(text.topics),
        "sentiment": {"label": text.sentiment, "target": text.sentiment_target},
        "urgency": text.urgency,
        "kind": text.kind,
        "flags": list(text.flags),
        "place": _place_json(text),
        "register": text.register,
        "spam": text.spam,
        "writer_batch": text.writer_batch,
        "split_group": text.split_group,
        "note": text.note,
    }


def _place_json(text: LabelledText) -> dict[str, Any] | None:
    if text.place is None:
        return None
    start, end = text.place
    return {"text": text.text[start:end], "start": start, "end": end, "unit_code": text.unit_code}


def from_json(row: dict[str, Any]) -> LabelledText:
    """The labelled text of one JSON object; raises `BrokenText` when place and text disagree."""
    place = row["place"]
    if place is not None and row["text"][place["start"] : place["end"]] != place["text"]:
        raise BrokenText(f"the place {place['text']!r} does not stand at {place['start']}..{place['end']}")
    return LabelledText(
        id=row["id"],
        text=row["text"],
        topics=tuple(row["topics"]),
        sentiment=row["sentiment"]["label"],
        sentiment_target=row["sentiment"]["target"],
        urgency=row["urgency"],
        kind=row["kind"],
        flags=tuple(row["flags"]),
        place=None if place is None else (place["start"], place["end"]),
        unit_code=None if place is None else place["unit_code"],
        register=row["register"],
        writer_batch=row["writer_batch"],
        split_group=row["split_group"],
        note=row["note"],
    )


def check(text: LabelledText, taxonomy: Taxonomy) -> None:
    """Refuse what the schema forbids; raises `BrokenText` with the fault in words."""
    faults = [fault for fault, present in _faults(text, taxonomy) if present]
    if faults:
        raise BrokenText("; ".join(faults))


def _faults(text: LabelledText, taxonomy: Taxonomy) -> Iterator[tuple[str, bool]]:
    yield f"id {text.id!r} is not like r-b07-0012", not ID_PATTERN.fullmatch(text.id)
    yield "the text is empty", not text.text.strip()
    yield f"more than {MAX_TOPICS} topics", len(text.topics) > MAX_TOPICS
    yield "no topic", not text.topics and (text.is_report or not text.spam)
    for topic in text.topics:
        yield f"unknown topic {topic!r}", topic not in taxonomy.leaves
    yield f"unknown sentiment {text.sentiment!r}", text.sentiment not in taxonomy.sentiments
    yield f"unknown target {text.sentiment_target!r}", text.sentiment_target not in {None, *taxonomy.targets}
    yield "sentiment without a target", text.sentiment != "neutral" and text.sentiment_target is None
    yield f"unknown urgency {text.urgency!r}", text.urgency not in taxonomy.urgencies
    yield f"unknown kind {text.kind!r}", text.kind is not None and text.kind not in taxonomy.kinds
    yield "a report without a kind", text.kind is None and text.is_report
    yield f"unknown flags in {text.flags}", not set(text.flags) <= taxonomy.flags.keys()
    yield "flags are not sorted", list(text.flags) != sorted(set(text.flags))


def digest(texts: Iterable[LabelledText]) -> str:
    """SHA-256 over the texts and their labels in the order of their ids: the same corpus, the same digest."""
    total = hashlib.sha256()
    for text in sorted(texts, key=lambda text: text.id):
        total.update(json.dumps(to_json(text), ensure_ascii=False, sort_keys=True).encode())
    return total.hexdigest()


def grouped_folds(groups: Sequence[str], *, folds: int, seed: int = 0) -> list[list[int]]:
    """Row numbers of each fold; rows of one group are never parted, fold sizes are as even as groups allow.

    >>> sorted(map(sorted, grouped_folds(["a", "a", "b", "c"], folds=2)))
    [[0, 1], [2, 3]]
    """
    members: dict[str, list[int]] = defaultdict(list)
    for row, group in enumerate(groups):
        members[group].append(row)
    names = sorted(members)
    random.Random(seed).shuffle(names)  # noqa: S311 - a split, no secret
    names.sort(key=lambda name: -len(members[name]))
    found: list[list[int]] = [[] for _ in range(folds)]
    for name in names:
        min(found, key=len).extend(members[name])
    return found


SAME_TEXT = 0.60  # Jaccard of character 5-grams from which two texts count as copies (labelling guideline, part 8)
SAME_SCENE = 0.25  # the same for neighbours in the file: hard pairs are written one after the other
NEAR = 6
COMMON = 40  # a 5-gram in more texts than this links nothing: "đường" is no sign of a copy
WORTH_A_LOOK = 12  # rare 5-grams that two texts must share before they are compared


def grouped_copies(texts: Sequence[str], known: Iterable[tuple[int, int]] = ()) -> list[int]:
    """For each text the row of the first text of its group: texts linked by near copies, near or far.

    ``known`` names rows that belong together whatever their words.

    >>> grouped_copies(["Đèn hẻm 9 tắt 3 đêm", "Cống nghẹt đầu chợ", "đèn hẻm 9 tắt 3 đêm liền"])
    [0, 1, 0]
    """
    from classifiers.text.fold import fold_key

    grams = [_grams(fold_key(text)) for text in texts]
    group = list(range(len(texts)))
    copies = (pair for pair in _candidates(grams) if _is_copy(grams, *pair))
    for first, second in (*known, *copies):
        a, b = sorted((_root(group, first), _root(group, second)))
        group[b] = a
    return [_root(group, row) for row in range(len(texts))]


def _is_copy(grams: Sequence[frozenset[str]], first: int, second: int) -> bool:
    limit = SAME_SCENE if second - first <= NEAR else SAME_TEXT
    return _jaccard(grams[first], grams[second]) >= limit


def _candidates(grams: Sequence[frozenset[str]]) -> list[tuple[int, int]]:
    owners: dict[str, list[int]] = defaultdict(list)
    for row, own in enumerate(grams):
        for gram in own:
            owners[gram].append(row)
    shared: Counter[tuple[int, int]] = Counter()
    for rows in owners.values():
        if 1 < len(rows) <= COMMON:
            shared.update(combinations(rows, 2))
    return sorted(pair for pair, count in shared.items() if count >= WORTH_A_LOOK)


def _root(group: Sequence[int], row: int) -> int:
    while group[row] != row:
        row = group[row]
    return row


def _grams(text: str, size: int = 5) -> frozenset[str]:
    return frozenset(text[start : start + size] for start in range(max(1, len(text) - size + 1)))


def _jaccard(first: frozenset[str], second: frozenset[str]) -> float:
    return len(first & second) / len(first | second)
