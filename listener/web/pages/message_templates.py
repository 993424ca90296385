"""The texts of e-mails and Zalo messages: which there are, editing one with a preview, back to the first text."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from listener.deliver import receivers_service as service
from listener.deliver.channels import CHANNELS
from listener.deliver.outbox import KINDS
from listener.deliver.service import wording_in_force
from listener.deliver.wording import AUDIENCES, PLACEHOLDERS, Wording, checked, first_wordings, preview
from listener.errors import BadInput, NotFound
from listener.settings import settings
from listener.store import desks, receivers
from listener.web.deps import FormFrom, Now, SignedIn, Store, Visitor
from listener.web.pages import shown
from listener.web.pages.channels import URL, by, check_admin
from listener.web.pages.rendering import render

router = APIRouter()
Words = Annotated[str, Form()]


@router.get(f"{URL}/mau")
def templates(session: Store, visitor: SignedIn, now: Now) -> HTMLResponse:
    """All texts, by who reads them and what happened."""
    check_admin(visitor)
    edited = receivers.wordings(session)
    groups = [
        {"name": words, "rows": [_row(audience, kind, edited) for kind in KINDS if _there(audience, kind)]}
        for audience, words in AUDIENCES.items()
    ]
    context = {**shown.shell(session, visitor, "channels", now), "groups": groups, "edited": len(edited)}
    return HTMLResponse(render("message_templates.html", context))


@router.get(f"{URL}/mau/{{name}}")
def one(name: str, session: Store, visitor: SignedIn, now: Now) -> HTMLResponse:
    """One text with its preview."""
    check_admin(visitor)
    _check_name(name)
    return HTMLResponse(_page(session, visitor, now, name, wording_in_force(session, name)))


@router.post(f"{URL}/mau/{{name}}")
def save(
    name: str, session: Store, visitor: FormFrom, now: Now, subject: Words = "", body: Words = "", step: Words = "luu"
) -> Response:
    """Preview, keep, or go back to the first text."""
    check_admin(visitor)
    _check_name(name)
    if step == "dau":
        service.reset_wording(session, name, by=by(visitor))
        return RedirectResponse(f"{URL}/mau/{name}", status_code=303)
    typed = Wording(subject, body)
    try:
        if step == "xem":
            return HTMLResponse(_page(session, visitor, now, name, typed, shown_text=checked(name, subject, body)))
        service.set_wording(session, name, subject, body, now=now, by=by(visitor))
    except BadInput as error:
        errors = {error.field or "body": error.message}
        return HTMLResponse(_page(session, visitor, now, name, typed, errors=errors), status_code=error.status)
    return RedirectResponse(f"{URL}/mau", status_code=303)


def _there(audience: str, kind: str) -> bool:
    return f"{audience}.{kind}.mail" in first_wordings()


def _row(audience: str, kind: str, edited: dict[str, Any]) -> dict[str, Any]:
    names = {channel: f"{audience}.{kind}.{channel}" for channel in ("mail", "zalo")}
    return {
        "kind_name": KINDS[kind].name,
        "texts": [
            {"channel_name": CHANNELS[channel].name, "url": f"{URL}/mau/{name}", "edited": name in edited}
            for channel, name in names.items()
        ],
    }


def _check_name(name: str) -> None:
    if name not in first_wordings():
        raise NotFound("Không có mẫu tin này.")


def _page(
    session: Session,
    visitor: Visitor,
    now: datetime,
    name: str,
    typed: Wording,
    *,
    shown_text: Wording | None = None,
    errors: dict[str, str] | None = None,
) -> str:
    audience, kind, channel = name.split(".")
    edited = receivers.wording(session, name)
    names = desks.account_names(session, [edited.changed_by]) if edited and edited.changed_by else {}
    text = shown_text or wording_in_force(session, name)
    subject, body = preview(name, text, agency=settings().agency, public_url=settings().public_url)
    context = {
        **shown.shell(session, visitor, "channels", now),
        "errors": errors or {},
        "name": name,
        "kind_name": KINDS[kind].name,
        "audience_name": AUDIENCES[audience],
        "channel_name": CHANNELS[channel].name,
        "has_subject": channel == "mail",
        "form": {"subject": typed.subject, "body": typed.body},
        "preview": {"subject": subject, "body": body, "of_typed": shown_text is not None},
        "edited": {"at": edited.changed_at, "by": next(iter(names.values()), None)} if edited else None,
        "placeholders": list(PLACEHOLDERS.items()),
    }
    return render("message_template.html", context)
