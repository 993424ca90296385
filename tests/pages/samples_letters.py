"""Contexts of the letters' pages."""

from typing import Any

from samples_staff import DEPARTMENTS, ITEM, LAMPS, NOW, shell

LETTER_FORM: dict[str, Any] = shell(
    "officer",
    "letters",
    items=[{"so": LAMPS["so"], "text": "Đèn hẻm 51 tắt", "area_name": "Phường Cái Khế"}],
    kinds=[{"slug": "phieu-chuyen", "name": "Phiếu chuyển", "hint": "chuyển việc tới cơ quan có thẩm quyền"}],
    form={
        "kind": "phieu-chuyen",
        **dict.fromkeys(
            "department addressee reason request note deadline coordinating contact signer_title signer_name".split(),
            "",
        ),
    },
    key="k",
    issuer_name="UBND phường Cái Khế",
    next_sign="07/PC-UBND",
    departments=DEPARTMENTS,
    errors={},
    pages=None,
    page_count=0,
    today=NOW.date(),
)
LETTER: dict[str, Any] = shell(
    "officer",
    "letters",
    letter={
        "id": 7,
        "sign": "07/PC-UBND",
        "name": "Phiếu chuyển",
        "subject": "Chuyển phản ánh mã PA-2026-004412",
        "addressee": "Công ty Điện lực",
        "issuer_name": "UBND phường Cái Khế",
        "issued_on": NOW.date(),
        "made_at": NOW,
        "made_by": "Cán bộ mẫu",
        "signer": "CHỦ TỊCH – Người Ký Mẫu",
        "void": None,
    },
    files=[
        {"form": "pdf", "label": "Tải PDF", "sha256": "0" * 64},
        {"form": "docx", "label": "Tải Word", "sha256": "1" * 64},
    ],
    items=LETTER_FORM["items"],
    errors={},
    form={"reason": ""},
)
LETTER_ROW = {**LETTER["letter"], "count": 1, "void": False, "closed": False}
LETTERS: dict[str, Any] = shell(
    "officer",
    "letters",
    rows=[LETTER_ROW, {**LETTER_ROW, "void": True}, {**LETTER_ROW, "closed": True}],
    whose="UBND phường Cái Khế",
    cursor="7",
)

PAPERS: dict[str, tuple[str, dict[str, Any]]] = {
    "item-letters": (
        "item.html",
        {
            **ITEM,
            "letters": {
                "may_write": True,
                "made": [{"id": 7, "sign": "07/PC-UBND", "name": "Phiếu chuyển", "at": NOW, "void": True}],
            },
        },
    ),
    "letter-form": ("letter_form.html", LETTER_FORM),
    "letter-preview": (
        "letter_form.html",
        {**LETTER_FORM, "errors": {"reason": "Rút gọn."}, "pages": ["data:image/png;base64,"], "page_count": 4},
    ),
    "letter": ("letter.html", LETTER),
    "letter-void": (
        "letter.html",
        {
            **LETTER,
            "items": [],
            "letter": {**LETTER["letter"], "void": {"at": NOW, "by": "Cán bộ mẫu", "reason": "sai nơi nhận"}},
        },
    ),
    "letters": ("letters.html", LETTERS),
    "letters-empty": ("letters.html", {**LETTERS, "rows": [], "cursor": None}),
}
