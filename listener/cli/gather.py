"""`listener collect` and `listener import`: visit sources now, take files in."""

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from listener.errors import ListenerError

if TYPE_CHECKING:
    from listener.collect.files import Row, RowFault
    from listener.collect.service import Kept
    from listener.store.tables import SourceRun

HOSTS_AT_ONCE = 3  # sources of one host wait for each other; each visit is a process of some 100 MB
BATCH = 200
SHOWN = 10
OUTCOMES = {"ok": "✓ xong", "unchanged": "= không đổi", "failed": "✗ không được", "running": "… dang dở"}
FIELD_NAMES = {
    "text": "nội dung", "title": "tiêu đề", "id": "mã", "url": "liên kết", "author": "người viết", "published": "ngày",
    "place": "địa điểm", "lat": "vĩ độ", "lng": "kinh độ", "position": "toạ độ",
}  # fmt: skip
console = Console()


def add_to(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command("collect", help="Thăm nguồn ngay bây giờ; không nêu nguồn nào thì thăm tất cả nguồn đang bật.")(collect)
    app.command("import", help="Nhập một tệp CSV, XLSX hoặc JSONL: mỗi dòng một bài hoặc một phản ánh.")(import_file)


def collect(
    source: Annotated[str | None, typer.Argument(help="Tên ngắn của nguồn, ví dụ bao-can-tho")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Thăm tất cả nguồn đang bật (mặc định)")] = False,
) -> None:
    """Visit sources and say what each brought. A source that fails does not stop the others."""
    from listener.store import sources as rows
    from listener.store.database import session_scope

    prepare()
    with session_scope() as session:
        wanted = [rows.by_slug(session, source)] if source and not everything else rows.active(session)
        visits = [(found.id, found.slug, found.url) for found in wanted]
    if not visits:
        _say("Chưa có nguồn nào đang bật. Thêm nguồn ở trang Nguồn, hoặc: listener catalog load")
        return
    _show_runs(_visit_all(visits))


def import_file(
    file: Annotated[Path, typer.Argument(help="Tệp .csv, .xlsx hoặc .jsonl")],
    source: Annotated[str | None, typer.Option(help="Tên nguồn ghi cho các mục; mặc định theo tên tệp")] = None,
    mapping: Annotated[
        list[str] | None, typer.Option("--map", help="Cột nào là gì, ví dụ: text=Nội dung,title=Tiêu đề,published=Ngày")
    ] = None,
    header: Annotated[
        bool, typer.Option("--header/--no-header", help="Dòng đầu là tên cột; --no-header: các cột tên 1, 2, 3…")
    ] = True,
    channel: Annotated[str, typer.Option(help="Kênh: import, comment, news, facebook, forum, zalo…")] = "import",
    reports: Annotated[
        bool, typer.Option("--reports", help="Mỗi dòng là một phản ánh gửi tới, không phải bài đăng")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Chỉ nhập bấy nhiêu dòng đầu")] = None,
    now: Annotated[bool, typer.Option("--now/--later", help="Đọc và chuyển ngay, hoặc để tiến trình nền làm")] = True,
) -> None:
    """Take the rows of a file in, a batch at a time. What was kept stays kept when a later row fails."""
    from listener import pipeline
    from listener.collect import columns, files

    wanted = columns.parse_mapping(mapping or [])
    with files.opened(file, header=header) as table:
        prepare()
        name = source or file.stem
        wanted = wanted or _saved_mapping(name)
        chosen = columns.choose(table.columns, wanted)
        _say("Cột: " + ", ".join(f"{FIELD_NAMES[name]} = “{escape(column)}”" for name, column in chosen.items()))
        rows = files.rows(table, chosen, channel=channel, is_report=reports, now=pipeline.now())
        tally = _Tally()
        with _recorded(name, tally) as source_id:
            _save_mapping(source_id, wanted)
            _take(islice(rows, limit), source_id, tally, now=now)
    tally.show(file.name, later=not now)


@dataclass
class _Tally:
    """What became of the rows so far."""

    read: int = 0
    new: int = 0
    changed: int = 0
    undated: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    refusals: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def copies(self) -> int:
        """Rows that were there already."""
        return self.read - self.new - self.changed - self.refusals

    def refuse(self, line: int, reason: str) -> None:
        """Count a row that was not kept; the first are remembered with their reasons."""
        self.refusals += 1
        if len(self.refused) < SHOWN:
            self.refused.append((line, reason))

    def take(self, rows: Sequence["Row"], kept: "Kept") -> None:
        """Count a batch."""
        lines = {row.post.external_id[:200]: row.line for row in rows}
        self.new += len(kept.new)
        self.changed += len(kept.changed)
        for dropped in kept.dropped:
            self.refuse(lines.get(dropped["id"], 0), dropped["reason"])

    def show(self, name: str, *, later: bool) -> None:
        """Print the counts."""
        speed = self.read / max(time.monotonic() - self.began, 1e-3)
        said = f"✓ Đã giữ [bold]{_number(self.new)}[/] mục từ {escape(name)}"
        said += f", {_number(self.changed)} mục đổi nội dung" if self.changed else ""
        _say(
            f"{said}; {_number(self.copies)} dòng đã có sẵn, {_number(self.refusals)} dòng không nhận "
            f"({_number(self.read)} dòng, {_number(round(speed))} dòng/giây).",
        )
        if self.undated:
            _say(f"  {_number(self.undated)} mục có ngày không đọc được nên để trống ngày.")
        for line, reason in self.refused:
            _say(f"  dòng {line}: {escape(reason)}")
        if self.refusals > len(self.refused):
            _say(f"  … và {_number(self.refusals - len(self.refused))} dòng nữa.")
        if later and self.new:
            _say("Các mục đang chờ đọc: listener work sẽ làm (listener up đã chạy sẵn tiến trình này).")


def prepare() -> None:
    """Tables and catalogue; only warnings are logged, the command itself says what it does."""
    from listener.catalog import service
    from listener.log import set_up_logging
    from listener.settings import settings
    from listener.store.database import migrate, session_scope

    set_up_logging()
    logging.getLogger().setLevel(logging.WARNING)
    migrate()
    with session_scope() as session:
        service.load_if_empty(session, settings().pack)


def _visit_all(visits: Sequence[tuple[int, str, str]]) -> Iterator[tuple[str, "SourceRun"]]:
    """Visit the sources, some hosts side by side; yields each as it ends."""
    hosts: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for source_id, slug, url in visits:
        hosts[urlsplit(url).netloc].append((source_id, slug))
    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool, console.status("") as status:
        left = {slug for _, slug, _ in visits}
        running = {pool.submit(_visit_host, sources): sources for sources in hosts.values()}
        status.update(f"Đang thăm {len(left)} nguồn, mỗi trang cách nhau ít nhất vài giây…")
        for done in as_completed(running):
            for slug, run in done.result():
                left.discard(slug)
                status.update(f"Còn {len(left)} nguồn: {', '.join(sorted(left))}")
                yield slug, run


def _visit_host(sources: Sequence[tuple[int, str]]) -> list[tuple[str, "SourceRun"]]:
    from listener import pipeline
    from listener.store import sources as rows
    from listener.store.database import session_scope

    ended = []
    for source_id, slug in sources:
        pipeline.collect(source_id)
        with session_scope() as session:
            ended.append((slug, rows.recent_runs(session, source_id, 1)[0]))
    return ended


def _show_runs(ended: Iterable[tuple[str, "SourceRun"]]) -> None:
    table = Table("Nguồn", "Kết quả", "Thấy", "Mới", "Đổi", "Ghi chú", box=None, pad_edge=False)
    counts: dict[str, int] = defaultdict(int)
    new = 0
    for slug, run in ended:
        counts[run.outcome] += 1
        new += run.new + run.changed
        numbers = (str(number) for number in (run.found, run.new, run.changed))
        table.add_row(slug, OUTCOMES.get(run.outcome, run.outcome), *numbers, escape(run.problem or ""))
    console.print(table)
    _say(f"{_number(new)} mục mới hoặc đổi." + (" Đang chờ đọc: listener work --once" if new else ""))
    if counts["failed"]:
        others = "" if counts["failed"] == sum(counts.values()) else "; các nguồn khác vẫn xong"
        _say(f"[yellow]{counts['failed']} nguồn không thăm được[/], lý do ở trên{others}.")


def _slug(name: str) -> str:
    from classifiers.text.fold import fold

    return "-".join("".join(letter if letter.isalnum() else " " for letter in fold(name)).split()) or "tep"


def _saved_mapping(name: str) -> dict[str, str]:
    """The mapping with which this source was imported before; none at the first time."""
    from listener.store import sources as rows
    from listener.store.database import session_scope

    with session_scope() as session:
        saved = rows.mapping_of(session, _slug(name))
    if saved:
        _say(f"Dùng lại cách gán cột đã lưu của nguồn “{escape(name)}”; gán lại bằng --map.")
    return saved


def _save_mapping(source_id: int, wanted: dict[str, str]) -> None:
    from listener.store import sources as rows
    from listener.store.database import session_scope

    with session_scope() as session:
        rows.keep_mapping(session, source_id, wanted)


@contextmanager
def _recorded(name: str, tally: _Tally) -> Iterator[int]:
    """The import stands in the books as a visit of the file's source, also when it breaks off."""
    from listener import pipeline
    from listener.store import sources as rows
    from listener.store.database import session_scope
    from listener.store.shapes import Outcome

    with session_scope() as session:
        source_id = rows.file_source(session, _slug(name), name).id
        run_id = rows.begin_visit(session, source_id, now=pipeline.now()).run_id
    problem: str | None = "Nhập dở dang: bị dừng giữa chừng."
    try:
        yield source_id
        problem = None
    except ListenerError as error:
        problem = error.message
        raise
    finally:
        outcome = Outcome("failed" if problem else "ok", found=tally.read, problem=problem)
        refused = [{"id": f"dòng {line}", "reason": reason} for line, reason in tally.refused]
        with session_scope() as session:
            rows.end_visit(
                session, run_id, outcome, new=tally.new, changed=tally.changed, dropped=refused, now=pipeline.now()
            )
        if problem and tally.new:
            _say(f"Đã giữ {_number(tally.new)} mục. Chạy lại lệnh này thì các dòng đã giữ được bỏ qua.")


def _take(rows: Iterator["Row | RowFault"], source_id: int, tally: _Tally, *, now: bool) -> None:
    """Keep the rows batch by batch, each in a transaction of its own."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    looks = (
        TextColumn("Nhập"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]} dòng"),
        TimeElapsedColumn(),
    )
    with Progress(*looks, console=console, transient=True) as progress:
        task = progress.add_task("", total=1.0, rows="0")
        for batch in iter(lambda: list(islice(rows, BATCH)), []):
            done = _take_batch(batch, source_id, tally, now=now)
            progress.update(task, completed=done, rows=_number(tally.read))


def _take_batch(batch: Sequence["Row | RowFault"], source_id: int, tally: _Tally, *, now: bool) -> float:
    """Keep a batch; returns how much of the file is done."""
    from listener import pipeline
    from listener.catalog import service as catalog_service
    from listener.collect.files import Row
    from listener.store.database import session_scope

    good = [row for row in batch if isinstance(row, Row)]
    with session_scope() as session:
        posts = [row.post for row in good]
        if now:
            catalog = catalog_service.current(session)
            kept = pipeline.keep_now(session, posts, source_id=source_id, catalog=catalog, at=pipeline.now())
        else:
            kept = pipeline.take_posts(session, posts, source_id=source_id)
    tally.read += len(batch)
    tally.undated += sum(1 for row in good if row.note)
    for row in batch:
        if not isinstance(row, Row):
            tally.refuse(row.line, row.reason)
    tally.take(good, kept)
    return good[-1].done if good else 0.0


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def _say(line: str) -> None:
    """A line, not broken at the width of a terminal that may be none."""
    console.print(line, soft_wrap=True, highlight=False)
