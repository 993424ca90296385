"""An event as it is told to others: plain JSON, texts masked, nobody named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from classifiers.taxonomy import load_taxonomy
from classifiers.text.privacy import mask
from listener.deliver.outbox import KINDS

# What an event carries beside the matter, by the name in its details; each is somebody's own words.
SAID = {"reason": "reason", "question": "question", "value": "rating"}


@dataclass(frozen=True, slots=True)
class Matter:
    """The facts of a matter that may be told; ``text`` is masked already."""

    number: str
    state: str
    kind: str | None
    topic: str | None
    urgency: str | None
    area: str | None
    area_name: str | None
    place: str | None
    text: str
    is_report: bool
    received_at: datetime
    department: str | None
    department_name: str | None
    due: datetime | None
    answer: str | None


def told(
    uid: str, kind: str, at: datetime, matter: Matter, *, details: Mapping[str, Any], words: str
) -> dict[str, Any]:
    """The JSON of one event; ``words`` is the line of the history, used only where a citizen wrote it."""
    said = {name: mask(str(details[key])) for key, name in SAID.items() if details.get(key)}
    if kind in ("added", "supply"):
        said["added"] = mask(words.partition(": ")[2] or words)
    if kind == "rated":
        name, _, reason = words.partition(": ")[2].partition(". ")
        said |= {"rating_name": name.rstrip("."), "reason": mask(reason)}
    hours = {"hours": details["hours"]} if details.get("hours") else {}
    answer = {"answer": mask(matter.answer)} if matter.answer and kind in ("answer", "close", "rated") else {}
    return {
        "id": uid,
        "type": KINDS[kind].told,
        "timestamp": at.isoformat(),
        "data": {**_matter(matter), **{name: value for name, value in said.items() if value}, **hours, **answer},
    }


def _matter(matter: Matter) -> dict[str, Any]:
    taxonomy = load_taxonomy()
    return {
        "number": matter.number,
        "is_report": matter.is_report,
        "state": matter.state,
        "kind": matter.kind,
        "topic": matter.topic,
        "topic_name": taxonomy.name(matter.topic) if matter.topic else None,
        "urgency": matter.urgency,
        "urgency_name": taxonomy.name(matter.urgency) if matter.urgency else None,
        "area": matter.area,
        "area_name": matter.area_name,
        "place": mask(matter.place) if matter.place else None,
        "text": matter.text,
        "received_at": matter.received_at.isoformat(),
        "department": matter.department,
        "department_name": matter.department_name,
        "due": matter.due.isoformat() if matter.due else None,
    }


SAMPLE = Matter(
    number="PA-2026-000123",
    state="answered",
    kind="phan_anh",
    topic="den-duong-hong",
    urgency="thuong",
    area="31120",
    area_name="Phường Cái Khế",
    place="hẻm 51",
    text="Đèn đường hẻm 51 tắt ba hôm nay, gọi ███ (số điện thoại) không ai nghe.",
    is_report=True,
    received_at=datetime.fromisoformat("2026-11-20T08:12:00+07:00"),
    department="UBX-31120",
    department_name="UBND phường Cái Khế",
    due=datetime.fromisoformat("2026-11-24T10:30:00+07:00"),
    answer="Chiều 23/11 tổ điện đã thay bóng trụ 14, đèn sáng lại.",
)
EXTENSIONS = ("ask_extension", "grant_extension", "refuse_extension")
WITH_WORDS = ("return", "reopen", "refuse", "ask", "ask_extension", "refuse_extension")
SAMPLE_AT = datetime.fromisoformat("2026-11-23T15:40:00+07:00")
SAMPLE_DETAILS = {"reason": "Trụ đèn này do đơn vị khác quản lý.", "question": "Trụ đèn số mấy, gần nhà nào?"}


def sample(kind: str) -> dict[str, Any]:
    """An invented event of a kind, for previews and test messages."""
    words = {
        "added": "Người gửi bổ sung: trụ thứ hai từ đầu hẻm.",
        "supply": "Người gửi trả lời: trụ thứ hai từ đầu hẻm.",
        "rated": "Người gửi đánh giá: Hài lòng. Làm nhanh.",
    }
    value: dict[str, Any] = {"value": "hai-long"} if kind == "rated" else {}
    if kind in EXTENSIONS:
        value = {"hours": 15}
    shown = {key: said for key, said in SAMPLE_DETAILS.items() if (key == "question") == (kind == "ask")}
    details = {**(shown if kind in WITH_WORDS else {}), **value}
    return told("evt_mau", kind, SAMPLE_AT, SAMPLE, details=details, words=words.get(kind, ""))
