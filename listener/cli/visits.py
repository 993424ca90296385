"""Visits to many sources at once, with a board that shows how each goes while it goes."""

import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from listener.collect.service import Kept
    from listener.store.tables import SourceRun

HOSTS_AT_ONCE = 3  # sources of one host wait for each other; each visit is a process of some 100 MB
OUTCOMES = {
    "ok": "✓ xong",
    "unchanged": "= không đổi",
    "failed": "✗ không được",
    "stopped": "‖ đã dừng",
    "running": "… dang dở",
}
WAITING = "· chờ"


@dataclass(frozen=True, slots=True)
class Ended:
    """A visit that is over, as it stands in the books."""

    slug: str
    run: "SourceRun"


@dataclass(slots=True)
class Line:
    """One source on the board."""

    state: str = WAITING
    found: int = 0
    new: int = 0
    changed: int = 0
    refused: int = 0
    since: float | None = None
    words: str = ""

    @property
    def copies(self) -> int:
        """Posts that were there already."""
        return max(0, self.found - self.new - self.changed - self.refused)


@dataclass
class Board:
    """How the visits go: posts, new ones, copies, errors, by source and in all."""

    lines: dict[str, Line]
    lock: threading.Lock = field(default_factory=threading.Lock)

    def began(self, slug: str) -> None:
        """A visit begins."""
        with self.lock:
            line = self.lines[slug]
            line.state, line.since = "→ đang thăm", time.monotonic()

    def brought(self, slug: str, posts: int, kept: "Kept") -> None:
        """A batch of posts is kept."""
        with self.lock:
            line = self.lines[slug]
            line.found += posts
            line.new, line.changed, line.refused = len(kept.new), len(kept.changed), len(kept.dropped)

    def ended(self, slug: str, run: "SourceRun") -> None:
        """A visit is over."""
        with self.lock:
            line = self.lines[slug]
            line.state, line.words, line.since = OUTCOMES.get(run.outcome, run.outcome), run.problem or "", None
            line.found, line.new, line.changed = max(line.found, run.found), run.new, run.changed
            line.refused = len(run.dropped)

    def __rich__(self) -> Table:
        """The board as it stands now."""
        with self.lock:
            lines = dict(self.lines)
        table = Table("Nguồn", "Kết quả", "Thấy", "Mới", "Đổi", "Đã có", "Lỗi", "Ghi chú", box=None, pad_edge=False)
        for slug, line in lines.items():
            numbers = (line.found, line.new, line.changed, line.copies, line.refused)
            words = escape(line.words) if line.since is None else f"{time.monotonic() - line.since:.0f} giây"
            table.add_row(slug, line.state, *map(str, numbers), words)
        if len(lines) > 1:
            sums = [sum(getattr(line, name) for line in lines.values()) for name in NUMBERS]
            over = sum(line.state not in (WAITING,) and line.since is None for line in lines.values())
            table.add_row(f"[bold]{len(lines)} nguồn[/]", f"{over}/{len(lines)}", *map(str, sums), "")
        return table


NUMBERS = ("found", "new", "changed", "copies", "refused")


def visit_all(visits: Sequence[tuple[int, str, str]], console: Console) -> list[Ended]:
    """Visit sources (id, short name, address), some hosts side by side, and show the board.

    Ctrl-C ends the visits that run, with what they have, and begins no other.
    """
    hosts: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for source_id, slug, url in visits:
        hosts[urlsplit(url).netloc].append((source_id, slug))
    board, stop = Board({slug: Line() for _, slug, _ in visits}), threading.Event()
    longest_first = sorted(hosts.values(), key=len, reverse=True)
    live = Live(board, console=console, refresh_per_second=4, auto_refresh=console.is_terminal)
    with live, ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        running = [pool.submit(_visit_host, sources, board, stop) for sources in longest_first]
        try:
            wait(running)
        except KeyboardInterrupt:
            stop.set()
            wait(running)
    return [one for done in running for one in done.result()]


def _visit_host(sources: Sequence[tuple[int, str]], board: Board, stop: threading.Event) -> list[Ended]:
    from listener import pipeline
    from listener.collect.visit_service import visit_source
    from listener.settings import settings
    from listener.store import sources as rows
    from listener.store.database import session_scope

    ended = []
    for source_id, slug in sources:
        if stop.is_set():
            break
        board.began(slug)
        visit_source(
            source_id,
            scope=session_scope,
            settings=settings(),
            clock=pipeline.now,
            keep=pipeline.take_posts,
            watch=partial(board.brought, slug),
            stop=stop,
        )
        with session_scope() as session:
            run = rows.recent_runs(session, source_id, 1)[0]
        board.ended(slug, run)
        ended.append(Ended(slug, run))
    return ended
