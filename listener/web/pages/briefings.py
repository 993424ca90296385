"""The weekly reports: the list of weeks, one week as a page, as Word, PDF and Excel."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from listener import vietnamese as vi
from listener.brief import docx, pdf, xlsx
from listener.brief import service as brief
from listener.brief.briefing import Briefing, Matter, cautions, findings
from listener.brief.paper import paper, responsibility
from listener.brief.service import WeekLine
from listener.brief.trends import NoSuchWeek, Row, Week
from listener.catalog.shapes import Catalog
from listener.errors import Forbidden, NotFound
from listener.settings import settings
from listener.store import audit
from listener.web.deps import CurrentCatalog, Now, SignedIn, Store, Visitor
from listener.web.pages import shown
from listener.web.pages.dashboard import day_columns
from listener.web.pages.rendering import render

router = APIRouter()
ROLES = ("dispatcher", "press", "leader", "analyst", "admin")
MOST_AREAS = 15
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/bao-cao")
def list_of_weeks(session: Store, visitor: SignedIn, now: Now) -> HTMLResponse:
    """Every week since the first item, this week first."""
    _check_role(visitor)
    rows = [_week_row(line) for line in brief.weeks(session, now)]
    return HTMLResponse(render("briefing_list.html", {**shown.shell(session, visitor, "briefing", now), "rows": rows}))


@router.get("/bao-cao/{name}.docx")
def as_word(name: str, session: Store, visitor: SignedIn, catalog: CurrentCatalog, now: Now) -> Response:
    """The week as a Word file."""
    return _file(session, visitor, name, catalog, now, "docx", lambda r: docx.write(_paper(r, visitor)), WORD)


@router.get("/bao-cao/{name}.pdf")
def as_pdf(name: str, session: Store, visitor: SignedIn, catalog: CurrentCatalog, now: Now) -> Response:
    """The week as a PDF file."""
    return _file(
        session, visitor, name, catalog, now, "pdf", lambda r: pdf.write(_paper(r, visitor)), "application/pdf"
    )


@router.get("/bao-cao/{name}.xlsx")
def as_excel(name: str, session: Store, visitor: SignedIn, catalog: CurrentCatalog, now: Now) -> Response:
    """The week's counts as an Excel file."""
    return _file(session, visitor, name, catalog, now, "xlsx", xlsx.write, EXCEL)


@router.get("/bao-cao/{name}")
def page(name: str, session: Store, visitor: SignedIn, catalog: CurrentCatalog, now: Now) -> HTMLResponse:
    """The week as a page."""
    report = _report(session, visitor, name, catalog, now)
    week = report.period.week
    known = [line.week for line in brief.weeks(session, now)]
    context = {
        **shown.shell(session, visitor, "briefing", now),
        "r": _shown(report),
        "docx_url": f"/bao-cao/{week}.docx",
        "pdf_url": f"/bao-cao/{week}.pdf",
        "xlsx_url": f"/bao-cao/{week}.xlsx",
        "previous_url": f"/bao-cao/{week.before}" if week.before in known else None,
        "next_url": f"/bao-cao/{week.after}" if week.after in known else None,
    }
    return HTMLResponse(render("briefing.html", context))


def _check_role(visitor: Visitor) -> None:
    if visitor.account.role not in ROLES:
        raise Forbidden("Báo cáo dành cho bộ phận báo chí, điều phối và lãnh đạo.")


def _report(session: Session, visitor: Visitor, name: str, catalog: Catalog, now: datetime) -> Briefing:
    _check_role(visitor)
    try:
        week = Week.parse(name)
    except NoSuchWeek:
        raise NotFound(f"Không có tuần “{name[:20]}”. Tên tuần có dạng 2026-W47.") from None
    if week.begins() > now:
        raise NotFound(f"Tuần {week} chưa bắt đầu nên chưa có báo cáo.")
    here = settings()
    return brief.weekly(session, week, catalog=catalog, agency=here.agency, city=here.city, now=now)


