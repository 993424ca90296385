"""How long a dry run over ten thousand items takes: `make bench` prints the figure."""

import time
from datetime import timedelta

from make import NOON
from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from listener.catalog import service as catalog_service
from listener.catalog.routing import RoutingRule
from listener.route import rehearsal_service as rehearsals
from listener.store import tables as t

ITEMS, RULES = 10_000, 40
MOST_SECONDS = 10
WORDS = "Đèn trong công viên phường tắt ba hôm nay, tối om, xe qua lại sợ té, mong sớm có người ra sửa giúp bà con số"


def past_item(number: int, topic: str) -> t.Item:
    return t.Item(
        number=f"PA-BENCH-{number}",
        is_report=True,
        channel="web",
        text=f"{WORDS} {number}",
        received_at=NOON,
        read_at=NOON,
        topic=topic,
        kind="phan_anh",
        urgency="thuong",
        sentiment="negative",
        unit_code="31120",
        certain=number % 3 > 0,
        flags=[],
        decided_by=[],
        masks=[],
    )


def past_prediction(item: t.Item, topics: list[str]) -> t.Prediction:
    at = topics.index(item.topic or "")
    return t.Prediction(
        item_id=item.id,
        task="topic",
        label=topics[at],
        probability=0.6,
        certain=False,
        runners_up=[{"label": topics[(at + n) % len(topics)], "probability": 0.1} for n in (1, 2, 3)],
        why=[],
        model_version="x",
        made_at=NOON,
    )


def test_ten_thousand_items_under_forty_rules(session: Session) -> None:
    topics = list(load_taxonomy().leaves)
    items = [past_item(number, topics[number % len(topics)]) for number in range(ITEMS)]
    session.add_all(items)
    session.flush()
    session.add_all(past_prediction(item, topics) for item in items)
    session.flush()
    session.expunge_all()
    draft = [
        RoutingRule(f"q{n}", f"Quy tắc {n}", department="SXD", words=(f"sửa giúp bà con số {n}",), topics=(topics[n],))
        for n in range(RULES)
    ]
    catalog = catalog_service.current(session)
    started = time.perf_counter()
    *_, tally = rehearsals.replay(session, draft, catalog, since=NOON - timedelta(days=1), today=NOON.date())
    spent = time.perf_counter() - started
    print(f"\n{ITEMS:,} items under {RULES} rules and under the owners: {spent:.1f} s")
    assert tally.total > 0.9 * ITEMS
    assert spent < MOST_SECONDS
