"""One visit to one source, in a process of its own: Scrapy's reactor starts only once, and a crash stays outside.

What the process finds is handed over while it still runs, so that a visit that is cut off loses nothing that came.
"""

import base64
import json
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any

from listener.collect.access import access
from listener.collect.found import FetchedPage, FoundPost
from listener.log import logger
from listener.metrics import SOURCE_RUNS
from listener.settings import Settings
from listener.store.shapes import Outcome, Visit

LONGEST = 8 * 60.0  # seconds after which a visit closes by itself with what it has; 30 articles at 5 s take 3 minutes
GRACE = 90.0  # seconds it then gets to finish its last page before it is stopped from outside
BATCH = 100  # lines handed over together
PULSE = 0.25  # seconds between two looks at whether somebody wants the visit to stop
STOPPED = "Lần thăm được dừng theo yêu cầu; bài đã thu được giữ lại."
log = logger("collect")


@dataclass(slots=True)
class Brought:
    """What came at once: posts, the marks by which their entries are known, the pages they were read from.

    ``looked`` are posts that were found unchanged at a second look, ``gone`` those that their site has taken away.
    """

    posts: list[FoundPost] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)
    pages: list[FetchedPage] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def add(self, line: dict[str, Any]) -> None:
        """Take in one line of the visit's process."""
        if "post" in line:
            self.posts.append(_post(line["post"]))
        if "page" in line:
            self.pages.append(_page(line["page"]))
        if "seen" in line:
            self.seen.update([line["seen"]])
        self.looked += [line["looked"]] if "looked" in line else []
        self.gone += [line["gone"]] if "gone" in line else []

    def __bool__(self) -> bool:
        return bool(self.posts or self.seen or self.looked or self.gone)


@dataclass(frozen=True, slots=True)
class Result:
    """All that a visit brought, and how it ended."""

    posts: list[FoundPost] = field(default_factory=list)
    outcome: Outcome = field(default_factory=lambda: Outcome("failed"))
    pages: list[FetchedPage] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


def visit(visit: Visit, settings: Settings, *, longest: float = LONGEST, grace: float = GRACE) -> Result:
    """Visit a source and wait for the end. What goes wrong becomes a failed outcome with the cause in words."""
    everything = Brought()
    with begun(visit, settings, longest=longest, grace=grace) as journey:
        for brought in journey.batches():
            everything.posts += brought.posts
            everything.pages += brought.pages
            everything.looked += brought.looked
            everything.gone += brought.gone
    return Result(everything.posts, journey.outcome, everything.pages, everything.looked, everything.gone)


@contextmanager
def begun(
    visit: Visit,
    settings: Settings,
    *,
    stop: threading.Event | None = None,
    longest: float = LONGEST,
    grace: float = GRACE,
) -> Iterator["Journey"]:
    """A visit under way; when the block ends so does its process, whatever happened. ``stop`` ends it early."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "listener.collect.spiders"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            start_new_session=True,  # Ctrl-C is for who waits, not for the visit
        )
        journey = Journey(process, said, stop or threading.Event())
        timer = threading.Timer(longest + grace, journey.cut)
        timer.start()
        try:
            journey.tell(_order(visit, settings, longest))
            yield journey
        finally:
            timer.cancel()
            journey.end()
    outcome = journey.outcome
    SOURCE_RUNS.labels(outcome.status).inc()
    log.info("visited", source=visit.slug, outcome=outcome.status, found=outcome.found, peak=outcome.peak)


class Journey:
    """A visit's process: what it finds as it comes, and how it ended once nothing more comes."""

    def __init__(self, process: "subprocess.Popen[bytes]", said: IO[bytes], stop: threading.Event) -> None:
        self.process, self.said, self.stop = process, said, stop
        self.outcome = Outcome("failed", problem="Lần thăm dừng giữa chừng.")
        self.was_cut = False
        self.lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def tell(self, order: dict[str, Any]) -> None:
        """Give the process its order; the pipe stays open as a sign that somebody waits."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):  # it has ended already, and its end tells why
            self.process.stdin.write(json.dumps(order).encode() + b"\n")
            self.process.stdin.flush()

    def batches(self) -> Iterator[Brought]:
        """What comes, together as far as it came together, until the visit is over."""
        over = False
        while not over:
            brought, over = self._next()
            if brought:
                yield brought
        self._close()

    def cut(self) -> None:
        """End a visit that did not end by itself."""
        self.was_cut = True
        self.process.kill()

    def end(self) -> None:
        """Leave no process and no open pipe behind."""
        self.process.kill()
        self.process.wait()
        self.reader.join()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def _next(self) -> tuple[Brought, bool]:
        """The lines that are there, at least one, and whether they were the last."""
        brought = Brought()
        line = self._wait()
        for _ in range(BATCH):
            if line is None:
                return brought, True
            self._take(line, brought)
            try:
                line = self.lines.get_nowait()
            except queue.Empty:
                return brought, False
        if line is not None:
            self._take(line, brought)
        return brought, line is None

    def _wait(self) -> bytes | None:
        while True:
            try:
                return self.lines.get(timeout=PULSE)
            except queue.Empty:
                if self.stop.is_set():
                    self.process.kill()

    def _take(self, line: bytes, brought: Brought) -> None:
        if not line.endswith(b"\n"):  # a last line without an end was cut off with the process
            return
        told = json.loads(line)
        if "outcome" in told:
            self.outcome = Outcome(**told["outcome"])
        else:
            brought.add(told)

    def _close(self) -> None:
        """What the end of the process says of the visit."""
        code = self.process.wait()
        if self.was_cut:
            self.outcome = Outcome("failed", problem="Hết giờ: lần thăm không dừng được đúng hạn nên bị cắt.")
        elif self.stop.is_set():
            self.outcome = Outcome("stopped", problem=STOPPED)
        elif code != 0:
            self.said.seek(0)
            log.error("visit_crashed", code=code, said=self.said.read()[-2000:].decode("utf-8", "replace"))
            words = f"Tiến trình thu tin dừng giữa chừng (mã {code}). Nguyên nhân nằm trong nhật ký."
            self.outcome = Outcome("failed", problem=words)


def _order(visit: Visit, settings: Settings, longest: float) -> dict[str, Any]:
    return {
        "kind": visit.kind,
        "url": visit.url,
        "options": visit.options,
        "memory": visit.memory,
        "now": datetime.now(UTC).isoformat(),
        "contact": settings.contact,
        "delay": max(settings.crawl_delay, float(visit.options.get("delay", 0))),
        "private_hosts": settings.crawl_private_hosts,
        "seconds": longest,
        "patience": settings.crawl_patience,
        "again": visit.again,
        "access": access(visit.kind, visit.slug, visit.options, settings),
    }


def _post(written: dict[str, Any]) -> FoundPost:
    published = written.pop("published_at")
    return FoundPost(**written, published_at=datetime.fromisoformat(published) if published else None)


def _page(written: dict[str, Any]) -> FetchedPage:
    body = written.pop("body", None)
    return FetchedPage(**written, body=base64.b64decode(body) if body is not None else None)
