"""Crawls and imports are killed at random moments and begun again: every row and every post once, none missing."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flow.hostile_town import Site, feed, serving
from sqlalchemy import func, select

from listener.store import tables as t
from listener.store.database import session_scope

ROWS = 20_000
ARTICLES = 25
KILLS = 10
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Job:
    """A command that is killed and begun again until it has come to its end by itself."""

    arguments: list[str]
    environment: dict[str, str]
    log: Path
    kills: int = 0
    process: "subprocess.Popen[bytes]" = field(init=False)

    def begin(self) -> None:
        out = self.log.open("ab")
        command = [sys.executable, "-m", "listener", *self.arguments]
        self.process = subprocess.Popen(command, env=self.environment, stdout=out, stderr=out, cwd=ROOT)
        out.close()

    def kill(self) -> bool:
        """Kill it without a word; False where it was over already."""
        if self.process.poll() is not None:
            return False
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.kills += 1
        return True


def rows_file(path: Path) -> Path:
    lines = (f"HS-{number};Đèn hẻm {number} tắt {number % 9 + 1} hôm" for number in range(ROWS))
    path.write_text("\n".join(["Mã hồ sơ;Góp ý", *lines]), encoding="utf-8")
    return path


def papers() -> list[Site]:
    return [Site(f"127.0.0.{41 + number}", pause=0.15) for number in range(2)]


def add_sources(sites: list[Site]) -> None:
    with session_scope() as session:
        for number, site in enumerate(sites):
            site.answers["/rss"] = feed(site, f"bao{number}", ARTICLES)
            source = t.Source(slug=f"k-{number}", name=f"K {number}", kind="rss", url=f"{site.url}/rss", memory={})
            source.options = {"local": True}
            session.add(source)


def items_of(prefix: str) -> Counter[str]:
    query = select(t.Item.external_id, func.count()).join(t.Source).where(t.Source.slug.like(f"{prefix}%"))
    with session_scope() as session:
        return Counter(dict(session.execute(query.group_by(t.Item.external_id)).all()))


@pytest.mark.slow
@pytest.mark.timeout(280)
def test_killed_ten_times_a_crawl_and_an_import_lose_nothing_and_repeat_nothing(database: str, tmp_path: Path) -> None:
    luck = random.Random()
    environment = {
        **os.environ,
        "LISTENER_DATABASE_URL": database,
        "LISTENER_CRAWL_PRIVATE_HOSTS": "false",
        "LISTENER_CRAWL_DELAY": "0",
    }
    file = rows_file(tmp_path / "nhieu dong.csv")
    sites = papers()
    with serving(sites):
        add_sources(sites)
        log = tmp_path / "said.txt"
        crawl = Job(["collect"], environment, log)
        taking = Job(["import", str(file), "--reports", "--later", "--source", "giet thu"], environment, log)
        jobs = [crawl, taking]
        for job in jobs:
            job.begin()
        while crawl.kills + taking.kills < KILLS:
            time.sleep(luck.uniform(0.8, 3.2))
            job = min(jobs, key=lambda one: one.kills)
            job.kill()
            if job.process.poll() is not None:
                job.begin()
        for job in jobs:
            assert job.process.wait(150) == 0, log.read_text()
        last = Job(["collect"], environment, log)
        last.begin()
        assert last.process.wait(60) == 0, log.read_text()
        assert max(site.most_at_once for site in sites) == 1
        asked = Counter(path for site in sites for path in site.asked if path.endswith(".html"))
    assert (crawl.kills, taking.kills) == (KILLS // 2, KILLS // 2)
    imported, posts = items_of("giet-thu"), items_of("k-")
    assert (len(imported), set(imported.values())) == (ROWS, {1})
    assert (len(posts), set(posts.values())) == (ARTICLES * len(sites), {1})
    # An article is fetched again only where its first coming was cut off: one under way and one not yet written down.
    assert asked.total() <= ARTICLES * len(sites) + 2 * len(sites) * KILLS // 2
    assert jobs_for_every_item() == ROWS + ARTICLES * len(sites)


def jobs_for_every_item() -> int:
    """How many items stand in the jobs that wait to read them: rows and jobs came together."""
    from sqlalchemy import text

    query = text(
        "SELECT count(DISTINCT item) FROM procrastinate_jobs, jsonb_array_elements(args->'item_ids') AS item "
        "WHERE task_name = 'classify'"
    )
    with session_scope() as session:
        return int(session.execute(query).scalar_one())
