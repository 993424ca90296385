"""Posts that are home are looked at again: edits become revisions, what is gone is marked, kept pages are read anew."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flow.newspaper import BODY, NOW, Newspaper, Page, article, newspaper
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from listener import duties, pipeline
from listener.collect import visit_service
from listener.collect.found import FetchedPage, FoundPost
from listener.collect.service import keep_pages, keep_posts
from listener.settings import Settings
from listener.store import pages
from listener.store import tables as t
from listener.store.database import session_scope

OPEN = Settings(crawl_delay=0, crawl_private_hosts=True)


@pytest.fixture
def paper() -> Iterator[Newspaper]:
    with newspaper() as site:
        yield site


@pytest.fixture
def source_id(paper: Newspaper, database: str, request: pytest.FixtureRequest) -> int:
    with session_scope() as session:
        slug = request.node.name[:60]
        source = t.Source(slug=slug, name=slug, kind="rss", url=f"{paper.url}/rss/home.rss", memory={})
        source.options = {"lead": ".sapo"}
        session.add(source)
        session.flush()
        return source.id


def visited(source_id: int) -> t.SourceRun:
    visit_service.visit_source(
        source_id, scope=session_scope, settings=OPEN, clock=pipeline.now, keep=pipeline.take_posts
    )
    with session_scope() as session:
        return session.scalars(
            select(t.SourceRun).where(t.SourceRun.source_id == source_id).order_by(t.SourceRun.id.desc()).limit(1)
        ).one()


def long_ago(source_id: int, hours: int = 7) -> None:
    """As if the pages had been looked at some hours ago."""
    with session_scope() as session:
        session.execute(
            update(t.FetchedPage)
            .where(t.FetchedPage.source_id == source_id)
            .values(looked_at=pipeline.now() - timedelta(hours=hours))
        )


def item_of(session: Session, source_id: int, path: str) -> t.Item:
    mine = (t.Item.source_id == source_id, t.Item.external_id.like(f"%{path}"))
    return session.scalars(select(t.Item).where(*mine)).one()


def read_at(source_id: int, path: str, moment: datetime) -> None:
    """The item was read, as a worker would have done."""
    with session_scope() as session:
        item = item_of(session, source_id, path)
        item.read_at, item.topic, item.sentiment = moment, "ngap-nuoc", "negative"


def test_edited_post_is_a_revision_with_the_reading_it_had(paper: Newspaper, source_id: int) -> None:
    visited(source_id)
    read_at(source_id, "/ngap.html", pipeline.now())
    paper.pages["/ngap.html"].body = article("Ngập sâu, nước đã rút", published=NOW.isoformat())
    assert visited(source_id).changed == 0  # the feed says the same, and the page was looked at just now
    long_ago(source_id)
    run = visited(source_id)
    assert (run.outcome, run.new, run.changed) == ("unchanged", 0, 1)
    with session_scope() as session:
        item = item_of(session, source_id, "/ngap.html")
        assert item.title == "Ngập sâu, nước đã rút"
        assert item.read_at is None  # waits for a reading of its own
        (revision,) = session.scalars(select(t.ItemRevision).where(t.ItemRevision.item_id == item.id)).all()
        assert revision.title == "Ngập sâu trước chợ sau mưa lớn"
        assert (revision.reading["topic"], revision.reading["sentiment"]) == ("ngap-nuoc", "negative")
        bodies = select(t.FetchedPage).where(t.FetchedPage.external_id == item.external_id)
        assert len(session.scalars(bodies).all()) == 2


def test_post_that_is_taken_away_is_marked_and_comes_back(paper: Newspaper, source_id: int) -> None:
    visited(source_id)
    paper.status_of("/den.html", 410)
    long_ago(source_id)
    visited(source_id)
    with session_scope() as session:
        item = item_of(session, source_id, "/den.html")
        assert item.gone_at is not None
        assert item.text  # what was said is kept
        kinds = session.scalars(select(t.Event.kind).where(t.Event.item_id == item.id).order_by(t.Event.id)).all()
        assert list(kinds) == ["received", "gone"]
    paper.asked.clear()
    long_ago(source_id)
    visited(source_id)
    assert "/den.html" not in paper.paths()  # what is gone is not asked for again


def test_second_look_asks_under_conditions_and_leaves_what_forbids_alone(paper: Newspaper, source_id: int) -> None:
    paper.pages["/ngap.html"].etag = '"n1"'
    visited(source_id)
    paper.status_of("/den.html", 503)
    long_ago(source_id)
    paper.asked.clear()
    visited(source_id)
    asked = dict(paper.asked)
    assert asked["/ngap.html"]["If-None-Match"] == '"n1"'
    assert "/kin/ho-so.html" not in asked
    with session_scope() as session:
        assert item_of(session, source_id, "/den.html").gone_at is None  # a server's fault is no removal


def test_a_post_that_leads_to_the_front_page_is_no_edit(paper: Newspaper, source_id: int) -> None:
    visited(source_id)
    paper.pages["/"] = Page(article("Trang nhất Báo Bến Sông", published=NOW.isoformat()))
    paper.pages["/ngap.html"] = Page(b"", status=302, headers={"Location": "/"})
    long_ago(source_id)
    assert visited(source_id).changed == 0
    paper.asked.clear()
    visited(source_id)
    assert "/ngap.html" not in paper.paths()  # it has had its turn


def test_old_posts_are_not_looked_at_again(paper: Newspaper, source_id: int) -> None:
    visited(source_id)
    long_ago(source_id, hours=24 * 9)
    with session_scope() as session:
        session.execute(
            update(t.Item).where(t.Item.source_id == source_id).values(received_at=pipeline.now() - timedelta(days=9))
        )
        assert pages.to_look_at(session, source_id, now=pipeline.now()) == []


def test_kept_pages_are_read_again_by_new_rules(paper: Newspaper, source_id: int) -> None:
    with session_scope() as session:
        session.get_one(t.Source, source_id).options = {}  # the lead is not known yet
    visited(source_id)
    paper.asked.clear()
    with session_scope() as session:
        session.get_one(t.Source, source_id).options = {"lead": ".sapo"}
    with session_scope() as session:
        count = changed = 0
        for batch in pages.every_newest(session, source_id, since=pipeline.now() - timedelta(days=1)):
            kept = visit_service.read_again(session, batch, keep=pipeline.take_posts, now=pipeline.now())
            count, changed = count + len(batch), changed + len(kept.changed)
    assert paper.asked == []
    assert (count, changed) == (4, 3)  # the fourth was forbidden: only the feed's words are kept
    with session_scope() as session:
        item = item_of(session, source_id, "/ngap.html")
        assert item.text.startswith("Nước tràn lên mặt đường")
        assert BODY[-1] in item.text


def test_pages_go_after_their_time(source_id: int) -> None:
    old = FetchedPage("a", "http://a.test/a", "text/html", {"id": "a", "url": None}, b"x", "1")
    new = FetchedPage("b", "http://a.test/b", "text/html", {"id": "b", "url": None}, b"y", "2")
    with session_scope() as session:
        posts = [FoundPost("a", "Cống vỡ"), FoundPost("b", "Đèn tắt")]
        keep_posts(session, posts, source_id=source_id, secret=b"k", now=NOW)
        for page, age in ((old, 31), (new, 29)):
            moment = pipeline.now() - timedelta(days=age)
            keep_pages(session, [page], source_id=source_id, now=moment)
    assert duties.purge_pages(at=pipeline.now()) == 1
    with session_scope() as session:
        left = session.scalars(select(t.FetchedPage.external_id).where(t.FetchedPage.source_id == source_id)).all()
        assert list(left) == ["b"]
