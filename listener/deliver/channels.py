"""The table of outgoing channels. A new one: its file, and its line here."""

from collections.abc import Callable
from dataclasses import dataclass

from listener.deliver import mail, webhook, zalo
from listener.deliver.outbox import Message, Outcome
from listener.deliver.web_client import check_address
from listener.settings import Settings


@dataclass(frozen=True, slots=True)
class Channel:
    """How one channel sends, what it needs from the settings, and which addresses it takes."""

    name: str
    send: Callable[[Message, Settings], Outcome]
    missing: Callable[[Settings], str | None]
    check_address: Callable[[str, Settings], str]
    address_label: str
    has_text: bool = True


def _checked_url(address: str, settings: Settings) -> str:
    return check_address(address, private_hosts=settings.deliver_private_hosts)


def _nothing(_settings: Settings) -> str | None:
    return None


CHANNELS = {
    "webhook": Channel("Webhook", webhook.send, _nothing, _checked_url, "Địa chỉ nhận (https://…)", has_text=False),
    "mail": Channel("E-mail", mail.send, mail.missing, mail.check_address, "Địa chỉ e-mail"),
    "zalo": Channel("Zalo", zalo.send, zalo.missing, zalo.check_address, "Mã người dùng Zalo"),
}


def open_channels(settings: Settings) -> list[str]:
    """The channels the settings allow to be used, in the order in which citizens are told."""
    return [name for name, channel in CHANNELS.items() if channel.missing(settings) is None]
