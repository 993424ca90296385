"""What is wrong with rules before they are used: never firing, overlaps, unowned topics; and their way to TOML."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from classifiers.taxonomy import load_taxonomy
from listener.catalog.files import read_pack, read_rules, write_pack, write_rules
from listener.catalog.routing import RoutingRule, RuleSet, digest
from listener.catalog.rule_checks import FAULT, WARNING, check_rules, unowned
from listener.catalog.rule_words import sentence
from listener.catalog.service import check, rule_findings
from listener.errors import CatalogFault

PACK, TAXONOMY = read_pack("can_tho"), load_taxonomy()
TODAY = date(2026, 11, 23)


def rule(slug: str, department: str = "SXD", **values: Any) -> RoutingRule:
    return RoutingRule(slug, slug.upper(), department=department, **values)


def kinds(*rules: RoutingRule) -> list[tuple[str, str]]:
    return [(one.kind, one.level) for one in check_rules(rules, PACK, TAXONOMY)]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"valid_from": date(2026, 12, 2), "valid_to": date(2026, 12, 1)}, "ngày bắt đầu đứng sau"),
        ({"hour_from": 7, "hour_to": 7}, "khung giờ trống"),
        ({"topics": ("den-duong-hong",), "fields": ("giao-thong",)}, "không thuộc nhóm"),
    ],
)
def test_a_rule_that_can_never_fire_is_named(values: dict[str, Any], words: str) -> None:
    values = {**values, **({"fields": (other_field(),)} if "fields" in values else {})}
    (found,) = check_rules((rule("a", **values),), PACK, TAXONOMY)
    assert (found.kind, found.level, found.rules) == ("never", FAULT, ("a",))
    assert words in found.words


def other_field() -> str:
    return next(slug for slug in TAXONOMY.fields if slug != TAXONOMY.field_of("den-duong-hong"))


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ({}, {"topics": ("den-duong-hong",)}),
        ({"fields": (TAXONOMY.field_of("den-duong-hong"),)}, {"topics": ("den-duong-hong",)}),
        ({"words": ("công viên",)}, {"words": ("Công viên Lưu Hữu Phước", "trong CÔNG VIÊN")}),
        ({"words": ("cong vien",)}, {"words": ("công viên",)}),
        ({"areas": ("31120", "31135")}, {"areas": ("31120",), "hour_from": 8, "hour_to": 9}),
        ({"hour_from": 17, "hour_to": 7}, {"hour_from": 22, "hour_to": 23}),
        ({"valid_from": date(2026, 1, 1)}, {"valid_from": date(2026, 2, 1), "valid_to": date(2026, 3, 1)}),
    ],
)
def test_what_an_earlier_rule_takes_whole_is_shadowed_and_the_other_way_round_is_fine(
    wide: dict[str, Any], narrow: dict[str, Any]
) -> None:
    first, second = rule("a", **wide), rule("b", "SCT", **narrow)
    found = check_rules((first, second), PACK, TAXONOMY)
    assert [(one.kind, one.level, one.rules) for one in found] == [("shadowed", FAULT, ("b", "a"))]
    assert check_rules((second, first), PACK, TAXONOMY) == []  # an exception before the general rule


def test_words_that_differ_by_their_marks_do_not_shadow_one_another() -> None:
    assert "shadowed" not in {kind for kind, _ in kinds(rule("a", words=("chợ",)), rule("b", words=("cho phép",)))}


def test_two_rules_may_shadow_a_third_together() -> None:
    one, two = rule("a", topics=("den-duong-hong",)), rule("b", topics=("cay-nga-do",))
    both = rule("c", "SCT", topics=("den-duong-hong", "cay-nga-do"))
    (found,) = check_rules((one, two, both), PACK, TAXONOMY)
    assert (found.kind, found.rules) == ("shadowed", ("c", "a", "b"))


def test_overlaps_that_disagree_are_warned_of_with_both_names() -> None:
    park, night = rule("park", words=("công viên",)), rule("night", "SCT", hour_from=18, hour_to=6)
    (found,) = check_rules((park, night), PACK, TAXONOMY)
    assert (found.kind, found.level, found.rules) == ("overlap", WARNING, ("park", "night"))
    assert "“PARK”" in found.words
    assert "“NIGHT”" in found.words


@pytest.mark.parametrize(
    "other",
    [
        {"department": "SXD", "words": ("vỉa hè",)},  # they agree
        {"areas": ("31135",)},  # they never meet
        {"hour_from": 18, "hour_to": 20},
        {"valid_from": date(2027, 1, 1)},
    ],
)
def test_rules_that_agree_or_never_meet_are_no_overlap(other: dict[str, Any]) -> None:
    first = rule("a", areas=("31120",), hour_from=8, hour_to=12, valid_to=date(2026, 12, 31), words=("công viên",))
    assert kinds(first, rule("b", other.pop("department", "SCT"), **other)) == []


def test_topics_without_an_owner_are_named_with_how_many_areas() -> None:
    some = [replace(o, area="31120") if o.topic == "cay-nga-do" else o for o in PACK.owners if o.topic != "mat-dien"]
    words = " ".join(one.words for one in unowned(replace(PACK, owners=tuple(some)), TAXONOMY, TODAY))
    assert "ở 102 địa bàn" in words
    assert "ở mọi nơi" in words
    assert unowned(PACK, TAXONOMY, TODAY) == []


def test_the_catalogues_check_names_rules_at_fault_and_only_warns_of_overlaps() -> None:
    bad = replace(PACK, rule_sets=(RuleSet((rule("a", "KHONG"),)),))
    assert check(bad) == ["“A”: không có đơn vị “KHONG”."]
    beside = RuleSet((rule("a", words=("chợ",)), rule("b", "SCT", words=("cầu",))))
    fine = replace(PACK, rule_sets=(beside,))
    assert check(fine) == []
    assert [one.kind for one in rule_findings(fine)] == ["overlap"]


def test_rules_and_assets_go_to_toml_and_back(tmp_path: Path) -> None:
    held = RuleSet(
        (
            rule("a", words=("công viên",), hours=8, valid_from=date(2026, 12, 1), coordinating=("UBX",)),
            RoutingRule("b", "Đêm", outcome="triage", hour_from=18, hour_to=6, weekdays=(6, 7)),
        )
    )
    catalog = replace(PACK, rule_sets=(held,))
    write_pack(catalog, tmp_path)
    assert read_pack(str(tmp_path)) == catalog
    write_rules(held, tmp_path / "one.toml")
    assert digest(read_rules(tmp_path / "one.toml").rules) == digest(held.rules)


def test_a_file_with_a_rule_that_cannot_be_read_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text('[[rule]]\nslug = "a"\nname = "Đêm"\nweekdays = [9]\n', encoding="utf-8")
    with pytest.raises(CatalogFault, match="“Đêm” không đọc được"):
        read_rules(tmp_path / "x.toml")


def test_the_sentence_says_everything_the_rule_asks() -> None:
    said = sentence(
        rule(
            "a",
            "SVHTTDL",
            topics=("den-duong-hong",),
            areas=("31120",),
            words=("công viên",),
            weekdays=(6,),
            hour_from=17,
            hour_to=7,
            hours=8,
            coordinating=("SXD",),
            valid_from=date(2026, 12, 1),
        ),
        PACK,
        TAXONOMY,
    )
    for part in (
        "lĩnh vực là Đèn đường, chiếu sáng công cộng hỏng",
        "ở Phường Cái Khế",
        "bài có chữ “công viên”",
        "nhận vào thứ Bảy",
        "nhận từ 17 giờ đến 7 giờ",
        f"→ chuyển {PACK.name_of('SVHTTDL')}, phối hợp {PACK.name_of('SXD')}, trong 8 giờ làm việc.",
        "Từ 01/12/2026.",
    ):
        assert part in said
