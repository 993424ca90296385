"""Counts of spans, matters and desks: what is in them, and what must never be."""

from datetime import timedelta

from make import NOON, make_assignment, make_item, make_post, make_run, make_source, make_story
from sqlalchemy.orm import Session

from listener.store import matters
from listener.store import trends as counts
from listener.store.trends import Span

WEEK = timedelta(days=7)
SPAN = Span(NOON - timedelta(days=2), NOON + timedelta(days=2))
AREA = "31120"


def an_area(session: Session) -> str:
    from sqlalchemy import select

    from listener.store import tables as t

    return session.scalars(select(t.Area.code).order_by(t.Area.code)).first() or ""


def test_restricted_items_and_spam_are_in_no_count(session: Session) -> None:
    area = an_area(session)
    make_item(session, unit_code=area)
    make_assignment(session, make_item(session, unit_code=area, restricted=True, topic="nhung-nhieu-tieu-cuc"))
    spam = make_post(session, unit_code=area, spam=True)
    make_story(session, [spam, make_post(session, restricted=True), make_post(session, restricted=True)])
    for by in counts.COLUMNS:
        assert sum(cell.count for cell in counts.tallies(session, by, SPAN)) == 1, by
    assert matters.by_topic_and_area(session, [SPAN]) == {("den-duong-hong", area): [1]}
    assert matters.desks(session, SPAN) == []
    assert matters.stories(session, SPAN, least=1, limit=5) == []
    flow = counts.flow(session, SPAN)
    assert (flow.received, flow.spam, flow.kept) == (2, 1, 1)


def test_a_day_is_the_citys_day(session: Session) -> None:
    late = NOON.replace(hour=18)  # 01:00 of the next day in the city
    make_item(session, at=late)
    assert [cell.key for cell in counts.tallies(session, "day", SPAN)] == ["2026-11-19"]
    assert [cell.key for cell in counts.tallies(session, "week", SPAN)] == ["2026-11-16"]


def test_the_end_of_a_span_belongs_to_the_next(session: Session) -> None:
    make_item(session, at=SPAN.end)
    assert counts.tallies(session, "day", SPAN) == []
    assert len(counts.tallies(session, "day", Span(SPAN.end, SPAN.end + WEEK))) == 1


def test_posts_are_counted_by_source_and_reports_by_channel(session: Session) -> None:
    source = make_source(session, "Báo Thử")
    make_post(session, source_id=source.id)
    make_item(session, channel="zalo")
    found = {cell.key for cell in counts.tallies(session, "source", SPAN)}
    assert found == {f"nguon:{source.id}", "kenh:zalo"}
    assert counts.source_names(session)[f"nguon:{source.id}"] == "Báo Thử"


def test_copies_and_what_differs_make_up_all_that_is_kept(session: Session) -> None:
    first = make_post(session)
    first.copy_group = first.id
    for _ in range(2):
        make_post(session, copy_group=first.id)
    make_post(session, copy_group=first.id, spam=True)
    old = make_post(session, at=NOON - WEEK)
    make_post(session, copy_group=old.id)
    make_post(session)
    session.flush()
    flow = counts.flow(session, SPAN)
    assert (flow.kept, flow.copies, flow.distinct) == (5, 2, 3)


def test_what_people_decided_is_counted_by_task(session: Session) -> None:
    make_post(session, decided_by=["sentiment"])
    make_post(session, decided_by=["topic", "sentiment"])
    make_post(session, read_at=None, sentiment=None)
    flow = counts.flow(session, SPAN)
    assert (flow.reviewed, flow.reviewed_topic, flow.reviewed_sentiment, flow.unread) == (2, 1, 2, 1)


