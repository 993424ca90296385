"""From the compact lines that people write to the labelled corpus: ``python -m classifiers.writing OUT_DIR FILE…``."""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from classifiers.datasets import (
    BrokenText,
    LabelledText,
    check,
    grouped_copies,
    parse_marked,
    write_masks,
    write_texts,
)
from classifiers.prediction import Mask
from classifiers.taxonomy import load_taxonomy

COLUMNS = 9
BATCH = 70  # lines of one sitting
FIRST_TEST_BATCH = 951  # batches of the test split: never those of a writer of training texts
_NAME = re.compile(r"(?:w(\d)|test)_(reports|posts)")
_SENTIMENTS = {"neg": "negative", "neu": "neutral", "pos": "positive"}
_TARGETS = {"auth": "authority_service", "third": "third_party", "sit": "situation"}


@dataclass(frozen=True, slots=True)
class Written:
    """A labelled text and the personal data that its writer marked."""

    text: LabelledText
    masks: tuple[Mask, ...]


def read_compact(path: Path) -> list[Written]:
    """The texts of one file of compact lines; raises `BrokenText` with the line number.

    The file's name says who wrote and what: ``w3_posts.txt`` holds posts of the third writer.
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
        batch = f"{name[1]}{block + 1:02d}" if name[1] else str(FIRST_TEST_BATCH + block)
        try:
            written = _parse(line, id_=f"{letter}-b{batch}-{len(found) % BATCH + 1:04d}")
            check(written.text, load_taxonomy())
        except ValueError as error:
            raise BrokenText(f"{path.name}:{number}: {error}") from None
        batch_name = f"b{batch}" if letter == "r" else f"p{batch}"
        found.append(replace(written, text=replace(written.text, writer_batch=batch_name)))
    return found


def _parse(line: str, *, id_: str) -> Written:
    cells = [cell.strip() for cell in line.split(" | ", COLUMNS - 1)]
    if len(cells) != COLUMNS:
        raise BrokenText(f"{len(cells)} columns instead of {COLUMNS}")
    topics, sentiment, urgency, kind, flags, unit, register, note, marked = cells
    stance, _, target = sentiment.partition("/")
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
    groups = grouped_copies([each.text.text for each in written])
    return [
        replace(each, text=replace(each.text, split_group=written[group].text.id))
        for each, group in zip(written, groups, strict=True)
    ]


def main(out: Path, files: Sequence[Path]) -> None:
    """Write reports, posts and the test split, each with a sidecar of personal data, from compact files."""
    written = with_groups([each for path in files for each in read_compact(path)])
    training = [each for each in written if not _is_test(each)]
    out.mkdir(parents=True, exist_ok=True)
    write_texts(out / "reports.jsonl", [each.text for each in training if each.text.is_report])
    write_texts(out / "posts.jsonl", [each.text for each in training if not each.text.is_report])
    write_masks(out / "masking.jsonl", _masks(training))
    if test := [each for each in written if _is_test(each)]:
        write_texts(out / "test.jsonl", [each.text for each in test])
        write_masks(out / "test_masking.jsonl", _masks(test))


def _is_test(written: Written) -> bool:
    return int(written.text.writer_batch[1:]) >= FIRST_TEST_BATCH


def _masks(written: Sequence[Written]) -> dict[str, tuple[Mask, ...]]:
    return {each.text.id: each.masks for each in written if each.masks}


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: python -m classifiers.writing OUT_DIR FILE…")
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
