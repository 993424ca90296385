"""The texts of e-mails and Zalo messages: first texts from the package, placeholders checked, filled in a sandbox."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from listener import vietnamese
from listener.deliver import payload as payloads
from listener.deliver.outbox import KINDS
from listener.errors import BadInput

FILE = Path(__file__).with_name("wordings.toml")
CHANNELS_WITH_TEXT = ("mail", "zalo")
AUDIENCES = {"sender": "người gửi", "department": "đơn vị"}
LONGEST_SUBJECT, LONGEST_BODY = 200, 6000
LONGEST_ZALO = 2000  # characters of one text message of an Official Account

PLACEHOLDERS = {
    "so": "số công khai của mục",
    "viec": "việc vừa xảy ra, ví dụ “Đã trả lời”",
    "luc": "lúc xảy ra",
    "nhan_luc": "lúc nhận phản ánh",
    "don_vi": "đơn vị đang giữ",
    "linh_vuc": "lĩnh vực",
    "dia_ban": "phường, xã",
    "noi": "nơi xảy ra, bằng chữ",
    "muc_khan": "mức khẩn",
    "han": "hạn trả lời",
    "noi_dung": "nội dung đã che thông tin riêng",
    "ly_do": "lý do (trả lại, mở lại, từ chối, gia hạn, đánh giá)",
    "so_gio": "số giờ làm việc xin thêm hoặc được thêm",
    "cau_hoi": "câu hỏi cho người gửi",
    "tra_loi": "câu trả lời",
    "bo_sung": "điều người gửi bổ sung",
    "danh_gia": "đánh giá của người gửi",
    "co_quan": "tên cơ quan",
    "dia_chi": "địa chỉ trang tra cứu",
    "trang_muc": "địa chỉ của mục trên bàn làm việc",
}
# All that a text may do: say words, name placeholders, and leave a part out. No loops, calls or attributes.
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.And, nodes.Or, nodes.Not,
    nodes.Const, nodes.Compare, nodes.Operand,
)  # fmt: skip
_sandbox = ImmutableSandboxedEnvironment(autoescape=False, undefined=StrictUndefined, trim_blocks=False)


@dataclass(frozen=True, slots=True)
class Wording:
    """A text with placeholders; ``subject`` is used by e-mail only."""

    subject: str
    body: str


@cache
def first_wordings() -> dict[str, Wording]:
    """All texts of the package, by ``audience.kind.channel``."""
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        f"{audience}.{kind}.{channel}": Wording(text["subject"] if channel == "mail" else "", text[channel].strip())
        for audience, kinds in read.items()
        for kind, text in kinds.items()
        for channel in CHANNELS_WITH_TEXT
    }


def name_of(target: str, kind: str, channel: str) -> str:
    """The name of the text for a letter to this target."""
    return f"{'sender' if target == 'sender' else 'department'}.{kind}.{channel}"


def fill(wording: Wording, values: Mapping[str, str], *, channel: str) -> tuple[str, str]:
    """Subject and body with the values in their places, cut to what the channel takes."""
    limit = LONGEST_ZALO if channel == "zalo" else LONGEST_BODY * 4
    subject = " ".join(_sandbox.from_string(wording.subject).render(values).split())
    return subject[:LONGEST_SUBJECT], _sandbox.from_string(wording.body).render(values).strip()[:limit]


def checked(name: str, subject: str, body: str) -> Wording:
    """The text as it may be kept.

    Raises
    ------
    BadInput
        It is empty or too long, its brackets do not match, it names an unknown placeholder or does more than
        name placeholders; the message says which and what to do.
    """
    channel = name.rsplit(".", 1)[-1]
    subject, body = " ".join(subject.split()), body.replace("\r\n", "\n").strip()
    if not body or (channel == "mail" and not subject):
        raise BadInput("Mẫu còn trống. Ghi vài chữ, hoặc bấm “Về mẫu ban đầu”.", field="body" if subject else "subject")
    if len(subject) > LONGEST_SUBJECT or len(body) > LONGEST_BODY:
        raise BadInput(f"Mẫu dài quá: tiêu đề tối đa {LONGEST_SUBJECT}, nội dung {LONGEST_BODY} ký tự.", field="body")
    for field, text in (("subject", subject), ("body", body)):
        _check(text, field)
    wording = Wording(subject, body)
    _try_out(wording, name, channel)
    return wording


def values_of(told: Mapping[str, Any], *, agency: str, public_url: str | None) -> dict[str, str]:
    """What stands for each placeholder in an event as it is told; an empty string where there is nothing."""
    data = told["data"]
    base = (public_url or "").rstrip("/")
    kinds = {kind.told: kind.name for kind in KINDS.values()}
    found = {
        "so": data["number"],
        "viec": kinds.get(told["type"], ""),
        "luc": _time(told["timestamp"]),
        "nhan_luc": _time(data["received_at"]),
        "don_vi": data["department_name"],
        "linh_vuc": data["topic_name"],
        "dia_ban": data["area_name"],
        "noi": data["place"],
        "muc_khan": data["urgency_name"],
        "han": _time(data["due"]),
        "noi_dung": data["text"],
        "ly_do": data.get("reason"),
        "so_gio": str(data.get("hours") or ""),
        "cau_hoi": data.get("question"),
        "tra_loi": data.get("answer"),
        "bo_sung": data.get("added"),
        "danh_gia": data.get("rating_name"),
        "co_quan": agency,
        "dia_chi": f"{base}/" if base else "",
        "trang_muc": f"{base}/muc/{data['number']}" if base else "",
    }
    return {name: value or "" for name, value in found.items()}


def preview(name: str, wording: Wording, *, agency: str, public_url: str | None) -> tuple[str, str]:
    """The text as it would go out for an invented matter."""
    _, kind, channel = name.split(".")
    return fill(wording, values_of(payloads.sample(kind), agency=agency, public_url=public_url), channel=channel)


def _time(written: str | None) -> str:
    return vietnamese.full(datetime.fromisoformat(written)) if written else ""


def _check(text: str, field: str) -> None:
    try:
        tree = _sandbox.parse(text)
    except TemplateSyntaxError as error:
        raise BadInput(
            f"Dòng {error.lineno}: ngoặc chưa khớp hoặc viết thiếu. Chỗ điền viết như {{{{ so }}}}, đoạn có thể bỏ "
            "viết như {% if han %}…{% endif %}.",
            field=field,
        ) from error
    for node in _all_nodes(tree):
        if not isinstance(node, ALLOWED):
            raise BadInput(
                f"Dòng {node.lineno}: mẫu chỉ được dùng chỗ điền và {{% if %}}, không dùng lệnh khác.", field=field
            )
    unknown = sorted(meta.find_undeclared_variables(tree) - PLACEHOLDERS.keys())
    if unknown:
        raise BadInput(
            f"Không có chỗ điền “{unknown[0]}”. Các chỗ điền được dùng: {', '.join(PLACEHOLDERS)}.", field=field
        )


def _all_nodes(tree: nodes.Node) -> Iterator[nodes.Node]:
    for node in tree.iter_child_nodes():
        yield node
        yield from _all_nodes(node)


def _try_out(wording: Wording, name: str, channel: str) -> None:
    try:
        subject, body = preview(name, wording, agency="", public_url=None)
    except (TemplateError, TypeError, ValueError) as error:
        raise BadInput("Mẫu chưa điền được. Xem lại phần {% if %}.", field="body") from error
    if not body or (channel == "mail" and not subject):
        raise BadInput("Với mục ví dụ, mẫu cho ra chữ trống. Thêm vài chữ ngoài {% if %}.", field="body")
