"""Webhooks after the Standard Webhooks scheme: three headers, signed with every secret in force."""

import base64
import json
import secrets
from datetime import UTC, datetime
from importlib.metadata import version

from standardwebhooks import Webhook

from listener.deliver.outbox import SENT, Message, Outcome
from listener.deliver.web_client import Answer, Unreachable, post
from listener.settings import Settings

SECRET_BYTES = 32  # the scheme asks for 24 to 64
STATUS_WORDS = {
    400: "Máy nhận cho rằng nội dung không đúng",
    401: "Máy nhận không chấp nhận chữ ký",
    403: "Máy nhận không cho phép",
    404: "Không có địa chỉ này ở máy nhận",
    429: "Máy nhận xin gửi chậm lại",
    503: "Máy nhận đang bận",
}
# What says that the whole machine cannot work now, not only this letter.
BUSY = (408, 425, 429, 502, 503, 504)


def new_secret() -> str:
    """A fresh secret in the form of the scheme."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode('ascii')}"


def send(message: Message, settings: Settings) -> Outcome:
    """Post the event; 2xx is sent, 410 ends it, everything else is tried again."""
    body = json.dumps(message.payload, ensure_ascii=False, separators=(",", ":"))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"listener/{version('listener')} (+{settings.contact})",
        **signed(message.uid, body, message.secrets, at=message.at),
    }
    try:
        answer = post(
            message.address,
            body.encode(),
            headers,
            private_hosts=settings.deliver_private_hosts,
            seconds=settings.deliver_patience,
            now=message.at,
        )
    except Unreachable as failure:
        return Outcome("retry", failure.cause, failure.words, rest=True)
    return outcome_of(answer)


def signed(uid: str, body: str, secrets_in_force: tuple[str, ...], *, at: datetime) -> dict[str, str]:
    """The headers of the scheme; while a secret is being changed, the old one signs beside the new."""
    moment = at.astimezone(UTC)
    return {
        "webhook-id": uid,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(uid, moment, body) for secret in secrets_in_force),
    }


def outcome_of(answer: Answer) -> Outcome:
    """What an answer means for the letter."""
    if 200 <= answer.status < 300:
        return SENT
    cause = f"http-{answer.status}"
    if answer.status == 410:
        return Outcome("gone", cause, "Máy nhận báo không nhận nữa (410).")
    if 300 <= answer.status < 400:
        return Outcome("retry", cause, f"Máy nhận chuyển hướng ({answer.status}); ghi thẳng địa chỉ cuối cùng.")
    words = STATUS_WORDS.get(answer.status, "Máy nhận trả lỗi")
    return Outcome(
        "retry", cause, f"{words} ({answer.status}).", retry_after=answer.retry_after, rest=answer.status in BUSY
    )
