"""What happens on the desks reaches webhooks: every event once in effect, in order per matter, or it stands as dead."""

import random
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

import pytest
from inbox import Inbox, webhook_inbox
from make import NOON, make_assignment, make_item
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from listener.catalog import service as catalog_service
from listener.deliver import receivers_service, service
from listener.deliver.outbox import KINDS, LEASE, MOST_TRIES
from listener.route import clock_service
from listener.settings import Settings
from listener.store import desks, outbox
from listener.store import tables as t
from listener.store.database import session_scope

LOCAL = Settings(deliver_private_hosts=True, deliver_patience=0.4)
BY = receivers_service.By("Quản trị thử")
DESK = "UBX-31120"
LIFE = ("assign", "accept", "answer", "close")


class Clock:
    """A clock that is set by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def inbox(database: str) -> Iterator[Inbox]:
    with webhook_inbox() as inbox:
        yield inbox
    with session_scope() as session:
        session.execute(text("TRUNCATE items, receivers, outbox_lines RESTART IDENTITY CASCADE"))


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


def subscribe(inbox: Inbox, *, department: str | None = DESK, kinds: tuple[str, ...] = tuple(KINDS)) -> int:
    with session_scope() as session:
        wanted = receivers_service.Wanted("Máy thử", "webhook", inbox.url, department, kinds)
        receiver, secret = receivers_service.add(session, wanted, settings=LOCAL, by=BY)
        assert secret is not None
        inbox.secret = secret
        return receiver.id


def matter(body: str = "Đèn đường hẻm 51 tắt ba đêm nay", **values: object) -> int:
    with session_scope() as session:
        item = make_item(session, body, **values)
        make_assignment(session, item, DESK)
        return item.id


def happens(item_id: int, kind: str, at: datetime, **details: object) -> None:
    with session_scope() as session:
        desks.add_event(session, item_id, kind, f"{kind}.", now=at, department=DESK, **details)


def tell(clock: Clock, settings: Settings = LOCAL) -> int:
    with session_scope() as session:
        catalog = catalog_service.current(session)
        return service.tell_events(session, catalog=catalog, settings=settings, now=clock())


def send(clock: Clock, settings: Settings = LOCAL, senders: int = 1) -> Counter[str]:
    return service.send_due(session_scope, settings=settings, clock=clock, luck=lambda: 0.5, senders=senders)


def states() -> Counter[str]:
    with session_scope() as session:
        return Counter(session.scalars(select(t.Outgoing.state)))


def check_order_and_once(inbox: Inbox, matters: dict[int, list[str]]) -> None:
    """Every event of every matter was accepted, once, in the order it happened."""
    with session_scope() as session:
        numbers = {item.id: item.number for item in session.scalars(select(t.Item))}
    by_number: dict[str, list[str]] = defaultdict(list)
    for event in inbox.got.values():
        by_number[event["data"]["number"]].append(event["type"])
    wanted = {numbers[item]: [KINDS[kind].told for kind in kinds] for item, kinds in matters.items()}
    assert dict(by_number) == wanted
    assert inbox.forged == 0


def test_the_event_and_its_mark_exist_together_or_not_at_all(inbox: Inbox, clock: Clock) -> None:
    subscribe(inbox)
    item_id = matter()
    marks = []
    with suppress(ZeroDivisionError), session_scope() as session:
        desks.add_event(session, item_id, "accept", "x", now=NOON, department=DESK)
        session.flush()
        marks = session.scalars(select(t.Untold.event_id)).all()
        raise ZeroDivisionError
    assert len(marks) == 1
    assert tell(clock) == 0
    happens(item_id, "accept", NOON)
    assert tell(clock) == 1
    assert tell(clock) == 0  # told once, however often the job runs
    send(clock)
    assert [event["type"] for event in inbox.got.values()] == ["matter.accepted"]


def test_a_receiver_that_is_down_for_a_day_gets_everything_once_and_in_order(inbox: Inbox, clock: Clock) -> None:
    subscribe(inbox)
    up_again = NOON + timedelta(hours=24)
    inbox.mood = lambda: "ok" if clock() >= up_again else "500"
    matters: dict[int, list[str]] = {matter(): [] for _ in range(5)}
    step = timedelta(minutes=15)
    while clock() < NOON + timedelta(hours=36):
        age = int((clock() - NOON) / timedelta(hours=3))
        for kinds, item_id in ((kinds, item_id) for item_id, kinds in matters.items()):
            if len(kinds) < len(LIFE) and age >= len(kinds):
                kind = LIFE[len(kinds)]
                happens(item_id, kind, clock())
                kinds.append(kind)
        tell(clock)
        send(clock)
        clock.now += step
    assert states() == Counter(sent=20)
    check_order_and_once(inbox, matters)


def test_whatever_mood_the_receiver_is_in_each_event_counts_once(inbox: Inbox, clock: Clock) -> None:
    subscribe(inbox)
    dice = random.Random(7)
    bad = ("500", "hang-up", "take-then-500", "take-then-hang-up", "redirect", "429", "ok")
    inbox.mood = lambda: dice.choice(bad)
    matters: dict[int, list[str]] = {matter(): list(LIFE) for _ in range(6)}
    for kind in LIFE:
        for item_id in matters:
            happens(item_id, kind, clock())
    tell(clock)
    while states()["waiting"] and clock() < NOON + timedelta(days=4):
        send(clock)
        clock.now += timedelta(minutes=10)
        if clock() > NOON + timedelta(hours=20):
            inbox.mood = lambda: "ok"
    assert states() == Counter(sent=24)
    assert len(inbox.asked) > 24  # it did misbehave
    check_order_and_once(inbox, matters)


def test_a_receiver_that_never_works_leaves_everything_as_dead_letters_with_the_cause(
    inbox: Inbox, clock: Clock
) -> None:
    subscribe(inbox)
    inbox.mood = lambda: "500"
    item_id = matter()
    happens(item_id, "assign", clock())
    tell(clock)
    first = clock()
    while states()["waiting"]:
        send(clock)
        clock.now += timedelta(minutes=10)
    assert len(inbox.asked) == MOST_TRIES
    assert len(set(inbox.asked)) == 1  # always the same id
    assert clock() - first > timedelta(days=1)
    with session_scope() as session:
        (group,) = outbox.dead_groups(session)
        assert (group.channel, group.cause, group.count) == ("webhook", "http-500", 1)
        assert "500" in group.problem
        assert receivers_service.retry(session, now=clock(), by=BY, channel="webhook", cause="http-500") == 1
    inbox.mood = lambda: "ok"
    send(clock)
    assert list(inbox.got) == inbox.asked[:1]
    with session_scope() as session:
        acts = session.scalars(select(t.Audit.act).order_by(t.Audit.id.desc()).limit(1)).all()
        assert acts == ["letters_retried"]


def test_a_later_event_waits_for_the_earlier_one_of_its_matter_but_not_for_other_matters(
    inbox: Inbox, clock: Clock
) -> None:
    subscribe(inbox)
    stuck, free = matter(), matter()
    moods = iter(("500", "ok"))
    inbox.mood = lambda: next(moods, "ok")
    happens(stuck, "assign", clock())
    happens(stuck, "accept", clock())
    happens(free, "assign", clock())
    tell(clock)
    assert send(clock) == Counter(retry=1, sent=1)
    assert [event["type"] for event in inbox.got.values()] == ["matter.assigned"]
    clock.now += timedelta(minutes=2)
    assert send(clock) == Counter(sent=2)
    check_order_and_once(inbox, {stuck: ["assign", "accept"], free: ["assign"]})


def test_several_workers_at_once_send_each_letter_once(inbox: Inbox, clock: Clock) -> None:
    subscribe(inbox)
    for _ in range(12):
        item_id = matter()
        happens(item_id, "assign", clock())
        happens(item_id, "accept", clock())
    tell(clock)
    tallies: list[Counter[str]] = []
    workers = [threading.Thread(target=lambda: tallies.append(send(clock, senders=3))) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    send(clock)  # a worker may have looked while the first of two was still under way
    assert states() == Counter(sent=24)
    assert max(Counter(inbox.asked).values()) == 1


def test_a_crash_between_sending_and_noting_sends_the_same_id_again_after_the_lease(inbox: Inbox, clock: Clock) -> None:
    subscribe(inbox)
    happens(matter(), "assign", clock())
    tell(clock)
    opened = 0

    @contextmanager
    def dies_at_the_note() -> Iterator[Session]:
        nonlocal opened
        opened += 1
        if opened == 2:
            raise SystemError("power cut")
        with session_scope() as session:
            yield session

    with pytest.raises(SystemError):
        service.send_due(dies_at_the_note, settings=LOCAL, clock=clock, senders=1)
    assert (len(inbox.asked), states()) == (1, Counter(waiting=1))
    assert send(clock) == Counter()  # still leased: nobody sends it beside the one who may be alive
    clock.now += LEASE + timedelta(seconds=1)
    assert send(clock) == Counter(sent=1)
    assert len(inbox.asked) == 2
    assert len(set(inbox.asked)) == 1


@pytest.mark.parametrize("asked", ["7200", "Wed, 18 Nov 2026 07:00:00 GMT"])
def test_retry_after_is_respected_in_seconds_and_as_a_date(inbox: Inbox, clock: Clock, asked: str) -> None:
    subscribe(inbox)
    inbox.mood, inbox.retry_after = lambda: "429", asked  # 7:00 GMT is two hours after the clock's start
    happens(matter(), "assign", clock())
    happens(matter(), "assign", clock())
    tell(clock)
    assert send(clock) == Counter(retry=1)  # the second letter does not knock: the whole line rests
    inbox.mood = lambda: "ok"
    clock.now += timedelta(hours=2) - timedelta(minutes=1)
    assert send(clock) == Counter()
    clock.now += timedelta(minutes=2)
    assert send(clock) == Counter(sent=2)


def test_410_switches_the_receiver_off_with_a_note(inbox: Inbox, clock: Clock) -> None:
    receiver_id = subscribe(inbox)
    inbox.mood = lambda: "410"
    happens(matter(), "assign", clock())
    happens(matter(), "assign", clock())
    tell(clock)
    assert send(clock) == Counter(dead=1)
    with session_scope() as session:
        receiver = session.get_one(t.Receiver, receiver_id)
        assert receiver.state == "disabled"
        assert "410" in receiver.note
    clock.now += timedelta(days=2)
    assert send(clock) == Counter()
    assert len(inbox.asked) == 1
    assert states() == Counter(dead=2)  # what waited for it is not lost from sight
    inbox.mood = lambda: "ok"
    with session_scope() as session:
        receivers_service.set_state(session, session.get_one(t.Receiver, receiver_id), "active", by=BY)
        assert receivers_service.retry(session, now=clock(), by=BY, channel="webhook", cause="http-410") == 2
    assert send(clock) == Counter(sent=2)
    assert len(set(inbox.asked)) == 2


@pytest.mark.parametrize(
    ("mood", "cause"),
    [("redirect", "http-307"), ("hang", "timeout"), ("drip", "timeout"), ("hang-up", "protocol|connection")],
)
def test_a_bad_answer_is_tried_again_with_its_cause(inbox: Inbox, clock: Clock, mood: str, cause: str) -> None:
    subscribe(inbox)
    inbox.mood = lambda: mood
    happens(matter(), "assign", clock())
    tell(clock)
    assert send(clock) == Counter(retry=1)
    with session_scope() as session:
        letter = session.scalars(select(t.Outgoing)).one()
        assert letter.cause in cause.split("|")
        assert letter.problem


@pytest.mark.parametrize("mood", ["lie", "flood"])
def test_a_200_counts_whatever_comes_with_it_and_no_more_than_the_limit_is_read(
    inbox: Inbox, clock: Clock, mood: str
) -> None:
    subscribe(inbox)
    inbox.mood = lambda: mood
    happens(matter(), "assign", clock())
    tell(clock)
    assert send(clock) == Counter(sent=1)


def test_what_lies_in_a_private_network_is_not_asked_unless_allowed(inbox: Inbox, clock: Clock) -> None:
    subscribe(inbox)
    happens(matter(), "assign", clock())
    tell(clock)
    assert send(clock, Settings(deliver_private_hosts=False)) == Counter(retry=1)
    assert inbox.asked == []
    with session_scope() as session:
        assert session.scalars(select(t.Outgoing.cause)).one() == "private"


def test_nothing_of_a_restricted_matter_goes_out_whenever_it_became_one(inbox: Inbox, clock: Clock) -> None:
    subscribe(inbox, department=None)
    hidden_from_start = matter("Tôi tố cáo cán bộ nhận tiền", restricted=True)
    happens(hidden_from_start, "received", clock())
    happens(hidden_from_start, "assign", clock())
    later, in_between = matter("Việc kín đáo"), matter("Việc kín thứ hai")
    happens(later, "assign", clock())
    happens(in_between, "assign", clock())
    tell(clock)
    with session_scope() as session:
        session.get_one(t.Item, later).restricted = True
        session.get_one(t.Item, in_between).restricted = True
        desks.add_event(session, later, "restrict", "x", now=clock())
    send(clock)  # the second one's event is not told yet: the sending step sees it by itself
    tell(clock)
    send(clock)
    assert inbox.asked == []
    assert states() == Counter(dropped=2)
    with session_scope() as session:
        assert session.scalar(select(t.Told.id).where(t.Told.item_id == hidden_from_start)) is None
        assert session.scalars(select(t.Told.payload).where(t.Told.item_id == later)).all() == [{}]


def test_sample_items_are_told_to_nobody(inbox: Inbox, clock: Clock) -> None:
    subscribe(inbox, department=None)
    happens(matter(sample=True), "assign", clock())
    assert tell(clock) == 1
    assert send(clock) == Counter()


def test_texts_go_out_masked_and_nobody_is_named(inbox: Inbox, clock: Clock) -> None:
    subscribe(inbox)
    body = "Đèn tắt, gọi 0538.114.207 gặp ông Lâm Văn Đẹt"
    masks = [{"start": body.index("0538"), "end": body.index(" gặp"), "type": "phone"},
             {"start": body.index("Lâm"), "end": len(body), "type": "person"}]  # fmt: skip
    item_id = matter(body, masks=masks, place_text="nhà 12/4 hẻm 51, gọi 0538.114.207")
    happens(item_id, "return", clock(), reason="Số của chị ấy là 0541 772 093")
    tell(clock)
    send(clock)
    said = str(next(iter(inbox.got.values())))
    assert "███ (số điện thoại)" in said
    for private in ("0538", "Đẹt", "0541"):
        assert private not in said


def test_only_the_concerned_desk_and_those_who_hear_all_are_told(inbox: Inbox, clock: Clock) -> None:
    subscribe(inbox, department="SXD")
    happens(matter(), "assign", clock())
    tell(clock)
    assert send(clock) == Counter()
    with webhook_inbox() as all_matters:
        subscribe(all_matters, department=None, kinds=("answer",))
        item_id = matter()
        happens(item_id, "assign", clock())
        happens(item_id, "answer", clock())
        tell(clock)
        send(clock)
        assert [event["type"] for event in all_matters.got.values()] == ["matter.answered"]


def test_while_a_secret_is_changed_both_sign_and_a_paused_receiver_gets_its_letters_later(
    inbox: Inbox, clock: Clock
) -> None:
    receiver_id = subscribe(inbox)
    old = inbox.secret
    with session_scope() as session:
        receiver = session.get_one(t.Receiver, receiver_id)
        new = receivers_service.rotate(session, receiver, settings=LOCAL, now=clock(), by=BY)
        receivers_service.set_state(session, receiver, "paused", by=BY)
        assert new not in str(receiver.sealed)
    for secret, days in ((old, 0), (new, 0), (new, 8)):
        inbox.secret = secret
        clock.now = NOON + timedelta(days=days)
        happens(matter(), "assign", clock())
        tell(clock)
        if days == 0 and secret == old:
            assert send(clock) == Counter()
            with session_scope() as session:
                receiver = session.get_one(t.Receiver, receiver_id)
                receivers_service.set_state(session, receiver, "active", by=BY)
        assert send(clock) == Counter(sent=1)
    assert inbox.forged == 0
    assert [len(line.split()) for line in inbox.signatures] == [2, 2, 1]


def test_a_desk_hears_through_its_channels_before_its_time_is_over_and_when_it_is(inbox: Inbox, clock: Clock) -> None:
    subscribe(inbox)
    item_id = matter()
    with session_scope() as session:
        item = session.get_one(t.Item, item_id)
        desk = session.scalars(select(t.Assignment).where(t.Assignment.item_id == item_id)).one()
        due, desk.next_warning_at = desk.due_at, NOON
        number = item.number
    for moment in (due - timedelta(hours=1), due - timedelta(minutes=30), due + timedelta(minutes=1)):
        clock.now = moment
        with session_scope() as session:
            clock_service.look(session, catalog=catalog_service.current(session), now=moment)
        tell(clock)
        send(clock)
    told = [(event["type"], event["data"]["number"], event["data"]["due"]) for event in inbox.got.values()]
    assert [kind for kind, *_ in told] == ["matter.due_soon", "matter.overdue"]  # each once, however often one looks
    assert {(which, datetime.fromisoformat(when)) for _, which, when in told} == {(number, due)}
