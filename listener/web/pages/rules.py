"""The routing rules: what is in force, the draft beside it, its dry run, and putting it in force by a second person."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from listener import rehearsal
from listener.catalog.routing import RoutingRule, rule_of
from listener.catalog.rule_checks import FAULT, Finding, broken, check_rules, unowned
from listener.catalog.rule_words import sentence
from listener.catalog.shapes import Catalog
from listener.errors import BadInput, Forbidden, ListenerError, NotFound
from listener.jobs import hand_over
from listener.route import deadlines, rules_service
from listener.route import rehearsal_service as rehearsals
from listener.store import desks
from listener.store import rules as rows
from listener.store import tables as t
from listener.web.deps import CurrentCatalog, FormFrom, Now, SignedIn, Store, Visitor
from listener.web.pages import rule_form, shown
from listener.web.pages.rendering import render

assert rehearsal  # its import put the dry run on the queue's table
router = APIRouter()
PAGE = "/dieu-phoi/quy-tac"
AT_ONCE = 2000  # items replayed while one waits; more go to a job that can be left and found again
WEEKS = (4, 8, 13, 26, 52)
SKIPPED_DAYS = timedelta(days=7)
Word = Annotated[str, Form()]
Sent = Annotated[dict[str, Any], Depends(rule_form.sent)]


def today_of(now: datetime) -> date:
    """The city's day."""
    return now.astimezone(deadlines.CITY_ZONE).date()


@router.get(PAGE)
def listing(request: Request, session: Store, visitor: SignedIn, catalog: CurrentCatalog, now: Now) -> HTMLResponse:
    """The rules in their order, or the draft."""
    _check_role(visitor)
    return HTMLResponse(render("rules.html", _context(session, visitor, catalog, dict(request.query_params), now)))


@router.post(f"{PAGE}/nhap/mo")
def open_draft(session: Store, visitor: FormFrom, catalog: CurrentCatalog, now: Now) -> Response:
    """Begin a draft as a copy of what is in force."""
    rules_service.open_draft(session, actor=visitor.actor, catalog=catalog, now=now, today=today_of(now))
    return _to("?ban=nhap")


@router.post(f"{PAGE}/nhap/bo")
def drop_draft(session: Store, visitor: FormFrom) -> Response:
    """Put the draft aside."""
    rules_service.drop_draft(session, actor=visitor.actor)
    return _to("")


@router.get(f"{PAGE}/nhap/sua")
def edit(session: Store, visitor: SignedIn, catalog: CurrentCatalog, now: Now, ma: str = "") -> HTMLResponse:
    """One rule of the draft as a form; an empty one for a new rule."""
    _check_role(visitor)
    draft = _draft(session)
    rule = next((one for one in rehearsals.rules_of(draft) if one.slug == ma), None)
    if ma and rule is None:
        raise NotFound("Quy tắc này không còn trong bản nháp.")
    form = rule_form.filled(rule)
    return HTMLResponse(
        render("rule_edit.html", _edit_context(session, visitor, catalog, now, form, ma, draft.version))
    )


@router.post(f"{PAGE}/nhap/cau")
def preview(visitor: FormFrom, catalog: CurrentCatalog, form: Sent) -> HTMLResponse:
    """The sentence of what the rule in the form would do."""
    _check_role(visitor)
    try:
        rule = rule_of({**rule_form.entry_of({**form, "name": form["name"] or "…"}), "slug": "moi"})
        words = broken(rule, catalog, load_taxonomy()) or sentence(rule, catalog, load_taxonomy())
    except BadInput as error:
        words = error.message
    return HTMLResponse(render("rule_sentence.html", {"words": words}))


@router.post(f"{PAGE}/nhap/sua")
def save(
    session: Store,
    visitor: FormFrom,
    catalog: CurrentCatalog,
    now: Now,
    form: Sent,
    ma: Word = "",
    version: Word = "",
) -> Response:
    """Write the rule into the draft; the form stays with what was typed where it cannot be."""
    _check_role(visitor)
    try:
        with session.begin_nested():
            rule = rules_service.put_rule(
                session,
                rule_form.entry_of(form),
                slug=ma or None,
                version=_number(version),
                actor=visitor.actor,
                catalog=catalog,
                now=now,
            )
    except ListenerError as error:
        field = getattr(error, "field", None) or "name"
        context = _edit_context(session, visitor, catalog, now, form, ma, _number(version) or 0)
        page = render("rule_edit.html", {**context, "errors": {field: error.message}})
        return HTMLResponse(page, status_code=error.status)
    return _to(f"?ban=nhap&vua={rule.slug}#m-{rule.slug}")


