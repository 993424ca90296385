"""Duties from law: a person's wish to be erased and its clocks, what is purged after some days, the audit's walk."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from listener.catalog.shapes import Catalog
from listener.collect import codes, erasure_service
from listener.errors import BadInput, Conflict, NotFound
from listener.jobs import app, hand_over
from listener.log import logger
from listener.pipeline import now
from listener.route import deadlines
from listener.route import service as routing
from listener.settings import settings
from listener.store import audit, items, pages, senders
from listener.store import duties as rows
from listener.store import tables as t
from listener.store.database import session_scope

ANSWER_HOURS = 15  # two working days of seven and a half hours
ERASE_WITHIN = timedelta(days=20)
CONFIRMATION = "XOA"
CLERK = "Hệ thống"
BATCH = 1_000
log = logger("duties")


def ask_for_erasure(
    session: Session, code: str, *, whole_person: bool, catalog: Catalog, at: datetime
) -> t.DataRequest:
    """Take in a sender's wish, proved by the report's code; a second wish under the same code is the first one.

    Raises
    ------
    NotFound
        No report has the code.
    """
    hashed = codes.code_hash(code, settings().secret())
    known = rows.by_code_hash(session, hashed)
    if known is not None and known.state != "refused":
        return known
    item = items.by_code_hash(session, hashed) if codes.normal(code) else None
    if item is None:
        raise NotFound("Không tìm thấy mã này. Mã có 10 ký tự, ví dụ 7K3M-29QD-XW.")
    request = t.DataRequest(
        item_id=item.id,
        code_hash=hashed,
        whole_person=whole_person,
        received_at=at,
        answer_due=deadlines.due(at, ANSWER_HOURS, routing.calendar(catalog)),
        erase_due=at + ERASE_WITHIN,
    )
    session.add(request)
    session.flush()
    return request


def decide(
    session: Session,
    request: t.DataRequest,
    *,
    accept: bool,
    words: str,
    confirmation: str,
    account: t.Account,
    at: datetime,
) -> None:
    """Accept a wish, whose erasure becomes a job, or refuse it with a reason the sender reads.

    Raises
    ------
    Conflict, BadInput
        It was decided already; the confirmation was not typed, or the reason is missing.
    """
    if request.state != "new":
        raise Conflict("Yêu cầu này đã được quyết định. Tải lại trang để xem.")
    if accept and confirmation.strip().upper() not in (CONFIRMATION, "XOÁ", "XÓA"):
        raise BadInput(f"Gõ {CONFIRMATION} để xác nhận: xoá rồi không lấy lại được.", field="confirmation")
    if not accept and len(words.strip()) < 10:
        raise BadInput("Cần ghi lý do không xoá, người gửi sẽ đọc.", field="words")
    request.state = "accepted" if accept else "refused"
    request.words, request.decided_at, request.decided_by = words.strip()[:1000], at, account.id
    audit.note(
        session,
        actor=account.name,
        account_id=account.id,
        act="accept_erasure" if accept else "refuse_erasure",
        item_id=request.item_id,
        at=at,
        reason=request.words,
    )
    if accept:
        hand_over(session, "erase", request_id=request.id)


def carry_out(session: Session, request: t.DataRequest, *, at: datetime) -> erasure_service.Erased | None:
    """Erase what an accepted wish concerns; None when there is nothing to do any more."""
    if request.state != "accepted":
        return None
    item = items.by_ids(session, [request.item_id])[0]
    found = erasure_service.belonging(session, item, whole_person=request.whole_person, restricted=item.restricted)
    account = session.get(t.Account, request.decided_by) if request.decided_by else None
    erased = erase_items(session, found, actor=account.name if account else CLERK, account_id=request.decided_by, at=at)
    request.state, request.done_at, request.proof = "done", at, erased.proof()
    return erased


def erase_items(
    session: Session,
    found: list[t.Item],
    *,
    actor: str,
    account_id: int | None,
    at: datetime,
    known: list[str] | None = None,
) -> erasure_service.Erased:
    """Erase the person from items; the photos' files go by a job, once this is committed."""
    here = settings()
    erased = erasure_service.erase(
        session, found, secrets=here.identity_secrets(), secret=here.secret(), now=at, known=known or []
    )
    erasure_service.prove(session, erased, found, actor=actor, account_id=account_id)
    if erased.files:
        hand_over(session, "forget_files", paths=erased.files)
    return erased


def belonging_to(
    session: Session, *, code: str | None = None, contact: str | None = None, handle: str | None = None
) -> tuple[list[t.Item], list[str]]:
    """The items of a code, of a contact or of a handle outside the restricted room, and what to look for in them."""
    secret = settings().secret()
    if code is not None:
        item = items.by_code_hash(session, codes.code_hash(code, secret))
        return ([item] if item is not None and not item.restricted else []), []
    person = contact or handle or ""
    found = senders.items_of(session, codes.person_key(person, secret), restricted=False)
    return [item for item in found if item.erased_at is None], [person]


@app.task(name="erase", queue="read")
def erase(request_id: int) -> None:
    """Carry out an accepted wish; run again it changes nothing."""
    with session_scope() as session:
        request = rows.by_id(session, request_id, lock=True)
        if request is not None:
            carry_out(session, request, at=now())


@app.task(name="forget_files", queue="read")
def forget_files(paths: list[str]) -> None:
    """Delete photos from the disk; those that are gone already are passed over."""
    folder = settings().data_dir.resolve()
    for path in paths:
        file = (folder / path).resolve()
        if file.is_relative_to(folder / "photos"):
            file.unlink(missing_ok=True)


def purge(*, at: datetime) -> int:
    """Take the pseudonyms of authors off posts older than the catalogue allows, in batches; returns how many."""
    with session_scope() as session:
        days = rows.days_kept(session, "author")
    if days is None:
        return 0
    total = 0
    while True:
        with session_scope() as session:
            purged = rows.purge_authors(session, before=at - timedelta(days=days), limit=BATCH)
            total += purged
            if purged < BATCH:
                rows.note_purge(session, "author", total, at=at)
                if total:
                    audit.note(session, actor=CLERK, act="purge_authors", at=at, posts=total, days=days)
                return total


def purge_pages(*, at: datetime) -> int:
    """Delete pages that were fetched longer ago than the catalogue allows, in batches; returns how many."""
    with session_scope() as session:
        days = rows.days_kept(session, "raw")
    total = 0
    while days is not None:
        with session_scope() as session:
            purged = pages.purge(session, before=at - timedelta(days=days), limit=BATCH)
            total += purged
            if purged < BATCH:
                rows.note_purge(session, "raw", total, at=at)
                break
    return total


@app.periodic(cron="20 2 * * *")
@app.task(name="purge_old_data", queue="read", pass_context=False)
def purge_old_data(timestamp: int) -> None:  # noqa: ARG001 (the queue hands every periodic task its minute)
    """Each night: purge what is older than the catalogue allows."""
    purge(at=now())
    purge_pages(at=now())


@app.periodic(cron="50 2 * * *")
@app.task(name="check_audit", queue="read", pass_context=False)
def check_audit(timestamp: int) -> None:  # noqa: ARG001
    """Each night: walk along the audit's chain and keep what was found."""
    with session_scope() as session:
        found = audit.check(session, now=now())
    if found.broken_id is not None:
        log.error("audit_broken", row=found.broken_id, problem=found.problem)
