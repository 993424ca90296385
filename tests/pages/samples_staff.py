"""Contexts of the staff pages that handle matters: desk, item, triage."""

from datetime import timedelta
from typing import Any

from samples_citizen import AREAS, NOW

from listener.web.pages.marks import segments, words
from listener.web.pages.navigation import navigation

OVER = {"at": NOW - timedelta(days=4), "state": "over", "text": "quá hạn 2 ngày", "absolute": "17:00 thứ Năm, 19/11"}
SOON = {"at": NOW + timedelta(hours=3), "state": "soon", "text": "còn 2 giờ làm việc", "absolute": "17:00 hôm nay"}
FINE = {"at": NOW + timedelta(days=2), "state": "ok", "text": "còn 2 ngày làm việc", "absolute": "14:05 thứ Tư, 25/11"}
LAMP = {"slug": "den-duong", "name": "Đèn đường hỏng", "field_name": "Chiếu sáng", "by": "machine", "certainty": "chắc"}


def shell(role: str, active: str, **more: Any) -> dict[str, Any]:
    """What every staff page is given."""
    user = {
        "name": "Cán bộ mẫu",
        "role_name": "Cán bộ đơn vị",
        "department_name": "UBND phường Cái Khế",
        "density": "thoang",
        "keys_on": True,
    }
    nav = navigation([role], {"inbox": 19, "triage": 38, "sources": 2})
    shown = {"now": NOW, "csrf": "t0k", "user": user, "nav": nav, "active": active, "sample": {"can_remove": True}}
    return {**shown, "search_url": "/dong-tin", **more}


def row(number: int, text: str, **changes: Any) -> dict[str, Any]:
    """An item as lists show it."""
    item = {
        "so": f"PA-2026-{number:06d}",
        "text": text,
        "title": None,
        "is_report": True,
        "channel_name": "Phản ánh trên web",
        "source_name": None,
        "received_at": NOW - timedelta(hours=number % 50),
        "published_at": None,
        "topic": LAMP,
        "sentiment": {"label": "negative", "name": "tiêu cực", "by": "machine"},
        "urgency": {"label": "cao", "name": "Cao", "by": "machine"},
        "kind": {"label": "phan_anh", "name": "phản ánh hiện trường"},
        "area_name": "Phường Cái Khế",
        "place_text": "hẻm 51",
        "state": {"label": "assigned", "name": "Cần tiếp nhận"},
        "department_name": "UBND phường Cái Khế",
        "due": FINE,
        "reason": "đèn đường × phường Cái Khế",
        "repeats": 0,
        "photos": 0,
        "sample": False,
        "version": 1,
        "moves": ["accept", "return", "answer"],
    }
    return {**item, **changes}


COVER = row(
    4412,
    "Nắp cống vỡ ngay trước cổng trường tiểu học, mấy cháu đi học sáng sớm suýt té, mong xử lý gấp",
    due=OVER,
    urgency={"label": "khan", "name": "Khẩn", "by": "person"},
    topic={**LAMP, "slug": "nap-cong", "name": "Nắp cống, hố ga hư hỏng", "by": "person"},
    repeats=7,
    photos=3,
)
LAMPS = row(4415, "Bong den tru 14 hem 51 tat 3 hom nay roi, toi om", due=SOON)
TREE = row(4431, "Cây phượng trước số 12 nghiêng ra đường, mưa lớn sợ đổ", sample=True, handled=True, moves=[])
RUBBISH = row(
    4440, "Rác đọng chân cầu ba ngày chưa ai dọn", urgency={"label": "thuong", "name": "Thường", "by": "machine"}
)
TABS = [
    {"key": "accept", "label": "Cần tiếp nhận", "count": 4, "url": "/ban-lam-viec?tab=tiep-nhan", "current": True},
    {"key": "working", "label": "Đang làm", "count": 12, "url": "/ban-lam-viec?tab=dang-lam", "current": False},
    {"key": "answered", "label": "Đã trả lời", "count": 3, "url": "/ban-lam-viec?tab=da-tra-loi", "current": False},
    {"key": "closed", "label": "Đã xong", "count": None, "url": "/ban-lam-viec?tab=xong", "current": False},
]
FIELDS = [
    {
        "name": "linh-vuc",
        "label": "Lĩnh vực",
        "options": [("den-duong", "Đèn đường hỏng"), ("rac", "Rác thải")],
        "all": "Mọi lĩnh vực",
    },
    {"name": "muc-khan", "label": "Mức khẩn", "options": [("khan", "Khẩn"), ("cao", "Cao")], "all": "Mọi mức"},
]
DEPARTMENTS = [
    ("C", [("PCCT", "Công ty Điện lực Cần Thơ")]),
    ("S", [("SXD", "Sở Xây dựng")]),
    ("U", [("UBX-31120", "UBND phường Cái Khế")]),
]
INBOX: dict[str, Any] = shell(
    "officer",
    "inbox",
    department_name="UBND phường Cái Khế",
    tabs=TABS,
    query={},
    fields=FIELDS,
    groups=[
        {"key": "over", "label": "Quá hạn", "items": [COVER]},
        {"key": "today", "label": "Hôm nay", "items": [LAMPS, TREE]},
        {"key": "soon", "label": "Trong 2 ngày", "items": []},
        {"key": "later", "label": "Sau đó", "items": [RUBBISH]},
    ],
    cursor=None,
    next_item={"so": COVER["so"], "text": COVER["text"]},
    next_due=None,
    bulk_result=None,
)

