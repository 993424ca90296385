"""From rows to what templates show: items, due dates, readings, histories."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from classifiers.text.privacy import mask
from listener import vietnamese
from listener.accounts.roles import ROLES
from listener.catalog.shapes import Catalog
from listener.masking import hidden
from listener.route import deadlines
from listener.route import service as routing
from listener.route.workflow import STATES
from listener.store import counts, desks, duties, gaps, items, outbox, sameness, samples
from listener.store import tables as t
from listener.vietnamese import CHANNELS
from listener.web.deps import Visitor
from listener.web.pages.navigation import navigation

# Calibrated probabilities in words (pages.md: bands, never raw scores).
SURE, FAIRLY_SURE = 0.9, 0.7
WORDS_IN_ROW = 180
TASKS = {"topic": "Lĩnh vực", "urgency": "Mức khẩn", "kind": "Loại", "sentiment": "Sắc thái"}


def shell(session: Session, visitor: Visitor, active: str, now: datetime, **more: Any) -> dict[str, Any]:
    """What every staff page takes."""
    account = visitor.account
    prefs = account.prefs or {}
    return {
        "now": now,
        "csrf": visitor.csrf,
        "user": {
            "name": account.name,
            "role_name": ROLES[account.role],
            "department_name": counts.department_name(session, account.department_code),
            "density": prefs.get("density", "thoang"),
            "keys_on": prefs.get("keys_on", True),
            "theme": prefs.get("theme", ""),
        },
        "nav": navigation([account.role], _waiting(session, account, now)),
        "active": active,
        "search_url": "/dong-tin" if account.role not in ("officer", "handler") else None,
        "sample": {"can_remove": account.role == "admin"} if samples.announced(session) else None,
        **more,
    }


def _waiting(session: Session, account: t.Account, now: datetime) -> dict[str, int]:
    """Counts of what needs an action, for the navigation."""
    if account.role == "officer" and account.department_code:
        return {"inbox": desks.desk_counts(session, account.department_code).get("assigned", 0)}
    if account.role in ("dispatcher", "admin"):
        pool = desks.pool_counts(session, now=now)
        mine = {
            "channels": outbox.dead_count(session),
            "data": duties.count_open(session, restricted=False),
            "sources": gaps.count_alerts(session),
        }
        return {"triage": pool["unsure"] + pool["returned"], **(mine if account.role == "admin" else {})}
    if account.role != "handler":
        return {}
    held = len(desks.restricted_items(session))
    return {"restricted": held, "data": duties.count_open(session, restricted=True)}


def item_rows(
    session: Session,
    found: Sequence[t.Item],
    catalog: Catalog,
    now: datetime,
    assignments: Mapping[int, t.Assignment] | None = None,
) -> list[dict[str, Any]]:
    """Items as lists show them, masked and cut to some words."""
    held = assignments if assignments is not None else desks.active_assignments(session, [item.id for item in found])
    sizes = sameness.copy_counts(session, [item.id for item in found])
    pictures = items.photo_counts(session, [item.id for item in found])
    calendars = {desk.department_code: routing.calendar(catalog, desk.department_code) for desk in held.values()}
    return [
        {
            **_plain(item, catalog),
            "department_name": catalog.name_of(held[item.id].department_code) if item.id in held else None,
            "due": due(held[item.id], calendars[held[item.id].department_code], now) if item.id in held else None,
            "reason": held[item.id].reason if item.id in held else None,
            "repeats": sizes.get(item.id, 0),
            "photos": pictures.get(item.id, 0),
        }
        for item in found
    ]


def _plain(item: t.Item, catalog: Catalog) -> dict[str, Any]:
    taxonomy = load_taxonomy()
    body = hidden(item.body, item.masks)
    title, text = body.split("\n", 1) if item.title else (None, body)
    leaf = taxonomy.leaves.get(item.topic or "")
    return {
        "so": item.number,
        "title": title,
        "text": shortened(text, WORDS_IN_ROW),
        "is_report": item.is_report,
        "channel": item.channel,
        "channel_name": CHANNELS.get(item.channel, item.channel),
        "source_name": item.source.name if item.source else None,
        "received_at": item.received_at,
        "published_at": item.published_at,
        "topic": {
            "slug": leaf.slug,
            "name": leaf.name,
            "field_name": taxonomy.fields[leaf.field].name,
            "by": said_by(item, "topic"),
            "certainty": None,
        }
        if leaf
        else None,
        "sentiment": _label(item, "sentiment", item.sentiment),
        "urgency": _label(item, "urgency", item.urgency),
        "kind": _label(item, "kind", item.kind),
        "area_name": catalog.area_name(item.unit_code),
        "place_text": mask(item.place_text) if item.place_text else None,
        "state": {"label": item.state, "name": STATES[item.state]},
        "sample": item.sample,
        "url": item.url,
        "flags": [taxonomy.name(flag) for flag in item.flags],
        "spam": item.spam,
    }


def _label(item: t.Item, task: str, value: str | None) -> dict[str, Any] | None:
    return {"label": value, "name": load_taxonomy().name(value), "by": said_by(item, task)} if value else None


def said_by(item: t.Item, task: str) -> str:
    """Who said it last: machine or person."""
    return "person" if task in item.decided_by else "machine"


def shortened(text: str, length: int) -> str:
    """The text on one line, cut at a word."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[:length].rsplit(" ", 1)[0] + "…"


