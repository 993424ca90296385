"""`listener collect` stopped by Ctrl-C ends at once, keeps what came, and blames no source."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from flow.hostile_town import Site, feed, serving
from flow.newspaper import NOW, article
from sqlalchemy import func, select

from listener.store import tables as t
from listener.store.database import session_scope

ROOT = Path(__file__).resolve().parents[2]


def test_ctrl_c_keeps_what_came_and_the_next_run_fetches_the_rest_alone(database: str) -> None:
    site = Site("127.0.0.61")
    environment = {
        **os.environ,
        "LISTENER_DATABASE_URL": database,
        "LISTENER_CRAWL_PRIVATE_HOSTS": "false",
        "LISTENER_CRAWL_DELAY": "0",
    }
    with serving([site]):
        site.answers["/rss"] = feed(site, "ngat", 6)
        slow = site.answers["/ngat/3.html"]
        slow.drip = True  # three articles come, the fourth hangs
        with session_scope() as session:
            source = t.Source(slug="ngat", name="Ngắt", kind="rss", url=f"{site.url}/rss", options={"local": True})
            source.memory = {}
            session.add(source)
        command = [sys.executable, "-m", "listener", "collect", "ngat"]
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        while "/ngat/3.html" not in site.asked:
            assert process.poll() is None
            site.closing.wait(0.05)
        site.closing.wait(1.0)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=15)
        assert process.returncode == 130
        assert "đã dừng" in said
        assert "Bài đã thu được giữ" in said
        with session_scope() as session:
            source = session.scalars(select(t.Source).where(t.Source.slug == "ngat")).one()
            assert source.problem is None
            count = select(func.count()).select_from(t.Item).where(t.Item.source_id == source.id)
            assert session.scalar(count) == 3
        slow.drip, slow.body = False, article("Tin ngat số 3", published=NOW.isoformat())
        site.asked.clear()
        assert subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, timeout=60).returncode == 0
        assert sorted(path for path in site.asked if path.endswith(".html")) == [f"/ngat/{n}.html" for n in (3, 4, 5)]
        with session_scope() as session:
            assert session.scalar(count) == 6
