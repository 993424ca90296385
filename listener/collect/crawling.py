"""One visit to one source, in a process of its own: Scrapy's reactor starts only once, and a crash stays outside."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from listener.collect.access import access
from listener.collect.found import FoundPost
from listener.log import logger
from listener.metrics import SOURCE_RUNS
from listener.settings import Settings
from listener.store.shapes import Outcome, Visit

LONGEST = 8 * 60.0  # seconds after which a visit closes by itself with what it has; 30 articles at 5 s take 3 minutes
GRACE = 90.0  # seconds it then gets to finish its last page before it is stopped from outside
log = logger("collect")


@dataclass(frozen=True, slots=True)
class Result:
    """What a visit brought, and how it ended."""

    posts: list[FoundPost] = field(default_factory=list)
    outcome: Outcome = field(default_factory=lambda: Outcome("failed"))


def visit(visit: Visit, settings: Settings, *, longest: float = LONGEST, grace: float = GRACE) -> Result:
    """Visit a source. Whatever goes wrong becomes a failed outcome with the cause in words; nothing is raised."""
    with tempfile.TemporaryDirectory(prefix="listener-visit-") as folder:
        out = Path(folder) / "found.jsonl"
        problem = _run(_order(visit, settings, longest), out, limit=longest + grace)
        result = _read(out, problem)
    SOURCE_RUNS.labels(result.outcome.status).inc()
    log.info(
        "visited", source=visit.slug, outcome=result.outcome.status, found=result.outcome.found, posts=len(result.posts)
    )
    return result


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
        "access": access(visit.kind, visit.slug, visit.options, settings),
    }


def _run(order: dict[str, Any], out: Path, *, limit: float) -> str | None:
    """Run the spider's process; returns what went wrong with the process itself, in words."""
    command = [sys.executable, "-m", "listener.collect.spiders", str(out)]
    try:
        done = subprocess.run(  # noqa: S603 (our own program)
            command, input=json.dumps(order), text=True, capture_output=True, timeout=limit, check=False
        )
    except subprocess.TimeoutExpired:
        return "Hết giờ: lần thăm không dừng được đúng hạn nên bị cắt."
    if done.returncode == 0:
        return None
    log.error("visit_crashed", url=order["url"], code=done.returncode, said=done.stderr[-2000:])
    return f"Tiến trình thu tin dừng giữa chừng (mã {done.returncode}). Nguyên nhân nằm trong nhật ký."


def _read(out: Path, problem: str | None) -> Result:
    """What the process wrote. Posts count even when it did not come to its end."""
    posts: list[FoundPost] = []
    outcome = Outcome("failed", problem=problem or "Lần thăm dừng giữa chừng.")
    for line in _lines(out):
        if "post" in line:
            posts.append(_post(line["post"]))
        elif "outcome" in line and problem is None:
            outcome = Outcome(**line["outcome"])
    return Result(posts, outcome)


def _lines(out: Path) -> Iterator[dict[str, Any]]:
    if not out.exists():
        return
    with out.open(encoding="utf-8") as file:
        for line in file:
            if line.endswith("\n"):  # a last line without an end was cut off with the process
                yield json.loads(line)


def _post(written: dict[str, Any]) -> FoundPost:
    published = written.pop("published_at")
    return FoundPost(**written, published_at=datetime.fromisoformat(published) if published else None)