@router.post(f"{PAGE}/nhap/chuyen")
def move(session: Store, visitor: FormFrom, now: Now, ma: Word, huong: Word, version: Word = "") -> Response:
    """Move a rule one place up or down; the focus stays on the button."""
    step = -1 if huong == "len" else 1
    rules_service.move_rule(session, ma, step, version=_number(version), actor=visitor.actor, now=now)
    return _to(f"?ban=nhap&vua={ma}&huong={'len' if step < 0 else 'xuong'}#m-{ma}")


@router.post(f"{PAGE}/nhap/xoa")
def remove(session: Store, visitor: FormFrom, now: Now, ma: Word, version: Word = "") -> Response:
    """Take a rule out of the draft."""
    rules_service.remove_rule(session, ma, version=_number(version), actor=visitor.actor, now=now)
    return _to("?ban=nhap")


@router.post(f"{PAGE}/thu")
def try_out(session: Store, visitor: FormFrom, catalog: CurrentCatalog, now: Now, tuan: Word = "4") -> Response:
    """Replay the draft over past items: at once where they are few, else as a job."""
    _check_role(visitor)
    run = rehearsals.ask_for(session, _draft(session), weeks=_number(tuan) or 0, actor=visitor.actor, now=now)
    if run.total <= AT_ONCE:
        for _ in rehearsals.carry_out(session, run, catalog, now=now):
            pass
    else:
        hand_over(session, "dry_run", run_id=run.id)
    return _to(f"/thu/{run.id}")


@router.post(f"{PAGE}/ap-dung")
def activate(
    session: Store,
    visitor: FormFrom,
    catalog: CurrentCatalog,
    now: Now,
    tu_ngay: Word = "",
    version: Word = "",
    da_xem: Word = "",
) -> Response:
    """Put the draft in force from a day on."""
    try:
        with session.begin_nested():
            try:
                start = date.fromisoformat(tu_ngay)
            except ValueError:
                raise BadInput("Chưa chọn ngày áp dụng.", field="active_from") from None
            rules_service.activate(
                session,
                actor=visitor.actor,
                catalog=catalog,
                active_from=start,
                version=_number(version),
                overlaps_seen=bool(da_xem),
                now=now,
                today=today_of(now),
            )
    except ListenerError as error:
        _check_role(visitor)
        context = _context(session, visitor, catalog, {"ban": "nhap"}, now)
        return HTMLResponse(
            render("rules.html", {**context, "errors": {"tu_ngay": error.message}}), status_code=error.status
        )
    return _to("")


@router.post(f"{PAGE}/quay-lai")
def roll_back(session: Store, visitor: FormFrom, now: Now, ban: Word = "") -> Response:
    """Bring back earlier rules from today on; without a number, only the owners of topics."""
    if ban:
        rules_service.roll_back(session, _number(ban) or 0, actor=visitor.actor, now=now, today=today_of(now))
    else:
        rules_service.to_owners_only(session, actor=visitor.actor, now=now, today=today_of(now))
    return _to("")


@router.post(f"{PAGE}/huy-lich")
def cancel(session: Store, visitor: FormFrom, now: Now, ban: Word = "") -> Response:
    """Take back what was planned for a day to come."""
    rules_service.cancel(session, _number(ban) or 0, actor=visitor.actor, now=now, today=today_of(now))
    return _to("")


def alerts(session: Session, catalog: Catalog, now: datetime) -> list[str]:
    """Broken rules in force, and rules that routing had to skip in the past days: never silent."""
    found = check_rules(catalog.rules_on(today_of(now)).rules, catalog, load_taxonomy())
    named = [one.words for one in found if one.kind == "broken"]
    skipped = rows.skipped_since(session, now - SKIPPED_DAYS)
    return [*named, *(f"“{name}” đã bị bỏ qua ở {count} mục trong 7 ngày qua." for name, count in skipped.items())]


