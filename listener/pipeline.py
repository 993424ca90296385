"""The spine: what follows what. Each stage writes its rows and the next job in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from listener.catalog import service as catalog_service
from listener.catalog.shapes import Catalog
from listener.classify import service as classifying
from listener.collect import service as collecting
from listener.collect import visit_service as visiting
from listener.collect.found import FoundPost, NewReport
from listener.deliver import service as delivering
from listener.jobs import AGAIN, app, hand_over, hand_over_once
from listener.link import service as linking
from listener.log import logger
from listener.route import service as routing
from listener.settings import settings
from listener.store import tables as t
from listener.store.database import session_scope

BATCH = 200
log = logger("pipeline")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a sender gets: the item and its tracking code."""

    item: t.Item
    code: str


def now() -> datetime:
    """The clock; the only place where stages get the time from."""
    return datetime.now(UTC)


def take_in(
    session: Session, report: NewReport, *, catalog: Catalog | None = None, at: datetime | None = None
) -> Receipt:
    """The one door for a citizen's report: keep it, read it, put it on a desk, all before the sender is answered.

    Should reading or routing fail, the report is kept all the same and a job tries again.
    """
    moment = at or now()
    own = settings()
    item, code = collecting.keep_report(
        session, report, secret=own.secret(), identity_secrets=own.identity_secrets(), data_dir=own.data_dir, now=moment
    )
    if item.read_at is None:
        try:
            with session.begin_nested():
                _walk(session, [item.id], catalog or catalog_service.current(session), moment)
        except Exception:
            log.exception("reading_failed", item=item.id)
            hand_over(session, "classify", item_ids=[item.id])
        session.refresh(item)
    return Receipt(item, code)


def take_posts(
    session: Session,
    posts: Sequence[FoundPost],
    *,
    source_id: int | None,
    at: datetime | None = None,
    why_changed: str = collecting.EDITED,
) -> collecting.Kept:
    """Keep found posts and hand them on, in batches."""
    secret, moment = settings().secret(), at or now()
    kept = collecting.keep_posts(
        session, posts, source_id=source_id, secret=secret, now=moment, why_changed=why_changed
    )
    ids = [*kept.new, *kept.changed]
    for start in range(0, len(ids), BATCH):
        hand_over(session, "classify", item_ids=ids[start : start + BATCH])
    return kept


@app.task(name="collect", queue="collect")
def collect(source_id: int) -> None:
    """Visit a source and keep what is new, as it comes. A failure is written down and shown; other sources go on."""
    visiting.visit_source(source_id, scope=session_scope, settings=settings(), clock=now, keep=take_posts)


@app.task(name="classify", queue="read", retry=AGAIN)
def classify(item_ids: list[int]) -> None:
    """Read the items, then link them."""
    with session_scope() as session:
        _classify(session, item_ids, catalog_service.current(session), now())
        hand_over(session, "link", item_ids=item_ids)


@app.task(name="link", queue="read", retry=AGAIN)
def link(item_ids: list[int]) -> None:
    """Join the items to stories, then route them."""
    with session_scope() as session:
        linking.link_items(session, item_ids, now=now())
        hand_over(session, "route", item_ids=item_ids)


@app.task(name="route", queue="read", retry=AGAIN)
def route(item_ids: list[int]) -> None:
    """Put the items on desks."""
    with session_scope() as session:
        routing.route_items(session, item_ids, catalog=catalog_service.current(session), now=now())
        hand_over_once(session, "deliver")


@app.task(name="deliver", queue="deliver")
def deliver() -> None:
    """Tell what happened: write the letters; sending them is a job of its own."""
    with session_scope() as session:
        told = delivering.tell_events(session, catalog=catalog_service.current(session), settings=settings(), now=now())
        if told == delivering.BATCH:
            hand_over_once(session, "deliver")
        if delivering.work_left(session, now=now()):
            hand_over(session, "send", queueing_lock="send")


def _walk(session: Session, item_ids: Sequence[int], catalog: Catalog, moment: datetime) -> None:
    """The whole way at once, for one sender who waits."""
    _classify(session, item_ids, catalog, moment)
    linking.link_items(session, item_ids, now=moment)
    routing.route_items(session, item_ids, catalog=catalog, now=moment)
    hand_over_once(session, "deliver")


def _classify(session: Session, item_ids: Sequence[int], catalog: Catalog, moment: datetime) -> None:
    gazetteer = catalog_service.gazetteer(catalog)
    classifying.read_items(session, item_ids, models_dir=settings().models_dir, gazetteer=gazetteer, now=moment)


def keep_now(
    session: Session, posts: Sequence[FoundPost], *, source_id: int, catalog: Catalog, at: datetime
) -> collecting.Kept:
    """Keep posts and walk them through all stages at once, as if it were ``at`` (files, sample items)."""
    kept = collecting.keep_posts(session, posts, source_id=source_id, secret=settings().secret(), now=at)
    _walk(session, [*kept.new, *kept.changed], catalog, at)
    return kept


def warm_up() -> None:
    """Load the models and the gazetteer before the first text comes."""
    with session_scope() as session:
        gazetteer = catalog_service.gazetteer(catalog_service.current(session))
    classifying.warm_up(models_dir=settings().models_dir, gazetteer=gazetteer)