WORDS = (
    "Kính gửi UBND, bóng đèn trụ 14 hẻm 51 phường Cái Khế tắt 3 hôm nay, tối om, tre con di hoc them ve rat so. "
    "Gọi số 0912345678 không ai nghe."
)


def span(part: str) -> tuple[int, int]:
    return WORDS.index(part), WORDS.index(part) + len(part)


EVIDENCE = {
    "topic": [span("bóng đèn"), span("tối om"), span("trụ 14")],
    "urgency": [span("3 hôm nay")],
    "place": [span("hẻm 51 phường Cái Khế")],
}
MASKS = [(*span("0912345678"), "phone")]
TOPICS = [("Chiếu sáng", [("den-duong", "Đèn đường hỏng")]), ("Môi trường", [("rac", "Rác thải, tập kết rác")])]
LINES = [
    {
        "task": "topic",
        "label": "Lĩnh vực",
        "value": {"slug": "den-duong", "name": "Đèn đường hỏng"},
        "certainty": "chắc",
        "by": "machine",
        "machine_name": None,
        "runners_up": [{"slug": "dien", "name": "Mất điện, sự cố điện"}, {"slug": "cay", "name": "Cây xanh đô thị"}],
        "options": TOPICS,
    },
    {
        "task": "urgency",
        "label": "Mức khẩn",
        "value": {"label": "cao", "name": "Cao"},
        "certainty": None,
        "by": "person",
        "by_name": "Cán bộ mẫu, hôm qua 14:05",
        "machine_name": "Thường",
        "runners_up": [],
        "options": [(None, [("khan", "Khẩn"), ("cao", "Cao"), ("thuong", "Thường"), ("phuc_tap", "Phức tạp")])],
    },
    {
        "task": "kind",
        "label": "Loại",
        "value": {"label": "phan_anh", "name": "Phản ánh hiện trường"},
        "certainty": "khá chắc",
        "by": "machine",
        "machine_name": None,
        "runners_up": [],
        "options": [],
    },
]
EVENTS = [
    {"at": NOW - timedelta(days=1), "actor": "citizen", "words": "Gửi phản ánh từ trang web, kèm 1 ảnh"},
    {
        "at": NOW - timedelta(hours=23),
        "actor": "machine",
        "words": "Chuyển UBND phường Cái Khế: đèn đường × phường Cái Khế",
        "undo_url": "/muc/x/hoan-tac",
        "version": 2,
    },
    {
        "at": NOW - timedelta(hours=3),
        "actor": "person",
        "actor_name": "Cán bộ mẫu",
        "words": "Sửa mức khẩn: Thường thành Cao",
        "quote": "Gần trường học",
        "undone": True,
    },
]
ITEM: dict[str, Any] = shell(
    "officer",
    "inbox",
    item={**LAMPS, "url": None, "photos": []},
    sender=None,
    due={
        **SOON,
        "sum": [
            {"label": "Nhận", "value": "hôm qua 14:05"},
            {"label": "Thời gian", "value": "8 giờ làm việc"},
            {"label": "Nghỉ trưa, ngoài giờ", "value": "không tính"},
            {"label": "Hạn", "value": "17:00 hôm nay"},
        ],
    },
    segments=segments(WORDS, EVIDENCE, MASKS),
    evidence_words=words(WORDS, EVIDENCE, MASKS),
    lines=LINES,
    can_fix=True,
    why={
        "sentence": "Đèn đường hỏng × phường Cái Khế → UBND phường Cái Khế (quy tắc 14, từ 01/07/2025).",
        "rules": [
            {"words": "Khẩn cấp tính mạng: không", "taken": False},
            {"words": "Đèn đường × mọi phường → UBND phường", "taken": True},
        ],
    },
    place={
        "words": "hẻm 51",
        "area_name": "Phường Cái Khế",
        "older": "Phường An Hòa",
        "maybe": [],
        "points": [{"lat": 10.0545, "lng": 105.7796, "name": "Nơi người gửi ghim"}],
        "ground": {"tiles": None, "credit": None, "areas": AREAS},
    },
    assignment={
        "department_name": "UBND phường Cái Khế",
        "coordinating": [{"code": "PCCT", "name": "Công ty Điện lực Cần Thơ"}],
        "accepted_by": None,
        "accepted_at": None,
    },
    moves=["accept", "return", "answer", "ask", "coordinate", "uncoordinate", "merge", "not_same"],
    asked={"question": None, "until": None, "extension": None},
    copies={"into": None, "merged": [], "can_split": True},
    public={"at": None, "text": WORDS, "answer": None, "never": "", "place": "Hẻm 51, Phường Cái Khế"},
    suggestions=[{"code": "PCCT", "name": "Công ty Điện lực Cần Thơ"}],
    departments=DEPARTMENTS,
    lookalikes=[
        {
            "so": "PA-2026-004498",
            "text": "Đèn hẻm 51 tắt hết",
            "received_at": NOW - timedelta(days=1),
            "area_name": "Phường Cái Khế",
            "state_name": "Đang xử lý",
            "open": True,
        }
    ],
    events=EVENTS,
    answer=None,
    draft="",
    errors={},
    form=dict.fromkeys(("reason", "text", "department", "hours", "into", "step"), ""),
    around={
        "back_url": "/ban-lam-viec",
        "back_label": "Bàn làm việc",
        "previous": COVER["so"],
        "next": RUBBISH["so"],
        "position": 3,
        "total": 16,
    },
    conflict=None,
)
CARD: dict[str, Any] = {
    "item": {**LAMPS, "photos": []},
    "segments": ITEM["segments"],
    "evidence_words": ITEM["evidence_words"],
    "unsure": "máy phân vân giữa 2 đơn vị",
    "extension": None,
    "guesses": [
        {"code": "UBX-31120", "name": "UBND phường Cái Khế", "of_100": 55, "reason": "đèn đường, hẻm 51"},
        {"code": "PCCT", "name": "Công ty Điện lực Cần Thơ", "of_100": 30, "reason": "trụ điện"},
        {"code": "SXD", "name": "Sở Xây dựng", "of_100": None, "reason": None},
    ],
    "returned": {
        "words": "Trụ này của điện lực, không phải của phường",
        "by_name": "Cán bộ mẫu",
        "department_name": "UBND phường Cái Khế",
        "at": NOW - timedelta(hours=2),
    },
    "blind": False,
}
QUEUES = [
    {"key": "unsure", "label": "Chưa chắc", "count": 38, "url": "/dieu-phoi", "current": True},
    {"key": "returned", "label": "Trả lại", "count": 5, "url": "/dieu-phoi?hang=tra-lai", "current": False},
    {"key": "overdue", "label": "Quá hạn", "count": 11, "url": "/dieu-phoi?hang=qua-han", "current": False},
]
TRIAGE: dict[str, Any] = shell(
    "dispatcher",
    "triage",
    tabs=QUEUES,
    query={},
    fields=FIELDS,
    rows=[LAMPS, COVER, TREE, RUBBISH],
    cursor=None,
    card=CARD,
    departments=DEPARTMENTS,
    today={"routed": 412, "returned": 13},
)
UNDO = {"text": "Đã tiếp nhận 2 mục", "url": "/muc/PA-2026-004412/hoan-tac", "version": 2}
ANSWERED = {
    **ITEM,
    "moves": ["close", "reopen", "restrict", "assign", "publish"],
    "answer": {"text": "Chiều 22/11 đã thay bóng.\n\nẢnh kèm theo.", "at": NOW, "by_name": "Cán bộ mẫu"},
    "can_fix": False,
    "place": None,
    "why": None,
    "lookalikes": [],
    "due": {**FINE, "state": "done", "text": "đã trả lời"},
}
WAITING = {
    **ITEM,
    "moves": ["answer", "return", "resume", "grant_extension", "refuse_extension", "contribute", "split", "unpublish"],
    "asked": {
        "question": "Trụ đèn số mấy?",
        "until": NOW + timedelta(days=7),
        "extension": {"hours": 15, "reason": "chờ vật tư", "later": NOW + timedelta(days=2)},
    },
    "copies": {
        "into": None,
        "merged": [{"so": "PA-2026-004499", "version": 3, "text": "Đèn hẻm 51 hư"}],
        "can_split": True,
    },
    "public": {"at": NOW, "text": WORDS, "answer": "Đã thay bóng.", "never": "", "place": None},
    "errors": {"khong-gia-han": "Cần ghi lý do khi không duyệt gia hạn.", "thoi-phoi-hop": "Không phối hợp mục này."},
    "due": {**SOON, "state": "paused", "text": "tạm dừng", "at": None},
}