def due(assignment: t.Assignment, calendar: deadlines.Calendar, now: datetime) -> dict[str, Any]:
    """The due date of an assignment: working time left, its colour, the moment itself."""
    if assignment.answered_at is not None and assignment.state in ("answered", "closed"):
        late = assignment.answered_at > assignment.due_at
        text = "trả lời trễ" if late else "trả lời đúng hạn"
        return {
            "at": assignment.due_at,
            "state": "done",
            "text": text,
            "absolute": vietnamese.absolute(assignment.due_at, now),
            "sum": [],
        }
    if assignment.paused_at is not None:
        since = vietnamese.full(assignment.paused_at)
        return {
            "at": None,
            "state": "paused",
            "text": vietnamese.due(None, paused=True),
            "absolute": f"chờ người gửi từ {since}",
            "sum": _sum(assignment, calendar),
        }
    left = deadlines.working_time(now, assignment.due_at, calendar)
    just_over = assignment.due_at < now and not left  # no office hour has passed since
    return {
        "at": assignment.due_at,
        "state": "over" if just_over else vietnamese.due_state(left),
        "text": "vừa quá hạn" if just_over else vietnamese.due(left),
        "absolute": vietnamese.absolute(assignment.due_at, now),
        "sum": _sum(assignment, calendar),
    }


def _sum(assignment: t.Assignment, calendar: deadlines.Calendar) -> list[dict[str, str]]:
    """The arithmetic of a due date, line by line."""
    lines = [
        {"label": "Bắt đầu", "value": vietnamese.full(assignment.assigned_at)},
        {"label": "Thời hạn", "value": f"{assignment.hours} giờ làm việc"},
        {"label": "Giờ làm việc", "value": ", ".join(f"{a:%H:%M}–{b:%H:%M}" for a, b in calendar.hours)},
    ]
    if assignment.paused_hours:
        stood = vietnamese.number(assignment.paused_hours, 1)
        lines.append({"label": "Tạm dừng chờ người gửi", "value": f"+{stood} giờ làm việc"})
    if assignment.extended_hours:
        lines.append({"label": "Gia hạn", "value": f"+{assignment.extended_hours} giờ làm việc"})
    day, last = (
        assignment.assigned_at.astimezone(vietnamese.CITY).date(),
        assignment.due_at.astimezone(vietnamese.CITY).date(),
    )
    closed = [
        day + timedelta(days=n)
        for n in range((last - day).days + 1)
        if not calendar.is_working(day + timedelta(days=n))
    ]
    if closed:
        lines.append({"label": "Nghỉ, không tính", "value": ", ".join(f"{one:%d/%m}" for one in closed[:12])})
    return [*lines, {"label": "Hạn", "value": vietnamese.full(assignment.due_at)}]


