"""Ordered rules: deciding is total, the first that fits wins, broken ones are skipped and told, owners come last."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_routing_rules import CATALOG, LAMP, TAXONOMY

from listener.catalog.routing import Asset, RoutingRule, RuleSet, as_json, rule_of
from listener.catalog.rule_checks import FAULT, broken, check_rules, topics_of
from listener.catalog.rule_words import QUESTIONS, sentence
from listener.catalog.shapes import Catalog
from listener.catalog.terms import term
from listener.catalog.terms import words as folded
from listener.route import matching
from listener.route.case import Case, assets_in
from listener.route.rules import decide

CASE = replace(LAMP, channel="web", hour=20, weekday=6, text=folded("Đèn trong công viên tắt"), place=folded("hẻm 51"))


def holding(*rules: RoutingRule, catalog: Catalog = CATALOG, start: date = date(2025, 7, 1)) -> Catalog:
    return replace(catalog, rule_sets=(RuleSet(rules, start, 7),))


def rule(slug: str = "a", department: str | None = "SVHTTDL", **values: Any) -> RoutingRule:
    return RoutingRule(slug, values.pop("name", f"Quy tắc {slug}"), department=department, **values)


@pytest.mark.parametrize(
    ("asks", "other"),
    [
        ({"topics": ("den-duong-hong",)}, {"topic": "cay-nga-do"}),
        ({"fields": ("ha-tang-ky-thuat",)}, {"topic": "on-ao"}),
        ({"areas": ("31120",)}, {"area": "31135"}),
        ({"kinds": ("phan_anh",)}, {"kind": "gop_y"}),
        ({"urgencies": ("thuong",)}, {"urgency": "khan"}),
        ({"channels": ("web", "zalo")}, {"channel": "phone"}),
        ({"weekdays": (6, 7)}, {"weekday": 1}),
        ({"hour_from": 17, "hour_to": 7}, {"hour": 7}),
        ({"words": ("CONG VIEN",)}, {"text": folded("Đèn ở công  sở viên chức")}),
        ({"place_words": ("hẻm 51",)}, {"place": folded("hẻm 511")}),
        ({"valid_to": date(2026, 11, 23)}, {"on": date(2026, 11, 24)}),
        ({"valid_from": date(2026, 11, 23)}, {"on": date(2026, 11, 22)}),
    ],
)
def test_each_question_lets_through_what_answers_it_and_nothing_else(
    asks: dict[str, Any], other: dict[str, Any]
) -> None:
    topics = [one for one in TAXONOMY.leaves if TAXONOMY.field_of(one) != "ha-tang-ky-thuat"]
    other = {**other, "topic": topics[0]} if other.get("topic") == "on-ao" else other
    catalog = holding(rule(**asks))
    fits, fails = decide(CASE, catalog, TAXONOMY), decide(replace(CASE, **other), catalog, TAXONOMY)
    assert (fits.slug, fits.department) == ("a", "SVHTTDL")
    assert fails.slug is None
    assert fails.trace[0].question in QUESTIONS


def test_flags_and_things_of_a_place_answer_with_any_one() -> None:
    park = Asset("Công viên", "công viên", ("công viên",), "SXD")
    types, owners = assets_in(CASE.text, CASE.place, (park,))
    case = replace(CASE, flags=frozenset({"tre_em"}), place_types=types, asset_owners=owners)
    catalog = holding(
        rule(flags=("tre_em", "khieu_nai"), place_types=("công viên",), asset_owners=("SXD",)),
        catalog=replace(CATALOG, assets=(park,)),
    )
    assert decide(case, catalog, TAXONOMY).slug == "a"
    assert decide(replace(case, flags=frozenset()), catalog, TAXONOMY).slug is None
    assert decide(CASE, catalog, TAXONOMY).slug is None


def test_the_first_rule_wins_and_the_trace_says_why_the_others_did_not() -> None:
    catalog = holding(rule("a", words=("vỉa hè",)), rule("b", "SXD"), rule("c", "SCT"))
    said = decide(CASE, catalog, TAXONOMY)
    assert (said.slug, said.department, said.rule_set) == ("b", "SXD", 7)
    assert [(one.name, one.question) for one in said.trace] == [("Quy tắc a", "words")]
    assert "theo quy tắc “Quy tắc b”" in said.reason
    assert "UBX-31120" in {one.department for one in said.alternatives}  # whose it would be without the rule


def test_a_rule_may_ask_for_a_human_or_for_the_owner_with_its_own_hours_and_units() -> None:
    triage = decide(CASE, holding(rule(outcome="triage", department=None)), TAXONOMY)
    assert (triage.outcome, triage.department) == ("triage", "UBX-31120")
    assert "Quy tắc “Quy tắc a” để người xem." in triage.reason
    owner = decide(CASE, holding(rule(outcome="owner", department=None, hours=6, coordinating=("CAX",))), TAXONOMY)
    assert (owner.department, owner.hours) == ("UBX-31120", 6)
    assert "CAX-31120" in owner.coordinating


def test_the_law_comes_before_any_rule() -> None:
    catalog = holding(rule())
    assert decide(replace(CASE, kind="to_cao"), catalog, TAXONOMY).outcome == "restricted"
    assert decide(replace(CASE, kind="khieu_nai"), catalog, TAXONOMY).outcome == "triage"
    assert decide(replace(CASE, spam=True), catalog, TAXONOMY).outcome == "drop"


def test_urgency_shortens_the_hours_of_a_rule() -> None:
    assert decide(replace(CASE, urgency="khan"), holding(rule(hours=40)), TAXONOMY).hours == 4


def test_a_desk_is_sure_when_the_rule_asks_for_no_topic_and_unsure_when_it_does() -> None:
    doubtful = replace(CASE, topic_certain=False, probability=0.4)
    assert decide(doubtful, holding(rule(words=("công viên",))), TAXONOMY).outcome == "assign"
    by_topic = holding(rule(topics=("den-duong-hong",)))
    assert decide(doubtful, by_topic, TAXONOMY).outcome == "triage"
    earlier = holding(rule("b", "SXD", topics=("cay-nga-do",)), rule())
    assert decide(doubtful, earlier, TAXONOMY).outcome == "triage"


def test_a_rule_for_an_area_waits_for_a_human_near_its_border() -> None:
    near = replace(CASE, area_settled=False)
    assert decide(near, holding(rule(areas=("31120",))), TAXONOMY).outcome == "triage"
    assert decide(near, holding(rule()), TAXONOMY).outcome == "assign"


def test_a_set_decides_what_came_from_its_day_on() -> None:
    first, second = RuleSet((rule("a"),), date(2026, 11, 1), 1), RuleSet((rule("b", "SXD"),), date(2026, 12, 1), 2)
    catalog = replace(CATALOG, rule_sets=(first, second))
    said = {day: decide(replace(CASE, on=day), catalog, TAXONOMY).department for day in DAYS}
    assert list(said.values()) == ["UBX-31120", "SVHTTDL", "SXD"]


DAYS = (date(2026, 10, 31), date(2026, 11, 30), date(2026, 12, 1))


@pytest.mark.parametrize(
    "bad",
    [
        rule(topics=("khong-co",)),
        rule(department="KHONG-CO"),
        rule(areas=("99999",)),
        rule(department=None),
        rule(hours=0),
        rule(hour_from=3),
        rule(words=("!!!",)),
        rule_of({"slug": "a", "name": "Hỏng", "words": "không phải danh sách"}),
        rule_of({"slug": "a", "name": "Hỏng", "valid_from": "hôm qua"}),
        rule_of({"slug": "a", "name": "Hỏng", "la": 1}),
    ],
)
def test_a_broken_rule_is_skipped_told_and_found_by_the_checks(bad: RoutingRule) -> None:
    catalog = holding(bad, rule("b", "SXD"))
    said = decide(CASE, catalog, TAXONOMY)
    assert (said.slug, said.broken) == ("b", (bad.name,))
    assert ("broken", FAULT) in {(one.kind, one.level) for one in check_rules((bad,), catalog, TAXONOMY)}


def test_a_rule_that_fails_while_it_is_asked_loses_no_item() -> None:
    def bursts(case: Case) -> bool:
        raise RecursionError

    ready = matching.Ready(rule(), (("words", bursts),), None)
    assert ready.failing(CASE) == matching.BROKEN


some = st.sampled_from


def lists_of(values: list[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(some(values), max_size=3, unique=True).map(tuple)


HOURS = st.one_of(st.none(), st.integers(0, 23))
DATES = st.one_of(st.none(), st.dates(date(2026, 11, 1), date(2026, 12, 31)))
RULES = st.builds(
    RoutingRule,
    slug=st.text(min_size=1, max_size=4),
    name=st.text(min_size=1, max_size=8),
    outcome=some(["assign", "assign", "owner", "triage"]),
    department=some(["SXD", "SCT", "UBX", "KHONG", None]),
    coordinating=lists_of(["CATP", "UBX"]),
    hours=st.one_of(st.none(), st.integers(-1, 100)),
    valid_from=DATES,
    valid_to=DATES,
    kinds=lists_of(["phan_anh", "gop_y", "khong"]),
    flags=lists_of(["tre_em", "khieu_nai"]),
    urgencies=lists_of(["khan", "thuong"]),
    channels=lists_of(["web", "zalo"]),
    weekdays=lists_of([1, 6, 7]),
    hour_from=HOURS,
    hour_to=HOURS,
    areas=lists_of(["31120", "31135"]),
    place_words=lists_of(["hẻm 51", "chợ"]),
    words=lists_of(["công viên", "đèn", "…"]),
    fields=lists_of(["ha-tang-ky-thuat"]),
    topics=lists_of(["den-duong-hong", "cay-nga-do", "khong-co"]),
)
CASES = st.builds(
    replace,
    st.just(CASE),
    topic=some(["den-duong-hong", "cay-nga-do", "mat-dien", "khong-co"]),
    topic_certain=st.booleans(),
    kind=some(["phan_anh", "gop_y", "khieu_nai", "to_cao"]),
    urgency=some(["khan", "thuong", "la"]),
    area=some([None, "31120", "31135"]),
    on=st.dates(date(2026, 11, 1), date(2026, 12, 31)),
    hour=HOURS,
    weekday=st.one_of(st.none(), st.integers(1, 7)),
    channel=some(["web", "zalo", ""]),
    text=st.text(max_size=60).map(folded),
)


@settings(max_examples=200, deadline=None)
@given(CASES, st.lists(RULES, max_size=6))
def test_deciding_is_total_and_the_first_sound_rule_that_fits_decides(case: Case, rules: list[RoutingRule]) -> None:
    catalog = holding(*rules)
    said = decide(case, catalog, TAXONOMY)
    assert said.outcome in ("assign", "triage", "restricted", "drop")
    assert said.hours > 0
    fits = [one for one in rules if alone(one, case)]
    assert said.slug == (fits[0].slug if fits else None)
    assert len(said.trace) == (rules.index(fits[0]) if fits else len(rules))
    assert set(said.broken) == {one.name for one in rules if broken(one, catalog, TAXONOMY)}
    assert all(sentence(one, catalog, TAXONOMY) for one in rules)


def alone(one: RoutingRule, case: Case) -> bool:
    """Whether a rule would decide, were it the only one: asked in another way than the program asks."""
    if broken(one, CATALOG, TAXONOMY) or not one.holds(case.on):
        return False
    pairs = (
        (one.kinds, case.kind),
        (one.urgencies, case.urgency),
        (one.channels, case.channel),
        (one.areas, case.area),
        (one.weekdays, case.weekday),
    )
    if any(asked and value not in asked for asked, value in pairs):
        return False
    if one.hour_from is not None and case.hour not in one.hours_of_day:
        return False
    if one.flags and not set(one.flags) & case.flags:
        return False
    for words, text in ((one.words, case.text), (one.place_words, case.place)):
        if words and not any(text.has(term(word)) for word in words):
            return False
    return not (one.topics or one.fields) or case.topic in topics_of(one, TAXONOMY)


@settings(max_examples=150, deadline=None)
@given(st.lists(RULES, min_size=2, max_size=5), CASES)
def test_what_the_checks_call_shadowed_never_fires(rules: list[RoutingRule], case: Case) -> None:
    rules = [replace(one, slug=str(at)) for at, one in enumerate(rules)]
    never = {f.rules[0] for f in check_rules(rules, CATALOG, TAXONOMY) if f.kind in ("shadowed", "never")}
    assert decide(case, holding(*rules), TAXONOMY).slug not in never


@settings(max_examples=100, deadline=None)
@given(st.lists(RULES, max_size=4))
def test_rules_come_back_from_the_database_as_they_were(rules: list[RoutingRule]) -> None:
    sound = [one for one in rules if one.name.strip() and one.slug.strip() and (one.hours or 0) >= 0]
    assert [rule_of(one) for one in as_json(sound)] == sound


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("Rác ở chợ tràn ra đường", "chợ", True),
        ("Rác cho vào bao rồi mà chưa ai lấy", "chợ", False),
        ("rac cho vao bao roi", "chợ", True),  # without marks nobody can tell
        ("Rác ở CHỢ.", "cho", True),
        ("Đèn hoà bình", "hòa bình", True),
        ("Đèn hòa bình", "hoá bình", False),
        ("Công viên", "công viên", True),
        ("Công viênx", "công viên", False),
        ("", "công viên", False),
    ],
)
def test_marks_count_where_people_write_them(text: str, word: str, found: bool) -> None:
    assert folded(text).has(term(word)) is found


@given(st.text(max_size=40), st.text(max_size=12))
def test_a_wider_term_is_found_wherever_a_narrower_one_is(text: str, word: str) -> None:
    wide, narrow = term(word), term(f"{word} {text[:5]}")
    assert not wide.covers(narrow) or not folded(text).has(narrow) or folded(text).has(wide)


@given(st.dictionaries(st.text(max_size=8), st.one_of(st.none(), st.integers(), st.text(), st.lists(st.integers()))))
def test_whatever_is_stored_reading_a_rule_never_fails(entry: dict[str, Any]) -> None:
    assert isinstance(rule_of(entry), RoutingRule)
