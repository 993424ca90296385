"""One source: how it does, its settings, and a try that reads three posts and writes nothing."""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from listener.catalog import source_service
from listener.catalog.shapes import Source
from listener.catalog.source_kinds import KINDS, NAMES, SLOWEST, Option, written_option
from listener.collect import crawling, health
from listener.errors import Forbidden, SourceRefused
from listener.settings import settings
from listener.store import audit, gaps
from listener.store import sources as rows
from listener.store import tables as t
from listener.store.shapes import Visit
from listener.web.deps import FormFrom, Now, SignedIn, Store, Visitor
from listener.web.pages import shown
from listener.web.pages.rendering import render
from listener.web.pages.sources import ROLES, SPARK_DAYS

router = APIRouter()
TRIED = 3  # posts that a try shows
TRY_SECONDS = 45.0  # robots.txt, the listing and three articles at five seconds each, and the start of the process
LONGEST_NAME = 120
OPTION = "option."
FIRST_KIND = "rss"
OUTCOMES = {
    "ok": "xong",
    "unchanged": "không đổi",
    "failed": "không được",
    "stopped": "dừng giữa chừng",
    "running": "đang thăm",
}
_trying = threading.Lock()  # one try at a time: it holds a connection as long as the other machine takes
Form = Mapping[str, str]  # the fields ``name url every_minutes`` and ``option.<name>``, as written


async def whole_form(request: Request) -> Form:
    """All fields of the form; which there are depends on the kind."""
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


def read_once(source: Source) -> dict[str, Any]:
    """Read three posts of a source as a visit would; nothing is written."""
    if words := KINDS[source.kind].untried:
        return {"posts": [], "problem": words}
    if not _trying.acquire(blocking=False):
        return {"posts": [], "problem": "Đang có một lần đọc thử khác. Đợi chừng một phút rồi thử lại."}
    try:
        with rows.host_alone(rows.host_of(source.url), patience=1.0):
            visit = Visit(0, 0, "thu", source.kind, source.url, {**source.options, "most_articles": TRIED}, {})
            found = crawling.visit(visit, settings(), longest=TRY_SECONDS, grace=5.0)
    except TimeoutError:
        return {"posts": [], "problem": "Máy chủ này đang được thăm. Đợi lần thăm xong rồi thử lại."}
    finally:
        _trying.release()
    return {"posts": found.posts[:TRIED], "problem": found.outcome.problem, "found": found.outcome.found}


Typed = Annotated[Form, Depends(whole_form)]


@router.get("/nguon/moi")
def new(session: Store, visitor: SignedIn, now: Now, loai: str = FIRST_KIND) -> HTMLResponse:
    """An empty form of one kind."""
    _check_admin(visitor)
    return _page(session, visitor, now, {"kind": loai if loai in KINDS else FIRST_KIND, "every_minutes": "30"})


@router.post("/nguon/moi")
def add(session: Store, visitor: FormFrom, now: Now, form: Typed) -> Response:
    """Keep a new source; its first visit comes with the next minute, if its kind needs no permission."""
    _check_admin(visitor)
    wanted = _wanted(form, slug=source_service.free_slug(session, form.get("name", "")))
    try:
        source = source_service.add(session, wanted, _written(form))
    except SourceRefused as refused:
        return _page(session, visitor, now, form, errors=refused.fields)
    _note(session, visitor, source, "them")
    return RedirectResponse(f"/nguon#m-{source.slug}", status_code=303)


@router.post("/nguon/thu")
def try_it(session: Store, visitor: FormFrom, now: Now, form: Typed) -> HTMLResponse:
    """Read three posts of what the form says, and show them beside it. Nothing is written."""
    _check_admin(visitor)
    row = _editable(session, form["slug"]) if form.get("slug") else None
    try:
        if row is None:
            source = source_service.checked(_wanted(form, slug="thu"), _written(form))
        else:
            source = source_service.changed(row, _wanted(form), _written(form))
    except SourceRefused as refused:
        return _page(session, visitor, now, form, source=row, errors=refused.fields)
    return _page(session, visitor, now, form, source=row, tried=read_once(source))


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
    source = _editable(session, slug)
    try:
        source_service.change(source, _wanted(form), _written(form))
    except SourceRefused as refused:
        return _page(session, visitor, now, form, source=source, errors=refused.fields)
    _note(session, visitor, source, "sua")
    return RedirectResponse(f"/nguon/{slug}", status_code=303)


