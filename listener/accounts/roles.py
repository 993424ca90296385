"""What each role is called, where it starts, and which pages it sees."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its Vietnamese name, first page, and the pages in its navigation."""

    name: str
    home: str
    pages: tuple[str, ...]


ROLES = {
    "officer": Role("Cán bộ đơn vị", "/ban-lam-viec", ("inbox", "account")),
    "dispatcher": Role("Điều phối", "/dieu-phoi", ("triage", "stream", "dashboard", "briefing", "sources", "account")),
    "press": Role("Cán bộ báo chí", "/dong-tin", ("stream", "dashboard", "briefing", "sources", "account")),
    "leader": Role("Lãnh đạo", "/tong-quan", ("dashboard", "briefing", "stream", "account")),
    "analyst": Role("Phân tích dữ liệu", "/tong-quan", ("dashboard", "stream", "briefing", "sources", "account")),
    "admin": Role("Quản trị", "/nguon", ("sources", "triage", "stream", "dashboard", "briefing", "account")),
    "handler": Role("Phụ trách phòng riêng", "/phong-rieng", ("restricted", "account")),
}
