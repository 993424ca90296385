"""What a page says of an article beside its words: its own address, section, images, where readers comment."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from listener.canonical import named_by_page, without_tracking
from listener.collect.plain import plain, words_of

MOST_IMAGES = 20
LONGEST_ADDRESS = 2000


def canonical(soup: BeautifulSoup, linked: Mapping[str, Any], url: str) -> str:
    """The article's own address: as the page tells it, where it names the same site; without campaign marks."""
    link = soup.find("link", rel="canonical")
    told = [
        str(link.get("href") or "") if isinstance(link, Tag) else "",
        _property(soup, "og:url"),
        _text(linked.get("mainEntityOfPage")),
        _text(linked.get("url")),
    ]
    own = (address for one in told if (address := _address(one, url)) and named_by_page(url, address) == address)
    return without_tracking(next(own, url))


def details(soup: BeautifulSoup, linked: Mapping[str, Any], url: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Section, images and comment thread; what the page lacks is left out."""
    thread = _first(soup, options.get("thread"))
    comments = str(thread.get("href") or "") if thread is not None else _text(linked.get("discussionUrl"))
    found = {
        "section": _section(soup, linked, options.get("section")),
        "images": list(dict.fromkeys(_images(soup, linked, url)))[:MOST_IMAGES],
        "thread": _address(comments, url) if comments else "",
    }
    return {name: value for name, value in found.items() if value}


def _section(soup: BeautifulSoup, linked: Mapping[str, Any], selectors: object) -> str:
    own = words_of(_first(soup, selectors))
    told = linked.get("articleSection")
    named = told[0] if isinstance(told, list) and told else told
    return (own or plain(_text(named)) or plain(_property(soup, "article:section")))[:200]


def _images(soup: BeautifulSoup, linked: Mapping[str, Any], url: str) -> Iterator[str]:
    """The addresses of the article's images; they are not fetched."""
    told = linked.get("image")
    for one in told if isinstance(told, list) else [told]:
        if address := _address(_text(one), url):
            yield address
    if address := _address(_property(soup, "og:image"), url):
        yield address
    for tag in soup.select("article img, figure img"):
        if address := _address(str(tag.get("data-src") or tag.get("src") or ""), url):
            yield address


def _address(written: str, url: str) -> str:
    """A whole address on the web, empty for anything else (data:, javascript:, what cannot be parsed)."""
    try:
        address = urljoin(url, written.strip()) if written.strip() else ""
        return address[:LONGEST_ADDRESS] if urlsplit(address).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _text(told: object) -> str:
    """A value of JSON-LD as text: itself, or the address or name of what it stands for."""
    if isinstance(told, dict):
        told = next(
            (told[name] for name in ("url", "@id", "contentUrl", "name") if isinstance(told.get(name), str)), ""
        )
    return told if isinstance(told, str) else ""


def _property(soup: BeautifulSoup, name: str) -> str:
    tag = soup.find("meta", attrs={"property": name})
    return str(tag.get("content") or "").strip() if isinstance(tag, Tag) else ""


def _first(soup: BeautifulSoup, selectors: object) -> Tag | None:
    return soup.select_one(selectors) if isinstance(selectors, str) and selectors.strip() else None
