"""Contexts of the citizen pages, as the routes give them."""

from datetime import datetime, timedelta
from typing import Any

from listener.vietnamese import CITY

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=CITY)
SENT = NOW - timedelta(days=3, hours=2)
TEXT = "Den duong tru 14 hem 51 tat 3 hom nay roi, toi om, tre con di hoc them ve rat so. Nho co quan xem giup."
FORM = {"text": "", "place": "", "lat": "", "lng": "", "name": "", "phone": "", "email": "", "public": False}
AREAS = [{"name": "Cái Khế", "lat": 10.0545, "lng": 105.7796}, {"name": "Ninh Kiều", "lat": 10.034, "lng": 105.782}]
REPORT: dict[str, Any] = {
    "active": "report",
    "form": FORM,
    "errors": {},
    "key": "4f1c2a9e",
    "max_photos": 5,
    "max_photo_size": 10 * 1024 * 1024,
    "max_text": 2000,
    "map": {"center": [10.0452, 105.7469], "tiles": None, "credit": None, "areas": AREAS},
    "preview_url": "/gui-phan-anh/doc-thu",
    "lookalikes": None,
}
NEAR = [
    {"id": "4F1C2A9E00B1C2D3", "url": "/cong-khai/4F1C2A9E00B1C2D3", "text": "Đèn hẻm 51 tắt", "distance_m": 90}
    | {"when": "hôm qua 14:05", "others": 3},
    {"id": "5F1C2A9E00B1C2D3", "url": "/cong-khai/5F1C2A9E00B1C2D3", "text": "Đèn đầu hẻm 51 chập chờn"}
    | {"distance_m": None, "when": "14/11 09:30", "others": 0},
]
ROW: dict[str, Any] = {
    "id": "4F1C2A9E00B1C2D3",
    "url": "/cong-khai/4F1C2A9E00B1C2D3",
    "title": "Đèn hẻm 51 tắt ba hôm nay, tối om, gọi số ███ không ai nghe",
    "field": "Thoát nước, chiếu sáng, cây xanh",
    "topic": "Đèn đường, chiếu sáng công cộng hỏng",
    "place": "Hẻm 51, Phường Cái Khế",
    "department": "UBND phường Cái Khế",
    "state": "Đã trả lời",
    "done": True,
    "received_at": SENT,
    "days": 2,
    "others": 7,
}
OPEN_ROW = {**ROW, "id": "5F1C2A9E00B1C2D3", "state": "Đang xử lý", "done": False, "days": None, "others": 0}
GROUND = {"tiles": None, "credit": None, "areas": AREAS}
POINTS = [{"lat": 10.0545, "lng": 105.7796, "name": "Đèn hẻm 51", "url": ROW["url"]}]
QUERY = {"q": "", "linh-vuc": "", "don-vi": "", "dia-ban": "", "trang-thai": ""}
FILTER = {"name": "linh-vuc", "label": "Lĩnh vực", "any": "Mọi lĩnh vực", "value": "", "chosen": ""}
PUBLISHED: dict[str, Any] = {
    "active": "published",
    "now": NOW,
    "query": QUERY,
    "filters": [{**FILTER, "options": [("ha-tang-ky-thuat", "Thoát nước, chiếu sáng, cây xanh")]}],
    "total": 312,
    "page": 2,
    "pages": 16,
    "matters": [ROW, OPEN_ROW],
    "points": POINTS,
    "ground": GROUND,
}
NONE_FOUND = {**PUBLISHED, "matters": [], "points": [], "total": 0, "page": 1, "pages": 1}
ONE: dict[str, Any] = {
    "active": "published",
    "now": NOW,
    "matter": ROW,
    "text": TEXT,
    "answer": {"text": "Chiều 22/11 tổ điện đã thay bóng.", "at": NOW},
    "rated": "Hài lòng",
    "due_at": None,
    "history": [{"at": SENT, "text": "Nhận phản ánh"}, {"at": NOW, "text": "UBND phường Cái Khế trả lời"}],
    "points": POINTS,
    "ground": GROUND,
    "can_join": False,
    "error": None,
    "typed": "",
    "key": "4f1c2a9e",
}
MATTER: dict[str, Any] = {
    "ma": "7K3M-29QD-XW",
    "so": "PA-2026-004512",
    "received_at": SENT,
    "text": TEXT,
    "photos": [],
    "restricted": False,
    "department_name": "UBND phường Cái Khế",
    "due_at": NOW + timedelta(days=1, hours=3),
    "paused": False,
    "extended_for": "chờ vật tư",
    "merged": False,
    "waiting_until": None,
    "steps": [
        {"label": "Đã nhận", "status": "done", "at": SENT, "note": None},
        {
            "label": "Chuyển UBND phường Cái Khế",
            "status": "done",
            "at": SENT + timedelta(minutes=1),
            "note": "Máy đề xuất theo lĩnh vực và nơi.",
        },
        {"label": "Đang xử lý", "status": "now", "at": SENT + timedelta(hours=20), "note": "Đơn vị đã tiếp nhận."},
        {"label": "Trả lời", "status": "next", "at": None, "note": None},
        {"label": "Bạn đánh giá", "status": "next", "at": None, "note": None},
    ],
    "answer": None,
    "end_words": None,
    "machine_words": "Đèn đường hỏng, phường Cái Khế",
    "similar_count": 7,
    "can_add": True,
    "ask": None,
    "can_rate": False,
    "rated": None,
    "can_reopen": False,
    "refused": None,
    "added": [],
}
ANSWERED = {
    **MATTER,
    "answer": {
        "text": "Chiều 22/11 tổ điện đã thay bóng và sửa dây ở trụ 14, hẻm 51. Đèn sáng lại từ 18:00.\n"
        "Ảnh chụp lúc 18:20 kèm theo.",
        "at": NOW - timedelta(hours=18),
        "department_name": "UBND phường Cái Khế",
        "photos": [],
    },
    "end_words": "Đơn vị báo đã xử lý. Nếu thực tế chưa vậy, bạn mở lại ở dưới.",
    "can_rate": True,
    "can_reopen": True,
    "steps": [{**step, "status": "done" if at < 4 else "now"} for at, step in enumerate(MATTER["steps"])],  # type: ignore[arg-type]
}
SEARCH = {"active": "tracking", "code": "", "not_found": False, "now": NOW, "matter": None}
RECEIPT: dict[str, Any] = {
    "ma": MATTER["ma"],
    "received_at": NOW,
    "now": NOW,
    "topic_name": "Đèn đường hỏng",
    "area_name": "phường Cái Khế",
    "department_name": "UBND phường Cái Khế",
    "due_at": MATTER["due_at"],
    "restricted": False,
    "track_url": "/tra-cuu/7K3M-29QD-XW",
    "similar_count": 7,
    "joined": False,
}

