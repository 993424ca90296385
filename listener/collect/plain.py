"""Text out of markup: entities resolved however often they were encoded, tags gone, white space single."""

import html
import re

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement

_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]{2,31}\d?);")
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_BLOCKS = ("p", "div", "br", "li", "h1", "h2", "h3", "h4", "tr", "blockquote")
_ROUNDS = 4  # twice encoded is common, thrice was seen; more is no text


def plain(markup: str | None) -> str:
    """The words of a piece of HTML on one line, also when it was encoded twice.

    >>> plain("Ng&amp;acirc;n s&amp;aacute;ch <b>&lt;b&gt;2026&lt;/b&gt;</b>")
    'Ngân sách 2026'
    """
    return " ".join(paragraphs(markup).split())


def paragraphs(markup: str | None) -> str:
    """Like ``plain``, with a line for each block of the markup."""
    text = markup or ""
    for _ in range(_ROUNDS):
        if _TAG.search(text):
            text = _without_tags(text)
        elif _ENTITY.search(text):
            text = html.unescape(text)
        else:
            break
    return tidy(text)


def tidy(text: str) -> str:
    """Single spaces, no empty lines."""
    lines = (" ".join(line.split()) for line in text.replace("\xa0", " ").splitlines())
    return "\n".join(line for line in lines if line)


def words_of(tag: PageElement | None) -> str:
    """The words of one element on one line."""
    return " ".join(tag.get_text(" ").split()) if isinstance(tag, Tag) else ""


def _without_tags(markup: str) -> str:
    soup = BeautifulSoup(markup, "lxml")
    for unseen in soup(["script", "style", "noscript"]):
        unseen.decompose()
    for block in soup(_BLOCKS):
        block.insert_before("\n")
        block.insert_after("\n")
    return soup.get_text("")
