"""Sample items: loaded over the past eight weeks through the ordinary door, and taken out again whole."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from sqlalchemy.orm import Session

from listener import pipeline
from listener.catalog import service as catalog_service
from listener.catalog.shapes import Catalog
from listener.collect.found import FoundPost, NewReport
from listener.errors import ListenerError
from listener.route import desk_service
from listener.route.deadlines import CITY_ZONE
from listener.route.public_service import why_not_public
from listener.route.workflow import Actor
from listener.store import accounts, desks, samples
from listener.store import items as item_rows
from listener.store import tables as t
from listener.store.database import session_scope

FILE = Path(__file__).with_name("items.jsonl")
BATCH = 50


def load_if_absent(console: Console) -> None:
    """Load the sample items unless they are there."""
    with session_scope() as session:
        if samples.present(session):
            return
    load(console)


def load(console: Console) -> int:
    """Load all sample items relative to now; each batch is kept whole or not at all."""
    lines = list(_lines())
    now = pipeline.now()
    for start in track(range(0, len(lines), BATCH), description="Nạp dữ liệu mẫu", console=console, transient=True):
        with session_scope() as session:
            catalog = catalog_service.current(session)
            for line in lines[start : start + BATCH]:
                _load_one(session, line, catalog, now)
    return len(lines)


def remove() -> int:
    """Take out every sample item and sample account with all that hangs on them; returns how many items."""
    with session_scope() as session:
        return samples.remove(session)


def _lines() -> Iterator[dict[str, Any]]:
    with FILE.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


def _load_one(session: Session, line: dict[str, Any], catalog: Catalog, now: datetime) -> None:
    at = _moment(now, line["days_ago"], line["time"])
    item = _keep(session, line, catalog, at)
    item.sample = True
    session.flush()
    for step in line.get("then", ()):
        moment = min(at + timedelta(hours=step["after_hours"]), now)
        _step(session, item, step, catalog, moment)
    _publish(session, item, catalog, now)


def _publish(session: Session, item: t.Item, catalog: Catalog, now: datetime) -> None:
    """Let everybody read what a desk has taken up, as the press desk would."""
    account = accounts.by_login(session, "baochi")
    if account is None or item.state not in ("accepted", "answered", "closed") or why_not_public(item):
        return
    actor = Actor(account.name, account.role, account.id)
    desk_service.act(session, item, "publish", actor=actor, catalog=catalog, now=now)


def _keep(session: Session, line: dict[str, Any], catalog: Catalog, at: datetime) -> t.Item:
    if line["is_report"]:
        report = NewReport(
            text=line["text"],
            channel=line["channel"],
            place=line.get("place"),
            lat=line.get("lat"),
            lng=line.get("lng"),
            may_publish=True,
        )
        return pipeline.take_in(session, report, catalog=catalog, at=at).item
    source = samples.source(session, line["source"])
    post = FoundPost(
        external_id=f"mau:{line['id']}",
        title=line.get("title", ""),
        text=line["text"],
        author=line.get("author"),
        channel=line["channel"],
        published_at=at,
    )
    kept = pipeline.keep_now(session, [post], source_id=source.id, catalog=catalog, at=at)
    return item_rows.by_ids(session, kept.new)[0]


def _step(session: Session, item: t.Item, step: dict[str, Any], catalog: Catalog, moment: datetime) -> None:
    """One step on the desk, by the sample account whose role makes it; what the workflow refuses is left undone."""
    assignment = desks.active_assignment(session, item.id)
    login = "canbo" if step["move"] == "return" else "dieuphoi"
    account = accounts.by_login(session, login)
    if account is None or (assignment is None and step["move"] != "assign"):
        return
    department = assignment.department_code if assignment else None
    if step["move"] == "assign" and department is not None and department == step.get("department"):
        return  # the machine has put it there already
    actor = Actor(account.name, account.role, account.id, department if account.role == "officer" else None)
    try:
        with session.begin_nested():
            desk_service.act(
                session,
                item,
                step["move"],
                actor=actor,
                catalog=catalog,
                now=moment,
                reason=step.get("reason", ""),
                department=step.get("department"),
                text=step.get("text", ""),
            )
    except ListenerError:
        session.refresh(item)


def _moment(now: datetime, days_ago: int, clock: str) -> datetime:
    """A clock time some days ago, never later than now."""
    hour, minute = (int(part) for part in clock.split(":"))
    day = now.astimezone(CITY_ZONE) - timedelta(days=days_ago)
    return min(day.replace(hour=hour, minute=minute, second=0, microsecond=0), now)
