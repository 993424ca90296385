"""Contexts of the staff pages that look at many items, and of the restricted room and the account."""

from datetime import timedelta
from typing import Any

from samples_citizen import NOW
from samples_staff import COVER, FIELDS, LAMP, LAMPS, TREE, UNDO, row, shell

DAYS = [
    {
        "label": f"T{2 + i}" if i < 6 else "CN",
        "negative": n,
        "neutral": m,
        "positive": p,
        "total": n + m + p,
        "before": b,
        "reports": 4,
        "partial": i == 6,
    }
    for i, (n, m, p, b) in enumerate(
        [
            (41, 60, 12, 98),
            (39, 71, 20, 110),
            (88, 64, 9, 121),
            (120, 80, 11, 117),
            (74, 60, 18, 125),
            (31, 44, 25, 88),
            (12, 20, 6, 79),
        ]
    )
]
TREND = [3, 5, 2, 8, 6, 9, 4, 5, 7, 12, 9, 11, 16, 14]
POST = row(
    881,
    "Sau cơn mưa lớn sáng nay, nhiều đoạn đường 30/4 ngập tới yên xe, học sinh phải lội nước đến trường.",
    title="Ngập sâu đường 30/4 sau mưa lớn",
    is_report=False,
    channel_name="báo",
    source_name="Báo Cần Thơ",
    published_at=NOW - timedelta(minutes=12),
    topic={**LAMP, "slug": "ngap", "name": "Ngập nước, thoát nước"},
    area_name="Phường Ninh Kiều",
    state={"label": "listed", "name": "Chỉ theo dõi"},
    department_name=None,
    repeats=12,
)
PRAISE = {
    **POST,
    "so": "BD-2026-000882",
    "title": "Công viên Lưu Hữu Phước được làm mới",
    "repeats": 0,
    "sentiment": {"label": "positive", "name": "tích cực", "by": "person"},
}
STREAM = shell(
    "press",
    "stream",
    rows=[{**POST, "so": "BD-2026-000881"}, PRAISE, LAMPS, TREE, COVER],
    total=1204,
    query={},
    fields=FIELDS,
    cursor="1763884800.0_17",
    search_error=None,
    gaps=["Chưa tính 2 nguồn im lặng."],
    new_count=14,
    new_url="/dong-tin",
    can_fix=True,
)
DASHBOARD = shell(
    "leader",
    "dashboard",
    summary="Ngập ở Ninh Kiều là chuyện đáng lo nhất; 3 đơn vị trễ hạn; rác giảm.",
    gaps=["Chưa tính 2 nguồn im lặng."],
    kpis=[
        {
            "key": "posts",
            "name": "Bài đăng hôm nay",
            "value": "8.412",
            "change": "tăng 18% so với tuần trước",
            "tone": "",
            "values": TREND,
            "url": "/dong-tin?kenh=bai",
        },
        {
            "key": "reports",
            "name": "Phản ánh hôm nay",
            "value": "112",
            "change": "giảm 4% so với tuần trước",
            "tone": "",
            "values": TREND[::-1],
            "url": "/dong-tin?kenh=pa",
        },
        {
            "key": "negative",
            "name": "Tiêu cực",
            "value": "41%",
            "change": "tăng 6 điểm so với tuần trước",
            "tone": "bad",
            "values": None,
            "url": None,
        },
        {
            "key": "overdue",
            "name": "Quá hạn",
            "value": "37",
            "change": "giảm 12% so với tuần trước",
            "tone": "good",
            "values": None,
            "url": "/dieu-phoi?hang=qua-han",
        },
    ],
    hot=[
        {
            "label": "Ngập nước, Phường Ninh Kiều",
            "count": 42,
            "usual": 11,
            "values": TREND,
            "url": "/dong-tin?linh-vuc=ngap",
            "urgent": True,
        },
        {
            "label": "Mất điện, Phường Bình Thủy",
            "count": 17,
            "usual": 8,
            "values": TREND,
            "url": "/dong-tin?linh-vuc=dien",
            "urgent": False,
        },
    ],
    places=[
        {"name": "Phường Ninh Kiều", "count": 42, "usual": 11, "url": "/dong-tin"},
        {"name": "Phường Cái Khế", "count": 9, "usual": None, "url": "/dong-tin"},
    ],
    late=[
        {"name": "UBND phường An Bình", "overdue": 9, "open": 41, "url": "/dieu-phoi"},
        {"name": "UBND phường Cái Khế", "overdue": 4, "open": 30, "url": "/dieu-phoi"},
    ],
    buckets={"on_time": 912, "late": 41, "open": 233, "overdue": 37},
    days=DAYS,
    since="7 ngày qua",
)
SOURCE = {
    "kind_name": "RSS",
    "address": "baocantho.com.vn",
    "last_item_at": NOW - timedelta(hours=9),
    "last_run_at": NOW - timedelta(minutes=20),
    "values": TREND,
    "usual": 31.0,
    "page_url": "/nguon/bao-can-tho",
}
SOURCES = shell(
    "admin",
    "sources",
    rows=[
        {
            **SOURCE,
            "slug": "bao-can-tho",
            "name": "Báo Cần Thơ",
            "state": "silent",
            "words": "im lặng 9 giờ, thường 40 phút",
            "day_count": 3,
            "duplicate_share": 0.1,
        },
        {
            **SOURCE,
            "slug": "x",
            "name": "Trang X",
            "state": "error",
            "words": "trang từ chối (403) từ hôm qua 22:10",
            "day_count": 0,
            "duplicate_share": None,
            "last_item_at": None,
        },
        {
            **SOURCE,
            "slug": "vnexpress",
            "name": "VnExpress",
            "state": "ok",
            "words": "",
            "day_count": 38,
            "duplicate_share": 0.61,
        },
        {
            **SOURCE,
            "slug": "y",
            "name": "Trang Y",
            "state": "paused",
            "words": "",
            "day_count": 0,
            "duplicate_share": None,
            "values": None,
            "last_run_at": None,
        },
    ],
    alerts=[
        {
            "slug": "bao-can-tho",
            "name": "Báo Cần Thơ",
            "kind": "im lặng",
            "words": "im lặng 9 giờ (thường 40 phút có tin mới)",
            "since": NOW - timedelta(hours=9),
        }
    ],
    counts={"all": 41, "silent": 2, "error": 1},
    query={},
    fields=[
        {
            "name": "tinh-trang",
            "label": "Tình trạng",
            "options": [("im-lang", "Im lặng"), ("loi", "Lỗi")],
            "all": "Tất cả",
        }
    ],
    can_act=True,
)
BRIEFINGS = shell(
    "press",
    "briefing",
    rows=[
        {
            "url": "/bao-cao/2026-W47",
            "title": "Báo cáo tuần 47",
            "period": "16/11 – 22/11/2026",
            "made_at": NOW,
            "items": 8412,
            "negative": 405,
            "read": 905,
            "docx_url": "/bao-cao/2026-W47.docx",
            "pdf_url": "/bao-cao/2026-W47.pdf",
            "partial": False,
        },
        {
            "url": "/bao-cao/2026-W48",
            "title": "Báo cáo tuần 48",
            "period": "23/11 – 29/11/2026",
            "made_at": None,
            "items": 0,
            "negative": 0,
            "read": 0,
            "docx_url": "/a",
            "pdf_url": "/b",
            "partial": True,
        },
    ],
)
PARTS = [
    {
        "name": "Ngập nước, thoát nước",
        "url": "/dong-tin",
        "total": 412,
        "before": 120,
        "negative": 300,
        "neutral": 90,
        "positive": 22,
    },
    {"name": "Rác thải", "url": None, "total": 88, "before": 140, "negative": 50, "neutral": 30, "positive": 8},
    {"name": "Khen", "url": None, "total": 0, "before": 3, "negative": 0, "neutral": 0, "positive": 0},
]
BRIEFING = shell(
    "press",
    "briefing",
    r={
        "title": "Báo cáo sắc thái tuần 47",
        "period": "16/11 – 22/11/2026",
        "cutoff_at": NOW,
        "agency": "Văn phòng UBND thành phố",
        "model_version": "2026.11.3",
        "partial": False,
        "finding": "Tiêu cực tăng 6 điểm vì ngập ở Ninh Kiều, không vì điện. Rác giảm một phần ba.",
        "total": 8412,
        "before_total": 7129,
        "posts": 7292,
        "reports": 1120,
        "duplicates": 3120,
        "distinct": 100,
        "reviewed": 614,
        "spam": 12,
        "refused": 95,
        "more_areas": 3,
        "than": "tuần trước",
        "sentiment": {"negative": 405, "neutral": 399, "positive": 101},
        "sentiment_before": {"negative": 300, "neutral": 420, "positive": 120},
        "ranking": [
            {
                "place": 1,
                "name": "UBND phường Cái Khế",
                "share": "97,5% (n = 40; 87–100%)",
                "buckets": {"on_time": 39, "late": 1, "open": 4, "overdue": 0},
            }
        ],
        "days": DAYS,
        "sources": PARTS,
        "fields": PARTS,
        "areas": [],
        "hot": [
            {
                "title": "Ngập đường 30/4",
                "url": "/dong-tin",
                "count": 42,
                "usual": "thường 3",
                "quote": "nước lên tới yên xe, không ai xử lý",
                "number": "BD-2026-000042",
                "spread": "35 bài đăng ở 9 nguồn, 7 phản ánh",
                "responsible": "Phụ trách: Đơn vị quản lý thoát nước; đã trả lời 1/7 việc.",
            }
        ],
        "owes": [
            {"name": "UBND phường An Bình", "on_time": 30, "late": 4, "open": 32, "overdue": 9},
            {"name": "Sở Xây dựng", "on_time": 12, "late": 0, "open": 3, "overdue": 0},
        ],
        "gaps": ["2 nguồn im lặng trong tuần: Báo Cần Thơ, Trang X."],
    },
    docx_url="/bao-cao/2026-W47.docx",
    pdf_url="/bao-cao/2026-W47.pdf",
    xlsx_url="/bao-cao/2026-W47.xlsx",
    previous_url="/bao-cao/2026-W46",
    next_url=None,
)
ROOM = shell(
    "handler",
    "restricted",
    rows=[
        {
            "so": "PA-2026-004501",
            "kind_name": "nghi tố cáo",
            "received_at": NOW,
            "age": "chờ 3 giờ",
            "confirmed": False,
        },
        {
            "so": "PA-2026-004390",
            "kind_name": "trẻ em bị hại",
            "received_at": NOW,
            "age": "chờ 1 ngày",
            "confirmed": True,
        },
    ],
    opened=None,
    errors={},
)
OPENED = {
    "so": "PA-2026-004501",
    "version": 1,
    "text": "Nội dung mẫu.",
    "kind_name": "nghi tố cáo",
    "received_at": NOW,
    "identity": None,
    "has_sender": True,
    "photos": [],
    "moves": ["confirm", "release"],
}
ACCOUNT = shell(
    "officer",
    "account",
    account={
        "login": "canbo",
        "name": "Cán bộ mẫu",
        "role_name": "Cán bộ đơn vị",
        "department_name": "UBND phường Cái Khế",
        "last_at": NOW - timedelta(days=1),
        "last_from": "10.0.0.8",
    },
    prefs={"density": "thoang", "keys_on": True, "theme": ""},
    errors={},
    min_length=10,
)

