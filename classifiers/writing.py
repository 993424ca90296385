"""From the compact lines that people write into the labelled corpus: ``python -m classifiers.writing CORPUS FILE…``."""

import re
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from classifiers.datasets import (
    BrokenText,
    LabelledText,
    check,
    grouped_copies,
    parse_marked,
    read_masks,
    read_texts,
    write_masks,
    write_texts,
)
from classifiers.diversity import shared_runs
from classifiers.prediction import Mask
from classifiers.taxonomy import load_taxonomy

COLUMNS = 9
BATCH = 70  # lines of one sitting
FIRST_TEST_BATCH = 951  # batches of the test split: never those of a writer of training texts
PAIR = "pair"  # the note of a text that differs from the one before it by the deciding fact alone
DECOMPOSED = 25  # one text in so many is kept as some phones send it, letters and marks apart
_NAME = re.compile(r"(?:w(\d{1,3})|test)_(reports|posts)")
_SENTIMENTS = {"neg": "negative", "neu": "neutral", "pos": "positive"}
_TARGETS = {"auth": "authority_service", "third": "third_party", "sit": "situation"}


@dataclass(frozen=True, slots=True)
class Written:
    """A labelled text and the personal data that its writer marked."""

    text: LabelledText
    masks: tuple[Mask, ...]


def read_compact(path: Path) -> list[Written]:
    """The texts of one file of compact lines; raises `BrokenText` with the line number.

    The file's name says who wrote and what: ``w3_posts.txt`` holds posts of the third writer, in batches from 301 on;
    ``w420_posts.txt`` those that begin with batch 420, one text in 25 of them decomposed (NFD).
    """
    name = _NAME.match(path.name)
    if name is None:
        raise BrokenText(f"{path.name}: the name must be like w1_reports.txt, w1_posts.txt or test_posts.txt")
    letter = name[2][0]
    found: list[Written] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        block = len(found) // BATCH
        batch = f"{_first_batch(name[1]) + block:03d}"
        decomposed = len(name[1] or "") == 3 and len(found) % DECOMPOSED == DECOMPOSED - 1
        try:
            written = _parse(line, id_=f"{letter}-b{batch}-{len(found) % BATCH + 1:04d}", decomposed=decomposed)
            check(written.text, load_taxonomy())
        except ValueError as error:
            raise BrokenText(f"{path.name}:{number}: {error}") from None
        batch_name = f"b{batch}" if letter == "r" else f"p{batch}"
        text = replace(written.text, writer_batch=batch_name)
        partner = found[-1].text.split_group if found and _is_partner(text.note) else text.id
        found.append(replace(written, text=replace(text, split_group=partner, note=_without_pair(text.note))))
    return found


def _is_partner(note: str | None) -> bool:
    """Whether a text is the second of a hard pair, written right after the first."""
    return note is not None and note.split(";")[0].strip() == PAIR


def _without_pair(note: str | None) -> str | None:
    return (note or "")[len(PAIR) :].strip("; ") or None if _is_partner(note) else note


def _first_batch(writer: str | None) -> int:
    if writer is None:
        return FIRST_TEST_BATCH
    return int(writer) if len(writer) == 3 else 100 * int(writer) + 1


def _parse(line: str, *, id_: str, decomposed: bool = False) -> Written:
    cells = [cell.strip() for cell in line.split(" | ", COLUMNS - 1)]
    if len(cells) != COLUMNS:
        raise BrokenText(f"{len(cells)} columns instead of {COLUMNS}")
    topics, sentiment, urgency, kind, flags, unit, register, note, marked = cells
    stance, _, target = sentiment.partition("/")
    if decomposed and not marked.isascii():
        marked, register = unicodedata.normalize("NFD", marked), f"{register}+nfd"
    parsed = parse_marked(marked.replace("\\n", "\n"))
    text = LabelledText(
        id=id_,
        text=parsed.text,
        topics=_several(topics),
        sentiment=_SENTIMENTS.get(stance, stance),
        sentiment_target=_TARGETS.get(target),
        urgency=urgency,
        kind=_or_none(kind),
        flags=tuple(sorted(set(_several(flags)))),
        place=parsed.place,
        unit_code=_or_none(unit) if parsed.place else None,
        register=register,
        split_group=id_,
        note=_or_none(note),
    )
    return Written(text, parsed.masks)


def _several(cell: str) -> tuple[str, ...]:
    return () if cell == "-" else tuple(part.strip() for part in cell.split(",") if part.strip())


def _or_none(cell: str) -> str | None:
    return None if cell == "-" else cell


def with_groups(written: Sequence[Written]) -> list[Written]:
    """The same texts with near copies and pairs under one split group: the id of the first of them."""
    first: dict[str, int] = {}
    known = [(first.setdefault(each.text.split_group, row), row) for row, each in enumerate(written)]
    groups = grouped_copies([each.text.text for each in written], known)
    return [
        replace(each, text=replace(each.text, split_group=written[group].text.id))
        for each, group in zip(written, groups, strict=True)
    ]


def without_repeats(written: Sequence[Written]) -> list[Written]:
    """The texts but those that share a run of eight words with one before them; each left out is told."""
    repeats = {row: (other, run) for row, other, run in shared_runs([each.text.text for each in written])}
    for row, (other, run) in repeats.items():
        print(f"left out {written[row].text.id}: “{run}” stands in {written[other].text.id} too", file=sys.stderr)  # noqa: T201
    return [each for row, each in enumerate(written) if row not in repeats]


def main(out: Path, files: Sequence[Path]) -> None:
    """Add the texts of compact files to a corpus: reports, posts, the test split, and the sidecars of personal data.

    A text of the corpus that a file holds too (the same id) is replaced; one that repeats eight words of another is
    left out, the test split having the first say.
    """
    added = [each for path in files for each in read_compact(path)]
    new = {each.text.id for each in added}
    known = [each for each in _corpus(out) if each.text.id not in new]
    written = with_groups(without_repeats(sorted([*known, *added], key=lambda each: not _is_test(each))))
    training = [each for each in written if not _is_test(each)]
    out.mkdir(parents=True, exist_ok=True)
    write_texts(out / "reports.jsonl", [each.text for each in training if each.text.is_report])
    write_texts(out / "posts.jsonl", [each.text for each in training if not each.text.is_report])
    write_masks(out / "masking.jsonl", _masks(training))
    if test := [each for each in written if _is_test(each)]:
        write_texts(out / "test.jsonl", [each.text for each in test])
        write_masks(out / "test_masking.jsonl", _masks(test))


def _corpus(folder: Path) -> list[Written]:
    """The texts that a corpus holds already."""
    found: list[Written] = []
    for name, sidecar in (("reports", "masking"), ("posts", "masking"), ("test", "test_masking")):
        texts, masks = folder / f"{name}.jsonl", folder / f"{sidecar}.jsonl"
        known = read_masks(masks) if masks.is_file() else {}
        found += [Written(text, known.get(text.id, ())) for text in (read_texts(texts) if texts.is_file() else [])]
    return found


def _is_test(written: Written) -> bool:
    return int(written.text.writer_batch[1:]) >= FIRST_TEST_BATCH


def _masks(written: Sequence[Written]) -> dict[str, tuple[Mask, ...]]:
    return {each.text.id: each.masks for each in written if each.masks}


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: python -m classifiers.writing CORPUS FILE…")
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
