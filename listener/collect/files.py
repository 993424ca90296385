"""Files of other systems: CSV, XLSX and JSON lines, read row by row and never whole."""

import codecs
import csv
import io
import json
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from listener.collect import columns as column_rules
from listener.collect.found import FoundPost
from listener.errors import FileRefused

MOST_LINES = 100  # lines of one cell; more and its quote was never closed
LONGEST_LINE = 2_000_000  # characters of one line; more is no row but a broken file
SAMPLE = 65_536  # characters by which the separator is found
PEEK = 20  # JSON lines by which the columns are found
ALONE = "\x1f"  # a separator no text holds, for files of one column
DIALECTS = ((",", True), (";", True), ("\t", True), ("\t", False), ("|", True))  # separator, whether quotes count
EVEN = 0.8  # share of rows that must have one width for a separator to be believed


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that cannot be used, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row made a post; ``done`` is the share of the file read so far."""

    line: int
    post: FoundPost
    done: float
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A row as the file has it: its line and its cells by column."""

    line: int
    done: float
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """An open file: its columns and its rows."""

    columns: Sequence[str]
    records: Iterator[Record | RowFault]


@contextmanager
def opened(path: Path, *, header: bool = True) -> Iterator[Table]:
    """The rows of a file, whatever its kind; without ``header`` its columns are called 1, 2, 3 …

    Raises
    ------
    FileRefused
        There is no such file, it is empty, or of another kind.
    """
    if not path.is_file():
        raise FileRefused(f"Không có tệp {path}. Kiểm tra lại đường dẫn.")
    with path.open("rb") as file:
        start = file.read(4096)
        file.seek(0)
        size = path.stat().st_size
        if not start.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
            raise FileRefused(f"Tệp {path.name} trống.")
        if start.startswith(b"PK"):
            yield _sheet(file, path, header=header)
            return
        text = io.TextIOWrapper(file, encoding=_encoding(file, start, path), errors="replace", newline="")
        head = text.read(200).lstrip("\ufeff \r\n\t")
        text.seek(0)
        if head.startswith("["):
            raise FileRefused(f"Tệp {path.name} là một mảng JSON. Hãy xuất thành JSONL: mỗi dòng một đối tượng {{…}}.")
        yield (
            _json_lines(text, file, size) if head.startswith("{") else _separated(text, file, size, path, header=header)
        )


def rows(
    table: Table, chosen: Mapping[str, str], *, channel: str, is_report: bool, now: datetime
) -> Iterator[Row | RowFault]:
    """Posts made of the rows, and the rows that hold none."""
    for record in table.records:
        if isinstance(record, RowFault):
            yield record
            continue
        made = column_rules.make(record.cells, chosen, channel=channel, is_report=is_report, now=now)
        if made is None:
            yield RowFault(record.line, "không có nội dung")
        else:
            yield Row(record.line, made.post, record.done, made.note)


def _encoding(file: IO[bytes], start: bytes, path: Path) -> str:
    """UTF-8, UTF-16 or Windows-1258, by the marks and then by the bytes of the whole file."""
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    zeros = (start[0::2].count(0), start[1::2].count(0))
    if max(zeros) > len(start) // 8 and min(zeros) < len(start) // 50 + 1:
        return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    if 0 in start:
        raise FileRefused(
            f"Tệp {path.name} không phải CSV, XLSX hay JSONL. Nếu là Excel cũ (.xls), hãy mở ra và lưu lại thành .xlsx."
        )
    return "utf-8" if _is_utf8(file) else "cp1258"


