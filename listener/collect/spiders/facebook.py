"""Posts and comments of Facebook pages that the city runs, through the Graph API with the page's own token."""

import json
from collections.abc import Mapping
from typing import Any

import scrapy
from scrapy.http import TextResponse

from listener.collect.plain import tidy
from listener.collect.spiders.base import NotThisKind
from listener.collect.spiders.interface import InterfaceSpider
from listener.collect.spiders.strands import Pause, Reply, Sheet, Strand

FEED, COMMENTS = "feed", "comments:"
FULL = 100  # the most that one call gives
NEARLY_SPENT = 90  # per cent of the hour's calls, as X-App-Usage tells; at 100 the page is locked out
FAULTS = {
    10: "Mã truy cập Facebook thiếu quyền đọc trang này (pages_read_engagement, pages_read_user_content).",
    100: "Facebook không biết trang hoặc bài này. Kiểm tra lại tuỳ chọn page.",
    190: "Mã truy cập Facebook hết hạn hoặc bị thu hồi. Đặt LISTENER_FACEBOOK_TOKEN mới.",
    200: "Mã truy cập Facebook thiếu quyền MODERATE của trang này.",
    803: "Facebook không biết trang này. Kiểm tra lại tuỳ chọn page.",
}
TOO_OFTEN = (4, 17, 32, 613, 80001)


class FacebookSpider(InterfaceSpider):
    """Reads the page that the option ``page`` names. People's posts and comments are kept, the page's own words not."""

    setting = "LISTENER_FACEBOOK_TOKEN"
    channel = "facebook"

    def first(self) -> list[Strand]:
        """What stands on the page."""
        return [Strand(FEED)]

    def headers(self, key: str) -> dict[str, str]:
        """Not in the address, which stands in logs."""
        return {"Authorization": f"Bearer {key}"}

    def ask(self, strand: Strand) -> scrapy.Request:
        """Posts of the page, or the comments under one; of who wrote them only the number is asked for."""
        common: dict[str, str | int] = {"limit": FULL, "after": strand.cursor}
        fields = "id,message,created_time,permalink_url,from{id}"
        if strand.name.startswith(COMMENTS):
            post = strand.name.removeprefix(COMMENTS)
            more = {"filter": "stream", "order": "reverse_chronological", "fields": f"{fields},parent{{id}}"}
            return self.call(f"{post}/comments", **more, **common)
        return self.call(f"{self.options['page']}/feed", fields=f"{fields},comments.limit(0).summary(1)", **common)

    def sheet(self, response: TextResponse, strand: Strand) -> Sheet:
        """Posts with the lists of their comments, or comments."""
        said = self.answer(response)
        if not isinstance(said.get("data"), list):
            raise NotThisKind("Máy chủ không trả lời như Graph API của Facebook.")
        self._mind_usage(response)
        items = [item for item in said["data"] if isinstance(item, dict) and item.get("id")]
        paging = said.get("paging") or {}
        cursor = str((paging.get("cursors") or {}).get("after") or "") if paging.get("next") else ""
        if strand.name.startswith(COMMENTS):
            thread = strand.name.removeprefix(COMMENTS)
            return Sheet([self._post(item, thread) for item in items if self._by_people(item)], cursor)
        posts = [self._post(item, None) for item in items if self._by_people(item)]
        lists = [Strand(f"{COMMENTS}{item['id']}", mark=count) for item in items if (count := _comments(item))]
        return Sheet(posts, cursor, lists, whole=True, last=items[-1].get("created_time") if items else None)

    def before_asking(self) -> None:
        """Leave the rest for the next hour when the hour's calls are nearly spent."""
        super().before_asking()
        if self.kept.pop("nearly_spent", False):
            raise self.resting("Đã dùng gần hết số lượt gọi Facebook của giờ này")

    def fault(self, said: Mapping[str, Any], status: int) -> Exception:
        """What Facebook's error code means; its message may quote what was sent, so it is never shown."""
        error = said.get("error") if isinstance(said.get("error"), dict) else {}
        code = int((error or {}).get("code") or 0)
        if code in TOO_OFTEN:
            return self.resting("Facebook báo ta hỏi quá dày")
        if code in (1, 2):
            return Pause(f"Facebook đang trục trặc (lỗi {code}).")
        return NotThisKind(FAULTS.get(code, f"Facebook trả lỗi {code} (mã {status})."))

    def _mind_usage(self, response: TextResponse) -> None:
        try:
            usage = json.loads(response.headers.get("X-App-Usage") or b"{}")
        except ValueError:
            return
        spent = [value for value in usage.values() if isinstance(value, int | float)] if isinstance(usage, dict) else []
        self.kept["nearly_spent"] = max(spent, default=0) >= NEARLY_SPENT

    def _by_people(self, item: Mapping[str, Any]) -> bool:
        return str((item.get("from") or {}).get("id") or "") != str(self.options.get("page"))

    def _post(self, item: Mapping[str, Any], thread: str | None) -> Reply:
        return reply_of(item, thread)


def reply_of(item: Mapping[str, Any], thread: str | None) -> Reply:
    """A post or comment as the Graph API writes it."""
    return Reply(
        str(item["id"]),
        item.get("permalink_url"),
        summary=tidy(str(item.get("message") or "")),
        author=str((item.get("from") or {}).get("id") or "") or None,
        published=item.get("created_time"),
        thread=thread,
        parent=str((item.get("parent") or {}).get("id") or "") or None,
    )


def _comments(item: Mapping[str, Any]) -> str:
    """How many comments a post has; empty for none."""
    summary = (item.get("comments") or {}).get("summary") or {}
    return str(summary.get("total_count") or "")
