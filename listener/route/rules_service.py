"""Changing the rules: one draft, edited, tried, put in force by a second person, taken back in one step."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from listener.catalog.routing import MOST_RULES, RoutingRule, as_json, rule_of
from listener.catalog.rule_checks import FAULT, Finding, broken, check_rules
from listener.catalog.shapes import Catalog
from listener.errors import BadInput, Conflict, Forbidden, MoveRefused, NotFound
from listener.route import rehearsal_service as rehearsals
from listener.route.rehearsal_service import rules_of
from listener.route.workflow import ADMIN, DISPATCHER, Actor
from listener.store import audit
from listener.store import rules as rows
from listener.store import tables as t

ROLES = (DISPATCHER, ADMIN)


def open_draft(session: Session, *, actor: Actor, catalog: Catalog, now: datetime, today: date) -> t.RuleSet:
    """The draft; a copy of the rules in force where none stands open."""
    _check_role(actor)
    known = rows.draft(session, lock=True)
    if known is not None:
        return known
    held = catalog.rules_on(today)
    draft = t.RuleSet(
        rules=as_json(held.rules),
        based_on=held.number or None,
        made_by=actor.account_id,
        editors=[actor.account_id] if actor.account_id else [],
        made_at=now,
        changed_at=now,
    )
    session.add(draft)
    session.flush()
    _note(session, actor, "rules.draft", draft)
    return draft


def put_rule(
    session: Session,
    entry: dict[str, Any],
    *,
    slug: str | None,
    version: int | None,
    actor: Actor,
    catalog: Catalog,
    now: datetime,
) -> RoutingRule:
    """Add a rule to the end of the draft, or write it over the one of this slug.

    Raises
    ------
    BadInput
        The rule cannot be used as it is; the message says why.
    Conflict
        Somebody changed the draft since.
    """
    draft = _draft(session, actor, version)
    kept = list(rules_of(draft))
    if slug is not None and all(rule.slug != slug for rule in kept):
        raise NotFound("Quy tắc này không còn trong bản nháp.")
    if slug is None and len(kept) >= MOST_RULES:
        raise BadInput(f"Bản nháp đã có {MOST_RULES} quy tắc, nhiều nhất rồi. Gộp hoặc xoá bớt trước.", field="name")
    rule = rule_of({**entry, "slug": slug or _free_slug(kept)})
    problem = broken(rule, catalog, load_taxonomy())
    if problem:
        raise BadInput(f"Chưa lưu được: {problem}.", field="name")
    kept = [rule if one.slug == slug else one for one in kept] if slug else [*kept, rule]
    _save(session, draft, kept, actor, now, "rules.edit", rule=rule.slug, name=rule.name)
    return rule


def move_rule(session: Session, slug: str, step: int, *, version: int | None, actor: Actor, now: datetime) -> None:
    """Move a rule of the draft one place up (-1) or down (1); at either end nothing happens."""
    draft = _draft(session, actor, version)
    kept = list(rules_of(draft))
    at = _place(kept, slug)
    to = min(max(at + step, 0), len(kept) - 1)
    kept.insert(to, kept.pop(at))
    _save(session, draft, kept, actor, now, "rules.move", rule=slug, to=to + 1)


def remove_rule(session: Session, slug: str, *, version: int | None, actor: Actor, now: datetime) -> None:
    """Take a rule out of the draft."""
    draft = _draft(session, actor, version)
    kept = list(rules_of(draft))
    gone = kept.pop(_place(kept, slug))
    _save(session, draft, kept, actor, now, "rules.remove", rule=slug, name=gone.name)


def drop_draft(session: Session, *, actor: Actor) -> None:
    """Put the draft aside; the rules in force stay as they are."""
    draft = _draft(session, actor, None)
    draft.state = "dropped"
    _note(session, actor, "rules.drop", draft)


def findings(rule_set: t.RuleSet, catalog: Catalog) -> list[Finding]:
    """What is wrong with a version."""
    return check_rules(rules_of(rule_set), catalog, load_taxonomy())


def activate(
    session: Session,
    *,
    actor: Actor,
    catalog: Catalog,
    active_from: date,
    version: int | None,
    overlaps_seen: bool,
    now: datetime,
    today: date,
) -> t.RuleActivation:
    """Put the draft in force for what is received from a day on.

    Raises
    ------
    Forbidden
        The actor wrote at the draft: a second person must look at it.
    MoveRefused
        A rule is at fault, overlaps were not looked at, or exactly these rules were not tried within a day.
    BadInput
        The day lies in the past.
    """
    draft = _draft(session, actor, version)
    if actor.account_id is None or actor.account_id in draft.editors:
        raise Forbidden("Bạn đã sửa bản nháp này, nên cần người thứ hai xem và cho áp dụng.")
    if active_from < today:
        raise BadInput("Ngày áp dụng phải từ hôm nay trở đi.", field="active_from")
    wrong = findings(draft, catalog)
    faults = [one.words for one in wrong if one.level == FAULT]
    if faults:
        raise MoveRefused(f"Chưa áp dụng được: {' '.join(faults)}")
    overlaps = [one.words for one in wrong if one.kind == "overlap"]
    if overlaps and not overlaps_seen:
        raise MoveRefused(f"Chưa áp dụng: hãy xem và đánh dấu đã xem chỗ chồng nhau. {' '.join(overlaps)}")
    if not rehearsals.is_fresh(rows.last_run(session, draft.id), draft, now):
        raise MoveRefused("Bản nháp này chưa được chạy thử trong 24 giờ qua. Chạy thử rồi áp dụng.")
    draft.state = "kept"
    return _put_in_force(session, draft.id, "activate", active_from, actor, now)


def roll_back(session: Session, activation_id: int, *, actor: Actor, now: datetime, today: date) -> t.RuleActivation:
    """Bring back, from today on, the rules that an earlier activation had put in force."""
    _check_role(actor)
    earlier = rows.activation(session, activation_id)
    if earlier is None or earlier.cancelled_at is not None or earlier.active_from > today:
        raise NotFound("Không có bản này để quay lại.")
    held = rows.in_force(session, today)
    if held is not None and held.set_id == earlier.set_id:
        raise MoveRefused("Bản này đang được áp dụng rồi.")
    return _put_in_force(session, earlier.set_id, "rollback", today, actor, now)


def to_owners_only(session: Session, *, actor: Actor, now: datetime, today: date) -> t.RuleActivation:
    """Put all rules out of force from today on: only the owners of topics decide."""
    _check_role(actor)
    held = rows.in_force(session, today)
    if held is None or held.set_id is None:
        raise MoveRefused("Hiện không có quy tắc nào đang áp dụng.")
    return _put_in_force(session, None, "rollback", today, actor, now)


def cancel(session: Session, activation_id: int, *, actor: Actor, now: datetime, today: date) -> None:
    """Take back an activation whose day has not come."""
    _check_role(actor)
    planned = rows.activation(session, activation_id)
    if planned is None or planned.cancelled_at is not None or planned.active_from <= today:
        raise MoveRefused("Bản này đã áp dụng hoặc đã huỷ, không huỷ lịch được nữa. Dùng “Quay lại bản này”.")
    planned.cancelled_at, planned.cancelled_by = now, actor.account_id
    audit.note(session, actor=actor.name, act="rules.cancel", account_id=actor.account_id, activation=planned.id)


def as_draft(session: Session, rules: tuple[RoutingRule, ...], *, actor: Actor, now: datetime) -> t.RuleSet:
    """Rules from a file as the draft; refused while another stands open."""
    _check_role(actor)
    if rows.draft(session) is not None:
        raise Conflict("Đang có một bản nháp. Áp dụng hoặc bỏ bản đó rồi nhập lại.")
    editors = [actor.account_id] if actor.account_id else []
    draft = t.RuleSet(rules=as_json(rules), made_by=actor.account_id, editors=editors, made_at=now, changed_at=now)
    session.add(draft)
    session.flush()
    _note(session, actor, "rules.import", draft)
    return draft


def _put_in_force(
    session: Session, set_id: int | None, kind: str, active_from: date, actor: Actor, now: datetime
) -> t.RuleActivation:
    row = t.RuleActivation(set_id=set_id, kind=kind, active_from=active_from, account_id=actor.account_id, made_at=now)
    session.add(row)
    session.flush()
    audit.note(
        session,
        actor=actor.name,
        act=f"rules.{kind}",
        account_id=actor.account_id,
        rule_set=set_id,
        active_from=active_from.isoformat(),
    )
    return row


def _draft(session: Session, actor: Actor, version: int | None) -> t.RuleSet:
    _check_role(actor)
    draft = rows.draft(session, lock=True)
    if draft is None:
        raise NotFound("Không còn bản nháp nào. Mở bản nháp mới rồi sửa lại.")
    if version is not None and version != draft.version:
        raise Conflict("Có người vừa sửa bản nháp. Xem thay đổi rồi làm lại.")
    return draft


def _save(
    session: Session, draft: t.RuleSet, kept: list[RoutingRule], actor: Actor, now: datetime, act: str, **details: Any
) -> None:
    draft.rules, draft.changed_at = as_json(kept), now
    if actor.account_id is not None:
        draft.editors = sorted({*draft.editors, actor.account_id})
    session.flush()
    _note(session, actor, act, draft, **details)


def _note(session: Session, actor: Actor, act: str, draft: t.RuleSet, **details: Any) -> None:
    audit.note(session, actor=actor.name, act=act, account_id=actor.account_id, rule_set=draft.id, **details)


def _place(kept: list[RoutingRule], slug: str) -> int:
    at = next((at for at, rule in enumerate(kept) if rule.slug == slug), None)
    if at is None:
        raise NotFound("Quy tắc này không còn trong bản nháp.")
    return at


def _free_slug(kept: list[RoutingRule]) -> str:
    taken = {rule.slug for rule in kept}
    return next(slug for number in range(1, MOST_RULES + 2) if (slug := f"q{number}") not in taken)


def _check_role(actor: Actor) -> None:
    if actor.role not in ROLES:
        raise Forbidden("Quy tắc chuyển chỉ người điều phối được sửa.")
