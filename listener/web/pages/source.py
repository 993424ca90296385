"""One source: how it does, its settings, and a try that reads three posts and writes nothing."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from soupsieve import SelectorSyntaxError
from soupsieve import compile as compile_selectors
from sqlalchemy.orm import Session

from classifiers.text.fold import fold
from listener.addresses import names_private_host
from listener.catalog.service import SOURCE_KINDS
from listener.collect import crawling, health
from listener.errors import Forbidden
from listener.settings import settings
from listener.store import audit, gaps
from listener.store import sources as rows
from listener.store import tables as t
from listener.store.shapes import Visit
from listener.web.deps import FormFrom, Now, SignedIn, Store, Visitor
from listener.web.pages import shown
from listener.web.pages.rendering import render
from listener.web.pages.sources import KINDS, ROLES, SPARK_DAYS

router = APIRouter()
Words = Annotated[str, Form()]
TRIED = 3  # posts that a try shows
TRY_SECONDS = 45.0  # robots.txt, the listing and three articles at five seconds each, and the start of the process
SELECTORS = {"links": "Liên kết tới bài", "lead": "Đoạn mở đầu (sapo)"}
CHANNELS = {"news": "báo chí", "forum": "diễn đàn", "portal": "cổng thông tin", "comment": "bình luận"}
OUTCOMES = {
    "ok": "xong",
    "unchanged": "không đổi",
    "failed": "không được",
    "stopped": "dừng giữa chừng",
    "running": "đang thăm",
}
RESERVED = ("moi", "thu")  # words of addresses
_trying = threading.Lock()  # one try at a time: it holds a connection as long as the other machine takes


@dataclass(frozen=True, slots=True)
class Wanted:
    """A source as the form has it."""

    name: str = ""
    kind: str = ""
    url: str = ""
    links: str = ""
    lead: str = ""
    channel: str = "news"
    month_first: bool = False
    articles: bool = False
    local: bool = False

    def options(self, before: dict[str, Any]) -> dict[str, Any]:
        """The spider's options: those before, with what the form says of its own."""
        own = {
            "links": self.links,
            "lead": self.lead,
            "channel": self.channel if self.channel != "news" else "",
            "dates": "month_first" if self.month_first else "",
            "local": self.local,
        }
        kept = {name: value for name, value in before.items() if name not in {*own, "articles"}}
        return {**kept, **{k: v for k, v in own.items() if v}, **({} if self.articles else {"articles": False})}


def wanted(
    name: Words = "",
    kind: Words = "",
    url: Words = "",
    links: Words = "",
    lead: Words = "",
    channel: Words = "news",
    month_first: Words = "",
    articles: Words = "",
    local: Words = "",
) -> Wanted:
    """The form's fields."""
    words = (name.strip()[:120], kind, url.strip(), links.strip(), lead.strip(), channel)
    return Wanted(*words, bool(month_first), bool(articles), bool(local))


def check(form: Wanted) -> dict[str, str]:
    """What must be mended before the source can be tried or kept, by field."""
    errors = {}
    host = urlsplit(form.url).hostname or ""
    if not form.name:
        errors["name"] = "Đặt tên cho nguồn, ví dụ Báo Cần Thơ."
    if form.kind not in SOURCE_KINDS:
        errors["kind"] = "Chọn loại nguồn."
    if not form.url.startswith(("http://", "https://")) or not host:
        errors["url"] = "Địa chỉ phải bắt đầu bằng http:// hoặc https:// và có tên máy chủ."
    elif names_private_host(host) and not form.local:
        errors["url"] = "Đây là địa chỉ nội bộ. Nếu đúng là trang trong mạng cơ quan, đánh dấu “Nguồn nội bộ”."
    for field in SELECTORS:
        try:
            compile_selectors(getattr(form, field) or "*")
        except SelectorSyntaxError:
            errors[field] = f"{SELECTORS[field]}: bộ chọn CSS viết chưa đúng."
    return errors


def read_once(form: Wanted, options: dict[str, Any]) -> dict[str, Any]:
    """Read three posts of a source as a visit would; nothing is written."""
    if not _trying.acquire(blocking=False):
        return {"posts": [], "problem": "Đang có một lần đọc thử khác. Đợi chừng một phút rồi thử lại."}
    try:
        with rows.host_alone(rows.host_of(form.url), patience=1.0):
            visit = Visit(0, 0, "thu", form.kind, form.url, {**options, "most_articles": TRIED}, {})
            found = crawling.visit(visit, settings(), longest=TRY_SECONDS, grace=5.0)
    except TimeoutError:
        return {"posts": [], "problem": "Máy chủ này đang được thăm. Đợi lần thăm xong rồi thử lại."}
    finally:
        _trying.release()
    return {"posts": found.posts[:TRIED], "problem": found.outcome.problem, "found": found.outcome.found}


Typed = Annotated[Wanted, Depends(wanted)]


@router.get("/nguon/moi")
def new(session: Store, visitor: SignedIn, now: Now) -> HTMLResponse:
    """An empty form."""
    _check_admin(visitor)
    return _page(session, visitor, now, Wanted(kind="rss", articles=True))


@router.post("/nguon/moi")
def add(session: Store, visitor: FormFrom, now: Now, form: Typed) -> Response:
    """Keep a new source; its first visit comes with the next minute."""
    _check_admin(visitor)
    if errors := check(form):
        return _page(session, visitor, now, form, errors=errors)
    source = t.Source(slug=rows.free_slug(session, _slug(form.name)), options=form.options({}), memory={})
    source.name, source.kind, source.url = form.name, form.kind, form.url
    session.add(source)
    _note(session, visitor, source.slug, "them")
    return RedirectResponse(f"/nguon#m-{source.slug}", status_code=303)


