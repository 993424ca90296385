"""Routing rules as plain data: a table of questions and one outcome, read from TOML and from the database alike."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Any

ASSIGN, OWNER, TRIAGE = "assign", "owner", "triage"
OUTCOMES = {
    ASSIGN: "chuyển một đơn vị",
    OWNER: "chuyển chủ quản của lĩnh vực × địa bàn",
    TRIAGE: "để người điều phối xem",
}
# The questions whose answers are lists; a rule asks only those that hold something, and any one value answers.
LISTS = (
    "kinds flags urgencies channels weekdays areas place_types place_words words asset_owners fields topics"
).split()
LONGEST_NAME, MOST_VALUES, LONGEST_VALUE, MOST_RULES, MOST_HOURS = 120, 200, 120, 300, 2000


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """One rule. Empty lists and None ask nothing.

    ``hour_from`` up to but without ``hour_to``, over midnight where it is the larger; ``weekdays`` 1 (Monday) to 7.
    ``fault`` says why a stored rule could not be read: it is skipped and shown.
    """

    slug: str
    name: str
    outcome: str = ASSIGN
    department: str | None = None
    coordinating: tuple[str, ...] = ()
    hours: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    kinds: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    hour_from: int | None = None
    hour_to: int | None = None
    areas: tuple[str, ...] = ()
    place_types: tuple[str, ...] = ()
    place_words: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    asset_owners: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    fault: str = ""

    def holds(self, day: date) -> bool:
        """Whether the rule is in force on a day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)

    @property
    def hours_of_day(self) -> frozenset[int]:
        """The hours of receipt it asks for; all where it asks for none."""
        if self.hour_from is None or self.hour_to is None:
            return frozenset(range(24))
        if self.hour_from <= self.hour_to:
            return frozenset(range(self.hour_from, self.hour_to))
        return frozenset((*range(self.hour_from, 24), *range(self.hour_to)))


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules in their order, in force for what is received from a day on. ``number`` 0 is a pack's own set."""

    rules: tuple[RoutingRule, ...] = ()
    active_from: date = date(2025, 7, 1)
    number: int = 0

    __hash__ = object.__hash__  # by identity, so that what is compiled from a set is kept without hashing its rules


@dataclass(frozen=True, slots=True)
class Asset:
    """A kind of place or a named work, known by its words, with its type and the department that owns it, if known."""

    name: str
    type: str
    words: tuple[str, ...]
    owner: str | None = None


def rule_of(entry: Mapping[str, Any]) -> RoutingRule:
    """A rule from its written form; what cannot be read becomes a rule with its ``fault``, never an exception."""
    try:
        return _rule(entry)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        slug = str(entry.get("slug") or "?") if isinstance(entry, Mapping) else "?"
        name = str(entry.get("name") or slug) if isinstance(entry, Mapping) else "?"
        return RoutingRule(slug[:LONGEST_NAME], name[:LONGEST_NAME], fault=f"không đọc được ({error})")


def written(rule: RoutingRule) -> dict[str, Any]:
    """A rule's written form: only what it says, lists and days as TOML and JSON have them."""
    said = {one.name: getattr(rule, one.name) for one in fields(rule) if one.name != "fault"}
    plain = {one.name: one.default for one in fields(rule) if one.default is not MISSING}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in said.items()
        if name not in plain or value != plain[name]
    }


def as_json(rules: Iterable[RoutingRule]) -> list[dict[str, Any]]:
    """Rules as the database keeps them: days as ISO text."""
    return [
        {name: value.isoformat() if isinstance(value, date) else value for name, value in written(rule).items()}
        for rule in rules
    ]


def digest(rules: Iterable[RoutingRule]) -> str:
    """What two lists of rules share only when they decide alike: ties an activation to what was tried."""
    return hashlib.sha256(json.dumps(as_json(rules), sort_keys=True).encode()).hexdigest()[:16]


def _rule(entry: Mapping[str, Any]) -> RoutingRule:
    values = dict(entry)
    values.pop("fault", None)
    for name in ("coordinating", *LISTS):
        if name in values:
            values[name] = _list(name, values[name])
    for name in ("valid_from", "valid_to"):
        if isinstance(values.get(name), str):
            values[name] = date.fromisoformat(values[name])
        elif not isinstance(values.get(name), date | None):
            raise ValueError(f"{name} phải là ngày")
    for name, most in (("hours", MOST_HOURS), ("hour_from", 24), ("hour_to", 24)):
        number = values.get(name)
        if number is not None and (type(number) is not int or not 0 <= number <= most):
            raise ValueError(f"{name} phải là số từ 0 đến {most}")
    rule = RoutingRule(**values)
    if rule.outcome not in OUTCOMES:
        raise ValueError(f"kết quả “{rule.outcome}” không có")
    for name in ("slug", "name"):
        text = getattr(rule, name)
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_NAME:
            raise ValueError(f"{name} trống hoặc dài quá {LONGEST_NAME} ký tự")
    if not isinstance(rule.department, str | None):
        raise ValueError("department phải là mã đơn vị")
    return rule


def _list(name: str, value: Any) -> tuple[Any, ...]:
    kind = int if name == "weekdays" else str
    if isinstance(value, str) or len(value) > MOST_VALUES or not all(type(one) is kind for one in value):
        raise ValueError(f"{name} phải là danh sách không quá {MOST_VALUES} mục")
    if kind is str and any(len(one) > LONGEST_VALUE for one in value):
        raise ValueError(f"{name} có mục dài quá {LONGEST_VALUE} ký tự")
    if kind is int and not all(1 <= one <= 7 for one in value):
        raise ValueError("weekdays là các số từ 1 (thứ Hai) đến 7 (Chủ nhật)")
    return tuple(dict.fromkeys(value))
