"""Every template renders with what its head promises, keeps to the policy, and speaks Vietnamese in NFC."""

import gzip
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest
from samples import SAMPLES

from listener.web.pages.rendering import (
    TEMPLATES,
    csrf_field,
    environment,
    paragraphs,
    read_manifest,
    render,
    render_block,
    with_query,
)

VOID = {"meta", "link", "input", "img", "br", "hr", "polyline", "rect", "path", "line", "circle"}


class Page(HTMLParser):
    """Collects what the tests ask of a page, and whether its elements close in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.attributes: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.attributes.append((tag, values))
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "label" and "for" in values:
            self.labels.add(values["for"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        optional = {"li", "p", "option", "td", "tr"}
        while self.open and self.open[-1] != tag and self.open[-1] in optional and tag not in optional:
            self.open.pop()
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


@pytest.fixture(params=sorted(SAMPLES))
def html(request: pytest.FixtureRequest) -> str:
    return render(*SAMPLES[request.param])


def test_elements_close_in_order_and_ids_are_unique(html: str) -> None:
    page = Page(html)
    assert page.faults == []
    assert page.open == []
    assert len(page.ids) == len(set(page.ids)), sorted(page.ids)


def test_no_script_or_style_stands_inline(html: str) -> None:
    page = Page(html)
    for tag, attributes in page.attributes:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if re.match(r"on[a-z]+$|hx-on", name)], tag
        if tag == "script":
            assert "src" in attributes or attributes.get("type") == "application/json"
    assert "<style" not in html


def test_every_field_has_a_name_people_can_hear(html: str) -> None:
    page = Page(html)
    wrapped = set(
        re.findall(r'<label[^>]*>(?:(?!</label>).)*?<(?:input|select|textarea)[^>]*?name="([^"]+)"', html, re.S)
    )
    for tag, attributes in page.attributes:
        if tag in ("input", "select", "textarea") and attributes.get("type") not in ("hidden", "submit"):
            named = (
                attributes.get("id") in page.labels or attributes.get("name") in wrapped or "aria-label" in attributes
            )
            assert named or "data-all" in attributes, attributes


def test_every_state_changing_form_is_a_post_to_an_inner_address(html: str) -> None:
    for tag, attributes in Page(html).attributes:
        if tag == "form" and attributes.get("method") == "post":
            assert attributes["action"].startswith("/")


def test_whole_pages_have_one_h1_and_a_language(html: str) -> None:
    if "<!doctype" in html:
        assert html.count("<h1") == 1
        assert '<html lang="vi" translate="no"' in html
        assert len(re.findall(r'data-testid="page-[a-z-]+"', html)) == 1


def test_words_are_nfc_and_nothing_is_undefined(html: str) -> None:
    assert unicodedata.is_normalized("NFC", html)
    assert "None" not in re.sub(r"<script.*?</script>", "", html, flags=re.S)


WITH_RESULTS = [
    name for name, (template, _) in SAMPLES.items() if "results" in environment().get_template(template).blocks
]


@pytest.mark.parametrize("name", WITH_RESULTS)
def test_a_list_gives_its_results_alone_and_the_same(name: str) -> None:
    fragment = render_block(SAMPLES[name][0], "results", SAMPLES[name][1])
    assert "<!doctype" not in fragment
    assert fragment in render(*SAMPLES[name])


def test_fifty_rows_keep_to_the_budget() -> None:
    template, context = SAMPLES["stream"]
    rows = [{**context["rows"][at % 5], "so": f"PA-2026-{at:06d}"} for at in range(50)]
    assert len(gzip.compress(render(template, {**context, "rows": rows}).encode())) < 40 * 1024


def test_every_template_is_rendered_by_a_sample() -> None:
    rendered = {template for template, _ in SAMPLES.values()}
    assert {path.name for path in TEMPLATES.glob("*.html")} - {"base_staff.html", "base_citizen.html"} == rendered


def test_every_template_says_at_its_head_what_it_takes() -> None:
    for path in TEMPLATES.glob("*.html"):
        assert path.read_text(encoding="utf-8").startswith("{#"), path.name


def test_what_people_wrote_is_escaped() -> None:
    template, context = SAMPLES["tracking"]
    html = render(template, {**context, "matter": {**context["matter"], "text": "<img src=x onerror=alert(1)>"}})
    assert "<img src=x" not in html


def test_queries_drop_what_is_empty() -> None:
    assert with_query({"q": "đèn", "sau": "9"}, sau=None, tab="xong") == "?q=%C4%91%C3%A8n&tab=xong"
    assert with_query({}) == "?"


def test_paragraphs_escape_and_keep_line_breaks() -> None:
    assert paragraphs("a<b\nc\n\nd") == "<p>a&lt;b<br>c</p><p>d</p>"


def test_only_visitors_with_a_session_carry_a_token() -> None:
    assert csrf_field(None) == ""
    assert csrf_field('a"b') == '<input type="hidden" name="csrf" value="a&#34;b">'


def test_plain_names_serve_until_the_first_build(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) == {}
