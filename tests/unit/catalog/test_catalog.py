"""The starter pack, its checks, and the way to TOML and back."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from listener.catalog.files import read_pack, write_pack
from listener.catalog.service import check
from listener.catalog.shapes import Source, TopicOwner
from listener.errors import CatalogFault

PACK = read_pack("can_tho")


def test_the_starter_pack_is_whole() -> None:
    assert len(PACK.areas) == 103
    assert sum(area.kind == "phuong" for area in PACK.areas.values()) == 31
    assert sum(len(area.older) for area in PACK.areas.values()) == 266
    assert "UBX-31120" in PACK.departments
    assert "CAX-31120" in PACK.departments
    assert check(PACK) == []


def test_writing_and_reading_back_changes_nothing(tmp_path: Path) -> None:
    write_pack(PACK, tmp_path)
    assert read_pack(str(tmp_path)) == PACK


@pytest.mark.parametrize(
    ("owner", "words"),
    [
        (TopicOwner("lightning", "SXD", 24), "không có lĩnh vực này"),
        (TopicOwner("den-duong-hong", "SXD", 24), "có 2 chủ: UBX và SXD"),
        (TopicOwner("den-duong-hong", "ABC", 24, area="31120"), "“ABC”: không có đơn vị này"),
        (TopicOwner("den-duong-hong", "SXD", 24, area="99999"), "không có địa bàn này"),
        (TopicOwner("den-duong-hong", "SXD", 0, area="31120"), "lớn hơn 0 giờ"),
    ],
)
def test_contradictions_are_named(owner: TopicOwner, words: str) -> None:
    assert any(words in fault for fault in check(replace(PACK, owners=(*PACK.owners, owner))))


def test_a_topic_nobody_owns_is_named() -> None:
    owners = tuple(owner for owner in PACK.owners if owner.topic != "cay-nga-do")
    assert check(replace(PACK, owners=owners)) == ["lĩnh vực “cay-nga-do” chưa có đơn vị phụ trách"]


def test_owners_may_follow_one_another() -> None:
    before = replace(next(o for o in PACK.owners if o.topic == "cay-nga-do"), valid_to=date(2026, 11, 30))
    after = TopicOwner("cay-nga-do", "SXD", 4, valid_from=date(2026, 12, 1))
    rest = tuple(owner for owner in PACK.owners if owner.topic != "cay-nga-do")
    assert check(replace(PACK, owners=(*rest, before, after))) == []


def test_a_source_needs_a_spider_and_an_address() -> None:
    faults = check(replace(PACK, sources=(Source("x", "X", "carrier-pigeon", "ftp://x"),)))
    assert len(faults) == 2


def test_an_unknown_pack_names_the_known_ones() -> None:
    with pytest.raises(CatalogFault, match="can_tho"):
        read_pack("atlantis")


def test_broken_toml_is_named_with_its_file(tmp_path: Path) -> None:
    write_pack(PACK, tmp_path)
    (tmp_path / "owners.toml").write_text("[[owner]\n", encoding="utf-8")
    with pytest.raises(CatalogFault, match=r"owners\.toml không đọc được"):
        read_pack(str(tmp_path))
