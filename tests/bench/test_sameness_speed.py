"""How long a thousand new articles take against a hundred thousand stored ones: `make bench` prints the figure."""

import random
import time

from make import NOON
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from classifiers.datasets import CORPUS, read_texts
from classifiers.text.sameness import KEPT_RUNS, runs
from listener.link.service import link_items
from listener.store import tables as t

STORED, REAL, NEW, COPIED = 100_000, 2_000, 1_000, 200
SHARED = KEPT_RUNS // 3  # runs of a stored row that others have too
WORDS = 110
MOST_SECONDS = 10


def articles(number: int, dice: random.Random) -> list[str]:
    """Texts of stretches of three to eight words that people wrote, so that turns of speech are met again."""
    spring = " ".join(one.text for one in read_texts(CORPUS / "posts.jsonl")).split()
    made = []
    for _ in range(number):
        words: list[str] = []
        while len(words) < WORDS:
            start = dice.randrange(len(spring) - 8)
            words += spring[start : start + dice.randint(3, 8)]
        made.append(" ".join(words))
    return made


def store(session: Session, texts: list[str], dice: random.Random) -> None:
    """Two thousand texts with their runs; of the other rows each shares a third of its runs with some of these."""
    real = [runs(words) for words in texts]
    pool = [run for one in real for run in one]
    columns = "number, is_report, channel, title, text, received_at, linked_at, search_text, fingerprint, runs"
    session.execute(text("SET LOCAL statement_timeout = 0"))
    session.execute(text("DROP INDEX ix_items_runs"))  # built anew below: row by row it would take minutes
    raw = session.connection().connection.cursor()
    with raw.copy(f"COPY items ({columns}) FROM STDIN") as copy:
        for place in range(STORED):
            own = real[place] if place < len(real) else drawn(pool, dice)
            words = texts[place % len(texts)]
            copy.write_row((f"BD-BENCH-{place}", False, "news", "", words, NOON, NOON, "", "", own))
    session.execute(text("CREATE INDEX ix_items_runs ON items USING gin (runs) WITH (fastupdate = off)"))
    session.execute(text("ANALYZE items"))


def drawn(pool: list[int], dice: random.Random) -> list[int]:
    own = [dice.randrange(-(2**31), 2**31) for _ in range(KEPT_RUNS - SHARED)]
    return sorted({*dice.choices(pool, k=SHARED), *own})


def new_item(place: int, words: str) -> t.Item:
    plain = {"flags": [], "decided_by": [], "is_report": False, "channel": "news", "received_at": NOON}
    return t.Item(number=f"BD-NEW-{place}", text=words, runs=runs(words), **plain)


def test_a_thousand_articles_against_a_hundred_thousand(session: Session) -> None:
    dice = random.Random(20261201)
    texts = articles(REAL, dice)
    store(session, texts, dice)
    copied = [f"Tin chép lại sáng nay. {words.rsplit(' ', 20)[0]}" for words in texts[:COPIED]]
    fresh = articles(NEW - COPIED, dice)
    started = time.perf_counter()
    items = [new_item(place, words) for place, words in enumerate(copied + fresh)]
    marking = time.perf_counter() - started
    session.add_all(items)
    session.flush()
    ids = [item.id for item in items]
    session.expunge_all()
    started = time.perf_counter()
    link_items(session, ids, now=NOON)
    session.flush()
    spent = marking + time.perf_counter() - started
    found = session.scalars(select(t.Item.id).where(t.Item.id.in_(ids), t.Item.copy_group.is_not(None))).all()
    print(f"\n{NEW:,} articles against {STORED:,}: {spent:.1f} s ({marking:.1f} for runs), {len(found)} copies")
    assert set(found) == set(ids[:COPIED])
    assert spent < MOST_SECONDS
