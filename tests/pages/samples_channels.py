"""Contexts of the pages of outgoing channels."""

from datetime import timedelta
from typing import Any

from samples_staff import NOW, shell

CHANNEL = {
    "key": "webhook", "name": "Webhook", "missing": None, "sent": 412, "total": 426, "waiting": 3, "dead": 14,
    "oldest": NOW - timedelta(hours=3), "last_sent": NOW - timedelta(minutes=2), "just_sent": 6,
}  # fmt: skip
LETTER = {
    "id": 7, "so": "PA-2026-004512", "to": "IOC thành phố", "kind_name": "Đã trả lời", "attempts": 10,
    "ended_at": NOW - timedelta(minutes=9), "problem": "Máy nhận trả lỗi (500).", "uid": "evt_00ff",
    "payload": '{\n  "type": "matter.answered",\n  "text": "gọi ███ (số điện thoại)"\n}',
}  # fmt: skip
RECEIVER = {
    "id": 3, "name": "IOC thành phố", "channel_name": "Webhook", "address": "https://ioc.example.vn/nhan",
    "department_name": "mọi đơn vị", "kinds": 12, "all_kinds": 12, "state": "active", "state_name": "đang gửi",
    "note": "", "sent": 412, "waiting": 3, "dead": 14,
}  # fmt: skip
NONE = {"sent": 0, "total": 0, "waiting": 0, "dead": 0, "oldest": None, "last_sent": None, "just_sent": 0}
CHANNELS = shell(
    "admin",
    "channels",
    errors={},
    channels=[CHANNEL, {**CHANNEL, **NONE, "key": "mail", "name": "E-mail", "missing": "Chưa đặt LISTENER_MAIL_HOST."}],
    waiting=3,
    dead_total=14,
    last_sent=NOW,
    receivers=[
        RECEIVER,
        {**RECEIVER, "id": 4, "state": "disabled", "state_name": "đã tắt", "note": "Máy nhận báo không nhận nữa (410).",
         "kinds": 2},
    ],
    groups=[
        {"channel": "webhook", "channel_name": "Webhook", "cause": "http-500", "problem": "Máy nhận trả lỗi (500).",
         "count": 12, "last_at": NOW, "more": 10, "letters": [LETTER, {**LETTER, "id": 8}]},
        {"channel": "mail", "channel_name": "E-mail", "cause": "smtp-550", "problem": "", "count": 2, "last_at": NOW,
         "more": 0, "letters": [{**LETTER, "id": 9, "to": "người gửi"}, {**LETTER, "id": 10}]},
    ],
)  # fmt: skip
FORM = {"name": "IOC thành phố", "channel": "webhook", "address": "https://ioc.example.vn", "department": "SXD",
        "kinds": ["assign"]}  # fmt: skip
FACTS = {"id": 3, "name": "IOC thành phố", "state": "active", "state_name": "đang gửi", "note": "", "made_at": NOW,
         "secrets": 2}  # fmt: skip
RECEIVER_PAGE = shell(
    "admin",
    "channels",
    errors={},
    form=FORM,
    receiver=FACTS,
    secret="whsec_dGjhu",
    channels=[{"key": "webhook", "name": "Webhook", "label": "Địa chỉ nhận", "missing": None},
              {"key": "mail", "name": "E-mail", "label": "Địa chỉ e-mail", "missing": "Chưa đặt LISTENER_MAIL_HOST."}],
    kinds=[("assign", "Chuyển tới đơn vị"), ("answer", "Đã trả lời")],
    departments=[("Thành phố", [("SXD", "Sở Xây dựng")])],
)  # fmt: skip
TEMPLATE = shell(
    "admin",
    "channels",
    errors={},
    name="sender.answer.mail",
    kind_name="Đã trả lời",
    audience_name="người gửi",
    channel_name="E-mail",
    has_subject=True,
    form={"subject": "Đã có trả lời cho {{ so }}", "body": "{{ tra_loi }}"},
    preview={"subject": "Đã có trả lời cho PA-2026-000123", "body": "Đã thay bóng.", "of_typed": False},
    edited={"at": NOW, "by": "Quản trị"},
    placeholders=[("so", "số công khai của mục"), ("han", "hạn trả lời")],
)
SAMPLE_PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "channels": ("channels.html", CHANNELS),
    "channels-none": (
        "channels.html",
        {**CHANNELS, "groups": [], "receivers": [], "waiting": 0, "dead_total": 0, "last_sent": None},
    ),
    "channels-error": ("channels.html", {**CHANNELS, "errors": {"ly-do-7": "Cần ghi lý do bỏ thư."}}),
    "receiver": ("receiver.html", RECEIVER_PAGE),
    "receiver-new": (
        "receiver.html",
        {**RECEIVER_PAGE, "receiver": None, "secret": None, "errors": {"address": "Chưa phải địa chỉ nhận tin."}},
    ),
    "message-templates": (
        "message_templates.html",
        shell(
            "admin",
            "channels",
            edited=1,
            groups=[
                {
                    "name": "người gửi",
                    "rows": [
                        {
                            "kind_name": "Đã trả lời",
                            "texts": [
                                {"channel_name": "E-mail", "url": "/quan-tri/kenh-gui/mau/a", "edited": True},
                                {"channel_name": "Zalo", "url": "/quan-tri/kenh-gui/mau/b", "edited": False},
                            ],
                        }
                    ],
                }
            ],
        ),
    ),
    "message-template": ("message_template.html", TEMPLATE),
    "message-template-typed": (
        "message_template.html",
        {
            **TEMPLATE,
            "edited": None,
            "has_subject": False,
            "errors": {"body": "Không có chỗ điền “ten”."},
            "preview": {"subject": "", "body": "Đã thay bóng.", "of_typed": True},
        },
    ),
}
