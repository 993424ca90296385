"""What the writer of a letter chooses, checked before a number is taken."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from listener.errors import BadInput
from listener.letters.kinds import Kind

LONGEST = {
    "addressee": 600,
    "reason": 1000,
    "request": 1500,
    "note": 4000,
    "coordinating": 600,
    "contact": 400,
    "signer_title": 200,
    "signer_name": 120,
}
NAMES = {
    "addressee": "Nơi nhận",
    "reason": "Lý do",
    "request": "Đề nghị",
    "note": "Nội dung thêm",
    "coordinating": "Đơn vị phối hợp",
    "contact": "Đầu mối liên hệ",
    "signer_title": "Chức vụ người ký",
    "signer_name": "Họ tên người ký",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """The writer's choices. ``addressee``, ``coordinating`` and ``signer_title`` may hold several lines."""

    kind: str
    addressee: str = ""
    reason: str = ""
    request: str = ""
    note: str = ""
    deadline: date | None = None
    coordinating: str = ""
    contact: str = ""
    signer_title: str = ""
    signer_name: str = ""

    def kept(self) -> dict[str, Any]:
        """The choices as the letter's row keeps them."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {**values, "deadline": self.deadline.isoformat() if self.deadline else None}


def draft_from(kind: str, words: Mapping[str, str]) -> Draft:
    """A draft from what was typed; a day is written 2026-12-04, as a date field sends it.

    Raises
    ------
    BadInput
        The day cannot be read.
    """
    given = words.get("deadline", "").strip()
    try:
        deadline = date.fromisoformat(given) if given else None
    except ValueError:
        raise BadInput(
            f"Thời hạn “{given[:20]}” chưa đọc được. Ghi năm-tháng-ngày, ví dụ 2026-12-04.", field="deadline"
        ) from None
    return Draft(kind=kind, deadline=deadline, **{name: words.get(name, "").strip() for name in LONGEST})


def faults(draft: Draft, kind: Kind, today: date) -> dict[str, str]:
    """What must be mended before the letter can be numbered, by field."""
    found = {
        name: f"{NAMES[name]} dài quá {most} ký tự. Hãy rút gọn."
        for name, most in LONGEST.items()
        if len(getattr(draft, name)) > most
    }
    if not draft.addressee and kind.slug in ("phieu-chuyen", "cong-van"):
        found["addressee"] = "Chưa có nơi nhận. Ghi tên cơ quan, mỗi cơ quan một dòng."
    if not draft.addressee and kind.slug == "huong-dan":
        found["addressee"] = "Chưa ghi nơi tiếp công dân. Ghi tên và địa chỉ nơi người dân cần đến."
    if not draft.signer_title:
        found["signer_title"] = "Chưa có chức vụ người ký, ví dụ: GIÁM ĐỐC."
    if not draft.signer_name:
        found["signer_name"] = "Chưa có họ tên người ký."
    if draft.deadline is not None and draft.deadline < today:
        found["deadline"] = f"Thời hạn {draft.deadline:%d/%m/%Y} đã qua. Chọn ngày từ hôm nay trở đi."
    return found


def lines(text: str) -> tuple[str, ...]:
    """The lines of a field that may hold several, empty ones left out."""
    return tuple(line.strip().rstrip(";.") for line in text.splitlines() if line.strip())
