"""One page has one address, whoever links to it and how."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.canonical import canonical, named_by_page

PAGE = "https://bao.vn/tin/ngap-o-cai-khe-123.html"


@pytest.mark.parametrize(
    "address",
    [
        "http://bao.vn/tin/ngap-o-cai-khe-123.html",
        "https://www.bao.vn/tin/ngap-o-cai-khe-123.html#binh-luan",
        "https://m.bao.vn/tin/ngap-o-cai-khe-123.html?utm_source=zalo&utm_medium=social",
        "https://amp.bao.vn/tin/ngap-o-cai-khe-123.amp.html",
        "https://bao.vn:443/tin/ngap-o-cai-khe-123.html?fbclid=IwAR0",
        "HTTPS://BAO.VN/tin/ngap-o-cai-khe-123.html/",
        "https://bao.vn/tin/ng%61p-o-cai-khe-123.html",
        "  https://bao.vn/tin/ngap-o-cai-khe-123.html/amp ",
    ],
)
def test_other_writings_of_an_address_are_one_page(address: str) -> None:
    assert canonical(address) == PAGE


@pytest.mark.parametrize(
    "address",
    [
        "https://bao.vn/tin/ngap-o-cai-khe-124.html",
        "https://bao.vn/Tin/ngap-o-cai-khe-123.html",
        "https://thoi-su.bao.vn/tin/ngap-o-cai-khe-123.html",
        "https://bao.vn:8080/tin/ngap-o-cai-khe-123.html",
        "https://bao.vn/tin/ngap-o-cai-khe-123.html?trang=2",
    ],
)
def test_other_pages_stay_other_pages(address: str) -> None:
    assert canonical(address) != PAGE


def test_the_order_of_parameters_does_not_matter_and_their_values_do() -> None:
    assert canonical("https://a.vn/?b=2&a=1") == canonical("https://a.vn?a=1&b=2&utm_id=x")
    assert canonical("https://a.vn/?a=1") != canonical("https://a.vn/?a=2")


@pytest.mark.parametrize(
    "told", [None, "", "abc", "ftp://a.vn/x", "mailto:a@b.vn", "https://", "http://[::1", "//a.vn"]
)
def test_what_is_no_web_address_has_no_form(told: str | None) -> None:
    assert canonical(told) is None


_PIECE = st.text(st.sampled_from("aBz09-._~%2fC3/?&=#:@+; éđữ"), max_size=20)
_HOSTS = st.sampled_from(["bao.vn", "www.bao.vn", "M.bao.vn:80", "amp.m.bao.vn:8443", "amp.vn", "[::1]:443", "báo.vn"])


@given(st.sampled_from(["http", "https", "HTTP"]), _HOSTS, _PIECE, _PIECE, _PIECE)
def test_applying_it_twice_changes_nothing(scheme: str, host: str, path: str, query: str, fragment: str) -> None:
    once = canonical(f"{scheme}://{host}/{path}?{query}#{fragment}")
    assert canonical(once) == once


@given(st.text(max_size=60))
def test_any_text_is_borne(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once


def test_a_page_may_name_its_address_but_not_the_front_page_or_another_house() -> None:
    assert named_by_page("https://bao.vn/a?id=1", "https://www.bao.vn/bai-a.html") == "https://www.bao.vn/bai-a.html"
    assert named_by_page("https://bao.vn/a", "https://bao.vn/") == "https://bao.vn/a"
    assert named_by_page("https://bao.vn/a", "https://khac.vn/a") == "https://bao.vn/a"
    assert named_by_page("https://bao.vn/a", None) == "https://bao.vn/a"
