"""A rule as a form: the choices it offers, what was sent as the rule's written form, and back."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Form

from classifiers.taxonomy import load_taxonomy
from listener import vietnamese
from listener.catalog.routing import OUTCOMES, RoutingRule
from listener.catalog.rule_words import WEEKDAYS
from listener.catalog.shapes import COMMUNE_OFFICE, COMMUNE_POLICE, Catalog
from listener.errors import BadInput
from listener.vietnamese import CHANNELS
from listener.web.pages.item_page import department_groups

Word = Annotated[str, Form()]
Many = Annotated[list[str], Form(default_factory=list)]
NUMBERS = {"hours": "Thời hạn", "hour_from": "Giờ bắt đầu", "hour_to": "Giờ kết thúc"}
BY_PLACE = (
    (COMMUNE_OFFICE, "UBND xã, phường nơi xảy ra"),
    (COMMUNE_POLICE, "Công an xã, phường nơi xảy ra"),
)


def sent(
    topics: Many,
    fields: Many,
    areas: Many,
    kinds: Many,
    flags: Many,
    urgencies: Many,
    channels: Many,
    weekdays: Many,
    place_types: Many,
    asset_owners: Many,
    coordinating: Many,
    name: Word = "",
    words: Word = "",
    place_words: Word = "",
    hour_from: Word = "",
    hour_to: Word = "",
    hours: Word = "",
    valid_from: Word = "",
    valid_to: Word = "",
    outcome: Word = "assign",
    department: Word = "",
) -> dict[str, Any]:
    """What the form holds, as it was sent."""
    return dict(locals())


def entry_of(form: Mapping[str, Any]) -> dict[str, Any]:
    """The written form of a rule from what was sent: only what it says.

    Raises
    ------
    BadInput
        A name is missing, or a number is none.
    """
    if not form["name"].strip():
        raise BadInput(
            "Chưa có tên quy tắc. Ghi vài chữ để người khác hiểu, ví dụ “Đèn trong công viên”.", field="name"
        )
    entry: dict[str, Any] = {key: value for key, value in form.items() if value}
    entry["name"] = " ".join(form["name"].replace("“", "").replace("”", "").split()).replace(". ", ", ")
    for name in ("words", "place_words"):
        entry[name] = [word.strip() for word in re.split(r"[,;\n]", form[name]) if word.strip()]
    entry["coordinating"] = [code for code in form["coordinating"] if code]
    entry["weekdays"] = [int(day) for day in form["weekdays"] if day.isdigit()]
    for name, label in NUMBERS.items():
        if form[name].strip():
            if not form[name].strip().isdigit():
                raise BadInput(f"{label} phải là số, ví dụ 8.", field=name)
            entry[name] = int(form[name])
    if entry.get("outcome") != "assign":
        entry.pop("department", None)
    return entry


def filled(rule: RoutingRule | None) -> dict[str, Any]:
    """A form that says what a rule says; an empty one for None."""
    rule = rule or RoutingRule("", "")
    values = {name: getattr(rule, name) for name in sent.__annotations__ if name != "return"}
    values["words"], values["place_words"] = ", ".join(rule.words), ", ".join(rule.place_words)
    values["weekdays"] = [str(day) for day in rule.weekdays]
    for name in ("valid_from", "valid_to"):
        values[name] = values[name].isoformat() if values[name] else ""
    return {name: "" if value is None else value for name, value in values.items()}


def choices(catalog: Catalog) -> dict[str, Any]:
    """Everything that may be chosen, by question: groups of pairs of value and name."""
    taxonomy = load_taxonomy()
    owners = sorted({asset.owner for asset in catalog.assets if asset.owner})
    plain = {
        "fields": [(one.slug, one.name) for one in taxonomy.fields.values()],
        "areas": [
            (area.code, area.full_name)
            for area in sorted(catalog.areas.values(), key=lambda area: vietnamese.sort_key(area.name))
        ],
        "kinds": [(one.slug, one.name) for one in taxonomy.kinds.values()],
        "flags": [(one.slug, one.name) for one in taxonomy.flags.values()],
        "urgencies": [(one.slug, one.name) for one in taxonomy.urgencies.values()],
        "channels": list(CHANNELS.items()),
        "weekdays": [(str(day), name) for day, name in WEEKDAYS.items()],
        "place_types": [(one, one) for one in dict.fromkeys(asset.type for asset in catalog.assets)],
        "asset_owners": [(code, catalog.name_of(code)) for code in owners],
    }
    topics = [
        (field.name, [(leaf.slug, leaf.name) for leaf in taxonomy.leaves_of(field.slug)])
        for field in taxonomy.fields.values()
    ]
    return {
        **{name: [("", options)] for name, options in plain.items()},
        "topics": topics,
        "departments": [("Theo nơi xảy ra", list(BY_PLACE)), *department_groups(catalog)],
        "outcomes": list(OUTCOMES.items()),
    }
