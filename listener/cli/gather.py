"""`listener collect` and `listener import`: visit sources now, take files in."""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from listener.cli.visits import Ended, visit_all
from listener.errors import ListenerError

if TYPE_CHECKING:
    from listener.collect.files import Row, RowFault
    from listener.collect.service import Kept

BATCH = 200
SHOWN = 10
INTERRUPTED = 130
FIELD_NAMES = {
    "text": "nội dung", "title": "tiêu đề", "id": "mã", "url": "liên kết", "author": "người viết", "published": "ngày",
    "place": "địa điểm", "lat": "vĩ độ", "lng": "kinh độ", "position": "toạ độ",
}  # fmt: skip
console = Console()


def add_to(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command("collect", help="Thăm nguồn ngay bây giờ; không nêu nguồn nào thì thăm tất cả nguồn đang bật.")(collect)
    app.command("reread", help="Đọc lại các trang đã lưu bằng cách đọc hiện nay; bài khác đi được ghi thành bản sửa.")(
        reread
    )
    app.command("import", help="Nhập một tệp CSV, XLSX hoặc JSONL: mỗi dòng một bài hoặc một phản ánh.")(import_file)


def collect(
    source: Annotated[str | None, typer.Argument(help="Tên ngắn của nguồn, ví dụ bao-can-tho")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Thăm tất cả nguồn đang bật (mặc định)")] = False,
) -> None:
    """Visit sources and say what each brought. A source that fails does not stop the others."""
    from listener import pipeline
    from listener.store import sources as rows
    from listener.store.database import session_scope

    prepare()
    with session_scope() as session:
        named = [rows.by_slug(session, source)] if source and not everything else rows.active(session)
        wanted = [found for found in named if found.rest_until is None or found.rest_until <= pipeline.now()]
        if len(wanted) < len(named):
            resting = ", ".join(found.slug for found in named if found not in wanted)
            _say(f"Máy chủ xin nghỉ, chưa hỏi lại: {escape(resting)}.")
        visits = [(found.id, found.slug, found.url) for found in wanted]
    if not visits and not named:
        _say("Chưa có nguồn nào đang bật. Thêm nguồn ở trang Nguồn, hoặc: listener catalog load")
        return
    _show_runs(visit_all(visits, console))


def reread(
    source: Annotated[str | None, typer.Argument(help="Tên ngắn của nguồn; không nêu thì mọi nguồn")] = None,
    days: Annotated[int, typer.Option(min=1, help="Chỉ các trang tải về trong bấy nhiêu ngày")] = 30,
) -> None:
    """Extract posts anew from the pages that were kept, after the rules of reading have changed."""
    from listener import pipeline
    from listener.collect.visit_service import read_again
    from listener.store import pages
    from listener.store import sources as rows
    from listener.store.database import session_scope

    prepare()
    read = changed = 0
    with session_scope() as session:
        source_id = rows.by_slug(session, source).id if source else None
        since = pipeline.now() - timedelta(days=days)
        for batch in pages.every_newest(session, source_id, since=since):
            kept = read_again(session, batch, keep=pipeline.take_posts, now=pipeline.now())
            read, changed = read + len(batch), changed + len(kept.changed)
    _say(f"✓ Đã đọc lại {_number(read)} trang; {_number(changed)} bài khác đi, bản cũ được giữ.")
    if not read:
        _say("Không có trang nào được lưu trong khoảng này.")


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


def _show_runs(ended: Sequence[Ended]) -> None:
    new = sum(one.run.new + one.run.changed for one in ended)
    _say(f"{_number(new)} mục mới hoặc đổi." + (" Đang chờ đọc: listener work --once" if new else ""))
    failed = sum(one.run.outcome == "failed" for one in ended)
    if failed:
        others = "" if failed == len(ended) else "; các nguồn khác vẫn xong"
        _say(f"[yellow]{failed} nguồn không thăm được[/], lý do ở trên{others}.")
    if any(one.run.outcome == "stopped" for one in ended):
        _say("Đã dừng theo yêu cầu. Bài đã thu được giữ; lần sau làm tiếp, không thu lại.")
        raise typer.Exit(INTERRUPTED)


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
