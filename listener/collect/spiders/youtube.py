"""Comments of a YouTube channel or video, by the Data API v3: a unit of the day's 10,000 for each hundred threads."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import scrapy
from scrapy.http import TextResponse

from listener.collect.plain import tidy
from listener.collect.spiders.base import NotThisKind
from listener.collect.spiders.interface import InterfaceSpider
from listener.collect.spiders.strands import Reply, Sheet, Stale, Strand

WATCH = "https://www.youtube.com/watch?v="
THREADS, REPLIES = "threads", "replies:"
FULL = 100  # the most that one call gives


class YouTubeSpider(InterfaceSpider):
    """Reads comments by time; ``url`` is a channel (…/channel/UC…) or a video. Options: ``budget days``."""

    setting = "LISTENER_YOUTUBE_KEY"
    budget = 1_000  # of the key's 10,000 units, so that ten sources share one key
    zone = ZoneInfo("America/Los_Angeles")  # quotas begin anew at midnight there
    channel = "youtube"

    def first(self) -> list[Strand]:
        """The threads of the channel or video."""
        return [Strand(THREADS)]

    def headers(self, key: str) -> dict[str, str]:
        """Not in the address, which stands in logs."""
        return {"X-Goog-Api-Key": key}

    def ask(self, strand: Strand) -> scrapy.Request:
        """Threads with their first replies; further replies of a thread by a call of their own."""
        common: dict[str, str | int] = {"maxResults": FULL, "textFormat": "plainText", "pageToken": strand.cursor}
        if strand.name.startswith(REPLIES):
            return self.call("comments", part="snippet", parentId=strand.name.removeprefix(REPLIES), **common)
        return self.call("commentThreads", part="snippet,replies", order="time", **whose(self.order.url), **common)

    def sheet(self, response: TextResponse, strand: Strand) -> Sheet:
        """Comments and their answers."""
        said = self.answer(response)
        if not str(said.get("kind", "")).startswith("youtube#comment"):
            raise NotThisKind("Máy chủ không trả lời như YouTube Data API.")
        items = [item for item in said.get("items") or () if isinstance(item, dict)]
        cursor = str(said.get("nextPageToken") or "")
        if strand.name.startswith(REPLIES):
            return Sheet([reply for item in items if (reply := _comment(item))], cursor)
        return Sheet([reply for item in items for reply in _thread(item)], cursor, list(_unfinished(items)))

    def fault(self, said: Mapping[str, Any], status: int) -> Exception:
        """The reason of Google's error, in words."""
        error = said.get("error") or {}
        reasons = {str(one.get("reason")) for one in error.get("errors") or () if isinstance(one, dict)}
        reasons |= {str(one.get("reason")) for one in error.get("details") or () if isinstance(one, dict)}
        if reasons & {"quotaExceeded", "dailyLimitExceeded"}:
            return self.exhausted()
        if reasons & {"rateLimitExceeded", "userRateLimitExceeded"}:
            return self.resting("YouTube báo ta hỏi quá dày")
        if reasons & {"invalidPageToken"}:
            return Stale()
        return NotThisKind(next((FAULTS[one] for one in FAULTS if one in reasons), f"YouTube trả lỗi ({status})."))


FAULTS = {
    "commentsDisabled": "Video hoặc kênh này đã tắt bình luận.",
    "videoNotFound": "Không có video này trên YouTube. Kiểm tra lại địa chỉ của nguồn.",
    "channelNotFound": "Không có kênh này trên YouTube. Kiểm tra lại địa chỉ của nguồn.",
    "keyInvalid": "Khoá YouTube không đúng. Đặt lại LISTENER_YOUTUBE_KEY.",
    "API_KEY_INVALID": "Khoá YouTube không đúng. Đặt lại LISTENER_YOUTUBE_KEY.",
    "keyExpired": "Khoá YouTube đã hết hạn. Đặt lại LISTENER_YOUTUBE_KEY.",
    "accessNotConfigured": "Dự án của khoá YouTube chưa bật YouTube Data API v3.",
    "ipRefererBlocked": "Khoá YouTube không cho phép máy này. Sửa giới hạn của khoá ở Google Cloud.",
    "forbidden": "Khoá YouTube không được phép đọc bình luận này.",
}


def whose(url: str) -> dict[str, str]:
    """The parameter that names the channel or video of an address.

    Raises
    ------
    NotThisKind
        The address is of neither.
    """
    parts = urlsplit(url)
    pieces = [piece for piece in parts.path.split("/") if piece]
    video = parse_qs(parts.query).get("v", [""])[0] or (pieces[0] if parts.hostname == "youtu.be" and pieces else "")
    if video:
        return {"videoId": video}
    if len(pieces) > 1 and pieces[0] == "channel" and pieces[1].startswith("UC"):
        return {"allThreadsRelatedToChannelId": pieces[1]}
    raise NotThisKind("Ghi địa chỉ kênh dạng …/channel/UC… hoặc địa chỉ video …/watch?v=….")


def _thread(item: Mapping[str, Any]) -> Iterator[Reply]:
    top = _comment((item.get("snippet") or {}).get("topLevelComment") or {})
    if top is not None:
        yield top
    for raw in (item.get("replies") or {}).get("comments") or ():
        reply = _comment(raw, video=(item.get("snippet") or {}).get("videoId"))
        if reply is not None:
            yield reply


def _comment(raw: Mapping[str, Any], video: object = None) -> Reply | None:
    snippet = raw.get("snippet") or {}
    name, text = str(raw.get("id") or ""), str(snippet.get("textOriginal") or snippet.get("textDisplay") or "")
    if not name:
        return None
    video = snippet.get("videoId") or video
    thread = f"{WATCH}{video}" if video else None
    return Reply(
        name,
        f"{thread}&lc={name}" if thread else None,
        summary=tidy(text),
        author=str((snippet.get("authorChannelId") or {}).get("value") or "") or None,
        published=snippet.get("publishedAt"),
        thread=thread,
        parent=snippet.get("parentId"),
    )


def _unfinished(items: list[dict[str, Any]]) -> Iterator[Strand]:
    """Threads with more answers than came along."""
    for item in items:
        told = int((item.get("snippet") or {}).get("totalReplyCount") or 0)
        if told > len((item.get("replies") or {}).get("comments") or ()):
            yield Strand(f"{REPLIES}{item.get('id')}", mark=str(told))
