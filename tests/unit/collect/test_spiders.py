"""The table of spiders, their reading of listings, what they remember, and their manners: without a network."""

import io
from datetime import UTC, datetime

import pytest
from flow import newspaper as paper
from scrapy.http import TextResponse

from listener.collect.politeness import is_public, names_private_host, scrapy_settings
from listener.collect.spiders import SPIDERS
from listener.collect.spiders.base import Order
from listener.collect.spiders.memory import ASK_ANYWAY, TRIES, Entry, Memory

URL = "http://ben-song.test/rss/home.rss"


def order(kind: str, **options: object) -> Order:
    return Order(kind, URL, options, {}, datetime.now(UTC).isoformat(), "x", 5, private_hosts=False, seconds=60)


def feed(body: bytes, kind: str = "application/xml") -> TextResponse:
    return TextResponse(URL, body=body, headers={"Content-Type": kind})


def test_feed_entry_has_words_without_markup() -> None:
    body = paper.rss(
        [paper.entry("Ng&amp;#7853;p &amp;quot;sâu&amp;quot;", "http://a.test/1", "05/10/2026", "N&#432;ớc l&ecirc;n.")]
    )
    (entry,) = SPIDERS["rss"](order("rss"), io.StringIO()).entries(feed(body))
    assert (entry.title, entry.summary, entry.published) == ('Ngập "sâu"', "Nước lên.", "05/10/2026")


def test_untidy_feed_is_still_a_feed() -> None:
    body = paper.rss([paper.entry("Tin", "http://a.test/1", "")]).replace(b"</channel></rss>", b"<oops>")
    assert len(SPIDERS["rss"](order("rss"), io.StringIO()).entries(feed(body))) == 1


def test_empty_feed_is_a_feed_without_entries() -> None:
    assert SPIDERS["rss"](order("rss"), io.StringIO()).entries(feed(paper.rss([]))) == []


def test_validators_are_sent_back_as_they_came() -> None:
    memory = Memory.of({}, URL)
    assert memory.headers() == {}
    assert memory.take_body(b"1", etag='"a\xe9"', modified="Mon")
    again = Memory.of(memory.kept((), complete=True), URL)
    assert again.headers() == {"If-None-Match": b'"a\xe9"', "If-Modified-Since": b"Mon"}
    assert not again.take_body(b"1", etag='"b"', modified="")


def test_etag_that_stays_while_the_body_changes_is_not_trusted_again() -> None:
    memory = Memory.of({}, URL)
    memory.take_body(b"1", etag='"a"', modified="")
    assert memory.take_body(b"2", etag='"a"', modified="")
    assert Memory.of(memory.kept((), complete=True), URL).headers() == {}


def test_after_many_304s_the_body_is_asked_for_anyway() -> None:
    memory = Memory.of({}, URL)
    memory.take_body(b"1", etag='"a"', modified="")
    for _ in range(ASK_ANYWAY):
        assert memory.headers()
        memory.not_modified()
    assert memory.headers() == {}


def test_validators_of_another_address_are_forgotten() -> None:
    memory = Memory.of({"url": "http://other.test/", "etag": '"a"', "body": "x", "seen": {"k": "d"}}, URL)
    assert memory.headers() == {}
    assert memory.seen == {"k": "d"}


def test_no_304_may_hide_entries_that_still_wait() -> None:
    memory = Memory.of({}, URL)
    memory.take_body(b"1", etag='"a"', modified="")
    assert Memory.of(memory.kept((), complete=False), URL).headers() == {}


def test_entry_is_new_once_and_again_when_its_words_change() -> None:
    memory, entry = Memory.of({}, URL), Entry("1", None, "Tin", "Tóm tắt")
    assert memory.is_new(entry)
    memory.brought(entry)
    again = Memory.of(memory.kept([entry], complete=True), URL)
    assert not again.is_new(entry)
    assert again.is_new(Entry("1", None, "Tin sửa", "Tóm tắt"))


def test_article_that_never_comes_is_tried_a_few_times() -> None:
    memory, entry = Memory.of({}, URL), Entry("1", "http://a.test")
    assert [memory.missed(entry) for _ in range(TRIES)] == [True] * (TRIES - 1) + [False]


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "10.1.2.3",
        "192.168.1.1",
        "169.254.169.254",
        "[::1]",
        "::ffff:10.0.0.1",
        "may.local",
        "",
    ],
)
def test_private_hosts_are_known_by_name(host: str) -> None:
    assert names_private_host(host)


@pytest.mark.parametrize("host", ["vnexpress.net", "8.8.8.8", "baocantho.com.vn"])
def test_public_hosts_are_not_refused_by_name(host: str) -> None:
    assert not names_private_host(host)


def test_addresses_of_carriers_and_multicast_are_not_public() -> None:
    assert not is_public("100.64.0.1")
    assert not is_public("224.0.0.1")
    assert is_public("2001:4860:4860::8888")


def test_manners_are_on() -> None:
    manners = scrapy_settings(contact="https://cantho.gov.vn", delay=5, private_hosts=False, seconds=60)
    assert manners["ROBOTSTXT_OBEY"]
    assert manners["AUTOTHROTTLE_ENABLED"]
    assert manners["DOWNLOAD_VERIFY_CERTIFICATES"]
    assert (manners["CONCURRENT_REQUESTS_PER_DOMAIN"], manners["DOWNLOAD_DELAY"]) == (1, 5)
    assert manners["USER_AGENT"].endswith("(+https://cantho.gov.vn)")