CITIZEN: dict[str, tuple[str, dict[str, Any]]] = {
    "home": (
        "home.html",
        {"numbers": {"period": "30 ngày qua", "reports": 1120, "answered": 987, "on_time": 872}, "outage": None},
    ),
    "home-first-day": (
        "home.html",
        {"outage": "Tối nay 22:00–23:00 trang tạm dừng để nâng cấp. Phản ánh gửi trong lúc đó được giữ trên máy bạn."},
    ),
    "report": ("report.html", REPORT),
    "report-errors": (
        "report.html",
        {
            **REPORT,
            "form": {**FORM, "phone": "09"},
            "errors": {"text": "Viết vài chữ về chuyện bạn gặp.", "phone": "Số điện thoại có 10 số, hoặc để trống."},
        },
    ),
    "report-near": ("report.html", {**REPORT, "lookalikes": NEAR}),
    "report-none-near": ("report.html", {**REPORT, "lookalikes": []}),
    "published": ("published.html", PUBLISHED),
    "published-none": ("published.html", NONE_FOUND),
    "published-none-found": ("published.html", {**NONE_FOUND, "query": {**QUERY, "q": "gì đó"}}),
    "published-one": ("published_one.html", ONE),
    "published-one-open": (
        "published_one.html",
        {**ONE, "matter": OPEN_ROW, "answer": None, "can_join": True, "due_at": NOW, "error": "Bạn gửi hơi nhanh."},
    ),
    "report-preview": (
        "report_preview.html",
        {
            "topic_name": "Đèn đường hỏng",
            "department_name": "UBND phường Cái Khế",
            "area_name": "phường Cái Khế",
            "kind": "phan_anh",
            "lookalikes": NEAR,
        },
    ),
    "report-calm": (
        "report_preview.html",
        {"topic_name": None, "department_name": None, "area_name": None, "kind": "to_cao", "lookalikes": []},
    ),
    "receipt": ("receipt.html", RECEIPT),
    "receipt-undecided": ("receipt.html", {**RECEIPT, "department_name": None, "due_at": None, "similar_count": 0}),
    "receipt-joined": ("receipt.html", {**RECEIPT, "joined": True}),
    "receipt-restricted": ("receipt.html", {**RECEIPT, "restricted": True}),
    "tracking-search": ("tracking.html", SEARCH),
    "tracking-unknown": ("tracking.html", {**SEARCH, "code": "ABC", "not_found": True}),
    "tracking": ("tracking.html", {**SEARCH, "matter": MATTER}),
    "tracking-asked": (
        "tracking.html",
        {
            **SEARCH,
            "matter": {
                **MATTER,
                "ask": "Trụ đèn nào, gần số nhà bao nhiêu ạ?",
                "paused": True,
                "waiting_until": NOW + timedelta(days=7),
            },
        },
    ),
    "tracking-answered": ("tracking.html", {**SEARCH, "matter": ANSWERED}),
    "tracking-refused": (
        "tracking.html",
        {
            **SEARCH,
            "matter": {
                **MATTER,
                "refused": "Nội dung chưa rõ ở đâu, hỏi thêm chưa thấy trả lời.",
                "end_words": "Nếu chuyện vẫn còn, bạn gửi lại và kể rõ hơn nhé.",
                "added": [{"at": NOW - timedelta(hours=1), "text": "Trụ đèn số 14"}],
            },
        },
    ),
    "tracking-restricted": ("tracking.html", {**SEARCH, "matter": {**MATTER, "restricted": True}}),
    "help": ("help.html", {"active": "help"}),
    "sign-in": ("sign_in.html", {"form": {"login": ""}, "error": None, "next": "/viec"}),
    "sign-in-refused": (
        "sign_in.html",
        {"form": {"login": "lan"}, "error": "Tên hoặc mật khẩu chưa đúng. Còn 3 lần thử.", "next": "/viec"},
    ),
    "error": (
        "error.html",
        {
            "status": 503,
            "title": "Máy chủ đang bận",
            "text": "Chưa mở được trang này. Đợi một phút rồi tải lại; không có gì bị mất.",
            "incident": "7F3A",
            "back_url": "/",
            "back_label": "Về trang đầu",
        },
    ),
}
