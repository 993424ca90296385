"""What of a matter the public may see."""

import pytest

from classifiers.taxonomy import load_taxonomy
from listener.route.public_service import ON_PUBLIC_GROUND, SILENT_FLAGS, public_topics, shown_point, street_in

TAXONOMY = load_taxonomy()


def test_topics_that_invite_a_silent_flag_are_not_public_and_all_others_are() -> None:
    silent = {leaf.slug for leaf in TAXONOMY.leaves.values() if SILENT_FLAGS & {*leaf.flags, *leaf.flags_by_rule}}
    assert {"nhung-nhieu-tieu-cuc", "tre-em-xam-hai", "bao-luc-hoc-duong", "ma-tuy"} <= silent
    assert public_topics(TAXONOMY) == TAXONOMY.leaves.keys() - silent - {"khong-du-thong-tin"}


def test_the_fields_on_public_ground_and_the_silent_flags_are_in_the_taxonomy() -> None:
    assert TAXONOMY.fields.keys() >= ON_PUBLIC_GROUND
    assert TAXONOMY.flags.keys() >= SILENT_FLAGS


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("ha-tang-ky-thuat", (10.05457, 105.77956)),
        ("trat-tu-do-thi", (10.05, 105.78)),
        (None, (10.05, 105.78)),
    ],
)
def test_a_point_is_exact_on_public_ground_and_coarse_elsewhere(field: str | None, shown: tuple[float, float]) -> None:
    assert shown_point(10.0545678, 105.7795612, field) == shown


@pytest.mark.parametrize(
    ("words", "street"),
    [
        ("hẻm 51 đường 3/2, phường Cái Khế", "hem 51"),
        ("Đường Mậu Thân bị ngập", "duong mau than"),
        ("trước chợ An Bình", "cho an binh"),
        ("cầu Quang Trung", "cau quang trung"),
        ("phường Cái Khế", None),
        ("đèn tắt", None),
        ("", None),
    ],
)
def test_a_street_is_found_in_words(words: str, street: str | None) -> None:
    assert street_in(words) == street
