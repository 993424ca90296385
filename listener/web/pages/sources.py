"""Where posts come from: what is silent or in trouble stands on top, with the reason in plain words."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from listener import vietnamese
from listener.catalog.source_kinds import NAMES
from listener.collect import health
from listener.collect.visit_service import hand_over_visit
from listener.errors import Conflict, Forbidden, NotFound
from listener.store import audit, gaps
from listener.store import sources as rows
from listener.store import tables as t
from listener.web.deps import FormFrom, Now, SignedIn, Store, Visitor
from listener.web.pages import shown
from listener.web.pages.answers import listing
from listener.web.pages.filters import wanted

router = APIRouter()
ROLES = ("admin", "press", "dispatcher", "leader", "analyst")
STATES = {"error": "Lỗi", "silent": "Im lặng", "never": "Chưa chạy", "ok": "Chạy tốt", "paused": "Tạm dừng"}
TROUBLE = list(STATES)
SPARK_DAYS = 14


@router.get("/nguon")
def sources(request: Request, session: Store, visitor: SignedIn, now: Now) -> HTMLResponse:
    """All sources, those in trouble first."""
    if visitor.account.role not in ROLES:
        raise Forbidden("Trang nguồn dành cho quản trị và bộ phận báo chí.")
    return listing(request, "sources.html", _context(session, visitor, dict(request.query_params), now))


@router.post("/nguon/{slug}/{step}")
def act(slug: str, step: str, session: Store, visitor: FormFrom, now: Now) -> Response:
    """Visit a source now, pause it, let it run again, take note of its gap, or take it off the list."""
    if visitor.account.role != "admin":
        raise Forbidden("Chỉ quản trị kéo hoặc tạm dừng nguồn.")
    source = rows.by_slug(session, slug)
    if step == "keo":
        if source.rest_until is not None and source.rest_until > now:
            raise Conflict(f"Máy chủ này xin nghỉ tới {vietnamese.absolute(source.rest_until, now)}, chưa nên hỏi lại.")
        hand_over_visit(session, source)
    elif step in ("tam-dung", "chay-tiep"):
        source.active = step == "chay-tiep"
    elif step == "da-biet":
        gaps.take_note(session, source.id, now=now)
    elif step == "go":
        source.active, source.removed_at = False, now
    else:
        raise NotFound("Không có thao tác này.")
    audit.note(session, actor=visitor.account.name, account_id=visitor.account.id, act="source", source=slug, step=step)
    return RedirectResponse("/nguon" if step == "go" else f"/nguon#m-{slug}", status_code=303)


def _context(session: Session, visitor: Visitor, query: dict[str, str], now: datetime) -> dict[str, Any]:
    fields = [
        {"name": "tinh-trang", "label": "Tình trạng", "options": list(STATES.items())},
        {"name": "loai", "label": "Loại", "options": list(NAMES.items())},
    ]
    everything = _rows(session, now)
    asked = wanted(query, ("tinh-trang", "loai"))
    fits = [
        row
        for row in everything
        if row["state"] == asked.get("tinh-trang", row["state"]) and row["kind"] == asked.get("loai", row["kind"])
    ]
    return {
        **shown.shell(session, visitor, "sources", now),
        "rows": fits,
        "counts": {
            "all": len(everything),
            "silent": sum(row["state"] == "silent" for row in everything),
            "error": sum(row["state"] == "error" for row in everything),
        },
        "alerts": [
            {
                "slug": gap.source.slug,
                "name": gap.source.name,
                "words": gap.words,
                "since": gap.since,
                "kind": STATES["error" if gap.kind == "failing" else "silent"].lower(),
            }
            for gap in gaps.alerts(session)
        ],
        "query": asked,
        "fields": fields,
        "can_act": visitor.account.role == "admin",
    }


def _rows(session: Session, now: datetime) -> list[dict[str, Any]]:
    since = now - timedelta(days=60)
    arrivals, visits = rows.arrivals(session, since=since), rows.last_visits(session)
    totals = rows.day_totals(session, since=now - timedelta(days=1))
    by_day = rows.new_by_day(session, since=now - timedelta(days=SPARK_DAYS - 1))
    days = [
        (now - timedelta(days=ago)).astimezone(health.CITY).date().isoformat() for ago in range(SPARK_DAYS - 1, -1, -1)
    ]
    found = []
    for source in rows.everything(session):
        rhythm = health.rhythm(arrivals.get(source.id, []), now=now)
        state = _state(source, rhythm, visited=source.id in visits)
        brought, new = totals.get(source.id, (0, 0))
        found.append(
            {
                "slug": source.slug,
                "name": source.name,
                "address": urlsplit(source.url).netloc or "nhập bằng tay",
                "kind": source.kind,
                "kind_name": NAMES.get(source.kind, source.kind),
                "state": state,
                "words": source.problem if state == "error" else health.words(rhythm) if source.kind != "file" else "",
                "last_item_at": source.last_item,
                "last_run_at": visits.get(source.id),
                "day_count": new,
                "duplicate_share": 1 - new / brought if brought else None,
                "values": [by_day.get(source.id, {}).get(day, 0) for day in days],
                "usual": health.usual_day([by_day.get(source.id, {}).get(day, 0) for day in _lived(source, days)]),
                "page_url": f"/nguon/{source.slug}",
            }
        )
    return sorted(found, key=lambda row: (TROUBLE.index(str(row["state"])), str(row["name"])))


def _lived(source: t.Source, days: Sequence[str]) -> Sequence[str]:
    """The days before today in which a source already brought something, so that a new one is not thought slow."""
    if source.last_item is None:
        return ()
    return days[:-1]


def _state(source: t.Source, rhythm: health.Rhythm | None, *, visited: bool) -> str:
    if not source.active:
        return "paused"
    if source.problem:
        return "error"
    if not visited:
        return "ok" if source.kind == "file" else "never"
    return "silent" if rhythm is not None and rhythm.silent else "ok"