OVERVIEW: dict[str, tuple[str, dict[str, Any]]] = {
    "stream": ("stream.html", STREAM),
    "stream-empty": (
        "stream.html",
        {**STREAM, "rows": [], "cursor": None, "new_count": 0, "can_fix": False, "gaps": []},
    ),
    "stream-error": (
        "stream.html",
        {
            **STREAM,
            "rows": [],
            "query": {"q": '"đèn'},
            "search_error": "Thiếu dấu ngoặc kép đóng sau “đèn”.",
            "undo": UNDO,
        },
    ),
    "dashboard": ("dashboard.html", DASHBOARD),
    "dashboard-quiet": (
        "dashboard.html",
        {
            **DASHBOARD,
            "summary": "Đêm qua yên.",
            "hot": [],
            "places": [],
            "late": [],
            "days": [],
            "gaps": [],
            "live_url": "/tong-quan",
        },
    ),
    "sources": ("sources.html", SOURCES),
    "sources-none": (
        "sources.html",
        {
            **SOURCES,
            "rows": [],
            "alerts": [],
            "fields": [],
            "can_act": False,
            "counts": {"all": 0, "silent": 0, "error": 0},
        },
    ),
    "briefings": ("briefing_list.html", BRIEFINGS),
    "briefings-none": ("briefing_list.html", {**BRIEFINGS, "rows": []}),
    "briefing": ("briefing.html", BRIEFING),
    "briefing-empty": (
        "briefing.html",
        {
            **BRIEFING,
            "r": {
                **BRIEFING["r"],
                "hot": [],
                "owes": [],
                "gaps": [],
                "sources": [],
                "duplicates": 0,
                "distinct": 100,
                "partial": True,
            },
        },
    ),
    "restricted": ("restricted.html", ROOM),
    "restricted-open": ("restricted.html", {**ROOM, "opened": OPENED}),
    "restricted-none": ("restricted.html", {**ROOM, "rows": []}),
    "account": ("my_account.html", ACCOUNT),
    "account-errors": ("my_account.html", {**ACCOUNT, "errors": {"again": "Hai lần gõ chưa giống nhau."}}),
}
