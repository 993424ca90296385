"""Contexts of the form that adds a source."""

from typing import Any

from samples_staff import shell

OPTION = {"name": "option.days", "label": "Đọc lùi bao nhiêu ngày", "type": "number", "choices": (), "needed": False,
          "hint": "", "value": ""}  # fmt: skip
FORM = shell(
    "admin",
    "sources",
    kinds=[("rss", "nguồn tin RSS"), ("comments", "bình luận bạn đọc"), ("drop", "thư mục thả tệp")],
    kind={"key": "comments", "name": "bình luận bạn đọc", "address": "https://bao.example.vn/rss", "off": True,
          "note": "Chỉ bật sau khi toà soạn đồng ý bằng văn bản."},
    form={"slug": "", "name": "", "url": "", "every_minutes": "30"},
    options=[
        {**OPTION, "name": "option.permission", "label": "Toà soạn cho phép", "type": "text", "needed": True,
         "hint": "ai cho phép, ngày nào"},
        {**OPTION, "name": "option.site", "label": "Báo", "type": "text", "choices": ("vnexpress", "tuoitre"),
         "needed": True, "value": "tuoitre"},
        OPTION,
        {**OPTION, "name": "option.articles", "label": "Mở từng bài", "type": "yes", "value": "không"},
    ],
    errors={},
)  # fmt: skip
SOURCE_PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "source-form": ("source_form.html", FORM),
    "source-form-error": (
        "source_form.html",
        {**FORM, "errors": {"slug": "Tên ngắn chỉ gồm chữ thường.", "option.permission": "Thiếu tuỳ chọn permission."}},
    ),
    "source-form-drop": (
        "source_form.html",
        {**FORM, "kind": {"key": "drop", "name": "thư mục thả tệp", "address": "", "off": False, "note": ""},
         "options": [OPTION]},
    ),
}  # fmt: skip
