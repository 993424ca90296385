"""Public channels of Telegram, by the web preview that the channel itself has open: t.me/s/<channel>."""

from urllib.parse import urlsplit

import scrapy
from bs4 import BeautifulSoup, Tag
from scrapy.http import TextResponse

from listener.collect.plain import paragraphs
from listener.collect.spiders.base import NotThisKind
from listener.collect.spiders.strands import Reply, Sheet, Strand, StrandSpider

MESSAGE = "div.tgme_widget_message[data-post]"


class TelegramSpider(StrandSpider):
    """Reads a channel's messages, newest first, and older pages until what is known. Options: ``days channel``."""

    channel = "telegram"

    def first(self) -> list[Strand]:
        """The channel."""
        return [Strand("messages")]

    def ask(self, strand: Strand) -> scrapy.Request:
        """The newest page, or the one before a message."""
        address = preview(self.order.url)
        return scrapy.Request(f"{address}?before={strand.cursor}" if strand.cursor else address)

    def sheet(self, response: TextResponse, strand: Strand) -> Sheet:  # noqa: ARG002
        """Messages, which the page has oldest first."""
        soup = BeautifulSoup(response.text, "lxml")
        if soup.select_one(".tgme_channel_history, .tgme_channel_info") is None:
            raise NotThisKind("Kênh Telegram này không có, hoặc không mở cho xem trước ở t.me/s/….")
        posts = [_post(tag, response) for tag in soup.select(MESSAGE) if "service_message" not in (tag["class"] or [])]
        older = soup.select_one("a.tme_messages_more[data-before]")
        return Sheet(posts[::-1], str(older["data-before"]) if older is not None else "")


def preview(url: str) -> str:
    """The address of the preview, whichever way the channel was written."""
    parts = urlsplit(url)
    path = parts.path.strip("/").removeprefix("s/")
    return f"{parts.scheme}://{parts.netloc}/s/{path.split('/')[0]}"


def _post(tag: Tag, response: TextResponse) -> Reply:
    name = str(tag["data-post"])
    words = tag.select_one(".js-message_text") or tag.select_one(".tgme_widget_message_text")
    clock = tag.select_one(".tgme_widget_message_date time[datetime]")
    link = tag.select_one("a.tgme_widget_message_date[href]")
    answered = tag.select_one("a.tgme_widget_message_reply[href]")
    return Reply(
        name,
        response.urljoin(str(link["href"])) if link is not None else None,
        summary=paragraphs(str(words)) if words is not None else "",
        published=str(clock["datetime"]) if clock is not None else None,
        parent="/".join(urlsplit(str(answered["href"])).path.strip("/").split("/")[-2:]) if answered else None,
    )
