"""The form that adds a source: first its kind, then what this kind needs."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from listener.catalog import source_service
from listener.catalog.shapes import Source
from listener.catalog.source_kinds import KINDS, SLOWEST
from listener.errors import Forbidden, SourceRefused
from listener.store import audit
from listener.web.deps import FormFrom, Now, SignedIn, Store, Visitor
from listener.web.pages import shown
from listener.web.pages.rendering import render

router = APIRouter()
OPTION = "option."
EMPTY = {"slug": "", "name": "", "url": "", "every_minutes": "30"}


async def whole_form(request: Request) -> dict[str, str]:
    """All fields of the form; which there are depends on the kind."""
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


Fields = Annotated[dict[str, str], Depends(whole_form)]


@router.get("/nguon/moi")
def new(session: Store, visitor: SignedIn, now: Now, loai: str = "rss") -> HTMLResponse:
    """An empty form of one kind."""
    _check_admin(visitor)
    kind = loai if loai in KINDS else "rss"
    return HTMLResponse(_page(session, visitor, now, kind=kind, form=EMPTY))


@router.post("/nguon/moi")
def add(session: Store, visitor: FormFrom, now: Now, form: Fields) -> Response:
    """Add it, or show the form again with what is to be mended."""
    _check_admin(visitor)
    options = {name.removeprefix(OPTION): words for name, words in form.items() if name.startswith(OPTION)}
    try:
        source = source_service.add(session, _source(form), options)
    except SourceRefused as error:
        page = _page(session, visitor, now, kind=form.get("kind", ""), form={**EMPTY, **form}, errors=error.fields)
        return HTMLResponse(page, status_code=error.status)
    account = visitor.account
    told: dict[str, Any] = {"source": source.slug, "step": "them", "kind": source.kind}
    audit.note(session, actor=account.name, account_id=account.id, act="source", at=now, **told)
    return RedirectResponse(f"/nguon#m-{source.slug}", status_code=303)


def _check_admin(visitor: Visitor) -> None:
    if visitor.account.role != "admin":
        raise Forbidden("Chỉ quản trị thêm nguồn.")


def _source(form: dict[str, str]) -> Source:
    minutes = form.get("every_minutes", "").strip()
    every = int(minutes) if minutes.isdigit() and len(minutes) < 6 else SLOWEST + 1
    return Source(form.get("slug", ""), form.get("name", ""), form.get("kind", ""), form.get("url", ""), every)


def _page(
    session: Session,
    visitor: Visitor,
    now: datetime,
    *,
    kind: str,
    form: dict[str, str],
    errors: dict[str, str] | None = None,
) -> str:
    known = KINDS.get(kind) or KINDS["rss"]
    options = [
        {
            "name": f"{OPTION}{name}", "label": option.label, "type": option.type, "choices": option.choices,
            "needed": option.needed, "hint": option.hint, "value": form.get(f"{OPTION}{name}", ""),
        }
        for name, option in known.options.items()
    ]  # fmt: skip
    context: dict[str, Any] = {
        **shown.shell(session, visitor, "sources", now),
        "kinds": [(key, one.name) for key, one in KINDS.items()],
        "kind": {
            "key": kind if kind in KINDS else "rss", "name": known.name, "address": known.address,
            "note": known.note, "off": known.off,
        },
        "form": form,
        "options": options,
        "errors": errors or {},
    }  # fmt: skip
    return render("source_form.html", context)
