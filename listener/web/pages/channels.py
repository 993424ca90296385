"""Outgoing channels: how they fare, who receives, and what was given up, with the cause and a way to send it again."""

import json
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from listener.catalog.shapes import Catalog
from listener.deliver import receivers_service as service
from listener.deliver.channels import CHANNELS
from listener.deliver.outbox import KINDS
from listener.errors import BadInput, Forbidden
from listener.jobs import hand_over_once
from listener.settings import settings
from listener.store import outbox, receivers
from listener.store import tables as t
from listener.web.deps import CurrentCatalog, FormFrom, Now, SignedIn, Store, Visitor
from listener.web.pages import shown
from listener.web.pages.rendering import render, render_block

router = APIRouter()
URL = "/quan-tri/kenh-gui"
SPAN, JUST = timedelta(days=7), timedelta(minutes=5)
PER_GROUP = 20
ALL = 1_000_000
LONGEST_NUMBER = 18
STATES = {"active": "đang gửi", "paused": "tạm dừng", "disabled": "đã tắt"}
Words = Annotated[str, Form()]


def check_admin(visitor: Visitor) -> None:
    """Only administrators see and change channels."""
    if visitor.account.role != "admin":
        raise Forbidden("Trang kênh gửi dành cho quản trị.")


def by(visitor: Visitor) -> service.By:
    """Who acts, for the audit."""
    return service.By(visitor.account.name, visitor.account.id)


@router.get(URL)
def channels(
    request: Request,
    session: Store,
    visitor: SignedIn,
    catalog: CurrentCatalog,
    now: Now,
    da_lam: Annotated[str, Query(alias="da-lam")] = "",
) -> HTMLResponse:
    """Channels, receivers and dead letters; while letters wait the figures renew themselves."""
    check_admin(visitor)
    context = _context(session, visitor, catalog, now, notice=_done(da_lam))
    if request.headers.get("hx-request-type") == "partial":
        return HTMLResponse(render_block("channels.html", "results", context))
    return HTMLResponse(render("channels.html", context))


@router.post(f"{URL}/gui-lai")
def send_again(
    session: Store, visitor: FormFrom, now: Now, letter: Words = "", channel: Words = "", cause: Words = ""
) -> Response:
    """Try one dead letter or a group anew; the ids of the events stay the same."""
    check_admin(visitor)
    ids = _ids(letter) if letter else None
    group = {"channel": channel, "cause": cause} if ids is None else {}
    count = service.retry(session, now=now, by=by(visitor), ids=ids, **group)
    hand_over_once(session, "deliver")
    return RedirectResponse(f"{URL}?da-lam=gui-lai-{count}", status_code=303)


@router.post(f"{URL}/bo")
def drop(
    session: Store,
    visitor: FormFrom,
    catalog: CurrentCatalog,
    now: Now,
    letter: Words = "",
    channel: Words = "",
    cause: Words = "",
    reason: Words = "",
) -> Response:
    """Drop one dead letter or a group, with a reason."""
    check_admin(visitor)
    ids = _ids(letter) if letter else [one.id for one in outbox.dead_letters(session, channel, cause, limit=ALL)]
    try:
        count = service.drop(session, ids, reason=reason, now=now, by=by(visitor))
    except BadInput as error:
        field = f"ly-do-{letter}" if letter else f"ly-do-{channel}-{cause}"
        context = _context(session, visitor, catalog, now, errors={field: error.message})
        return HTMLResponse(render("channels.html", context), status_code=error.status)
    return RedirectResponse(f"{URL}?da-lam=bo-{count}", status_code=303)


def _ids(letter: str) -> list[int]:
    """The letter a form names; none when it is no number a letter could have."""
    return [int(letter)] if letter.isdecimal() and len(letter) <= LONGEST_NUMBER else []