STAFF: dict[str, tuple[str, dict[str, Any]]] = {
    "inbox": ("inbox.html", {**INBOX, "undo": UNDO}),
    "inbox-empty": (
        "inbox.html",
        {**INBOX, "groups": [], "next_item": None, "next_due": {"so": LAMPS["so"], "absolute": "17:00 hôm nay"}},
    ),
    "inbox-filtered": (
        "inbox.html",
        {**INBOX, "groups": [], "query": {"q": "cá sấu", "muc-khan": "khan"}, "live_rows": True},
    ),
    "inbox-bulk": (
        "inbox.html",
        {
            **INBOX,
            "live_rows": True,
            "bulk_result": {"done": 36, "skipped": [{"so": "PA-2026-004431", "why": "đã có người xử lý"}]},
        },
    ),
    "row-answer": (
        "row_answer.html",
        {
            "item": TREE,
            "now": NOW,
            "csrf": "t0k",
            "columns": ["due", "reading", "place", "why"],
            "selectable": True,
            "tabs": TABS,
            "tab_testid": "inbox-tab",
            "undo": UNDO,
        },
    ),
    "item": ("item.html", ITEM),
    "item-identity": ("item.html", {**ITEM, "sender": {"identity": {"name": "Người Thử", "phone": "0530 111 222"}}}),
    "item-identity-asked": (
        "item.html",
        {**ITEM, "sender": {"identity": None}, "errors": {"identity_reason": "Cần ghi lý do."}},
    ),
    "item-answered": ("item.html", ANSWERED),
    "item-refused-form": (
        "item.html",
        {
            **ITEM,
            "errors": {"reason": "Ghi vì sao trả lại."},
            "conflict": {"words": "Cán bộ mẫu vừa thay đổi mục này lúc 14:07.", "typed": "Đã thay bóng"},
        },
    ),
    "item-read-only": (
        "item.html",
        {**ITEM, "moves": [], "can_fix": False, "assignment": None, "due": None, "suggestions": []},
    ),
    "item-waiting": ("item.html", WAITING),
    "item-merged": (
        "item.html",
        {
            **ITEM,
            "moves": ["split"],
            "assignment": None,
            "due": None,
            "lookalikes": [],
            "copies": {"into": COVER["so"], "merged": [], "can_split": True},
        },
    ),
    "item-public": (
        "item.html",
        {
            **ANSWERED,
            "moves": ["unpublish"],
            "public": {"at": NOW, "text": WORDS, "answer": "Đã thay.", "never": "", "place": None},
        },
    ),
    "triage": ("triage.html", TRIAGE),
    "triage-extension": (
        "triage.html",
        {
            **TRIAGE,
            "card": {
                **CARD,
                "returned": None,
                "extension": {
                    "hours": 15,
                    "reason": "chờ vật tư",
                    "department_name": "UBND phường Cái Khế",
                    "due_at": NOW,
                    "later": NOW + timedelta(days=2),
                },
            },
        },
    ),
    "triage-blind": ("triage.html", {**TRIAGE, "card": {**CARD, "blind": True, "returned": None}}),
    "triage-empty": ("triage.html", {**TRIAGE, "rows": [], "card": None}),
}