def _paper(report: Briefing, visitor: Visitor) -> Any:
    return paper(report, compiled_by=visitor.account.name)


def _file(
    session: Session,
    visitor: Visitor,
    name: str,
    catalog: Catalog,
    now: datetime,
    ending: str,
    write: Callable[[Briefing], bytes],
    media_type: str,
) -> Response:
    report = _report(session, visitor, name, catalog, now)
    account = visitor.account
    audit.note(session, actor=account.name, account_id=account.id, act="export", at=now, file=f"{name}.{ending}")
    headers = {"Content-Disposition": f'attachment; filename="bao-cao-tuan-{report.period.week}.{ending}"'}
    return Response(write(report), media_type=media_type, headers=headers)


def _week_row(line: WeekLine) -> dict[str, Any]:
    week = line.week
    return {
        "url": f"/bao-cao/{week}",
        "title": f"Tuần {week.first.isocalendar().week}",
        "period": vi.period(week.first, week.last),
        "made_at": None,
        "items": line.items,
        "negative": line.negative,
        "read": line.read,
        "docx_url": f"/bao-cao/{week}.docx",
        "pdf_url": f"/bao-cao/{week}.pdf",
        "partial": not line.finished,
    }


def _shown(report: Briefing) -> dict[str, Any]:
    now, before = report.whole.now, report.whole.before
    return {
        "title": report.title,
        "period": report.dates,
        "cutoff_at": report.period.cutoff,
        "agency": report.agency,
        "model_version": ", ".join(report.versions) or "chưa có",
        "partial": not report.period.finished,
        "than": report.than,
        "finding": " ".join(findings(report)),
        "total": now.total,
        "before_total": before.total,
        "posts": now.posts,
        "reports": now.reports,
        "duplicates": report.intake.copies,
        "distinct": report.intake.distinct,
        "reviewed": report.intake.reviewed,
        "spam": report.intake.spam,
        "refused": report.intake.refused,
        "sentiment": _tone(now.tone),
        "sentiment_before": _tone(before.tone),
        "days": day_columns(report.days),
        "fields": [_row(row, _list(report, linh_vuc=row.key)) for row in report.by_field],
        "areas": [_row(row, _list(report, dia_ban=row.key)) for row in report.by_area[:MOST_AREAS]],
        "more_areas": max(0, len(report.by_area) - MOST_AREAS),
        "sources": [_row(row, None) for row in report.by_source],
        "hot": [_hot(matter, report) for matter in (*report.hot, *report.stories)],
        "owes": report.desks,
        "gaps": cautions(report),
    }


def _tone(tone: Any) -> dict[str, int]:
    return {"negative": tone.negative, "neutral": tone.neutral, "positive": tone.positive}


def _row(row: Row, url: str | None) -> dict[str, Any]:
    known = url if row.key else None
    return {"name": row.name, "url": known, "total": row.now.total, "before": row.before.total, **_tone(row.now.tone)}


def _hot(matter: Matter, report: Briefing) -> dict[str, Any]:
    usual = f"thường {vi.number(round(matter.usual, 1))}" if matter.usual is not None else "được nhắc lại nhiều"
    quote = matter.quote
    return {
        "title": matter.title,
        "url": _list(report, chu_de=matter.topic, dia_ban=matter.area),
        "count": matter.spread.total,
        "usual": usual,
        "quote": quote.words if quote else None,
        "number": quote.number if quote else None,
        "spread": f"{vi.number(matter.spread.posts)} bài đăng ở {vi.number(matter.spread.sources)} nguồn, "
        f"{vi.number(matter.spread.reports)} phản ánh",
        "responsible": responsibility(matter.owed, report.made_at),
    }


def _list(report: Briefing, **wanted: str | None) -> str:
    """The stream narrowed to the very items a number counts."""
    week = report.period.week
    pairs = {name.replace("_", "-"): value for name, value in wanted.items() if value}
    return f"/dong-tin?{urlencode({'tu': week.first, 'den': week.last, 'rac': 'khong', **pairs})}"
