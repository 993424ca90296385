"""What an article page says: JSON-LD and meta first, the body by trafilatura, the lead by the source's selectors."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import trafilatura
from bs4 import BeautifulSoup, Tag

from listener.collect.plain import paragraphs, plain, tidy, words_of

SHORT_BODY = 250  # characters under which a second opinion on the body is asked
LEAD_SEEN = 60  # characters of a lead that tell whether the body already starts with it
ARTICLE_TYPES = re.compile(r"(Article|Posting|Report)$")
TIME_META = (
    "article:published_time",
    "pubdate",
    "datePublished",
    "date",
    "dc.date.issued",
    "og:article:published_time",
)


@dataclass(frozen=True, slots=True)
class Article:
    """An article as its page has it. ``published`` is the date as written; ``address`` what the page calls its own."""

    title: str
    text: str
    author: str | None = None
    published: str | None = None
    address: str | None = None


def article(html: str, url: str, options: Mapping[str, Any]) -> Article | None:
    """The article of a page, or None where the page holds no running text.

    ``options["lead"]`` are CSS selectors of the lead (sapo), which extractors of running text tend to drop.
    """
    soup = BeautifulSoup(html, "lxml")
    linked = _linked_data(soup)
    text = _with_lead(_body(html, url, linked), _lead(soup, options.get("lead")))
    if not text:
        return None
    return Article(_title(soup, linked), text, _author(soup, linked), _published(soup, linked), _own_address(soup, url))


def links(html: str, selectors: str) -> list[tuple[str, str]]:
    """Addresses and words of the links that a listing page offers under the selectors, each address once."""
    soup = BeautifulSoup(html, "lxml")
    found: dict[str, str] = {}
    for tag in soup.select(selectors):
        anchor = tag if tag.name == "a" else tag.find("a", href=True)
        if isinstance(anchor, Tag) and anchor.get("href"):
            address = str(anchor["href"]).strip()
            found[address] = found.get(address) or words_of(anchor)
    return list(found.items())


def _linked_data(soup: BeautifulSoup) -> dict[str, Any]:
    """The page's JSON-LD about the article itself; empty where it has none."""
    for script in soup.find_all("script", type="application/ld+json"):
        try:
            data = json.loads(script.get_text().strip().rstrip(";"), strict=False)
        except ValueError:
            continue
        for node in _nodes(data):
            kinds = node.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(name, str) and ARTICLE_TYPES.search(name) for name in names):
                return node
    return {}


def _nodes(data: object) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for entry in data:
            yield from _nodes(entry)
    elif isinstance(data, dict):
        yield data
        yield from _nodes(data.get("@graph"))


def _body(html: str, url: str, linked: Mapping[str, Any]) -> str:
    """The running text; where it is short, the longest of three opinions."""
    body = _trafilatura(html, url)
    if len(body) >= SHORT_BODY:
        return body
    told = linked.get("articleBody")
    return max(
        body, _trafilatura(html, url, favor_recall=True), paragraphs(told) if isinstance(told, str) else "", key=len
    )


def _trafilatura(html: str, url: str, *, favor_recall: bool = False) -> str:
    text = trafilatura.extract(html, url=url, include_comments=False, include_tables=True, favor_recall=favor_recall)
    return tidy(text or "")


def _lead(soup: BeautifulSoup, selectors: object) -> str:
    if not isinstance(selectors, str) or not selectors.strip():
        return ""
    return next((words for tag in soup.select(selectors) if (words := words_of(tag))), "")


def _with_lead(body: str, lead: str) -> str:
    if not lead or _squeezed(lead)[:LEAD_SEEN] in _squeezed(body):
        return body
    return f"{lead}\n{body}".strip()


def _squeezed(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _title(soup: BeautifulSoup, linked: Mapping[str, Any]) -> str:
    headline = linked.get("headline")
    if isinstance(headline, str) and headline.strip():
        return plain(headline)
    return plain(_meta(soup, "og:title")) or words_of(soup.find("h1")) or words_of(soup.find("title"))


def _author(soup: BeautifulSoup, linked: Mapping[str, Any]) -> str | None:
    names = list(_names(linked.get("author"))) or [_meta(soup, "author") or _meta(soup, "article:author") or ""]
    said = ", ".join(name for name in map(plain, names) if name and not name.startswith("http"))
    return said[:300] or None


def _names(author: object) -> Iterator[str]:
    if isinstance(author, str):
        yield author
    elif isinstance(author, list):
        for entry in author:
            yield from _names(entry)
    elif isinstance(author, dict):
        yield from _names(author.get("name"))


def _published(soup: BeautifulSoup, linked: Mapping[str, Any]) -> str | None:
    told = linked.get("datePublished")
    if isinstance(told, str) and told.strip():
        return told
    found = next((said for name in TIME_META if (said := _meta(soup, name))), None)
    if found is not None:
        return found
    clock = soup.find("time", attrs={"datetime": True})
    return str(clock["datetime"]) if isinstance(clock, Tag) else None


def _own_address(soup: BeautifulSoup, url: str) -> str | None:
    tag = soup.find("link", rel="canonical", href=True)
    return urljoin(url, str(tag["href"]).strip()) if isinstance(tag, Tag) else None


def _meta(soup: BeautifulSoup, name: str) -> str | None:
    for key in ("property", "name", "itemprop"):
        tag = soup.find("meta", attrs={key: name})
        if isinstance(tag, Tag) and str(tag.get("content") or "").strip():
            return str(tag["content"]).strip()
    return None
