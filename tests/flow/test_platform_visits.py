"""Platforms on loopback are visited by the process that visits real ones: paging, quotas, tokens, pauses."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flow.platforms import (
    KEY,
    PAGE,
    TOKEN,
    Answer,
    Facebook,
    Forum,
    Paper,
    Telegram,
    YouTube,
    as_json,
    google_error,
    graph_error,
    running,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from listener import pipeline
from listener.collect import crawling
from listener.collect.crawling import Result
from listener.settings import Settings
from listener.store import tables as t
from listener.store.shapes import Visit


def visit(
    url: str, kind: str, after: Result | None = None, *, given: dict[str, Any] | None = None, **options: Any
) -> Result:
    memory = json.loads(json.dumps(after.outcome.memory)) if after else {}
    settings = Settings(**{"crawl_delay": 0, "crawl_private_hosts": True, **(given or {})})
    return crawling.visit(Visit(1, 1, "thu", kind, url, options, memory), settings, longest=60, grace=5)


def youtube(site: YouTube, after: Result | None = None, key: str | None = KEY, **options: Any) -> Result:
    given = {"youtube_url": site.url, "youtube_key": key}
    return visit(f"{site.url}/channel/UCbensong", "youtube", after, given=given, **options)


def facebook(site: Facebook, after: Result | None = None, token: str = TOKEN, **options: Any) -> Result:
    given = {"facebook_url": site.url, "facebook_token": token}
    return visit("https://www.facebook.com/ben-song", "facebook", after, given=given, page=PAGE, **options)


def names(result: Result) -> list[str]:
    return [post.external_id for post in result.posts]


def clips(count: int, first: int = 1) -> list[tuple[str, str, int]]:
    return [(f"c{n}", f"Bình luận {n}", 0) for n in range(first + count - 1, first - 1, -1)]


def test_comments_are_read_page_by_page_and_only_new_ones_the_next_time() -> None:
    with running(YouTube(comments=clips(5))) as site:
        first = youtube(site)
        assert (first.outcome.status, first.outcome.found, first.outcome.problem) == ("ok", 5, None)
        assert names(first) == ["c5", "c4", "c3", "c2", "c1"]
        assert first.outcome.memory["spent"]["units"] == 3
        site.comments = clips(6)
        site.asked.clear()
        second = youtube(site, first)
    assert names(second) == ["c6"]
    assert len(site.calls()) == 2  # the second page brought nothing new, and ended it
    assert all("key" not in query for _, query, _ in site.asked)
    post = first.posts[0]
    assert (post.channel, post.thread, post.author) == ("youtube", "https://www.youtube.com/watch?v=v1", "UCnguoi")


def test_answers_that_did_not_come_along_are_asked_for_while_their_number_changes() -> None:
    with running(YouTube(comments=[("c1", "Bình luận", 2)])) as site:
        first = youtube(site)
        assert [(post.external_id, post.parent) for post in first.posts] == [
            ("c1", None),
            ("c1.0", "c1"),
            ("c1.1", "c1"),
        ]
        site.asked.clear()
        second = youtube(site, first)
        assert (names(second), site.calls()) == ([], ["/commentThreads"])
        site.comments = [("c1", "Bình luận", 3)]
        assert names(youtube(site, second)) == ["c1.2"]


def test_a_visit_that_is_broken_off_goes_on_where_it_was_and_asks_for_nothing_twice() -> None:
    with running(YouTube(comments=clips(7))) as site:
        first = youtube(site, most_articles=2)
        assert names(first) == ["c7", "c6", "c5", "c4"]
        assert "lần thăm sau" in (first.outcome.problem or "")
        site.asked.clear()
        second = youtube(site, first)
    assert names(second) == ["c3", "c2", "c1"]
    assert [query.get("pageToken") for _, query, _ in site.asked] == [None, "T4", "T6"]
    assert second.outcome.memory["waiting"] == []


def test_the_budget_of_a_day_is_kept_and_the_rest_waits() -> None:
    with running(YouTube(comments=clips(7))) as site:
        first = youtube(site, budget=2)
        assert "Đã dùng hết 2 lượt" in (first.outcome.problem or "")
        assert len(first.posts) == 4
        site.asked.clear()
        second = youtube(site, first, budget=2)
        assert (second.outcome.status, site.asked) == ("unchanged", [])
        tomorrow = {**second.outcome.memory, "resting_until": (datetime.now(UTC) - timedelta(minutes=1)).isoformat()}
        tomorrow["spent"] = {"day": "2026-01-01", "units": 2}
        second.outcome.memory.clear()
        second.outcome.memory.update(tomorrow)
        assert names(youtube(site, second)) == ["c3", "c2", "c1"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (google_error(403, "quotaExceeded"), "hết hạn mức"),
        (google_error(403, "rateLimitExceeded"), "quá dày"),
        (as_json({}, 429, Retry_After="1200"), "429"),
    ],
)
def test_a_pause_that_youtube_asks_for_is_kept_and_nothing_is_lost(answer: Answer, said: str) -> None:
    with running(YouTube(comments=clips(5), next_answers=[None, answer])) as site:
        first = youtube(site)
        assert (first.outcome.status, len(first.posts)) == ("ok", 2)
        assert said in (first.outcome.problem or "")
        until = datetime.fromisoformat(first.outcome.memory["resting_until"])
        assert until > datetime.now(UTC) + timedelta(minutes=19)
        site.asked.clear()
        resting = youtube(site, first)
        assert (resting.outcome.status, site.asked) == ("unchanged", [])
        resting.outcome.memory.update({"resting_until": None, "spent": None})
        assert names(youtube(site, resting)) == ["c3", "c2", "c1"]


def test_a_place_youtube_does_not_know_any_more_is_read_from_the_top_again() -> None:
    with running(YouTube(comments=clips(5))) as site:
        first = youtube(site, most_articles=1)
        site.stale = True
        second = youtube(site, first)
    assert names(second) == ["c3", "c2", "c1"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (google_error(400, "keyInvalid"), "LISTENER_YOUTUBE_KEY"),
        (google_error(403, "commentsDisabled"), "tắt bình luận"),
        (google_error(403, "accessNotConfigured"), "chưa bật"),
        ((302, {"Location": "http://127.0.0.1:9/"}, b""), "JSON"),
        ((200, {"Content-Type": "text/html"}, b"<html>"), "JSON"),
    ],
)
def test_faults_of_youtube_are_said_in_words_without_the_key(answer: Answer, said: str) -> None:
    with running(YouTube(comments=clips(1), next_answers=[answer])) as site:
        result = youtube(site)
    assert (result.outcome.status, result.posts) == ("failed", [])
    assert said in (result.outcome.problem or "")
    assert KEY not in str(result)


def test_without_a_key_nobody_is_asked() -> None:
    with running(YouTube()) as site:
        result = youtube(site, key=None)
    assert (result.outcome.status, site.asked) == ("failed", [])
    assert "LISTENER_YOUTUBE_KEY" in (result.outcome.problem or "")


def test_facebook_pages_bring_peoples_words_and_only_changed_discussions_again() -> None:
    with running(Facebook(posts={"p1": ["mot", "hai", "ba"], "p2": [], "p3": ["tu"]})) as site:
        first = facebook(site)
        assert sorted(names(first)) == ["p1_ba", "p1_hai", "p1_mot", "p3_tu"]
        assert {post.thread for post in first.posts} == {"p1", "p3"}
        site.posts["p3"].insert(0, "nam")
        site.asked.clear()
        second = facebook(site, first)
    assert names(second) == ["p3_nam"]
    assert site.calls() == [f"/{PAGE}/feed", f"/{PAGE}/feed", "/p3/comments"]
    assert all(TOKEN not in json.dumps(query) for _, query, _ in site.asked)
    assert all("name" not in query["fields"] for _, query, _ in site.asked)


def test_expired_token_is_said_without_the_token() -> None:
    with running(Facebook(posts={"p1": []}, next_answers=[graph_error(190)])) as site:
        result = facebook(site)
    assert result.outcome.status == "failed"
    assert "LISTENER_FACEBOOK_TOKEN mới" in (result.outcome.problem or "")
    assert TOKEN not in str(result)


@pytest.mark.parametrize("forced", [graph_error(32), as_json({}, 429)])
def test_facebook_that_asks_for_rest_gets_it_and_the_rest_is_read_later(forced: Answer) -> None:
    with running(Facebook(posts={"p1": ["mot", "hai", "ba"]}, next_answers=[None, None, forced])) as site:
        first = facebook(site)
        assert (first.outcome.status, names(first)) == ("ok", ["p1_mot", "p1_hai"])
        assert first.outcome.memory["waiting"] == [["comments:p1", "2", "3"]]
        first.outcome.memory["resting_until"] = None
        assert names(facebook(site, first)) == ["p1_ba"]


def test_an_hour_that_is_nearly_spent_is_not_spent_wholly() -> None:
    with running(Facebook(posts={"p1": ["mot"]}, usage=95)) as site:
        result = facebook(site)
    assert len(site.calls()) == 1
    assert "gần hết số lượt" in (result.outcome.problem or "")


def test_telegram_is_read_back_to_what_is_known() -> None:
    with running(Telegram(newest=5)) as site:
        first = visit(f"{site.url}/bensong", "telegram")
        assert names(first) == [f"bensong/{n}" for n in (5, 4, 3, 2, 1)]
        site.newest = 8
        second = visit(f"{site.url}/bensong", "telegram", first)
        assert names(second) == ["bensong/8", "bensong/7", "bensong/6"]
        closed = visit(f"{site.url}/khac", "telegram")
    assert "không mở cho xem trước" in (closed.outcome.problem or "")


def test_a_thread_of_a_forum_is_read_on_from_its_last_page() -> None:
    with running(Forum(threads={"cau.1": 5, "den.2": 1})) as site:
        first = visit(f"{site.url}/f/can-tho.2/", "xenforo")
        assert len(first.posts) == 6
        assert first.posts[0].title == "Chuyện cau.1"
        site.threads["cau.1"] = 7
        site.asked.clear()
        second = visit(f"{site.url}/f/can-tho.2/", "xenforo", first)
    assert [post.text for post in second.posts] == ["Bài 5 của cau.1", "Bài 6 của cau.1"]
    assert site.calls() == ["/f/can-tho.2/", "/t/cau.1/page-3", "/t/cau.1/page-4"]


def test_a_thread_that_is_broken_off_is_read_on() -> None:
    with running(Forum(threads={"cau.1": 6})) as site:
        first = visit(f"{site.url}/f/can-tho.2/", "xenforo", most_articles=2)
        second = visit(f"{site.url}/f/can-tho.2/", "xenforo", first)
    assert (len(first.posts), len(second.posts)) == (2, 4)


def test_readers_comments_come_with_their_article_and_only_with_permission() -> None:
    with running(Paper()) as site:
        options = {"site": "vnexpress", "endpoint": f"{site.url}/binh-luan"}
        refused = visit(f"{site.url}/rss", "comments", **options)
        assert (refused.outcome.status, site.asked) == ("failed", [])
        first = visit(f"{site.url}/rss", "comments", permission="toà soạn, 01/11/2026", **options)
        assert [(post.text, post.thread) for post in first.posts] == [
            (f"Ý kiến {n}", f"{site.url}/ngap-4811111.html") for n in range(3)
        ]
        site.comments = 4
        second = visit(f"{site.url}/rss", "comments", first, permission="toà soạn, 01/11/2026", **options)
    assert names(second) == ["703"]


def test_an_index_of_sitemaps_leads_to_the_articles() -> None:
    with running(Paper()) as site:
        first = visit(f"{site.url}/sitemap.xml", "sitemap")
        second = visit(f"{site.url}/sitemap.xml", "sitemap", first)
    assert sorted(names(first)) == [f"{site.url}/bai-1.html", f"{site.url}/bai-2.html"]
    assert all(post.text.startswith("Nắp cống") for post in first.posts)
    assert (second.outcome.status, second.posts) == ("ok", [])


def test_dropped_files_are_read_once_with_the_mapping_of_their_source(tmp_path: Path) -> None:
    folder = tmp_path / "drop" / "thu"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text("Chuyện,Ai\nRác chất đống ở bến xe,Người A\n,\n", encoding="utf-8")
    (folder / "b.jsonl").write_text('{"Chuyện": "Đèn tắt"}\n', encoding="utf-8")
    (folder / "hong.xlsx").write_bytes(b"PK\x03\x04 khong phai bang tinh")
    (folder / "anh.jpg").write_bytes(b"anh")
    own: dict[str, Any] = {"given": {"data_dir": tmp_path}, "map": {"text": "Chuyện", "author": "Ai"}, "ripe": 0}
    own["map"].pop("author")
    first = visit("", "drop", **own)
    assert [post.text for post in first.posts] == ["Rác chất đống ở bến xe", "Đèn tắt"]
    assert "hong.xlsx" in (first.outcome.problem or "")
    assert visit("", "drop", first, **own).outcome.status == "unchanged"
    (folder / "b.jsonl").write_text('{"Chuyện": "Đèn tắt"}\n{"Chuyện": "Đèn sáng lại"}\n', encoding="utf-8")
    assert [post.text for post in visit("", "drop", first, **own).posts] == ["Đèn tắt", "Đèn sáng lại"]


def test_comments_are_kept_with_thread_and_parent_and_no_name(session: Session) -> None:
    source = t.Source(slug="kenh-thu", name="Kênh", kind="youtube", url="http://a.test", options={}, memory={})
    session.add(source)
    session.flush()
    with running(YouTube(comments=[("c1", "Đường vào cảng bụi mù trời", 1)])) as site:
        pipeline.take_posts(session, youtube(site).posts, source_id=source.id)
    items = session.scalars(select(t.Item).where(t.Item.source_id == source.id).order_by(t.Item.id)).all()
    assert [(item.external_id, item.parent) for item in items] == [("c1", None), ("c1.0", "c1")]
    assert {item.thread for item in items} == {"https://www.youtube.com/watch?v=v1"}
    assert all(item.author_key and "UCnguoi" not in item.author_key for item in items)
