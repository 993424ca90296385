"""The result of a dry run: what would change, desk by desk and item by item, and where people knew better."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from listener.catalog.shapes import Catalog
from listener.errors import Forbidden, NotFound
from listener.masking import hidden
from listener.route import rehearsal_service as rehearsals
from listener.route import rules_service
from listener.route.replay import LISTED, TRIAGE
from listener.store import items
from listener.store import rules as rows
from listener.store import tables as t
from listener.web.deps import CurrentCatalog, Now, SignedIn, Store, Visitor
from listener.web.pages import shown
from listener.web.pages.rendering import render, render_block

router = APIRouter()
NAMES = {TRIAGE: "Chờ điều phối", LISTED: "Chỉ theo dõi"}
EXAMPLES, MOST_MOVES = 20, 30
WORDS = 160


@router.get("/dieu-phoi/quy-tac/thu/{number}")
def run_page(
    number: int, request: Request, session: Store, visitor: SignedIn, catalog: CurrentCatalog, now: Now
) -> HTMLResponse:
    """One dry run; while it goes on, the page asks again by itself."""
    if visitor.account.role not in rules_service.ROLES:
        raise Forbidden("Trang quy tắc chỉ dành cho người điều phối.")
    run = rows.run_by_id(session, number)
    if run is None:
        raise NotFound("Không có lần chạy thử này.")
    context = _context(session, run, visitor, catalog, now, everything="tat-ca" in request.query_params)
    if request.headers.get("hx-request-type") == "partial":
        return HTMLResponse(render_block("rule_run.html", "results", context))
    return HTMLResponse(render("rule_run.html", context))


def _context(
    session: Session, run: t.RuleRun, visitor: Visitor, catalog: Catalog, now: datetime, *, everything: bool
) -> dict[str, Any]:
    draft = rows.set_by_id(session, run.set_id)
    return {
        **shown.shell(session, visitor, "rules", now),
        "run": {
            "id": run.id,
            "state": "stopped" if rehearsals.stopped(run, now) else run.state,
            "weeks": run.weeks,
            "done": run.done,
            "total": run.total,
            "at": run.ended_at or run.made_at,
        },
        "current": draft is not None and rehearsals.is_fresh(run, draft, now),
        "result": _result(session, run.result, draft, catalog, everything=everything) if run.result else None,
    }


def _result(
    session: Session, said: Mapping[str, Any], draft: t.RuleSet | None, catalog: Catalog, *, everything: bool
) -> dict[str, Any]:
    before, after = said["before"], said["after"]
    loads = [
        {"name": _name(code, catalog), "before": before.get(code, 0), "after": after.get(code, 0)}
        for code in before.keys() | after.keys()
    ]
    rules = rehearsals.rules_of(draft)
    names = {rule.slug: rule.name for rule in rules}
    return {
        **{name: said[name] for name in "total changed mended spoiled corrected returns_saved returns_new".split()},
        "loads": sorted(
            (load for load in loads if load["before"] != load["after"]),
            key=lambda load: (-abs(load["after"] - load["before"]), load["name"]),
        )[:MOST_MOVES],
        "moves": [
            {"from": _name(start, catalog), "to": _name(end, catalog), "n": n} for start, end, n in said["moves"]
        ][:MOST_MOVES],
        "hits": [{"name": rule.name, "n": said["hits"].get(rule.slug, 0)} for rule in rules],
        "meets": [
            {"first": names.get(first, first), "second": names.get(second, second), "so": number}
            for first, second, number in said["meets"]
        ],
        "changes": _changes(session, said["shown"] if everything else said["shown"][:EXAMPLES], catalog),
        "more": len(said["shown"]) > EXAMPLES and not everything,
        "kept": len(said["shown"]),
    }


def _changes(session: Session, said: list[dict[str, Any]], catalog: Catalog) -> list[dict[str, Any]]:
    """Changed items with their words of today; what was erased or restricted since is left out."""
    found = items.by_numbers(session, [one["so"] for one in said])
    return [
        {
            **one,
            "words": shown.shortened(hidden(found[one["so"]].body, found[one["so"]].masks), WORDS),
            "received_at": found[one["so"]].received_at,
            "before_name": _name(one["before"], catalog),
            "after_name": _name(one["after"], catalog),
            "right_name": _name(one["right"], catalog) if one["right"] else None,
        }
        for one in said
        if one["so"] in found
    ]


def _name(code: str, catalog: Catalog) -> str:
    return NAMES.get(code) or catalog.name_of(code)
