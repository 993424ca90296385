"""How long a dry run over ten thousand items takes: `make bench` prints the figure."""

import time
from datetime import timedelta

from make import NOON, make_item
from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from listener.catalog import service as catalog_service
from listener.catalog.routing import RoutingRule
from listener.route import rehearsal_service as rehearsals
from listener.route.replay import Tally
from listener.store import tables as t

ITEMS, RULES = 10_000, 40
MOST_SECONDS = 10
WORDS = "Đèn trong công viên phường tắt ba hôm nay, tối om, xe qua lại sợ té, mong sớm có người ra sửa giúp bà con số"


def test_ten_thousand_items_under_forty_rules(session: Session) -> None:
    topics = list(load_taxonomy().leaves)
    for number in range(ITEMS):
        topic = topics[number % len(topics)]
        item = make_item(session, f"{WORDS} {number}", topic=topic, unit_code="31120", certain=number % 3 > 0)
        session.add(
            t.Prediction(
                item_id=item.id,
                task="topic",
                label=topic,
                probability=0.6,
                certain=False,
                runners_up=[{"label": topics[(number + n) % len(topics)], "probability": 0.1} for n in (1, 2, 3)],
                why=[],
                model_version="x",
                made_at=NOON,
            )
        )
    session.flush()
    session.expunge_all()
    draft = [
        RoutingRule(f"q{n}", f"Quy tắc {n}", department="SXD", words=(f"sửa giúp bà con số {n}",), topics=(topics[n],))
        for n in range(RULES)
    ]
    catalog, tally = catalog_service.current(session), Tally()
    started = time.perf_counter()
    for tally in rehearsals.replay(session, draft, catalog, since=NOON - timedelta(days=1), today=NOON.date()):
        pass
    spent = time.perf_counter() - started
    print(f"\n{ITEMS:,} items under {RULES} rules and under the owners: {spent:.1f} s")
    assert tally.total > 0.9 * ITEMS
    assert spent < MOST_SECONDS
