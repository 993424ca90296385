"""E-mail over SMTP: plain text, a Message-ID that stays the same on every try, secrets only from the settings."""

import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from listener.deliver.outbox import SENT, Message, Outcome
from listener.errors import BadInput
from listener.settings import Settings

SECONDS = 20


def missing(settings: Settings) -> str | None:
    """What the settings lack before mail can be sent, in words; None when nothing."""
    return None if settings.mail_host and settings.mail_from else "Chưa đặt LISTENER_MAIL_HOST và LISTENER_MAIL_FROM."


def check_address(address: str, _settings: Settings) -> str:
    """The address as it may be kept.

    Raises
    ------
    BadInput
        It is no e-mail address.
    """
    plain = address.strip()
    if not is_address(plain):
        raise BadInput(f"“{plain[:60]}” chưa phải địa chỉ e-mail. Ví dụ: vanthu@cantho.gov.vn.", field="address")
    return plain


def is_address(text: str) -> bool:
    """Whether a text is one bare e-mail address.

    >>> is_address("vanthu@cantho.gov.vn"), is_address("a@b\\nBcc: c@d.vn"), is_address("Văn thư <a@b.vn>")
    (True, False, False)
    """
    name, at, domain = text.partition("@")
    return (
        bool(name and at and "." in domain.strip("."))
        and "@" not in domain
        and text.isascii()
        and len(text) <= 254
        and not any(letter.isspace() or letter in '<>()[],;:\\"' for letter in text)
    )


def send(message: Message, settings: Settings) -> Outcome:
    """Hand the letter to the mail server. What the server refuses for good is not tried again."""
    if (lacking := missing(settings)) is not None:
        return Outcome("retry", "not-set-up", lacking, rest=True)
    if not is_address(message.address):
        return Outcome("dead", "mail-address", "Địa chỉ e-mail không dùng được.")
    try:
        _hand_over(written(message, settings), settings)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        return _refused(max(codes, default=550), "Máy chủ thư không nhận địa chỉ này")
    except smtplib.SMTPAuthenticationError as error:
        return Outcome("retry", "mail-sign-in", f"Máy chủ thư không nhận mật khẩu ({error.smtp_code}).", rest=True)
    except smtplib.SMTPSenderRefused as error:
        return Outcome(
            "retry", "mail-sender", f"Máy chủ thư không cho gửi từ địa chỉ này ({error.smtp_code}).", rest=True
        )
    except smtplib.SMTPResponseException as error:
        return _refused(error.smtp_code, "Máy chủ thư từ chối thư")
    except (smtplib.SMTPException, ssl.SSLError):
        return Outcome(
            "retry", "mail-protocol", "Máy chủ thư trả lời không như mong đợi; xem lại cổng và TLS.", rest=True
        )
    except UnicodeEncodeError:
        words = "Tên hoặc mật khẩu máy chủ thư có chữ có dấu; máy chủ thư chỉ nhận chữ không dấu."
        return Outcome("retry", "mail-sign-in", words, rest=True)
    except TimeoutError:
        return Outcome("retry", "timeout", "Máy chủ thư không trả lời kịp.", rest=True)
    except OSError:
        return Outcome("retry", "connection", "Không nối được máy chủ thư.", rest=True)
    return SENT


def written(message: Message, settings: Settings) -> EmailMessage:
    """The letter with its headers."""
    name, sender = parseaddr(settings.mail_from or "")
    letter = EmailMessage(policy=SMTP.clone(max_line_length=78))
    letter["Subject"] = message.subject
    letter["From"] = Address(name or settings.agency, addr_spec=sender)
    letter["To"] = message.address
    letter["Date"] = format_datetime(message.at)
    letter["Message-ID"] = f"<{message.uid}@{sender.partition('@')[2] or 'localhost'}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.body, charset="utf-8", cte="base64")
    return letter


def _hand_over(letter: EmailMessage, settings: Settings) -> None:
    context = ssl.create_default_context()
    if settings.mail_tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.mail_host or "", settings.mail_port, timeout=SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(settings.mail_host or "", settings.mail_port, timeout=SECONDS)
    with server:
        if settings.mail_tls == "starttls":
            server.starttls(context=context)
        if settings.mail_user and settings.mail_password is not None:
            server.login(settings.mail_user, settings.mail_password.get_secret_value())
        server.send_message(letter)


def _refused(code: int, words: str) -> Outcome:
    """5xx is for good, 4xx for now."""
    return Outcome("dead" if code >= 500 else "retry", f"smtp-{code}", f"{words} ({code}).")
