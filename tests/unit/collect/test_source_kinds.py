"""One contract for every kind of source: its saved page, whose words are ours, gives exactly the expected JSON."""

import io
import json
import shutil
import tomllib
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import TextResponse

from listener.catalog import source_kinds
from listener.catalog.service import SOURCE_KINDS
from listener.catalog.shapes import Source
from listener.collect.access import page_token
from listener.collect.columns import FIELDS
from listener.collect.sites import SITES as SITES_FILE
from listener.collect.spiders import SPIDERS
from listener.collect.spiders.base import NotThisKind, Order, SourceSpider
from listener.collect.spiders.comments import SITES
from listener.collect.spiders.memory import Entry

SAVED = Path(__file__).parents[2] / "saved" / "sources"
BEN_SONG = "http://ben-song.test"
URLS = {
    "xenforo": f"{BEN_SONG}/t/cau-dan-ket-xe.77/",
    "telegram": f"{BEN_SONG}/s/bensong",
    "comments": f"{BEN_SONG}/ngap-4811111.html",
    "youtube": f"{BEN_SONG}/channel/UCbensong0000000000000000",
    "drop": f"{BEN_SONG}/drop.csv",
}
OPTIONS: dict[str, dict[str, Any]] = {
    "page": {"links": "h3.tin"},
    "facebook": {"page": "112233445566"},
    "comments": {"site": "vnexpress", "permission": "toà soạn, 01/11/2026"},
    "drop": {"map": {"text": "Nội dung phản ánh", "id": "Mã"}},
}


def spider(kind: str, **more: Any) -> SourceSpider:
    url = URLS.get(kind, f"{BEN_SONG}/")
    options = {**OPTIONS.get(kind, {}), **more}
    order = Order(
        kind, url, options, {}, datetime(2026, 12, 1, tzinfo=UTC).isoformat(), "x", 5, False, 60,
        access={"url": "http://api.test", "key": "k", "folder": str(SAVED)},
    )  # fmt: skip
    return SPIDERS[kind](order, io.StringIO())


def saved(name: str, url: str) -> TextResponse:
    path = next(one for one in SAVED.glob(f"{name}.*") if not one.name.endswith(".expected.json"))
    return TextResponse(url, body=path.read_bytes(), encoding="utf-8")


