"""Which places the rail and the bottom bar offer to each role, with counts of what waits for an action."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One place: ``short`` is its name on a phone's bottom bar, ``count`` what waits there (None shows none)."""

    key: str
    url: str
    label: str
    short: str
    icon: str
    count: int | None = None


ENTRIES = {
    "dashboard": NavEntry("dashboard", "/tong-quan", "Tổng quan", "Tổng quan", "gauge"),
    "inbox": NavEntry("inbox", "/ban-lam-viec", "Bàn làm việc", "Việc", "inbox"),
    "triage": NavEntry("triage", "/dieu-phoi", "Điều phối", "Điều phối", "triage"),
    "rules": NavEntry("rules", "/dieu-phoi/quy-tac", "Quy tắc", "Quy tắc", "rules"),
    "stream": NavEntry("stream", "/dong-tin", "Dòng tin", "Tin", "stream"),
    "briefing": NavEntry("briefing", "/bao-cao", "Báo cáo", "Báo cáo", "paper"),
    "sources": NavEntry("sources", "/nguon", "Nguồn", "Nguồn", "source"),
    "channels": NavEntry("channels", "/quan-tri/kenh-gui", "Kênh gửi", "Kênh gửi", "send"),
    "letters": NavEntry("letters", "/van-ban", "Văn bản", "Văn bản", "send"),
    "audit": NavEntry("audit", "/nhat-ky", "Nhật ký", "Nhật ký", "clock"),
    "data": NavEntry("data", "/yeu-cau-du-lieu", "Yêu cầu dữ liệu", "Dữ liệu", "shield"),
    "restricted": NavEntry("restricted", "/phong-rieng", "Phòng riêng", "Phòng riêng", "lock"),
}
BY_ROLE: dict[str, tuple[str, ...]] = {
    "officer": ("inbox", "letters", "dashboard"),
    "dispatcher": ("triage", "dashboard", "stream", "briefing", "letters", "rules"),
    "press": ("stream", "dashboard", "briefing", "sources"),
    "leader": ("dashboard", "stream", "briefing"),
    "analyst": ("stream", "dashboard", "sources", "briefing"),
    "admin": ("sources", "channels", "dashboard", "triage", "stream", "briefing", "rules", "data", "audit"),
    "handler": ("restricted", "data"),
}
FIRST_PAGE = {role: ENTRIES[keys[0]].url for role, keys in BY_ROLE.items()}


def navigation(roles: Sequence[str], counts: Mapping[str, int] | None = None) -> list[NavEntry]:
    """The entries of all the roles a person has, each once, in the order of the first role that names it."""
    waiting = counts or {}
    keys = dict.fromkeys(key for role in roles for key in BY_ROLE.get(role, ()))
    return [
        NavEntry(entry.key, entry.url, entry.label, entry.short, entry.icon, waiting.get(entry.key))
        for entry in (ENTRIES[key] for key in keys)
    ]