def test_coverage_tells_failed_silent_and_unvisited_sources(session: Session) -> None:
    heard, failed, idle = (make_source(session, name) for name in ("Nghe", "Hỏng", "Bỏ"))
    make_run(session, heard, new=4, found=5, dropped=[{"id": "x", "reason": "trống"}])
    make_run(session, failed, outcome="failed", problem="403")
    make_run(session, idle, NOON - WEEK, new=1)
    failed.problem = "trang từ chối (403)"
    session.flush()
    found = {one.name: one for one in counts.coverage(session, SPAN)}
    assert (found["Nghe"].visits, found["Nghe"].new, found["Nghe"].refused) == (1, 4, 1)
    assert (found["Hỏng"].visits, found["Hỏng"].failed, found["Hỏng"].problem) == (1, 1, "trang từ chối (403)")
    assert (found["Bỏ"].visits, found["Bỏ"].new) == (0, 0)


def test_the_four_buckets_are_those_of_the_end_of_the_span(session: Session) -> None:
    def given(**values: object) -> None:
        make_assignment(session, make_item(session), **values)

    day = timedelta(days=1)
    given(state="answered", answered_at=NOON + day, due_at=NOON + 2 * day)  # on time
    given(state="closed", answered_at=NOON + day, due_at=NOON)  # late
    given(due_at=NOON + 3 * day)  # open
    given(due_at=NOON + day, state="accepted")  # overdue
    given(state="answered", answered_at=SPAN.end + day, due_at=NOON + day)  # answered later: overdue then
    given(state="returned", active=False, ended_at=NOON + day)  # went back to the dispatcher
    given(state="returned", active=False, ended_at=SPAN.end + day, due_at=NOON + 3 * day)  # was still there
    given(at=SPAN.end + day)  # came later
    given(state="answered", answered_at=SPAN.start - day, at=SPAN.start - 2 * day)  # done before
    given(state="accepted", answered_at=NOON - day, due_at=NOON + 3 * day)  # reopened
    (desk,) = matters.desks(session, SPAN)
    assert (desk.on_time, desk.late, desk.open, desk.overdue) == (1, 1, 3, 2)
    assert desk.total == 7


def test_matters_know_their_spread_their_typical_words_and_who_owes(session: Session) -> None:
    area, at = an_area(session), timedelta(hours=1)
    source = make_source(session, "Báo Thử")
    make_post(session, "Bài đầu", unit_code=area, source_id=source.id)
    urgent = make_item(session, "Dây điện đứt rơi xuống đường", unit_code=area, urgency="khan")
    make_item(session, "Đèn tắt", unit_code=area, at=NOON + at, urgency="cao")
    make_assignment(session, urgent, "SXD", due_at=NOON + at)
    done = make_item(session, unit_code=area)
    make_assignment(session, done, "SXD", state="answered", answered_at=NOON)
    key = ("den-duong-hong", area)
    assert matters.by_topic_and_area(session, [SPAN, SPAN.earlier(WEEK)]) == {key: [4, 0]}
    spread = matters.spreads(session, [key], SPAN)[key]
    assert (spread.posts, spread.reports, spread.sources, spread.last_at) == (1, 3, 1, NOON + at)
    assert matters.typical(session, [key], SPAN)[key].id == urgent.id
    owed = matters.owed(session, [key], SPAN)[key]
    assert (owed.departments, owed.assigned, owed.answered, owed.due_at) == (("SXD",), 2, 1, NOON + at)


def test_stories_come_with_their_first_words(session: Session) -> None:
    first = make_post(session, "Tin gốc", at=NOON - timedelta(hours=3))
    story = make_story(session, [make_post(session, "Chép"), first, make_post(session, "Chép lại")])
    ((found, spread, item),) = matters.stories(session, SPAN, least=3, limit=5)
    assert (found, spread.posts, item.id) == (story.id, 3, first.id)
    assert matters.stories(session, SPAN, least=4, limit=5) == []


def test_counting_needs_few_queries(session: Session) -> None:
    """The weekly report asks a fixed number of questions, however many items there are."""
    from sqlalchemy import event

    from listener.brief import service
    from listener.brief.trends import Week
    from listener.catalog import service as catalog_service

    catalog = catalog_service.current(session)
    for number in range(30):
        make_post(session, unit_code=an_area(session), at=NOON + timedelta(minutes=number))
    asked: list[str] = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    service.weekly(session, Week.parse("2026-W47"), catalog=catalog, agency="A", city="B", now=NOON)
    assert len(asked) <= 36
