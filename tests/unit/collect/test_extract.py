"""What is read from an article page, and text out of markup."""

import json

import pytest
from flow import newspaper as paper

from listener.collect.extract import article, links
from listener.collect.plain import paragraphs, plain

URL = "http://ben-song.test/ngap.html"


def test_headline_time_and_author_come_from_json_ld() -> None:
    page = paper.article("Ngập sâu trước chợ", published="2026-11-20T16:05:00+07:00").decode()
    found = article(page, URL, {"lead": ".sapo"})
    assert found is not None
    assert (found.title, found.published, found.author) == (
        "Ngập sâu trước chợ",
        "2026-11-20T16:05:00+07:00",
        "Hải Đăng",
    )


def test_lead_outside_the_body_is_put_before_it_once() -> None:
    page = paper.article("Ngập", published="2026-11-20").decode()
    found = article(page, URL, {"lead": "p.none, .sapo"})
    assert found is not None
    assert found.text.startswith(paper.LEAD)
    assert found.text.count(paper.LEAD) == 1
    assert all(sentence in found.text for sentence in paper.BODY)


def test_lead_that_opens_the_body_is_not_doubled() -> None:
    page = paper.article("Ngập", body=[paper.LEAD, *paper.BODY], published="2026-11-20").decode()
    found = article(page, URL, {"lead": ".sapo"})
    assert found is not None
    assert found.text.count(paper.LEAD) == 1


def test_menus_and_footers_are_no_part_of_an_article() -> None:
    found = article(paper.article("Ngập", published="2026-11-20").decode(), URL, {})
    assert found is not None
    assert paper.MENU not in found.text
    assert "Giữ bản quyền" not in found.text


def test_page_without_json_ld_is_read_by_its_meta() -> None:
    body = "".join(f"<p>{text}</p>" for text in paper.BODY)
    page = (
        '<html><head><meta property="og:title" content="Cầu m&#7899;i"><meta name="author" content="Tổ tin">'
        '<meta property="article:published_time" content="2026-11-20T08:00:00+07:00"></head>'
        f"<body><h1>Cầu</h1><article>{body}</article></body></html>"
    )
    found = article(page, URL, {})
    assert found is not None
    assert (found.title, found.author, found.published) == ("Cầu mới", "Tổ tin", "2026-11-20T08:00:00+07:00")


def test_short_body_takes_the_json_ld_text_instead() -> None:
    told = " ".join(paper.BODY)
    data = json.dumps({"@graph": [{"@type": "NewsArticle", "articleBody": told}]})
    page = f'<html><script type="application/ld+json">{data}</script><body><p>Tin</p></body></html>'
    found = article(page, URL, {})
    assert found is not None
    assert found.text == told


@pytest.mark.parametrize(
    "page", ["", "   ", "<html></html>", "not html at all <<<>>>", "<script>{</script>", "\x00\x01"]
)
def test_page_without_running_text_is_none_or_text_never_an_error(page: str) -> None:
    found = article(page, URL, {"lead": ".sapo"})
    assert found is None or found.text


def test_broken_json_ld_is_passed_over() -> None:
    body = "".join(f"<p>{text}</p>" for text in paper.BODY)
    data = '<script type="application/ld+json">{"@type": "NewsArticle",,}</script>'
    page = f"<html><head><title>Tin</title>{data}</head><body><article>{body}</article></body></html>"
    found = article(page, URL, {})
    assert found is not None
    assert found.title == "Tin"


def test_links_of_a_listing_are_each_given_once() -> None:
    page = (
        '<div class="tin"><a href="/1.html"></a><a href="/1.html">Một</a></div>'
        '<h3 class="tin"><a href="/2.html">Hai</a></h3><a href="/3">Ba</a>'
    )
    assert links(page, ".tin a") == [("/1.html", "Một"), ("/2.html", "Hai")]
    assert links(page, "h3.tin") == [("/2.html", "Hai")]


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("Người d&amp;acirc;n", "Người dân"),
        ("Ng&amp;#7853;p s&amp;acirc;u", "Ngập sâu"),
        ("&amp;amp;quot;Nóng&amp;amp;quot;", '"Nóng"'),
        ("<b>Ngập</b> &lt;i&gt;sâu&lt;/i&gt;", "Ngập sâu"),
        ("Giá vàng < 80 triệu & xăng > 20", "Giá vàng < 80 triệu & xăng > 20"),
        ("<script>alert(1)</script>Tin", "Tin"),
        ("http://ben-song.test/a.html", "http://ben-song.test/a.html"),
        (None, ""),
    ],
)
def test_markup_becomes_words_however_often_it_was_encoded(markup: str | None, words: str) -> None:
    assert plain(markup) == words


def test_paragraphs_keep_their_lines() -> None:
    assert paragraphs("<p>Một <b>hai</b>.</p><p>Ba<br>bốn</p>") == "Một hai.\nBa\nbốn"