def _done(what: str) -> dict[str, Any] | None:
    """What the step before this page did, in words."""
    step, _, count = what.rpartition("-")
    if not count.isdecimal():
        return None
    words = {
        "gui-lai": f"{count} thư về hàng chờ, giữ nguyên mã việc. Bảng dưới tự cập nhật trong lúc gửi.",
        "bo": f"Đã bỏ {count} thư; lý do nằm trong nhật ký.",
    }
    return {"level": "success", "text": words[step], "incident": None} if step in words else None


def _context(
    session: Session,
    visitor: Visitor,
    catalog: Catalog,
    now: datetime,
    *,
    notice: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> dict[str, Any]:
    figures = outbox.figures(session, since=now - SPAN, just=now - JUST)
    return {
        **shown.shell(session, visitor, "channels", now),
        "notice": notice,
        "errors": errors or {},
        "channels": [_channel(name, figures.get(name, outbox.Figures())) for name in CHANNELS],
        "waiting": sum(one.waiting for one in figures.values()),
        "receivers": _receivers(session, catalog, now),
        "groups": [_group(session, group) for group in outbox.dead_groups(session)],
        "dead_total": sum(one.dead for one in figures.values()),
        "last_sent": max((one.last_sent for one in figures.values() if one.last_sent), default=None),
    }


def _channel(name: str, figures: outbox.Figures) -> dict[str, Any]:
    channel = CHANNELS[name]
    return {
        "key": name,
        "name": channel.name,
        "missing": channel.missing(settings()),
        "sent": figures.sent,
        "total": figures.sent + figures.dead,
        "waiting": figures.waiting,
        "dead": figures.dead,
        "oldest": figures.oldest,
        "last_sent": figures.last_sent,
        "just_sent": figures.just_sent,
    }


def _receivers(session: Session, catalog: Catalog, now: datetime) -> list[dict[str, Any]]:
    counts = outbox.by_receiver(session, since=now - SPAN)
    lines = receivers.lines(session)
    found = []
    for receiver in receivers.everyone(session):
        sent, waiting, dead = counts.get(receiver.id, (0, 0, 0))
        line = lines.get(f"webhook:{receiver.id}" if receiver.channel == "webhook" else receiver.channel)
        resting = line is not None and line.quiet_until is not None and line.quiet_until > now
        found.append(
            {
                "id": receiver.id,
                "name": receiver.name,
                "channel_name": CHANNELS[receiver.channel].name,
                "address": shown.shortened(receiver.address, 60),
                "department_name": _desk(receiver.department_code, catalog),
                "kinds": len(receiver.kinds),
                "all_kinds": len(KINDS),
                "state": receiver.state,
                "state_name": "đang chờ gửi lại" if resting and receiver.state == "active" else STATES[receiver.state],
                "note": receiver.note or (line.problem if resting and line is not None else ""),
                "sent": sent,
                "waiting": waiting,
                "dead": dead,
            }
        )
    return found


def _desk(code: str | None, catalog: Catalog) -> str:
    return catalog.name_of(code) if code else "mọi đơn vị"


def _group(session: Session, group: outbox.DeadGroup) -> dict[str, Any]:
    letters = outbox.dead_letters(session, group.channel, group.cause, limit=PER_GROUP)
    return {
        "channel": group.channel,
        "channel_name": CHANNELS[group.channel].name,
        "cause": group.cause,
        "problem": group.problem,
        "count": group.count,
        "last_at": group.last_at,
        "more": group.count - len(letters),
        "letters": [_letter(letter) for letter in letters],
    }


def _letter(letter: t.Outgoing) -> dict[str, Any]:
    return {
        "id": letter.id,
        "so": letter.item.number,
        "to": letter.receiver.name if letter.receiver else "người gửi",
        "kind_name": KINDS[letter.told.kind].name,
        "attempts": letter.attempts,
        "ended_at": letter.ended_at,
        "problem": letter.problem,
        "uid": letter.told.uid,
        "payload": json.dumps(letter.told.payload, ensure_ascii=False, indent=2),
    }
