"""Every site overlay reads a page of our own making as expected; boilerplate goes and the lead stays."""

import base64
import json
import tomllib
from datetime import datetime
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse

from listener.collect import making, sites
from listener.collect.boilerplate import is_boilerplate, without
from listener.collect.entries import Entry
from listener.collect.found import FetchedPage
from listener.collect.spiders.base import _page

SAVED = Path(__file__).resolve().parents[2] / "saved"
NOW = datetime.fromisoformat("2026-11-20T12:00:00+07:00")
HOSTS = [block["hosts"][0] for block in tomllib.loads(sites.SITES.read_text(encoding="utf-8"))["site"]]
KNOWN = {"hosts", "lead", "body", "drop", "date", "section", "thread", "dates", "page_dates"}


@pytest.mark.parametrize("host", HOSTS)
def test_saved_page_of_a_site_is_read_as_expected(host: str) -> None:
    response = page_of(host)
    entry = Entry(response.url, f"{response.url}?utm_source=rss", title="Tiêu đề ở RSS", summary="Ngắn.")
    post = making.post_of(entry, making.article_of(response, {}), {}, now=NOW).post
    expected = json.loads((SAVED / f"{host}.json").read_text(encoding="utf-8"))
    assert post.title == expected["title"]
    assert post.text == expected["text"]
    assert post.published_at == datetime.fromisoformat(expected["published_at"])
    assert (post.url, post.details) == (expected["url"], expected["details"])


def page_of(host: str) -> HtmlResponse:
    return HtmlResponse(f"https://{host}/bai-thu-1.html", body=(SAVED / f"{host}.html").read_bytes(), encoding="utf-8")


def test_a_kept_page_is_read_as_the_fresh_one_was() -> None:
    response = page_of(HOSTS[0])
    entry = Entry("1", response.url, title="Tin", author="Người Viết Thử", published="2026-11-01T00:00:00+07:00")
    fresh = making.post_of(entry, making.article_of(response, {}), {}, now=NOW).post
    kept = _page("1", entry, response)
    assert "author" not in kept["entry"]
    page = FetchedPage(**{**kept, "body": base64.b64decode(kept["body"])})
    again = making.post_again(page, {}, now=NOW)
    assert (again.title, again.text, again.published_at) == (fresh.title, fresh.text, fresh.published_at)


@pytest.mark.parametrize("block", tomllib.loads(sites.SITES.read_text(encoding="utf-8"))["site"])
def test_overlay_says_only_what_is_understood(block: dict[str, object]) -> None:
    assert set(block) <= KNOWN


def test_overlay_holds_for_the_hosts_under_its_domain_and_no_others() -> None:
    assert sites.overlay("m.vnexpress.net") == sites.overlay("vnexpress.net") != {}
    assert sites.overlay("notvnexpress.net") == {}
    assert sites.with_site({"lead": ".own"}, "https://vnexpress.net/a")["lead"] == ".own"


@pytest.mark.parametrize(
    "line",
    [
        "Bình luận",
        "Bình luận (12)",
        "Xem thêm:",
        "Xem thêm: Ba tuyến đường ngập",
        ">> Xem thêm: Ba tuyến đường ngập",
        "Ảnh: H.Đ.",
        "Tags: ngập, mưa",
        "Theo dõi Trang Thử trên Google News",
        "TIN LIÊN QUAN",
    ],
)
def test_boilerplate_is_known(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "Ảnh hưởng của mưa lớn kéo dài tới sáng nay.",
        "Bình luận của người dân về con đường mới rất khác nhau.",
        "Xem thêm nhiều lần, tôi mới thấy miệng cống bị bịt.",
        "Theo dõi mực nước trong đêm, tổ dân phố cử hai người trực.",
    ],
)
def test_sentences_that_begin_alike_stay(line: str) -> None:
    assert not is_boilerplate(line)
    assert without(line) == line


def test_a_text_of_boilerplate_alone_is_left_as_it_is() -> None:
    assert without("Bình luận") == "Bình luận"


def test_post_holds_nothing_the_database_refuses() -> None:
    entry = Entry("a\x00b", "http://a.test/\x00", title="T\x00in", summary="chữ \ud800 hỏng")
    post = making.post_of(entry, None, {}, now=NOW).post
    assert (post.external_id, post.title, post.url) == ("ab", "Tin", "http://a.test/")
    post.text.encode("utf-8")