def _context(
    session: Session, visitor: Visitor, catalog: Catalog, query: dict[str, str], now: datetime
) -> dict[str, Any]:
    today, draft = today_of(now), rows.draft(session)
    on_draft = query.get("ban") == "nhap" and draft is not None
    live = catalog.rules_on(today)
    held = rehearsals.rules_of(draft) if on_draft else live.rules
    found = check_rules(held, catalog, load_taxonomy())
    run = rows.last_run(session, draft.id) if draft else None
    return {
        **shown.shell(session, visitor, "rules", now),
        "tabs": [
            _tab("live", "Đang áp dụng", len(live.rules), PAGE, current=not on_draft),
            *([_tab("draft", "Bản nháp", len(draft.rules), f"{PAGE}?ban=nhap", current=on_draft)] if draft else []),
        ],
        "on_draft": on_draft,
        "rows": [_row(rule, found, catalog) for rule in held],
        "just": {"slug": query.get("vua", ""), "way": query.get("huong", "")},
        "findings": [one for one in found if one.kind != "overlap"],
        "overlaps": [one for one in found if one.kind == "overlap"],
        "gaps": unowned(catalog, load_taxonomy(), today),
        "alerts": alerts(session, catalog, now),
        "draft": _draft_card(session, draft, run, visitor, now) if draft else None,
        "versions": _versions(session, today),
        "today": today,
        "weeks": WEEKS,
        "errors": {},
    }


def _tab(key: str, label: str, count: int, url: str, *, current: bool) -> dict[str, Any]:
    return {"key": key, "label": label, "count": count, "url": url, "current": current}


def _row(rule: RoutingRule, found: list[Finding], catalog: Catalog) -> dict[str, Any]:
    return {
        "slug": rule.slug,
        "name": rule.name,
        "sentence": sentence(rule, catalog, load_taxonomy()),
        "faults": [one.words for one in found if one.level == FAULT and rule.slug == one.rules[0]],
        "overlaps": [one.words for one in found if one.kind == "overlap" and rule.slug == one.rules[-1]],
    }


def _draft_card(
    session: Session, draft: t.RuleSet, run: t.RuleRun | None, visitor: Visitor, now: datetime
) -> dict[str, Any]:
    names = desks.account_names(session, draft.editors)
    return {
        "version": draft.version,
        "editors": [names[one] for one in draft.editors if one in names],
        "changed_at": draft.changed_at,
        "mine": visitor.account.id in draft.editors,
        "fresh": rehearsals.is_fresh(run, draft, now),
        "run": {"id": run.id, "state": run.state, "at": run.ended_at or run.made_at} if run else None,
    }


def _versions(session: Session, today: date) -> list[dict[str, Any]]:
    """Activations, newest first: planned ones may be cancelled, earlier ones brought back."""
    held = rows.in_force(session, today)
    return [
        {
            "id": one.id,
            "set": one.set_id,
            "from": one.active_from,
            "kind": one.kind,
            "by": name,
            "at": one.made_at,
            "state": "cancelled"
            if one.cancelled_at
            else "planned"
            if one.active_from > today
            else "live"
            if held is not None and one.id == held.id
            else "past",
            "can_return": held is None or held.set_id != one.set_id,
        }
        for one, name in rows.history(session)
    ]


def _edit_context(
    session: Session,
    visitor: Visitor,
    catalog: Catalog,
    now: datetime,
    form: dict[str, Any],
    slug: str,
    version: int,
) -> dict[str, Any]:
    try:
        rule = rule_of({**rule_form.entry_of(form), "slug": slug or "moi"})
        words = sentence(rule, catalog, load_taxonomy()) if slug else ""
    except BadInput:
        words = ""
    return {
        **shown.shell(session, visitor, "rules", now),
        "form": form,
        "slug": slug,
        "version": version,
        "choices": rule_form.choices(catalog),
        "words": words,
        "errors": {},
    }


def _draft(session: Session) -> t.RuleSet:
    draft = rows.draft(session)
    if draft is None:
        raise NotFound("Không còn bản nháp nào. Mở bản nháp mới ở trang Quy tắc.")
    return draft


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _to(rest: str) -> Response:
    return RedirectResponse(f"{PAGE}{rest}", status_code=303)


def _check_role(visitor: Visitor) -> None:
    if visitor.account.role not in rules_service.ROLES:
        raise Forbidden("Trang quy tắc chỉ dành cho người điều phối.")
