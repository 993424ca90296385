"""Letters: the form with its preview, one letter with its files, the register."""

import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from listener import vietnamese
from listener.catalog.shapes import Catalog
from listener.errors import BadInput, NotFound
from listener.letters import service as letters
from listener.letters import told
from listener.letters.draft import Draft, draft_from
from listener.letters.issuer import CITY
from listener.letters.kinds import KINDS, Kind, offered
from listener.letters.service import Writer
from listener.store import letters as rows
from listener.store import tables as t
from listener.web.deps import CurrentCatalog, FormFrom, Now, SignedIn, Store, Visitor
from listener.web.letter_desk import MEDIA, house_of, writer_of
from listener.web.pages import shown
from listener.web.pages.item_page import department_groups
from listener.web.pages.rendering import render

router = APIRouter()
Words = Annotated[str, Form()]
MOST_PAGES = 3  # pictures of the preview; each is some 60 KB
IN_REGISTER = 50
LABELS = {"pdf": "Tải PDF", "docx": "Tải Word"}


def typed(
    kind: Words = "",
    department: Words = "",
    addressee: Words = "",
    reason: Words = "",
    request: Words = "",
    note: Words = "",
    deadline: Words = "",
    coordinating: Words = "",
    contact: Words = "",
    signer_title: Words = "",
    signer_name: Words = "",
) -> dict[str, str]:
    """The form's words as they were typed."""
    return {name: value.replace("\r\n", "\n") for name, value in locals().items()}


Typed = Annotated[dict[str, str], Depends(typed)]


@router.get("/van-ban")
def register(
    session: Store, visitor: SignedIn, catalog: CurrentCatalog, now: Now, sau: Annotated[str, Query()] = ""
) -> HTMLResponse:
    """The letters of the visitor's unit, of all units for the dispatcher, newest first."""
    writer = writer_of(visitor.actor)
    letters.check_writer(writer)
    issuer = writer.department if writer.role == "officer" else None
    before = int(sau) if sau.isdigit() else None
    found = rows.register(session, issuer, before=before, limit=IN_REGISTER + 1)
    context = {
        "rows": [_row(letter, count, closed) for letter, count, closed in found[:IN_REGISTER]],
        "whose": letters.issuer_for(writer, house_of(catalog)).name if issuer else "Mọi đơn vị",
        "cursor": str(found[IN_REGISTER - 1][0].id) if len(found) > IN_REGISTER else None,
    }
    return HTMLResponse(render("letters.html", {**shown.shell(session, visitor, "letters", now), **context}))


@router.get("/van-ban/moi")
def new(
    session: Store,
    visitor: SignedIn,
    catalog: CurrentCatalog,
    now: Now,
    muc: Annotated[list[str] | None, Query()] = None,
) -> HTMLResponse:
    """The form for a letter about some items, with the signatory of the unit's last letter."""
    writer = writer_of(visitor.actor)
    chosen = letters.choose(session, muc or [], writer)
    form = {**dict.fromkeys(typed(), ""), **letters.remembered(session, writer)}
    return HTMLResponse(_form(session, visitor, catalog, now, chosen, form, key=secrets.token_urlsafe(12)))


@router.post("/van-ban")
def make(
    session: Store,
    visitor: FormFrom,
    catalog: CurrentCatalog,
    now: Now,
    form: Typed,
    muc: Annotated[list[str] | None, Form()] = None,
    action: Words = "",
    key: Words = "",
) -> Response:
    """Show the letter, or number and keep it; a refusal brings back what was typed."""
    writer, house, numbers = writer_of(visitor.actor), house_of(catalog), muc or []
    chosen = letters.choose(session, numbers, writer)
    key = key[:80] or secrets.token_urlsafe(12)
    try:
        draft = _draft(form, catalog)
        if action == "lap":
            with session.begin_nested():
                made = letters.issue(session, numbers, draft, writer=writer, house=house, now=now, key=key)
            return RedirectResponse(f"/van-ban/{made.id}", status_code=303)
        pages = letters.preview(session, numbers, draft, writer=writer, house=house, now=now).pages
    except BadInput as error:
        fault = {error.field or "kind": error.message}
        return HTMLResponse(_form(session, visitor, catalog, now, chosen, form, key=key, errors=fault), status_code=422)
    return HTMLResponse(_form(session, visitor, catalog, now, chosen, form, key=key, pages=pages))


@router.get("/van-ban/{letter_id}.pdf")
def as_pdf(letter_id: int, session: Store, visitor: SignedIn) -> Response:
    """The letter's PDF as it was made."""
    return _file(session, visitor, letter_id, "pdf")


@router.get("/van-ban/{letter_id}.docx")
def as_word(letter_id: int, session: Store, visitor: SignedIn) -> Response:
    """The letter's Word file as it was made."""
    return _file(session, visitor, letter_id, "docx")


@router.get("/van-ban/{letter_id}")
def show(letter_id: int, session: Store, visitor: SignedIn, catalog: CurrentCatalog, now: Now) -> HTMLResponse:
    """One letter."""
    letter = letters.open_letter(session, letter_id, writer_of(visitor.actor))
    return HTMLResponse(_letter(session, visitor, catalog, now, letter))


