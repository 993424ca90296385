"""Contexts of the pages of the routing rules: in force, draft, form, dry run."""

from datetime import date, timedelta
from typing import Any

from samples_citizen import NOW
from samples_staff import DEPARTMENTS, shell

from listener.catalog.routing import RoutingRule
from listener.catalog.rule_checks import FAULT, WARNING, Finding
from listener.web.pages import rule_form

OVERLAP = Finding("overlap", WARNING, "“Đèn công viên” và “Ban đêm” có thể cùng khớp một mục.", ("q1", "q2"))
NEVER = Finding("shadowed", FAULT, "“Ban đêm” không bao giờ dùng tới: “Đèn công viên” đứng trước đã nhận hết.", ("q2",))
ROWS = [
    {"slug": "q1", "name": "Đèn công viên", "sentence": "Khi bài có chữ “công viên” → chuyển Sở Xây dựng."},
    {"slug": "q2", "name": "Ban đêm", "sentence": "Khi nhận từ 18 giờ đến 6 giờ → để người điều phối xem."},
]
VERSION = {"id": 1, "set": 3, "from": date(2026, 11, 1), "kind": "activate", "by": "Điều phối mẫu", "at": NOW}
RULES: dict[str, Any] = shell(
    "dispatcher",
    "rules",
    tabs=[
        {"key": "live", "label": "Đang áp dụng", "count": 2, "url": "/dieu-phoi/quy-tac", "current": True},
        {"key": "draft", "label": "Bản nháp", "count": 2, "url": "/dieu-phoi/quy-tac?ban=nhap", "current": False},
    ],
    on_draft=False,
    rows=[{**row, "faults": [], "overlaps": []} for row in ROWS],
    just={"slug": "", "way": ""},
    findings=[],
    overlaps=[],
    gaps=[Finding("unowned", WARNING, "Lĩnh vực “Cây ngã đổ” chưa có chủ quản ở 3 địa bàn.")],
    alerts=["“Ban đêm”: không có đơn vị “ABC”."],
    draft=None,
    versions=[
        {**VERSION, "id": 4, "set": 5, "from": date(2026, 12, 24), "state": "planned", "can_return": True},
        {**VERSION, "id": 3, "set": None, "kind": "rollback", "state": "past", "can_return": True},
        {**VERSION, "id": 2, "state": "live", "can_return": False},
        {**VERSION, "kind": "pack", "by": None, "state": "past", "can_return": True},
        {**VERSION, "id": 0, "state": "cancelled", "can_return": True},
    ],
    today=date(2026, 11, 20),
    weeks=(4, 8),
    errors={},
)
DRAFT: dict[str, Any] = {
    **RULES,
    "on_draft": True,
    "just": {"slug": "q2", "way": "len"},
    "rows": [{**ROWS[0], "faults": [], "overlaps": []}, {**ROWS[1], "faults": [], "overlaps": [OVERLAP.words]}],
    "overlaps": [OVERLAP],
    "draft": {
        "version": 3,
        "editors": ["Điều phối mẫu"],
        "changed_at": NOW,
        "mine": False,
        "fresh": True,
        "run": {"id": 9, "state": "done", "at": NOW},
    },
}
OPTIONS = [("", [("a", "Một"), ("b", "Hai")])]
QUESTIONS = "topics fields areas kinds flags urgencies channels weekdays place_types asset_owners".split()
EDIT: dict[str, Any] = shell(
    "dispatcher",
    "rules",
    form=rule_form.filled(RoutingRule("q1", "Đèn công viên", department="SXD", topics=("a",), words=("công viên",))),
    slug="q1",
    version=3,
    choices={
        **dict.fromkeys(QUESTIONS, OPTIONS),
        "departments": DEPARTMENTS,
        "outcomes": [("assign", "chuyển một đơn vị"), ("triage", "để người điều phối xem")],
    },
    words="Khi bài có chữ “công viên” → chuyển Sở Xây dựng.",
    errors={},
)
CHANGE = {
    "so": "PA-2026-000123",
    "words": "Đèn trong công viên tắt ba hôm nay",
    "received_at": NOW - timedelta(days=3),
    "before_name": "UBND phường Cái Khế",
    "after_name": "Sở Xây dựng",
    "was": "Đèn đường × Phường Cái Khế → UBND phường Cái Khế.",
    "would": "Đèn đường × Phường Cái Khế → Sở Xây dựng, theo quy tắc “Đèn công viên”.",
    "right_name": "Sở Xây dựng",
    "verdict": "mended",
}
RUN: dict[str, Any] = shell(
    "dispatcher",
    "rules",
    run={"id": 9, "state": "done", "weeks": 8, "done": 1204, "total": 1204, "at": NOW},
    current=True,
    result={
        "total": 1204,
        "changed": 2,
        "mended": 1,
        "spoiled": 0,
        "corrected": 4,
        "returns_saved": 12,
        "returns_new": 1,
        "loads": [{"name": "Sở Xây dựng", "before": 3, "after": 5}],
        "moves": [{"from": "UBND phường Cái Khế", "to": "Sở Xây dựng", "n": 2}],
        "hits": [{"name": "Đèn công viên", "n": 2}, {"name": "Ban đêm", "n": 0}],
        "meets": [{"first": "Đèn công viên", "second": "Ban đêm", "so": "PA-2026-000123"}],
        "changes": [
            CHANGE,
            {**CHANGE, "verdict": "spoiled"},
            {**CHANGE, "verdict": "neither"},
            {**CHANGE, "verdict": "", "right_name": None},
        ],
        "more": True,
        "kept": 90,
    },
)
NOTHING = {**RUN["result"], "changed": 0, "loads": [], "moves": [], "hits": [], "meets": [], "changes": []}
RULE_PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "rules": ("rules.html", RULES),
    "rules-none": ("rules.html", {**RULES, "rows": [], "gaps": [], "alerts": [], "versions": []}),
    "rules-draft": ("rules.html", DRAFT),
    "rules-draft-fault": ("rules.html", {**DRAFT, "findings": [NEVER], "errors": {"tu_ngay": NEVER.words}}),
    "rules-draft-mine": ("rules.html", {**DRAFT, "rows": [], "draft": {**DRAFT["draft"], "mine": True, "run": None}}),
    "rules-draft-seen-elsewhere": ("rules.html", {**RULES, "draft": {**DRAFT["draft"], "fresh": False}}),
    "rule-edit": ("rule_edit.html", EDIT),
    "rule-edit-error": (
        "rule_edit.html",
        {**EDIT, "slug": "", "words": "", "form": rule_form.filled(None), "errors": {"name": "Chưa có tên quy tắc."}},
    ),
    "rule-sentence": ("rule_sentence.html", {"words": "Mọi mục → chuyển Sở Xây dựng."}),
    "rule-run": ("rule_run.html", RUN),
    "rule-run-old": ("rule_run.html", {**RUN, "current": False, "result": NOTHING}),
    "rule-run-none": ("rule_run.html", {**RUN, "result": {**NOTHING, "total": 0}}),
    "rule-run-going": (
        "rule_run.html",
        {**RUN, "run": {**RUN["run"], "state": "running", "done": 400}, "result": None},
    ),
    "rule-run-stopped": ("rule_run.html", {**RUN, "run": {**RUN["run"], "state": "stopped"}, "result": None}),
}