def _editable(session: Session, slug: str) -> t.Source:
    source = rows.by_slug(session, slug)
    if source.kind not in KINDS:
        raise Forbidden("Tệp nhập tay không có gì để sửa.")
    return source


def _wanted(form: Form, *, slug: str = "") -> Source:
    minutes = form.get("every_minutes", "").strip()
    every = int(minutes) if minutes.isdecimal() and len(minutes) < 6 else SLOWEST + 1
    name = form.get("name", "").strip()[:LONGEST_NAME]
    return Source(slug, name, form.get("kind", ""), form.get("url", ""), every)


def _written(form: Form) -> dict[str, str]:
    return {name.removeprefix(OPTION): words for name, words in form.items() if name.startswith(OPTION)}


def _form_of(source: t.Source) -> Form:
    options = {f"{OPTION}{name}": written_option(value) for name, value in source.options.items()}
    return {"name": source.name, "url": source.url, "every_minutes": str(source.every_minutes), **options}


def _page(
    session: Session,
    visitor: Visitor,
    now: datetime,
    form: Form,
    *,
    source: t.Source | None = None,
    errors: dict[str, str] | None = None,
    tried: dict[str, Any] | None = None,
) -> HTMLResponse:
    key = source.kind if source is not None else form.get("kind", "")
    kind = KINDS.get(key) or KINDS[FIRST_KIND]
    context = {
        **shown.shell(session, visitor, "sources", now),
        "form": {name: form.get(name, "") for name in ("name", "url", "every_minutes")},
        "errors": errors or {},
        "kinds": [(name, one.name) for name, one in KINDS.items()],
        "kind": kind_shown(key if key in KINDS else FIRST_KIND),
        "options": [option_shown(name, option, form) for name, option in kind.options.items()],
        "source": _shown(session, source, now) if source is not None else None,
        "tried": tried,
        "can_act": visitor.account.role == "admin",
    }
    return HTMLResponse(render("source.html", context), status_code=422 if errors else 200)


def kind_shown(key: str) -> dict[str, Any]:
    """A kind as the form shows it."""
    kind = KINDS[key]
    return {
        "key": key, "name": kind.name, "address": kind.address, "note": kind.note, "off": kind.off,
        "untried": kind.untried,
    }  # fmt: skip


def option_shown(name: str, option: Option, form: Form) -> dict[str, Any]:
    """An option's field, with what stands in it; a choice that is none any more is shown as it stands."""
    value = form.get(f"{OPTION}{name}", "")
    choices = ("có", "không") if option.type == "yes" else option.choices
    offered = [*choices, value] if choices and value and value not in choices else choices
    return {
        "name": f"{OPTION}{name}", "label": option.label, "type": option.type, "needed": option.needed,
        "hint": option.hint, "value": value, "choices": [(one, option.names.get(one, one)) for one in offered],
    }  # fmt: skip


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
        "kind_name": NAMES.get(source.kind, source.kind),
        "can_edit": source.kind in KINDS,
        "kept": [f"{name} = {written_option(value)}" for name, value in _unshown(source).items()],
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


def _unshown(source: t.Source) -> dict[str, Any]:
    """Options that the form has no field for."""
    fields = KINDS[source.kind].options if source.kind in KINDS else source.options
    return {name: value for name, value in source.options.items() if name not in fields}


def _note(session: Session, visitor: Visitor, source: t.Source, step: str) -> None:
    told: dict[str, Any] = {"source": source.slug, "step": step, "kind": source.kind}
    audit.note(session, actor=visitor.account.name, account_id=visitor.account.id, act="source", **told)


def _check_admin(visitor: Visitor) -> None:
    if visitor.account.role != "admin":
        raise Forbidden("Chỉ quản trị thêm, sửa hoặc thử nguồn.")
