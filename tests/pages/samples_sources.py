"""What the page of one source is shown with: new ones of several kinds, tried ones, one in trouble, a reader's view."""

from datetime import timedelta
from typing import Any

from samples_staff import NOW, shell

from listener.catalog.source_kinds import KINDS
from listener.collect.found import FoundPost
from listener.web.pages.source import kind_shown, option_shown

FORM = {"name": "Báo Bến Sông", "url": "https://ben-song.test/rss/home.rss", "every_minutes": "30"}
EMPTY = {"name": "", "url": "", "every_minutes": "30"}
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
    "kind_name": "nguồn tin RSS",
    "can_edit": True,
    "kept": ["trial = 3"],
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


def page(kind: str, **more: Any) -> tuple[str, dict[str, Any]]:
    """The form of a kind, with what is written into its options."""
    written: dict[str, str] = more.pop("written", {})
    form = {f"option.{name}": words for name, words in written.items()}
    plain: dict[str, Any] = {
        "form": EMPTY,
        "errors": {},
        "kinds": [(key, known.name) for key, known in KINDS.items()],
        "kind": kind_shown(kind),
        "options": [option_shown(name, option, form) for name, option in KINDS[kind].options.items()],
        "source": None,
        "tried": None,
        "can_act": True,
    }
    return "source.html", shell("admin", "sources", **{**plain, **more})


ERRORS = {
    "name": "Thiếu tên nguồn.",
    "url": "Địa chỉ phải bắt đầu bằng http:// hoặc https://.",
    "option.permission": "Thiếu tuỳ chọn permission.",
    "option.days": "Đọc lùi bao nhiêu ngày: ghi một số.",
}
FILE = {**HEALTH, "kind": "file", "kind_name": "tệp nhập", "can_edit": False, "kept": [], "runs": [], "gaps": []}
SOURCE_PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "source-new": page("rss"),
    "source-new-facebook": page("facebook"),
    "source-new-comments": page("comments"),
    "source-new-drop": page("drop"),
    "source-errors": page("comments", errors=ERRORS, written={"days": "vài", "site": "tuoitre"}),
    "source-tried": page("rss", form=FORM, tried={"posts": [POST] * 3, "problem": None, "found": 40}),
    "source-not-read": page("rss", form=FORM, tried={"posts": [], "problem": "Không phải RSS hay Atom.", "found": 0}),
    "source": page("rss", form=FORM, source=HEALTH, written={"lead": "p.sapo", "articles": "không", "channel": "lạ"}),
    "source-read-only": page("rss", form=FORM, source={**HEALTH, "gaps": []}, can_act=False),
    "source-file": page("rss", form=FORM, source=FILE),
}