@router.post("/nguon/thu")
def try_new(session: Store, visitor: FormFrom, now: Now, form: Typed, slug: Words = "") -> HTMLResponse:
    """Read three posts of what the form says, and show them beside it. Nothing is written."""
    _check_admin(visitor)
    source = rows.by_slug(session, slug) if slug else None
    if errors := check(form):
        return _page(session, visitor, now, form, source=source, errors=errors)
    options = form.options(dict(source.options) if source is not None else {})
    return _page(session, visitor, now, form, source=source, tried=read_once(form, options))


@router.get("/nguon/{slug}")
def one(slug: str, session: Store, visitor: SignedIn, now: Now) -> HTMLResponse:
    """A source: how it does, its visits, its settings."""
    if visitor.account.role not in ROLES:
        raise Forbidden("Trang nguồn dành cho quản trị và bộ phận báo chí.")
    source = rows.by_slug(session, slug)
    return _page(session, visitor, now, _form_of(source), source=source)


@router.post("/nguon/{slug}")
def change(slug: str, session: Store, visitor: FormFrom, now: Now, form: Typed) -> Response:
    """Change a source's settings; another address forgets what was known of the old one's answers."""
    _check_admin(visitor)
    source = rows.by_slug(session, slug)
    if source.kind == "file":
        raise Forbidden("Tệp nhập tay không có gì để sửa.")
    if errors := check(form):
        return _page(session, visitor, now, form, source=source, errors=errors)
    source.name, source.kind, source.url = form.name, form.kind, form.url
    source.options = form.options(dict(source.options))
    source.next_visit = source.rest_until = None
    _note(session, visitor, slug, "sua")
    return RedirectResponse(f"/nguon/{slug}", status_code=303)


def _form_of(source: t.Source) -> Wanted:
    said = source.options
    return Wanted(
        name=source.name,
        kind=source.kind,
        url=source.url,
        links=str(said.get("links", "")),
        lead=str(said.get("lead", "")),
        channel=str(said.get("channel", "news")),
        month_first=said.get("dates") == "month_first",
        articles=said.get("articles", True) is not False,
        local=said.get("local") is True,
    )


def _page(
    session: Session,
    visitor: Visitor,
    now: datetime,
    form: Wanted,
    *,
    source: t.Source | None = None,
    errors: dict[str, str] | None = None,
    tried: dict[str, Any] | None = None,
) -> HTMLResponse:
    context = {
        **shown.shell(session, visitor, "sources", now),
        "form": form,
        "errors": errors or {},
        "kinds": [(kind, KINDS.get(kind, kind)) for kind in sorted(SOURCE_KINDS)],
        "channels": list(CHANNELS.items()),
        "source": _shown(session, source, now) if source is not None else None,
        "tried": tried,
        "can_act": visitor.account.role == "admin",
    }
    return HTMLResponse(render("source.html", context), status_code=422 if errors else 200)


def _shown(session: Session, source: t.Source, now: datetime) -> dict[str, Any]:
    """What is known of how a source does."""
    since = now - timedelta(days=60)
    rhythm = health.rhythm(rows.arrivals(session, since=since).get(source.id, []), now=now)
    runs = rows.recent_runs(session, source.id)
    by_day = rows.new_by_day(session, since=now - timedelta(days=SPARK_DAYS)).get(source.id, {})
    days = [(now - timedelta(days=ago)).astimezone(health.CITY).date().isoformat() for ago in range(1, SPARK_DAYS)]
    return {
        "slug": source.slug,
        "name": source.name,
        "kind": source.kind,
        "active": source.active,
        "problem": source.problem,
        "rhythm": health.words(rhythm),
        "last_try": runs[0].started_at if runs else None,
        "last_success": source.last_success,
        "last_item": source.last_item,
        "next_visit": source.next_visit if source.active else None,
        "rest_until": source.rest_until if source.rest_until and source.rest_until > now else None,
        "today": by_day.get(now.astimezone(health.CITY).date().isoformat(), 0),
        "usual": health.usual_day([by_day.get(day, 0) for day in days]) if source.last_item else None,
        "runs": [
            {
                "at": run.started_at,
                "outcome": OUTCOMES.get(run.outcome, run.outcome),
                "bad": run.outcome == "failed",
                "found": run.found,
                "new": run.new,
                "changed": run.changed,
                "dropped": len(run.dropped),
                "problem": run.problem,
            }
            for run in runs
        ],
        "gaps": [
            {
                "kind": "không đọc được" if gap.kind == "failing" else "im lặng",
                "since": gap.since,
                "ended": gap.ended_at,
                "words": gap.words,
            }
            for gap in gaps.of_source(session, source.id)
        ],
    }


def _slug(name: str) -> str:
    words = "".join(letter if letter.isalnum() else " " for letter in fold(name)).split()
    slug = "-".join(words)[:60] or "nguon"
    return slug if slug not in RESERVED else f"nguon-{slug}"


def _note(session: Session, visitor: Visitor, slug: str, step: str) -> None:
    account = visitor.account
    audit.note(session, actor=account.name, account_id=account.id, act="source", source=slug, step=step)


def _check_admin(visitor: Visitor) -> None:
    if visitor.account.role != "admin":
        raise Forbidden("Chỉ quản trị thêm, sửa hoặc thử nguồn.")
