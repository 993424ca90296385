"""Ten sites on loopback, visited by `listener collect` as real ones are: what is good comes home, harm stays out."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flow.hostile_town import Town, entry, rss, town
from flow.newspaper import LEAD
from sqlalchemy import func, select

from listener.store import tables as t
from listener.store.database import session_scope

LIMIT_MB = 400
SECONDS = 240  # 20 to 50 where little else runs
# What each source must bring, no post more and none less.
BROUGHT = {
    "t-paper": 12, "t-forum": 6, "t-portal": 1, "t-agency": 1, "t-dead": 0, "t-slow": 0, "t-tired": 0, "t-broken": 0,
    "t-closed": 2, "t-closed-all": 0, "h-loop": 0, "h-inside": 0, "h-meta": 0, "h-bomb": 0, "h-huge": 0, "h-torn": 1,
    "h-laughs": 1, "h-odd": 1, "h-etag": 1, "h-articles": 10,
}  # fmt: skip
SAID = {
    "t-dead": "từ chối kết nối", "t-slow": "Hết giờ chờ", "t-tired": "429", "t-broken": "(500)",
    "t-closed-all": "robots.txt", "h-loop": "vòng quanh", "h-inside": "Địa chỉ nội bộ", "h-meta": "Địa chỉ nội bộ",
    "h-bomb": "nặng hơn 8 MB", "h-huge": "nặng hơn 8 MB",
}  # fmt: skip


class Visited:
    """The town after `listener collect` went through it once."""

    def __init__(self, town: Town, database: str) -> None:
        self.town = town
        self.environment = {
            **os.environ,
            "LISTENER_DATABASE_URL": database,
            "LISTENER_CRAWL_PRIVATE_HOSTS": "false",
            "LISTENER_CRAWL_DELAY": "0",
            "LISTENER_CRAWL_PATIENCE": "3",
        }
        with session_scope() as session:
            for slug, (_, kind, _, options) in town.sources.items():
                own = {"local": True, **options}
                session.add(t.Source(slug=slug, name=slug, kind=kind, url=town.url_of(slug), options=own, memory={}))
        self.process, self.peak_mb = self.collect()

    def collect(self, *arguments: str) -> tuple[subprocess.CompletedProcess[str], int]:
        """Run the command; its output and the most memory that any visit held so far."""
        command = [sys.executable, "-m", "listener", "collect", *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=SECONDS)
        with session_scope() as session:
            peak = session.scalar(select(func.max(t.SourceRun.peak_mb))) or 0
        return done, peak


@pytest.fixture(scope="module")
def visited(database: str) -> Iterator[Visited]:
    with town() as sites:
        yield Visited(sites, database)


def items_by_source() -> Counter[str]:
    query = select(t.Source.slug, func.count(t.Item.id)).outerjoin(t.Item, t.Item.source_id == t.Source.id)
    with session_scope() as session:
        return Counter(dict(session.execute(query.group_by(t.Source.slug)).all()))


def test_every_site_brings_exactly_what_it_has(visited: Visited) -> None:
    assert visited.process.returncode == 0, visited.process.stderr
    brought = items_by_source()
    assert {slug: brought[slug] for slug in BROUGHT} == BROUGHT


def test_failures_are_said_in_words_and_stop_nobody_else(visited: Visited) -> None:
    with session_scope() as session:
        problems = dict(session.execute(select(t.Source.slug, t.Source.problem)).all())
    for slug, words in SAID.items():
        assert words in (problems[slug] or ""), slug
    assert not [slug for slug in BROUGHT if slug not in SAID and problems[slug]]


def test_nothing_inside_was_ever_asked(visited: Visited) -> None:
    assert visited.town.sites["trap"].asked == []


def test_what_robots_forbid_was_not_asked_for(visited: Visited) -> None:
    asked = visited.town.sites["closed"].asked
    assert not [path for path in asked if path.startswith("/kin")]
    assert "/mo.html" in asked


def test_no_site_was_asked_twice_at_once(visited: Visited) -> None:
    assert {name: site.most_at_once for name, site in visited.town.sites.items() if site.most_at_once > 1} == {}


def test_bombs_cost_neither_memory_nor_traffic(visited: Visited) -> None:
    assert 0 < visited.peak_mb < LIMIT_MB
    assert visited.town.sites["hostile"].sent < 64 * 2**20


def test_server_that_asks_for_two_hours_gets_them(visited: Visited) -> None:
    with session_scope() as session:
        tired = session.scalars(select(t.Source).where(t.Source.slug == "t-tired")).one()
        assert tired.rest_until is not None
        assert tired.rest_until > datetime.now(UTC) + timedelta(minutes=110)
        assert visited.town.sites["tired"].asked == ["/robots.txt", "/rss"]


def test_posts_have_their_words_and_what_was_fetched_is_kept(visited: Visited) -> None:
    with session_scope() as session:
        source = session.scalars(select(t.Source).where(t.Source.slug == "t-paper")).one()
        items = session.scalars(select(t.Item).where(t.Item.source_id == source.id)).all()
        assert all(item.text.startswith(LEAD) for item in items)
        pages = session.scalars(select(t.FetchedPage).where(t.FetchedPage.source_id == source.id)).all()
        assert {page.external_id for page in pages} == {item.external_id for item in items}
        assert all(page.body for page in pages)
        odd = session.scalars(select(t.Item).join(t.Source).where(t.Source.slug == "h-odd")).one()
        assert "xe m" in odd.text


def test_page_that_changes_under_one_etag_is_found_out(visited: Visited) -> None:
    hostile = visited.town.sites["hostile"]
    hostile.answers["/etag"].body = rss([entry("Bản hai", f"{hostile.url}/e2", "Mon, 30 Nov 2026 08:00:00 +0700")])
    with session_scope() as session:
        source = session.scalars(select(t.Source).where(t.Source.slug == "h-etag")).one()
        source.memory = {**source.memory, "quiet": 12}
    done, _ = visited.collect("h-etag")
    assert done.returncode == 0, done.stderr
    assert items_by_source()["h-etag"] == 2


def test_two_visitors_of_one_site_take_turns_and_keep_every_post_once(visited: Visited) -> None:
    paper = visited.town.sites["paper"]
    paper.most_at_once, paper.pause = 0, 0.1
    with session_scope() as session:
        source = session.scalars(select(t.Source).where(t.Source.slug == "t-paper")).one()
        source.memory = {}
    command = [sys.executable, "-m", "listener", "collect", "t-paper"]
    running = [subprocess.Popen(command, env=visited.environment, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(60) for process in running] == [0, 0]
    assert paper.most_at_once == 1
    assert items_by_source()["t-paper"] == 12


def test_a_server_that_rests_is_not_asked_before_its_time(visited: Visited) -> None:
    tired = visited.town.sites["tired"]
    before = list(tired.asked)
    done, _ = visited.collect("t-tired")
    assert done.returncode == 0, done.stderr
    assert "xin nghỉ" in done.stdout
    assert tired.asked == before