def certainty(probability: float) -> str:
    """A calibrated probability in words."""
    return "chắc" if probability >= SURE else "khá chắc" if probability >= FAIRLY_SURE else "chưa chắc"


def reading_lines(
    item: t.Item,
    said: Mapping[str, t.Prediction],
    labels: Mapping[str, t.Label],
    names: Mapping[int, str],
    catalog: Catalog,
) -> list[dict[str, Any]]:
    """One line a question: the value, how sure, who said it last, runners-up as buttons, all values to choose from."""
    lines = [_reading_line(item, task, said.get(task), labels.get(task), names) for task in TASKS]
    target = said.get("target")
    if target is not None and item.sentiment not in (None, "neutral"):
        name = load_taxonomy().name(target.label)
        lines[-1]["toward"] = name[0].lower() + name[1:]
    area = catalog.areas.get(item.unit_code or "")
    lines.append(
        {
            "task": "area",
            "label": "Địa bàn",
            "what": "place",
            "value": {"slug": area.code, "name": area.full_name} if area else None,
            "certainty": None,
            "by": said_by(item, "area"),
            "by_name": names.get(labels["area"].account_id or 0) if "area" in labels else None,
            "at": labels["area"].set_at if "area" in labels else None,
            "machine_name": None,
            "runners_up": [],
            "options": [
                (
                    "",
                    [
                        (one.code, one.full_name)
                        for one in sorted(catalog.areas.values(), key=lambda a: vietnamese.sort_key(a.name))
                    ],
                )
            ],
        }
    )
    return lines


def _reading_line(
    item: t.Item, task: str, said: t.Prediction | None, label: t.Label | None, names: Mapping[int, str]
) -> dict[str, Any]:
    taxonomy = load_taxonomy()
    value = getattr(item, task)
    runners = [
        {"slug": entry["label"], "name": taxonomy.name(entry["label"])}
        for entry in (said.runners_up if said else [])
        if entry["label"] != value
    ]
    return {
        "task": task,
        "label": TASKS[task],
        "what": task,
        "value": {"slug": value, "label": value, "name": taxonomy.name(value)} if value else None,
        "certainty": certainty(said.probability) if said else None,
        "by": said_by(item, task),
        "by_name": names.get(label.account_id or 0) if label else None,
        "at": label.set_at if label else None,
        "machine_name": taxonomy.name(said.label) if said and label and said.label != value else None,
        "runners_up": runners[:3] if task == "topic" else [],
        "options": _options(task),
    }


def _options(task: str) -> list[tuple[str, list[tuple[str, str]]]]:
    taxonomy = load_taxonomy()
    if task == "topic":
        return [
            (field.name, [(leaf.slug, leaf.name) for leaf in taxonomy.leaves_of(field.slug)])
            for field in taxonomy.fields.values()
        ]
    labels = {"urgency": taxonomy.urgencies, "kind": taxonomy.kinds, "sentiment": taxonomy.sentiments}[task]
    return [("", [(label.slug, label.name) for label in labels.values()])]


def timeline(
    events: Sequence[tuple[t.Event, str | None]], undoable: int | None, url: str, version: int
) -> list[dict[str, Any]]:
    """An item's history, oldest first; the step that may still be undone carries its button."""
    undone = {event.details.get("undone") for event, _ in events if event.kind == "undone"}
    return [
        {
            "at": event.happened_at,
            "actor": {"citizen": "citizen", "machine": "machine"}.get(event.actor, "person"),
            "actor_name": name,
            "words": _masked(event.words) if event.actor == "citizen" else event.words,
            "quote": None,
            "undone": event.id in undone,
            "undo_url": f"{url}/hoan-tac" if event.id == undoable else None,
            "version": version,
        }
        for event, name in events
    ]


def _masked(words: str) -> str:
    """A line of the history with what the sender wrote in it masked; our own words before it are not theirs."""
    ours, colon, theirs = words.partition(": ")
    return ours + colon + mask(theirs)
