"""The first screen: what is hot, where, who is late, what changed. Every line opens its list."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from listener import vietnamese as vi
from listener.brief import service as brief
from listener.brief.briefing import Matter
from listener.brief.ranking import Rank
from listener.brief.service import Glance
from listener.brief.trends import Row, share_moved
from listener.errors import Forbidden
from listener.web.deps import CurrentCatalog, Now, SignedIn, Store
from listener.web.pages import shown
from listener.web.pages.rendering import render, render_block

router = APIRouter()
STREAM_ROLES = ("dispatcher", "press", "leader", "analyst", "admin")
BUCKETS = ("on_time", "late", "open", "overdue")
THAN = "7 ngày trước đó"
MOST_LATE = 6
SUNDAY = 6


@router.get("/tong-quan")
def dashboard(request: Request, session: Store, visitor: SignedIn, catalog: CurrentCatalog, now: Now) -> HTMLResponse:
    """The past seven days beside the seven before."""
    if visitor.account.role == "handler":
        raise Forbidden("Trang tổng quan không dành cho phụ trách phòng riêng.")
    seen = brief.glance(session, catalog=catalog, now=now)
    links = visitor.account.role in STREAM_ROLES
    context = {
        **shown.shell(session, visitor, "dashboard", now),
        **_context(seen, links=links),
        "live_url": "/tong-quan",
    }
    headers = {"Vary": "HX-Request-Type"}
    if request.headers.get("hx-request-type") == "partial":
        return HTMLResponse(render_block("dashboard.html", "results", context), headers=headers)
    return HTMLResponse(render("dashboard.html", context), headers=headers)


@router.get("/lanh-dao")
def leader() -> RedirectResponse:
    """The leader's first screen is this one."""
    return RedirectResponse("/tong-quan", status_code=303)


def _context(seen: Glance, *, links: bool) -> dict[str, Any]:
    return {
        "summary": summary(seen),
        "gaps": _gaps(seen),
        "kpis": _kpis(seen, links=links),
        "hot": [_hot(matter, links=links) for matter in seen.hot],
        "places": [
            {"name": row.name, "count": row.now.total, "usual": _rounded(usual), "url": _list(links, dia_ban=row.key)}
            for row, usual in seen.places
        ],
        "late": [
            {"name": desk.name, "overdue": desk.overdue, "open": desk.open + desk.overdue, "url": None}
            for desk in seen.desks
            if desk.overdue
        ][:MOST_LATE],
        "buckets": {name: sum(getattr(desk, name) for desk in seen.desks) for name in BUCKETS},
        "ranking": [_ranked(place, one) for place, one in enumerate(seen.ranking, 1)],
        "days": day_columns(seen.days[-7:]),
        "since": "7 ngày qua",
    }


def _ranked(place: int, one: Rank) -> dict[str, Any]:
    """A line of the ranking: the place, the share on time as one says it, the four buckets."""
    desk = one.desk
    return {
        "place": place,
        "name": desk.name,
        "share": vi.share(desk.on_time, desk.on_time + desk.late),
        "buckets": {name: getattr(desk, name) for name in BUCKETS},
    }


def summary(seen: Glance) -> str:
    """One sentence that says it all: what stands out, who is late, how posts sound."""
    if not seen.whole.now.total:
        return "7 ngày qua chưa có tin nào."
    said = [f"{seen.hot[0].title} là chuyện nổi nhất" if seen.hot else "Không có chuyện gì vượt mức thường lệ"]
    late = sum(1 for desk in seen.desks if desk.overdue)
    said.append(f"{vi.number(late)} đơn vị có việc quá hạn" if late else "không đơn vị nào quá hạn")
    moved = share_moved(seen.whole.now.tone, seen.whole.before.tone)
    if moved and not moved[0] <= 0 <= moved[1]:
        said.append(f"bài tiêu cực {'tăng' if moved[0] > 0 else 'giảm'} rõ")
    return f"{'; '.join(said)}."


def day_columns(days: Sequence[Row]) -> list[dict[str, Any]]:
    """Posts by day and tone for the chart, each day beside the same weekday a week before."""
    return [
        {
            "day": row.key,
            "label": _short_day(row.key),
            "negative": row.now.tone.negative,
            "neutral": row.now.tone.neutral,
            "positive": row.now.tone.positive,
            "total": row.now.tone.total,
            "before": row.before.tone.total,
            "reports": row.now.reports,
            "partial": row.name.endswith("(chưa hết ngày)"),
        }
        for row in days
    ]


def _short_day(key: str | None) -> str:
    """T2 16/11 … CN 22/11: short enough for seven columns on a phone."""
    day = date.fromisoformat(key or "")
    return f"{'CN' if day.weekday() == SUNDAY else f'T{day.weekday() + 2}'} {day:%d/%m}"


def _gaps(seen: Glance) -> list[str]:
    silent = [source for source in seen.sources if source.gap]
    said = [f"Chưa tính đủ {vi.number(len(silent))} nguồn: {', '.join(s.name for s in silent[:3])}."] if silent else []
    if seen.sample:
        said.append(f"{vi.number(seen.sample)} mục trong số này là dữ liệu mẫu.")
    return said


def _kpis(seen: Glance, *, links: bool) -> list[dict[str, Any]]:
    now, before = seen.whole.now, seen.whole.before
    overdue = sum(desk.overdue for desk in seen.desks)
    return [
        _kpi("posts", "Bài đăng", now.posts, before.posts, [r.now.posts for r in seen.days], _list(links)),
        _kpi("reports", "Phản ánh", now.reports, before.reports, [r.now.reports for r in seen.days], _list(links)),
        {
            "key": "negative",
            "name": "Tiêu cực trong bài đăng",
            "value": vi.percent(now.tone.negative, now.tone.total),
            "change": vi.share(now.tone.negative, now.tone.total),
            "tone": "",
            "values": [row.now.tone.negative for row in seen.days],
            "url": _list(links, sac_thai="negative"),
        },
        {
            **_kpi("overdue", "Việc quá hạn", overdue, seen.overdue_before, None, None),
            "change": f"{vi.signed(overdue - seen.overdue_before)} so với 7 ngày trước",
            "tone": "bad" if overdue > seen.overdue_before else "good" if overdue < seen.overdue_before else "",
        },
    ]


def _kpi(key: str, name: str, now: int, before: int, values: list[int] | None, url: str | None) -> dict[str, Any]:
    return {
        "key": key,
        "name": name,
        "value": vi.number(now),
        "change": vi.delta(now, before, THAN),
        "tone": "",
        "values": values,
        "url": url,
    }


def _hot(matter: Matter, *, links: bool) -> dict[str, Any]:
    count = matter.spread.total
    return {
        "label": matter.title,
        "count": count,
        "usual": _rounded(matter.usual),
        "values": [*reversed(matter.earlier), count],
        "url": _list(links, chu_de=matter.topic, dia_ban=matter.area),
        "urgent": bool(matter.quote and matter.quote.urgent),
    }


def _rounded(usual: float | None) -> float | None:
    return round(usual, 1) if usual is not None else None


def _list(links: bool, **wanted: str | None) -> str | None:
    """The stream narrowed to the numbers beside the link, None for who may not open it."""
    if not links:
        return None
    pairs = {name.replace("_", "-"): value for name, value in wanted.items() if value}
    return f"/dong-tin?{urlencode({'ky': '7n', 'rac': 'khong', **pairs})}"