def _is_utf8(file: IO[bytes]) -> bool:
    """Whether far more letters are good UTF-8 than bytes are bad, so that one broken byte does not spoil a file."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = bad = 0
    while piece := file.read(1 << 20):
        text = decoder.decode(piece)
        broken = text.count("\ufffd")
        bad += broken
        good += len(text) - len(text.encode("ascii", "ignore")) - broken
    file.seek(0)
    return bad == 0 or good > 10 * bad


def _separated(text: IO[str], file: IO[bytes], size: int, path: Path, *, header: bool) -> Table:
    """CSV and its relatives, and plain lists of lines."""
    sample = text.read(SAMPLE)
    text.seek(0)
    csv.field_size_limit(LONGEST_LINE)
    lines = _lines(text)
    told = re.match(r"\ufeff?sep=(.)\r?\n", sample)
    separator, quotes = (told[1], True) if told else _dialect(sample, path)
    if told:
        next(lines)
    reader = csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE)
    names = _unique([name.lstrip("\ufeff") for name in next(reader, [])]) if header else []
    width = len(names) or max((len(row) for row in _parsed(sample, separator, quotes=quotes)), default=1)
    names = names or [str(place + 1) for place in range(width)]
    return Table(names, _csv_records(reader, names, file, size))


def _csv_records(reader: Any, names: Sequence[str], file: IO[bytes], size: int) -> Iterator[Record | RowFault]:
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield _unclosed(line, reader.line_num)
            continue
        if reader.line_num - line > MOST_LINES:
            yield _unclosed(line, reader.line_num)
            continue
        if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
            yield RowFault(
                line,
                f"có {len(cells)} cột, tệp có {len(names)} cột (nội dung có dấu ngăn mà không đặt trong nháy kép?)",
            )
        elif any(cell.strip() for cell in cells):
            yield Record(line, min(1.0, file.tell() / size), dict(zip(names, cells, strict=False)))


def _unclosed(first: int, last: int) -> RowFault:
    return RowFault(first, f"dấu nháy kép mở mà không đóng, nên không tách được các dòng {first}–{last}")


def _lines(text: IO[str]) -> Iterator[str]:
    """The lines of a file; one that is far too long is cut."""
    while line := text.readline(LONGEST_LINE):
        yield line
        while not line.endswith("\n") and len(line) == LONGEST_LINE:
            line = text.readline(LONGEST_LINE)


def _dialect(sample: str, path: Path) -> tuple[str, bool]:
    """The separator that gives most rows one width, and whether quotes count."""
    best, found = (EVEN, 1), (ALONE, path.suffix.lower() == ".csv")
    for separator, quotes in DIALECTS:
        widths = Counter(len(row) for row in _parsed(sample, separator, quotes=quotes) if row)
        if not widths:
            continue
        width, count = widths.most_common(1)[0]
        share = count / widths.total()
        if width > 1 and share >= EVEN and (share, width) > best:
            best, found = (share, width), (separator, quotes)
    return found


def _parsed(sample: str, separator: str, *, quotes: bool) -> list[list[str]]:
    """The first rows of a sample under a separator; its last row, which may be cut, is left out."""
    lines = sample.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE)
    found: list[list[str]] = []
    try:
        for row in reader:
            found.append(row)
            if len(found) > 200:
                break
    except csv.Error:
        return []
    return found[:-1] if len(sample) >= SAMPLE and len(found) > 1 else found


def _unique(names: Sequence[str]) -> list[str]:
    """The headers, the nameless by their place, the repeated numbered."""
    seen: Counter[str] = Counter()
    given = []
    for place, raw in enumerate(names):
        name = " ".join(raw.split()) or f"cột {place + 1}"
        seen[name] += 1
        given.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return given


def _json_lines(text: IO[str], file: IO[bytes], size: int) -> Table:
    """One JSON object a line; inner objects are columns with a dot: ``toaDo.lat``."""
    names: dict[str, None] = {}
    for line, _ in zip(_lines(text), range(PEEK), strict=False):
        names.update(dict.fromkeys(_object(line) or ()))
    text.seek(0)
    return Table(list(names), _json_records(text, file, size))


def _json_records(text: IO[str], file: IO[bytes], size: int) -> Iterator[Record | RowFault]:
    for number, line in enumerate(_lines(text), 1):
        if not line.strip():
            continue
        cells = _object(line)
        if cells is None:
            yield RowFault(number, "không phải một đối tượng JSON")
        else:
            yield Record(number, min(1.0, file.tell() / size), cells)


def _object(line: str) -> dict[str, str] | None:
    try:
        given = json.loads(line.lstrip("\ufeff"), strict=False)
    except (ValueError, RecursionError):
        return None
    return dict(_flat(given)) if isinstance(given, dict) else None


def _flat(given: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in given.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        elif isinstance(value, list):
            yield before + name, ", ".join(_cell(part) for part in value)
        else:
            yield before + name, _cell(value)


def _sheet(file: IO[bytes], path: Path, *, header: bool) -> Table:
    """The first sheet of an Excel file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that do not matter here
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise FileRefused(f"Không mở được {path.name} như tệp Excel (.xlsx): tệp hỏng hoặc là loại khác.") from error
    sheet = book.worksheets[0]
    last = sheet.max_row or 0
    sheet.reset_dimensions()  # some programs write wrong ones, and rows would be cut
    lines = enumerate(([_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)), 1)
    filled = ((number, cells) for number, cells in lines if any(cell.strip() for cell in cells))
    first = next(filled, None)
    if first is None:
        raise FileRefused(f"Tệp {path.name} trống.")
    names = _unique(first[1]) if header else [str(place + 1) for place in range(len(first[1]))]
    return Table(names, _sheet_records(first if not header else None, filled, names, last))


def _sheet_records(
    first: tuple[int, list[str]] | None, filled: Iterator[tuple[int, list[str]]], names: Sequence[str], last: int
) -> Iterator[Record | RowFault]:
    if first is not None:
        yield Record(first[0], 0.0, dict(zip(names, first[1], strict=False)))
    for number, cells in filled:
        yield Record(number, min(1.0, number / last) if last else 0.0, dict(zip(names, cells, strict=False)))


def _cell(value: object) -> str:
    """A cell as text."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