@router.post("/van-ban/{letter_id}/huy")
def void(
    letter_id: int, session: Store, visitor: FormFrom, catalog: CurrentCatalog, now: Now, reason: Words = ""
) -> Response:
    """Declare a letter void, with a reason."""
    writer = writer_of(visitor.actor)
    try:
        letters.void(session, letter_id, reason[:400], writer=writer, now=now)
    except BadInput as error:
        letter = letters.open_letter(session, letter_id, writer)
        fault = {error.field or "reason": error.message}
        return HTMLResponse(_letter(session, visitor, catalog, now, letter, fault, reason), status_code=422)
    return RedirectResponse(f"/van-ban/{letter_id}", status_code=303)


def _draft(form: Mapping[str, str], catalog: Catalog) -> Draft:
    """The draft typed; a department chosen from the list stands where no addressee was written."""
    code = form["department"]
    chosen = catalog.name_of(code) if code in catalog.departments else ""
    return draft_from(form["kind"], {**form, "addressee": form["addressee"].strip() or chosen})


def _form(
    session: Session,
    visitor: Visitor,
    catalog: Catalog,
    now: datetime,
    chosen: Sequence[t.Item],
    form: dict[str, str],
    *,
    key: str,
    errors: dict[str, str] | None = None,
    pages: Sequence[bytes] = (),
) -> str:
    writer, house = writer_of(visitor.actor), house_of(catalog)
    kinds = _kinds(session, chosen, catalog)
    kind = KINDS.get(form["kind"], kinds[0])
    issuer = letters.issuer_for(writer, house)
    context = {
        "items": [_item(item, catalog) for item in chosen],
        "kinds": [{"slug": one.slug, "name": one.name, "hint": one.hint} for one in kinds],
        "form": {**form, "kind": kind.slug, "contact": form["contact"] or issuer.contact},
        "key": key,
        "issuer_name": issuer.name,
        "next_sign": letters.next_sign(session, kind, writer, house, now),
        "departments": department_groups(catalog),
        "errors": errors or {},
        "pages": [f"data:image/png;base64,{b64encode(page).decode()}" for page in pages[:MOST_PAGES]] or None,
        "page_count": len(pages),
        "today": vietnamese.local(now).date(),
    }
    return render("letter_form.html", {**shown.shell(session, visitor, "letters", now), **context})


def _kinds(session: Session, chosen: Sequence[t.Item], catalog: Catalog) -> list[Kind]:
    if len(chosen) > 1:
        return offered(len(chosen))
    one = letters.tell(session, chosen, catalog)[0]
    return offered(1, item_kind=one.kind, is_report=one.is_report, answered=bool(one.answer))


def _item(item: t.Item, catalog: Catalog) -> dict[str, Any]:
    text = shown.shortened(told.hidden(item.body, item.masks), 120)
    return {"so": item.number, "text": text, "area_name": catalog.area_name(item.unit_code)}


def _row(letter: t.Letter, count: int, closed: bool) -> dict[str, Any]:
    return {
        "id": letter.id,
        "sign": letter.sign,
        "name": KINDS[letter.kind].name,
        "subject": letter.subject,
        "addressee": letter.addressee,
        "issued_on": letter.issued_on,
        "made_by": letter.made_by,
        "count": count,
        "void": letter.void_at is not None,
        "closed": closed,
    }


def _letter(
    session: Session,
    visitor: Visitor,
    catalog: Catalog,
    now: datetime,
    letter: t.Letter,
    errors: dict[str, str] | None = None,
    reason: str = "",
) -> str:
    void = {"at": letter.void_at, "by": letter.void_by, "reason": letter.void_reason} if letter.void_at else None
    signer = " – ".join(part for part in (letter.draft["signer_title"], letter.draft["signer_name"]) if part)
    hashes = rows.hashes(session, letter.id)
    context = {
        "letter": {
            **_row(letter, 0, closed=False),
            "issuer_name": letters.issuer_for(_as_issuer(letter), house_of(catalog)).name,
            "made_at": letter.made_at,
            "signer": " ".join(signer.split()),
            "void": void,
        },
        "files": [{"form": form, "label": LABELS[form], "sha256": hashes[form]} for form in LABELS if form in hashes],
        "items": [_item(item, catalog) for item in rows.items_of(session, letter.id)],
        "errors": errors or {},
        "form": {"reason": reason},
    }
    return render("letter.html", {**shown.shell(session, visitor, "letters", now), **context})


def _as_issuer(letter: t.Letter) -> Writer:
    return Writer("", "admin", None, None if letter.issuer == CITY else letter.issuer)


def _file(session: Session, visitor: Visitor, letter_id: int, form: str) -> Response:
    if form not in MEDIA:
        raise NotFound("Văn bản có bản pdf và docx.")
    letter, file = letters.download(session, letter_id, form, writer=writer_of(visitor.actor))
    name = letters.file_name(letter, form)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(file.content, media_type=MEDIA[form], headers=headers)
