"""One receiver: who is told of what, by which channel; its secret, a test message, a pause."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from listener.catalog.shapes import Catalog
from listener.deliver import receivers_service as service
from listener.deliver.channels import CHANNELS
from listener.deliver.outbox import KINDS
from listener.errors import BadInput, ListenerError, NotFound
from listener.settings import settings
from listener.store import receivers as rows
from listener.store import tables as t
from listener.web.deps import CurrentCatalog, FormFrom, Now, SignedIn, Store, Visitor
from listener.web.pages import shown
from listener.web.pages.channels import STATES, URL, by, check_admin
from listener.web.pages.item_page import department_groups
from listener.web.pages.rendering import render

router = APIRouter()
NO_STORE = {"Cache-Control": "no-store"}
Words = Annotated[str, Form()]
Many = Annotated[list[str], Form()]
USUAL = ("assign", "return", "reopen", "added", "undone")  # what a desk wants to hear of at first
STATE_STEPS = {"tam-dung": "paused", "chay-tiep": "active"}


@router.get(f"{URL}/noi-nhan/moi")
def new(session: Store, visitor: SignedIn, catalog: CurrentCatalog, now: Now) -> HTMLResponse:
    """An empty form."""
    check_admin(visitor)
    return HTMLResponse(_page(session, visitor, catalog, now, form=_empty()))


@router.post(f"{URL}/noi-nhan/moi")
def add(
    session: Store,
    visitor: FormFrom,
    catalog: CurrentCatalog,
    now: Now,
    name: Words = "",
    channel: Words = "",
    address: Words = "",
    department: Words = "",
    kinds: Many = [],  # noqa: B006 (FastAPI makes a list of its own for each request)
) -> Response:
    """Make it; a webhook's secret is shown once, on the answer to this form."""
    check_admin(visitor)
    form = {"name": name, "channel": channel, "address": address, "department": department, "kinds": kinds}
    try:
        receiver, secret = service.add(session, _wanted(form), settings=settings(), by=by(visitor))
    except ListenerError as error:
        return _again(session, visitor, catalog, now, form, error)
    if secret is None:
        return RedirectResponse(f"{URL}/noi-nhan/{receiver.id}", status_code=303)
    page = _page(session, visitor, catalog, now, receiver=receiver, secret=secret)
    return HTMLResponse(page, status_code=201, headers=NO_STORE)


@router.get(f"{URL}/noi-nhan/{{receiver_id}}")
def one(receiver_id: int, session: Store, visitor: SignedIn, catalog: CurrentCatalog, now: Now) -> HTMLResponse:
    """A receiver as it stands."""
    check_admin(visitor)
    return HTMLResponse(_page(session, visitor, catalog, now, receiver=rows.by_id(session, receiver_id)))


@router.post(f"{URL}/noi-nhan/{{receiver_id}}")
def change(
    receiver_id: int,
    session: Store,
    visitor: FormFrom,
    catalog: CurrentCatalog,
    now: Now,
    name: Words = "",
    address: Words = "",
    department: Words = "",
    kinds: Many = [],  # noqa: B006
) -> Response:
    """Change what the form says."""
    check_admin(visitor)
    receiver = rows.by_id(session, receiver_id)
    form = {"name": name, "channel": receiver.channel, "address": address, "department": department, "kinds": kinds}
    try:
        service.change(session, receiver, _wanted(form), settings=settings(), by=by(visitor))
    except ListenerError as error:
        return _again(session, visitor, catalog, now, form, error, receiver)
    return RedirectResponse(f"{URL}#noi-nhan-{receiver_id}", status_code=303)


@router.post(f"{URL}/noi-nhan/{{receiver_id}}/{{step}}")
def act(receiver_id: int, step: str, session: Store, visitor: FormFrom, catalog: CurrentCatalog, now: Now) -> Response:
    """Pause, run again, test, change the secret, end the old one."""
    check_admin(visitor)
    receiver = rows.by_id(session, receiver_id)
    secret, notice = None, None
    if step in STATE_STEPS:
        service.set_state(session, receiver, STATE_STEPS[step], by=by(visitor))
    elif step == "thu":
        outcome = service.send_test(session, receiver, settings=settings(), now=now, by=by(visitor))
        good = outcome.state == "sent"
        words = "Tin thử đã tới nơi nhận." if good else f"Tin thử chưa tới. {outcome.words}"
        notice = {"level": "success" if good else "error", "text": words, "incident": None}
    elif step == "doi-khoa":
        secret = service.rotate(session, receiver, settings=settings(), now=now, by=by(visitor))
    elif step == "bo-khoa-cu":
        service.forget_old_secret(session, receiver, settings=settings(), by=by(visitor))
    else:
        raise NotFound("Không có thao tác này.")
    page = _page(session, visitor, catalog, now, receiver=receiver, secret=secret, notice=notice)
    return HTMLResponse(page, headers=NO_STORE)


def _wanted(form: dict[str, Any]) -> service.Wanted:
    return service.Wanted(
        form["name"], form["channel"], form["address"], form["department"] or None, tuple(form["kinds"])
    )


def _again(
    session: Session,
    visitor: Visitor,
    catalog: Catalog,
    now: datetime,
    form: dict[str, Any],
    error: ListenerError,
    receiver: t.Receiver | None = None,
) -> HTMLResponse:
    """The form with what was typed and what to mend."""
    field = error.field if isinstance(error, BadInput) and error.field else "department"
    page = _page(session, visitor, catalog, now, receiver=receiver, form=form, errors={field: error.message})
    return HTMLResponse(page, status_code=error.status)


def _empty() -> dict[str, Any]:
    return {"name": "", "channel": "webhook", "address": "", "department": "", "kinds": list(USUAL)}


def _form_of(receiver: t.Receiver) -> dict[str, Any]:
    return {
        "name": receiver.name,
        "channel": receiver.channel,
        "address": receiver.address,
        "department": receiver.department_code or "",
        "kinds": receiver.kinds,
    }


def _page(
    session: Session,
    visitor: Visitor,
    catalog: Catalog,
    now: datetime,
    *,
    receiver: t.Receiver | None = None,
    form: dict[str, Any] | None = None,
    secret: str | None = None,
    notice: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> str:
    context = {
        **shown.shell(session, visitor, "channels", now),
        "notice": notice,
        "errors": errors or {},
        "form": form or (_form_of(receiver) if receiver else _empty()),
        "receiver": _facts(receiver, now) if receiver else None,
        "secret": secret,
        "channels": [
            {"key": key, "name": one.name, "label": one.address_label, "missing": one.missing(settings())}
            for key, one in CHANNELS.items()
        ],
        "kinds": [(slug, kind.name) for slug, kind in KINDS.items()],
        "departments": department_groups(catalog),
    }
    return render("receiver.html", context)


def _facts(receiver: t.Receiver, now: datetime) -> dict[str, Any]:
    return {
        "id": receiver.id,
        "name": receiver.name,
        "state": receiver.state,
        "state_name": STATES[receiver.state],
        "note": receiver.note,
        "made_at": receiver.made_at,
        "secrets": service.secrets_in_force(receiver, settings=settings(), now=now),
    }
