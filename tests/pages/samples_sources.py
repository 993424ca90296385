"""What the page of one source is shown with: a new one, one that was tried, one in trouble, a reader's view."""

from datetime import timedelta
from typing import Any

from samples_staff import NOW, shell

from listener.collect.found import FoundPost
from listener.web.pages.source import CHANNELS, Wanted

FORM = Wanted(name="Báo Bến Sông", kind="rss", url="https://ben-song.test/rss/home.rss", lead="p.sapo", articles=True)
POST = FoundPost(
    "https://ben-song.test/ngap.html",
    "Nước tràn lên mặt đường ngay giờ tan tầm. " * 20,
    title="Ngập sâu trước chợ sau mưa lớn",
    url="https://ben-song.test/ngap.html",
    published_at=NOW - timedelta(hours=3),
    details={"section": "Thời sự"},
)
RUN = {
    "at": NOW - timedelta(minutes=20), "outcome": "xong", "bad": False, "found": 40, "new": 3, "changed": 1,
    "dropped": 0, "problem": "1 bài: robots.txt của trang cấm đọc địa chỉ này.",
}  # fmt: skip
HEALTH: dict[str, Any] = {
    "slug": "bao-ben-song",
    "name": "Báo Bến Sông",
    "kind": "rss",
    "active": True,
    "problem": "Máy chủ báo ta hỏi quá dày (429); lần sau sẽ thưa hơn.",
    "rhythm": "im lặng 9 giờ (thường 40 phút có tin mới)",
    "last_try": NOW - timedelta(minutes=20),
    "last_success": NOW - timedelta(hours=9),
    "last_item": NOW - timedelta(hours=9),
    "next_visit": NOW + timedelta(minutes=40),
    "rest_until": NOW + timedelta(hours=2),
    "today": 3,
    "usual": 31.0,
    "runs": [RUN, {**RUN, "outcome": "không được", "bad": True, "found": 0, "new": 0, "problem": "Hết giờ chờ."}],
    "gaps": [
        {"kind": "im lặng", "since": NOW - timedelta(hours=9), "ended": None, "words": "im lặng 9 giờ"},
        {
            "kind": "không đọc được",
            "since": NOW - timedelta(days=9),
            "ended": NOW - timedelta(days=8),
            "words": "Trang từ chối cho đọc (403).",
        },
    ],
}
NEW = shell(
    "admin",
    "sources",
    form=Wanted(kind="rss", articles=True),
    errors={},
    kinds=[("page", "trang web"), ("rss", "nguồn tin RSS")],
    channels=list(CHANNELS.items()),
    source=None,
    tried=None,
    can_act=True,
)
ERRORS = {"url": "Địa chỉ phải bắt đầu bằng http:// hoặc https:// và có tên máy chủ."}
SOURCE_PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "source-new": ("source.html", NEW),
    "source-errors": ("source.html", {**NEW, "form": Wanted(name="Báo", url="ben-song"), "errors": ERRORS}),
    "source-tried": (
        "source.html",
        {**NEW, "form": FORM, "tried": {"posts": [POST] * 3, "problem": None, "found": 40}},
    ),
    "source-not-read": (
        "source.html",
        {**NEW, "form": FORM, "tried": {"posts": [], "problem": "Không phải RSS hay Atom.", "found": 0}},
    ),
    "source": ("source.html", {**NEW, "form": FORM, "source": HEALTH}),
    "source-read-only": ("source.html", {**NEW, "form": FORM, "source": {**HEALTH, "gaps": []}, "can_act": False}),
}
