"""Dry runs of a version of the rules: asked for, carried out batch by batch, remembered with their result."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from listener.catalog.routing import RoutingRule, RuleSet, digest, rule_of
from listener.catalog.shapes import Catalog
from listener.errors import BadInput
from listener.route import deadlines, matching, rules
from listener.route.replay import LISTED, TRIAGE, Seen, Tally
from listener.route.service import case_of, outcome_of
from listener.route.workflow import Actor
from listener.store import rules as rows
from listener.store import tables as t

MOST_WEEKS = 104
BATCH = 1000
FRESH = timedelta(hours=24)  # pages.md: activation only of what was tried within a day
STOPPED = timedelta(minutes=3)  # without a sign of life a run is taken for stopped


def ask_for(session: Session, rule_set: t.RuleSet, *, weeks: int, actor: Actor, now: datetime) -> t.RuleRun:
    """Write down a dry run to be carried out.

    Raises
    ------
    BadInput
        The number of weeks makes no sense.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise BadInput(f"Số tuần phải từ 1 đến {MOST_WEEKS}.", field="weeks")
    run = t.RuleRun(
        set_id=rule_set.id,
        digest=digest(rules_of(rule_set)),
        weeks=weeks,
        total=rows.past_count(session, since=now - timedelta(weeks=weeks)),
        account_id=actor.account_id,
        made_at=now,
        beat_at=now,
    )
    session.add(run)
    session.flush()
    return run


def rules_of(row: t.RuleSet | None) -> tuple[RoutingRule, ...]:
    """The rules of a version."""
    return tuple(map(rule_of, row.rules)) if row is not None else ()


def stopped(run: t.RuleRun, now: datetime) -> bool:
    """Whether a run that is not done shows no sign of life any more."""
    return run.state in ("waiting", "running") and now - (run.beat_at or run.made_at) > STOPPED


def is_fresh(run: t.RuleRun | None, rule_set: t.RuleSet, now: datetime) -> bool:
    """Whether exactly these rules were tried to the end within the past day."""
    return (
        run is not None
        and run.state == "done"
        and run.digest == digest(rules_of(rule_set))
        and now - (run.ended_at or run.made_at) <= FRESH
    )


def replay(
    session: Session, draft: Sequence[RoutingRule], catalog: Catalog, *, since: datetime, today: date
) -> Iterator[Tally]:
    """Replay past items under the rules of today and under the draft; yields the same tally after each batch."""
    tally, after = Tally(), 0
    before = _alone(catalog, catalog.rules_on(today).rules)
    then = _alone(catalog, tuple(draft))
    while items := rows.past_items(session, since=since, after=after, limit=BATCH):
        for seen in _seen(session, items, before, then):
            tally.add(seen)
        after = items[-1].id
        if len(items) == BATCH:  # many: those that were counted need not stay in memory
            for item in items:
                session.expunge(item)
        yield tally


def carry_out(session: Session, run: t.RuleRun, catalog: Catalog, *, now: datetime) -> Iterator[t.RuleRun]:
    """Carry out a run, with its progress after each batch; its caller may commit between."""
    run.state, run.beat_at = "running", now
    tally = Tally()
    draft = rules_of(rows.set_by_id(session, run.set_id))
    today = now.astimezone(deadlines.CITY_ZONE).date()
    for tally in replay(session, draft, catalog, since=run.made_at - timedelta(weeks=run.weeks), today=today):
        run.done = tally.total
        yield run
    run.state, run.done, run.total = "done", tally.total, tally.total
    run.result, run.ended_at = tally.as_json(), now
    yield run


def _alone(catalog: Catalog, held: tuple[RoutingRule, ...]) -> Catalog:
    """The catalogue with these rules in force on every day."""
    return replace(catalog, rule_sets=(RuleSet(held, date.min),))


def _seen(session: Session, items: Sequence[t.Item], before: Catalog, then: Catalog) -> Iterator[Seen]:
    ids = [item.id for item in items]
    predictions = rows.topic_predictions(session, ids)
    right, wrong = rows.people_said(session, ids)
    taxonomy = load_taxonomy()
    for item in items:
        case = case_of(item, predictions.get(item.id), before)
        was, would = rules.decide(case, before, taxonomy), rules.decide(case, then, taxonomy)
        if "restricted" in (was.outcome, would.outcome):
            continue
        yield Seen(
            item.number,
            _desk(item, was),
            _desk(item, would),
            was,
            would,
            right.get(item.id),
            frozenset(wrong.get(item.id, ())),
            _also(case, then, would),
        )


def _desk(item: t.Item, decision: rules.Decision) -> str:
    outcome = outcome_of(item, decision)
    return (
        decision.department
        if outcome == "assign" and decision.department
        else (LISTED if outcome == "listed" else TRIAGE)
    )


def _also(case: rules.Case, catalog: Catalog, would: rules.Decision) -> tuple[str, ...]:
    """Later rules that would have fitted as well: examples for overlaps."""
    if would.slug is None:
        return ()
    asked = matching.ask(case, catalog, load_taxonomy())
    fits = zip(asked.rules, asked.failing, strict=True)
    return tuple(r.rule.slug for r, failed in fits if not failed and r.takes(case.topic) and r.rule.slug != would.slug)
