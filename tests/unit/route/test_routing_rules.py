"""Whose desk: topic × area, kinds first, doubts to the dispatcher."""

from dataclasses import replace
from datetime import date

import pytest

from classifiers.taxonomy import load_taxonomy
from listener.catalog.files import read_pack
from listener.catalog.shapes import TopicOwner
from listener.route.rules import Case, decide

CATALOG, TAXONOMY = read_pack("can_tho"), load_taxonomy()
LAMP = Case(
    topic="den-duong-hong",
    topic_certain=True,
    kind="phan_anh",
    urgency="thuong",
    flags=frozenset(),
    spam=False,
    area="31120",
    area_settled=True,
    area_how="tên trong bài",
    on=date(2026, 11, 23),
    runners_up=(("mat-dien", 0.1),),
    probability=0.9,
)


def test_a_broken_lamp_goes_to_the_office_of_its_ward_with_the_reason() -> None:
    decision = decide(LAMP, CATALOG, TAXONOMY)
    assert (decision.department, decision.outcome, decision.hours) == ("UBX-31120", "assign", 24)
    assert decision.reason.startswith("Đèn đường, chiếu sáng công cộng hỏng × Phường Cái Khế")
    assert "UBND phường Cái Khế" in decision.reason


@pytest.mark.parametrize(
    ("change", "outcome", "words"),
    [
        ({"area": None, "area_settled": False}, "triage", "Chưa rõ xã, phường nào"),
        ({"area_settled": False}, "triage", "gần ranh"),
        ({"topic_certain": False, "probability": 0.6}, "triage", "chưa chắc lĩnh vực"),
        ({"kind": "khieu_nai"}, "triage", "khiếu nại"),
        ({"spam": True}, "drop", "rác"),
        ({"kind": "to_cao"}, "restricted", "tố cáo"),
        ({"flags": frozenset({"to_cao"})}, "restricted", "tố cáo"),
        ({"kind": "to_cao", "spam": True}, "restricted", "tố cáo"),
    ],
)
def test_what_the_machine_does_not_send_alone(change: dict[str, object], outcome: str, words: str) -> None:
    decision = decide(replace(LAMP, **change), CATALOG, TAXONOMY)
    assert decision.outcome == outcome
    assert not decision.routed
    assert words in decision.reason


def test_a_matter_of_a_city_department_needs_no_place() -> None:
    decision = decide(replace(LAMP, topic="mat-dien", area=None, area_settled=False), CATALOG, TAXONOMY)
    assert (decision.department, decision.outcome) == ("PCCT", "assign")


def test_the_desk_of_an_unknown_place_is_named_without_a_unit() -> None:
    assert decide(replace(LAMP, area=None), CATALOG, TAXONOMY).department == "UBX"


@pytest.mark.parametrize(
    ("change", "hours"), [({"urgency": "khan"}, 4), ({"urgency": "cao"}, 24), ({"kind": "gop_y"}, 80)]
)
def test_urgency_shortens_and_a_proposal_lengthens(change: dict[str, object], hours: int) -> None:
    assert decide(replace(LAMP, **change), CATALOG, TAXONOMY).hours == hours


def test_topics_in_doubt_that_lead_to_one_desk_leave_the_desk_sure() -> None:
    among = replace(LAMP, topic_certain=False, probability=0.5, runners_up=(("cay-nga-do", 0.45), ("mat-dien", 0.05)))
    assert decide(among, CATALOG, TAXONOMY).outcome == "assign"
    apart = replace(among, runners_up=(("mat-dien", 0.4), ("cay-nga-do", 0.1)))
    assert decide(apart, CATALOG, TAXONOMY).outcome == "triage"


def test_an_areas_own_owner_comes_before_everywhere_and_only_in_its_time() -> None:
    park = TopicOwner("den-duong-hong", "SVHTTDL", 16, area="31120", valid_from=date(2026, 12, 1))
    catalog = replace(CATALOG, owners=(*CATALOG.owners, park))
    assert decide(LAMP, catalog, TAXONOMY).department == "UBX-31120"
    assert decide(replace(LAMP, on=date(2026, 12, 1)), catalog, TAXONOMY).department == "SVHTTDL"


def test_alternatives_are_desks_with_shares_best_first() -> None:
    alternatives = decide(LAMP, CATALOG, TAXONOMY).alternatives
    assert [(a.department, a.share) for a in alternatives] == [("UBX-31120", 0.9), ("PCCT", 0.1)]


def test_a_senders_pick_of_another_desk_makes_a_person_look_and_is_a_button() -> None:
    picked = decide(replace(LAMP, chosen="bhyt-vien-phi"), CATALOG, TAXONOMY)
    assert (picked.outcome, picked.department) == ("triage", "UBX-31120")
    assert picked.reason.endswith("Người gửi chọn “Bảo hiểm y tế, viện phí”, việc của Bảo hiểm xã hội thành phố.")
    assert [(a.department, a.topic, a.share) for a in picked.alternatives][-1] == ("BHXH", "bhyt-vien-phi", 0.0)


def test_a_pick_of_the_same_desk_changes_nothing_and_never_makes_the_machine_surer() -> None:
    assert decide(replace(LAMP, chosen="cay-nga-do"), CATALOG, TAXONOMY) == decide(LAMP, CATALOG, TAXONOMY)
    unsure = replace(LAMP, topic_certain=False, probability=0.6)
    assert decide(replace(unsure, chosen="den-duong-hong"), CATALOG, TAXONOMY).outcome == "triage"


def test_once_a_person_has_decided_the_topic_the_pick_is_not_asked() -> None:
    decided = replace(LAMP, topic_by="person", chosen="bhyt-vien-phi")
    assert decide(decided, CATALOG, TAXONOMY) == decide(replace(decided, chosen=None), CATALOG, TAXONOMY)


def test_a_pick_does_not_bring_a_suspected_denunciation_out_of_its_room() -> None:
    assert decide(replace(LAMP, kind="to_cao", chosen="bhyt-vien-phi"), CATALOG, TAXONOMY).outcome == "restricted"
