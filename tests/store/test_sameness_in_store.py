"""Copies come together in any order and from any process; a post is kept once, wherever it comes from."""

import threading
from collections.abc import Iterator, Sequence
from itertools import permutations

import pytest
from make import NOON, make_item, make_source
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from classifiers.text.sameness import runs
from listener.collect.found import FoundPost
from listener.collect.service import keep_posts
from listener.link.service import link_items
from listener.store import sameness
from listener.store import tables as t
from listener.store.database import session_scope

NEWS = (
    "Khoảng 6 giờ sáng 17/4, trên quốc lộ 91 đoạn qua phường Thới An, xe tải chở gạch va chạm với xe máy chạy cùng "
    "chiều khiến một người bị thương nặng. Công an phường đã có mặt điều tiết giao thông."
)
MORE = "Tới gần trưa lề đường mới được dọn sạch gạch vỡ, tài xế xe tải đang làm việc với cơ quan điều tra về tốc độ xe."
HEAD, BOTH, TAIL = NEWS, f"{NEWS} {MORE} {MORE.upper()}", f"{MORE} {MORE.upper()}"
ELSEWHERE = NEWS.replace("Thới An", "Phước Thới")
SECRET = b"a key for tests only"


def an_item(session: Session, words: str) -> t.Item:
    return make_item(session, words, is_report=False, runs=runs(words), linked_at=None)


def groups(session: Session, items: Sequence[t.Item]) -> set[frozenset[str]]:
    found: dict[int, set[str]] = {}
    for item in items:
        session.refresh(item)
        found.setdefault(item.copy_group or item.id, set()).add(item.text)
    return {frozenset(words) for words in found.values()}


@pytest.mark.parametrize("order", list(permutations((HEAD, BOTH, TAIL, ELSEWHERE))))
def test_every_order_gives_the_same_groups_and_stories(session: Session, order: Sequence[str]) -> None:
    """HEAD and TAIL share nothing; BOTH joins them, also when it comes last."""
    items = [an_item(session, words) for words in order]
    for item in items:
        link_items(session, [item.id], now=NOON)
    assert groups(session, items) == {frozenset((HEAD, BOTH, TAIL)), frozenset((ELSEWHERE,))}
    ids = [item.id for item in items]
    stories = select(t.StoryItem.story_id, func.count()).where(t.StoryItem.item_id.in_(ids)).group_by("story_id")
    [(story_id, members)] = session.execute(stories).all()
    assert members == session.get_one(t.Story, story_id).size == 3
    assert sorted(sameness.copy_counts(session, ids).values()) == [3, 3, 3]


def test_linking_again_changes_nothing(session: Session) -> None:
    items = [an_item(session, words) for words in (HEAD, BOTH)]
    assert len(link_items(session, [item.id for item in items], now=NOON)) == 2
    before = groups(session, items)
    assert link_items(session, [item.id for item in items], now=NOON) == []
    assert groups(session, items) == before


def test_restricted_items_and_spam_are_nobodys_copies(session: Session) -> None:
    kept, *others = items = [an_item(session, NEWS) for _ in range(3)]
    others[0].restricted, others[1].spam = True, True
    session.flush()
    link_items(session, [item.id for item in items], now=NOON)
    assert sameness.copy_counts(session, [kept.id]) == {}


def article(url: str, *, words: str = NEWS, name: str | None = None, channel: str = "news") -> FoundPost:
    return FoundPost(external_id=name or url, text=words, title="Xe tải va chạm xe máy", url=url, channel=channel)


def kept(session: Session, source: t.Source, post: FoundPost) -> int:
    return len(keep_posts(session, [post], source_id=source.id, secret=SECRET, now=NOON).new)


def test_an_article_of_two_sources_is_kept_once(session: Session) -> None:
    one, other = make_source(session, "Báo Một"), make_source(session, "Báo Hai")
    assert kept(session, one, article("https://bao.example/tin/xe-tai.html")) == 1
    assert kept(session, other, article("http://m.bao.example/tin/xe-tai.html?utm_source=zalo#dau")) == 0
    assert kept(session, one, article("https://www.bao.example/tin/xe-tai.html", name="ten-khac")) == 0
    assert kept(session, other, article("https://bao.example/tin/xe-tai-2.html")) == 1


def test_comments_and_other_words_under_one_address_are_all_kept(session: Session) -> None:
    source = make_source(session, "Trang Thử")
    url = "https://bao.example/tin/xe-tai.html"
    for number, words in enumerate((NEWS, ELSEWHERE)):
        assert kept(session, source, article(url, words=words, name=f"c{number}", channel="comment")) == 1
    assert kept(session, source, article(url)) == 1
    stranger = FoundPost(external_id="x", text=MORE, title="Tít khác", url=url)
    assert kept(session, source, stranger) == 1


@pytest.fixture
def two_sources(database: str) -> Iterator[list[int]]:
    with session_scope() as session:
        ids = [make_source(session, f"Nguồn {n} cùng lúc").id for n in range(2)]
    yield ids
    with session_scope() as session:
        session.execute(text("SET LOCAL listener.erasing = 'on'"))
        mine = select(t.Item.id).where(t.Item.source_id.in_(ids))
        session.execute(delete(t.Event).where(t.Event.item_id.in_(mine)))
        session.execute(delete(t.StoryItem).where(t.StoryItem.item_id.in_(mine)))
        session.execute(delete(t.Story).where(t.Story.id.not_in(select(t.StoryItem.story_id))))
        session.execute(delete(t.Item).where(t.Item.source_id.in_(ids)))
        session.execute(delete(t.Source).where(t.Source.id.in_(ids)))


def at_once(*works: object) -> None:
    gate, faults = threading.Barrier(len(works)), []

    def run(work: object) -> None:
        try:
            gate.wait(20)
            with session_scope() as session:
                work(session)  # type: ignore[operator]
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []


@pytest.mark.parametrize("other", [0, 1], ids=["one source", "two sources"])
def test_a_post_that_comes_on_two_connections_at_once_is_kept_once(two_sources: list[int], other: int) -> None:
    posts = [article(f"https://bao.example/dong-thoi/{n}.html", words=f"{NEWS} Tin số {n}.") for n in range(20)]

    def keeping(source_id: int, found: list[FoundPost]):  # type: ignore[no-untyped-def]
        return lambda session: keep_posts(session, found, source_id=source_id, secret=SECRET, now=NOON)

    at_once(keeping(two_sources[0], posts), keeping(two_sources[other], posts[::-1]))
    with session_scope() as session:
        count = select(func.count()).where(t.Item.source_id.in_(two_sources))
        assert session.scalar(count) == len(posts)


def test_copies_linked_on_two_connections_at_once_find_each_other(two_sources: list[int]) -> None:
    for round_ in range(5):
        words = f"{NEWS} {MORE} Bản tin lượt {round_}."
        with session_scope() as session:
            ids = [make_item(session, words, is_report=False, runs=runs(words), source_id=s).id for s in two_sources]

        def linking(item_id: int):  # type: ignore[no-untyped-def]
            return lambda session: link_items(session, [item_id], now=NOON)

        at_once(*map(linking, ids))
        with session_scope() as session:
            assert len(set(session.scalars(select(t.Item.copy_group).where(t.Item.id.in_(ids))))) == 1
            assert sameness.copy_counts(session, ids) == dict.fromkeys(ids, 2)
            session.execute(
                text("UPDATE items SET received_at = received_at - interval '90 days' WHERE id = ANY(:ids)"),
                {"ids": ids},
            )
