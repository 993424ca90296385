"""Messages of the city's Zalo Official Account, to people who wrote to it. Errors come as a code in a 200 answer."""

import json
import re

from listener.deliver.outbox import SENT, Message, Outcome
from listener.deliver.web_client import Unreachable, post
from listener.errors import BadInput
from listener.settings import Settings

PATH = "/v3.0/oa/message/cs"  # "tin tư vấn": a reply to somebody who wrote within the last 7 days
TOKEN_FAULTS = {-216: "hết hạn hoặc không đúng", -124: "không đúng", -220: "bị thu hồi"}
QUOTA_FAULTS = {-32: "vượt số lần gọi mỗi phút", -211: "hết hạn mức tin", -144: "hết hạn mức tin trong ngày"}
UNREACHABLE_PEOPLE = {
    -201: "Zalo không nhận mã người nhận hoặc nội dung",
    -213: "người nhận chưa quan tâm trang Zalo",
    -217: "người nhận đã chặn trang Zalo",
    -227: "tài khoản người nhận đã khoá hoặc lâu không dùng",
    -230: "người nhận không nhắn cho trang Zalo trong 7 ngày qua",
    -232: "người nhận chưa từng nhắn cho trang Zalo",
}
_USER_ID = re.compile(r"\d{6,30}")


def missing(settings: Settings) -> str | None:
    """What the settings lack before messages can be sent, in words; None when nothing."""
    return None if settings.zalo_token is not None else "Chưa đặt LISTENER_ZALO_TOKEN."


def check_address(address: str, _settings: Settings) -> str:
    """The person's id as it may be kept.

    Raises
    ------
    BadInput
        It is no id of a person at an Official Account.
    """
    plain = address.strip()
    if not _USER_ID.fullmatch(plain):
        raise BadInput(
            "Mã người dùng Zalo chỉ gồm chữ số (không phải số điện thoại), lấy từ tin nhắn gửi tới trang Zalo.",
            field="address",
        )
    return plain


def send(message: Message, settings: Settings) -> Outcome:
    """Send one text message."""
    if settings.zalo_token is None:
        return Outcome("retry", "not-set-up", "Chưa đặt LISTENER_ZALO_TOKEN.", rest=True)
    body = {"recipient": {"user_id": message.address}, "message": {"text": message.body}}
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "access_token": settings.zalo_token.get_secret_value(),
    }
    try:
        answer = post(
            settings.zalo_url.rstrip("/") + PATH,
            json.dumps(body, ensure_ascii=False).encode(),
            headers,
            private_hosts=settings.deliver_private_hosts,
            seconds=settings.deliver_patience,
            now=message.at,
        )
    except Unreachable as failure:
        return Outcome("retry", failure.cause, failure.words.replace("Máy nhận", "Zalo"), rest=True)
    if answer.status != 200:
        words = f"Zalo trả lỗi ({answer.status})."
        return Outcome("retry", f"http-{answer.status}", words, retry_after=answer.retry_after, rest=True)
    return outcome_of(answer.body)


def outcome_of(body: bytes) -> Outcome:
    """What Zalo's answer means; the code stands in the body, whatever the HTTP status says."""
    try:
        code = int(json.loads(body)["error"])
    except (ValueError, TypeError, KeyError):
        return Outcome("retry", "protocol", "Zalo trả lời không đọc được.", rest=True)
    if code == 0:
        return SENT
    cause = f"zalo{code}"
    if code in TOKEN_FAULTS:
        words = f"Mã truy cập Zalo {TOKEN_FAULTS[code]} ({code}). Đặt LISTENER_ZALO_TOKEN mới rồi khởi động lại."
        return Outcome("retry", cause, words, rest=True)
    if code in QUOTA_FAULTS:
        return Outcome("retry", cause, f"Zalo: {QUOTA_FAULTS[code]} ({code}).", rest=True)
    if code in UNREACHABLE_PEOPLE:
        return Outcome("dead", cause, f"Không gửi được qua Zalo: {UNREACHABLE_PEOPLE[code]} ({code}).")
    return Outcome("retry", cause, f"Zalo trả lỗi {code}.")
