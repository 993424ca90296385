"""Contexts of the audit, of persons' requests and of the citizen's form for them."""

from datetime import timedelta
from typing import Any

from samples_citizen import NOW
from samples_staff import shell

CHECK: dict[str, Any] = {"at": NOW, "rows": 41_250, "head": "a1b2" * 16, "broken_id": None, "problem": None}
LINE: dict[str, Any] = {
    "id": 512,
    "at": NOW,
    "actor": "Điều phối mẫu",
    "by_account": True,
    "act": "Xem danh tính",
    "grave": True,
    "number": "PA-2026-004412",
    "details": [("lý do", "hẹn giờ tới sửa")],
    "hash": "c3d4" * 16,
}
TOKEN = {
    **LINE,
    "id": 511,
    "actor": "IOC",
    "by_account": False,
    "act": "Dùng mã truy cập",
    "grave": False,
    "number": None,
}
AUDIT = shell(
    "admin",
    "audit",
    rows=[LINE, TOKEN],
    cursor=510,
    query={},
    fields=[{"name": "viec", "label": "Việc", "options": [("read", "Đọc mục")]}],
    since=NOW - timedelta(days=7),
    until=NOW,
    check=CHECK,
)
WISH: dict[str, Any] = {
    "id": 7,
    "state": "new",
    "state_name": "Chờ quyết định",
    "whole_person": True,
    "received_at": NOW,
    "answer_due": NOW + timedelta(days=2),
    "erase_due": NOW + timedelta(days=20),
    "decided_at": None,
    "words": "",
    "done_at": None,
    "proof": {},
}
DECIDED = {**WISH, "id": 8, "decided_at": NOW}
REFUSED = {**DECIDED, "id": 9, "state": "refused", "state_name": "Không xoá", "words": "Vụ việc đang được xử lý."}
DONE = {
    **DECIDED,
    "id": 10,
    "state": "done",
    "state_name": "Đã xoá",
    "done_at": NOW,
    "proof": {"items": 3, "identities": 3, "photos": 2, "revisions": 1, "lines": 14},
}
ACCEPTED = {**DECIDED, "id": 11, "state": "accepted", "state_name": "Đang xoá"}
MORE: dict[str, Any] = {"so": "PA-2026-004412", "due": NOW + timedelta(days=2), "late": False, "found": None}
FOUND = {"items": 3, "identities": 3, "photos": 2}
KEPT = [{"name": "Bút danh người đăng bài công khai", "days": 180, "last": None, "purged": 0}]
QUEUE = shell(
    "admin",
    "data",
    rows=[
        {**WISH, **MORE, "found": FOUND, "late": True},
        {**ACCEPTED, **MORE},
        {**DONE, **MORE},
        {**REFUSED, **MORE},
    ],
    retention=KEPT,
    errors={7: "Gõ XOA để xác nhận."},
    confirmation="XOA",
)
FORM: dict[str, Any] = {"active": "data", "wish": None, "code": "", "error": None}

DUTIES: dict[str, tuple[str, dict[str, Any]]] = {
    "audit": ("audit.html", AUDIT),
    "audit-broken": ("audit.html", {**AUDIT, "check": {**CHECK, "broken_id": 12, "problem": "dòng đã bị sửa"}}),
    "audit-empty": ("audit.html", {**AUDIT, "rows": [], "cursor": None, "check": None}),
    "audit-filtered": ("audit.html", {**AUDIT, "rows": [], "cursor": None, "query": {"q": "ai đó", "viec": "read"}}),
    "data-requests": ("data_requests.html", QUEUE),
    "data-requests-empty": ("data_requests.html", {**QUEUE, "rows": [], "errors": {}}),
    "data-request": ("data_request.html", FORM),
    "data-request-unknown": ("data_request.html", {**FORM, "code": "ABC", "error": "Không tìm thấy mã này."}),
    **{
        f"data-request-{wish['state']}": ("data_request.html", {**FORM, "now": NOW, "wish": wish})
        for wish in (WISH, ACCEPTED, REFUSED, DONE)
    },
}