def expected(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((SAVED / f"{name}.expected.json").read_text(encoding="utf-8"))
    return found


def told(entry: Entry) -> dict[str, Any]:
    return {name: value for name, value in asdict(entry).items() if value}


@pytest.mark.parametrize("kind", sorted(SPIDERS))
def test_the_saved_page_of_a_kind_gives_exactly_what_is_expected(kind: str) -> None:
    entries = spider(kind).entries(saved(kind, URLS.get(kind, f"{BEN_SONG}/")))
    assert [told(entry) for entry in entries] == expected(kind)


@pytest.mark.parametrize("kind", sorted(SPIDERS))
def test_a_strange_page_is_refused_in_a_vietnamese_sentence(kind: str, tmp_path: Path) -> None:
    body = b"<!doctype html><html><body>chao</body></html>"
    strange = spider(kind)
    if kind == "drop":
        strange.order.access["folder"] = str(tmp_path)
        (tmp_path / "drop.csv").write_bytes(b"\x00\x01\x02\x03" * 50)
    with pytest.raises(NotThisKind, match=r"\.$"):
        strange.entries(TextResponse(URLS.get(kind, f"{BEN_SONG}/"), body=body))


@pytest.mark.parametrize("kind", sorted(SPIDERS))
def test_every_kind_has_a_name_and_options_in_the_catalogue(kind: str) -> None:
    shown = source_kinds.KINDS[kind]
    assert shown.name
    good = Source("nguon-thu", "Nguồn thử", kind, shown.address.replace("…", "abc"), options=OPTIONS.get(kind, {}))
    assert source_kinds.faults(good) == []
    assert set(OPTIONS.get(kind, {})) <= set(shown.options)


def test_the_catalogue_knows_exactly_the_kinds_that_have_a_spider() -> None:
    assert set(SPIDERS) == SOURCE_KINDS
    assert tuple(SITES) == source_kinds.PAPERS
    assert tuple(FIELDS) == source_kinds.MAPPED


def test_comments_of_another_paper_are_read_by_its_own_names() -> None:
    url = f"{BEN_SONG}/den-20261130091500111.htm"
    tuoitre = spider("comments", site="tuoitre")
    tuoitre.order = Order(**{**asdict(tuoitre.order), "url": url})
    assert [told(entry) for entry in tuoitre.entries(saved("comments_tuoitre", url))] == expected("comments_tuoitre")


def test_comments_are_not_read_without_a_note_of_the_permission() -> None:
    with pytest.raises(NotThisKind, match="permission"):
        spider("comments", permission=" ").first()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "tiktok"}, "các loại đọc được"),
        ({"slug": "Báo Mới"}, "tên ngắn chỉ gồm"),
        ({"url": "ftp://a.vn"}, "http:// hoặc https://"),
        ({"url": "http://ten:mat-khau@a.vn/"}, "bỏ tên và mật khẩu"),
        ({"url": "http://[::1/"}, "http:// hoặc https://"),
        ({"url": "http://tin.internal/rss"}, "địa chỉ nội bộ"),
        ({"url": "http://10.0.0.7/rss", "options": {"local": False}}, "địa chỉ nội bộ"),
        ({"url": "http://169.254.169.254/", "options": {"local": True}}, "riêng của máy móc"),
        ({"options": {"lead": "p["}}, "bộ chọn CSS viết chưa đúng"),
        ({"options": {"drop": 3}}, "phải là chữ"),
        ({"every_minutes": 5}, "từ 10 phút"),
        ({"options": {"delay": -1}}, "phải là số từ 0"),
        ({"options": {"delay": True}}, "phải là số"),
        ({"options": {"channel": "vô tuyến"}}, "chỉ có: news"),
        ({"options": {"articles": "có"}}, "có hoặc không"),
        ({"kind": "facebook", "options": {}}, "thiếu tuỳ chọn page"),
        ({"kind": "facebook", "options": {"page": "trang-cua-toi"}}, "chỉ gồm chữ số"),
        ({"kind": "comments", "options": {"site": "vnexpress"}}, "thiếu tuỳ chọn permission"),
        ({"kind": "comments", "options": {"site": "khac", "permission": "x"}}, "chỉ có: vnexpress"),
        ({"kind": "youtube", "url": "https://www.youtube.com/@ten"}, "/channel/UC"),
        ({"kind": "telegram", "url": "https://t.me/"}, "tên kênh"),
        ({"kind": "drop", "url": "", "options": {"map": {"chu": "Cột"}}}, "phải là các cặp"),
    ],
)
def test_what_is_wrong_with_a_source_is_said_in_a_sentence(changes: dict[str, Any], said: str) -> None:
    plain = {"slug": "a", "name": "A", "kind": "rss", "url": "https://a.vn/rss", "options": {}}
    (fault,) = source_kinds.faults(Source(**{**plain, **changes}))
    assert said in fault


def test_a_source_of_the_own_network_needs_its_mark() -> None:
    own = Source("noi-bo", "Nội bộ", "page", "http://10.0.0.7:8080/tin", options={"local": True, "links": "h3 > a"})
    assert source_kinds.faults(own) == []


def test_the_form_knows_every_option_that_articles_are_read_by() -> None:
    """Those of the sites' overlays are options of a source as well."""
    declared = {name for site in tomllib.loads(SITES_FILE.read_text(encoding="utf-8"))["site"] for name in site}
    for kind in ("rss", "page", "sitemap"):
        assert declared - {"hosts"} <= set(source_kinds.KINDS[kind].options)


def test_options_are_read_from_a_form_and_refused_by_name() -> None:
    written = {"delay": "7,5", "articles": "không", "lead": ".sapo", "most_articles": "", "la": "x", "channel": "news"}
    values, refused = source_kinds.read_options("rss", written)
    assert values == {"delay": 7.5, "articles": False, "lead": ".sapo", "channel": "news"}
    assert set(refused) == {"la"}
    values, refused = source_kinds.read_options("drop", {"map": "text=Nội dung, chi tiết,title=Tên", "reports": "hở"})
    assert values == {"map": {"text": "Nội dung, chi tiết", "title": "Tên"}}
    assert "có” hoặc “không" in refused["reports"]


def test_a_page_has_its_own_token_or_the_one_for_all() -> None:
    assert page_token("chung", "1") == "chung"
    assert page_token("1=mot, 2=hai", "2") == "hai"
    assert page_token("1=mot", "3") == ""


def test_a_mapping_that_fits_nothing_lists_the_columns(tmp_path: Path) -> None:
    shutil.copy(SAVED / "drop.csv", tmp_path)
    wrong = spider("drop", map={"text": "Không có cột này"})
    wrong.order.access["folder"] = str(tmp_path)
    with pytest.raises(NotThisKind, match="Nội dung phản ánh"):
        wrong.entries(TextResponse(URLS["drop"]))
