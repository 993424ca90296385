"""Of an erased post the page it was read from goes too, and does not come back with the next visit."""

from make import NOON, make_post, make_source
from sqlalchemy import select
from sqlalchemy.orm import Session

from listener.collect import erasure_service
from listener.collect.found import FetchedPage
from listener.collect.service import keep_pages
from listener.store import tables as t

SECRET = b"a key for tests only"


def kept(session: Session) -> list[str]:
    return list(session.scalars(select(t.FetchedPage.external_id).order_by(t.FetchedPage.external_id)))


def test_page_of_an_erased_post_goes_and_stays_away(session: Session) -> None:
    source = make_source(session, "Báo Xoá")
    item = make_post(session, source_id=source.id, external_id="http://a.test/1")
    make_post(session, source_id=source.id, external_id="http://a.test/2")
    pages = [
        FetchedPage(f"http://a.test/{n}", f"http://a.test/{n}", "text/html", {"id": str(n), "url": None}, b"x", str(n))
        for n in (1, 2)
    ]
    keep_pages(session, pages, source_id=source.id, now=NOON)
    assert kept(session) == ["http://a.test/1", "http://a.test/2"]
    erasure_service.erase(session, [item], secrets=SECRET, secret=SECRET, now=NOON)
    assert kept(session) == ["http://a.test/2"]
    keep_pages(session, pages, source_id=source.id, now=NOON)
    assert kept(session) == ["http://a.test/2"]


def test_no_page_is_kept_of_a_post_that_is_kept_under_another_source(session: Session) -> None:
    """Erasure looks for pages under the post's own source: what lay elsewhere would outlast it."""
    make_post(session, source_id=make_source(session, "Báo Đầu").id, external_id="http://a.test/1")
    page = FetchedPage("http://a.test/1", "http://a.test/1", "text/html", {"id": "1", "url": None}, b"x", "1")
    keep_pages(session, [page], source_id=make_source(session, "Báo Sau").id, now=NOON)
    assert kept(session) == []
