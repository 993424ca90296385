"""A folder into which another system or a person puts files: CSV, XLSX, JSONL. Nothing of it goes over a network."""

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import scrapy
from scrapy.http import TextResponse

from listener.collect import columns, files
from listener.collect.spiders.base import NotThisKind, SourceSpider
from listener.collect.spiders.memory import Entry
from listener.collect.spiders.strands import clean_text
from listener.errors import FileRefused

MOST_ROWS = 5_000  # of one visit; the rest at the next, from the row where this one ended
RIPE = 5.0  # seconds a file must have lain still, so that nobody is still writing it
KINDS = (".csv", ".tsv", ".txt", ".xlsx", ".jsonl", ".ndjson")
KEPT_FILES = 500


class DropSpider(SourceSpider):
    """Reads new and changed files of the source's folder. Options: ``map channel reports header``."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.done: dict[str, str] = dict(self.order.memory.get("files") or {})
        self.at: dict[str, int] = dict(self.order.memory.get("at") or {})
        self.rows = 0
        self.remarks: list[str] = []
        self.open_files = 0

    def entries(self, response: TextResponse) -> list[Entry]:
        """The rows of a file that is given as a page is; for trying a mapping out."""
        folder = Path(self.order.access["folder"])
        path = folder / Path(response.url).name
        try:
            with files.opened(path, header=self._header()) as table:
                rows = files.rows(table, self._chosen(table), channel="import", is_report=False, now=self.moment)
                good = [row.post for row in rows if isinstance(row, files.Row)]
        except FileRefused as error:
            raise NotThisKind(error.message) from error
        return [Entry(post.external_id, post.url, post.title, post.text, post.author, _written(post)) for post in good]

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Read the folder; there is nothing to ask anybody for."""
        folder = Path(self.order.access["folder"])
        folder.mkdir(parents=True, exist_ok=True)
        waiting = [path for path in sorted(folder.iterdir()) if self._is_new(path)]
        self.ending = ("ok", None) if waiting else ("unchanged", None)
        for path in waiting:
            if self.rows >= MOST_ROWS:
                self.open_files += 1
                continue
            try:
                self._read(path)
            except FileRefused as error:
                self._done(path)
                self.remarks.append(error.message)
        return
        yield  # an iterator without requests

    def _read(self, path: Path) -> None:
        """Give the rows of a file, from where the last visit ended."""
        state, begin = _state(path), self.at.get(f"{path.name} {_state(path)}", 0)
        with files.opened(path, header=self._header()) as table:
            made = files.rows(
                table,
                self._chosen(table),
                channel=str(self.options.get("channel", "import")),
                is_report=bool(self.options.get("reports")),
                now=self.moment,
            )
            for number, row in enumerate(islice(made, begin, None), begin + 1):
                if isinstance(row, files.Row):
                    self._give_row(row)
                else:
                    self.tally.troubles[f"{path.name}: {row.reason}"] += 1
                if self.rows >= MOST_ROWS:
                    self.at[f"{path.name} {state}"] = number
                    self.open_files += 1
                    return
        self._done(path)

    def _give_row(self, row: files.Row) -> None:
        self.rows += 1
        moment = row.post.published_at
        post = asdict(row.post) | {"published_at": moment.isoformat() if moment else None}
        self._write(post={name: clean_text(value) if isinstance(value, str) else value for name, value in post.items()})
        if row.note:
            self.tally.dates.append(row.note)

    def _done(self, path: Path) -> None:
        self.at.pop(f"{path.name} {_state(path)}", None)
        self.done.pop(path.name, None)
        self.done[path.name] = _state(path)

    def _is_new(self, path: Path) -> bool:
        if path.is_symlink() or not path.is_file() or path.suffix.lower() not in KINDS or path.name.startswith("."):
            return False
        return self.done.get(path.name) != _state(path) and time.time() - path.stat().st_mtime >= self._ripe()

    def _ripe(self) -> float:
        return float(self.options.get("ripe", RIPE))

    def _header(self) -> bool:
        return self.options.get("header", True) is not False

    def _chosen(self, table: files.Table) -> dict[str, str]:
        wanted = self.options.get("map") or {}
        return columns.choose(table.columns, wanted if isinstance(wanted, Mapping) else {})

    def closed(self, reason: str) -> None:  # noqa: ARG002
        """The last line: what was read, and where to go on."""
        status, _ = self.ending or ("failed", None)
        remarks = list(self.remarks)
        remarks += [f"{count} dòng không nhận: {words}." for words, count in self.tally.troubles.most_common(3)]
        remarks += [f"{len(self.tally.dates)} dòng không rõ ngày: {self.tally.dates[0]}."] if self.tally.dates else []
        remarks += [f"Còn {self.open_files} tệp đọc dở, lần sau đọc tiếp."] if self.open_files else []
        kept = {"files": dict(list(self.done.items())[-KEPT_FILES:]), "at": self.at}
        problem = " ".join(remarks) or None
        told = {"status": status, "found": self.rows, "problem": problem, "memory": kept}
        self._write(outcome=told | self._told_of_host())


def _state(path: Path) -> str:
    """Changes when the file does."""
    told = path.stat()
    return f"{told.st_size}-{told.st_mtime_ns}"


def _written(post: Any) -> str | None:
    return post.published_at.isoformat() if post.published_at else None
