"""The kinds of source: their names, their options, and what is wrong with a source in a sentence."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from soupsieve import SelectorSyntaxError
from soupsieve import compile as compile_selectors

from listener.addresses import is_reserved, names_private_host
from listener.catalog.shapes import Source
from listener.vietnamese import CHANNELS as CHANNEL_NAMES

FASTEST, SLOWEST = 10, 24 * 60  # minutes between two visits
CHANNELS = ("news", "comment", "facebook", "forum", "youtube", "telegram", "import", "zalo", "phone")
MAPPED = ("text", "title", "id", "url", "author", "published", "place", "lat", "lng", "position")  # collect/columns.py
PAPERS = ("vnexpress", "tuoitre")  # collect/spiders/comments.py
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PAGE_ID = re.compile(r"\d{5,20}")


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a kind: its label, its type (``text number yes map css``), what may stand in it.

    ``names`` are the words that people see for ``choices``.
    """

    label: str
    type: str = "text"
    choices: tuple[str, ...] = ()
    least: float = 0
    most: float = 1_000_000
    needed: bool = False
    hint: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source as people see it. ``off`` kinds are added switched off, until somebody lets them run.

    ``untried`` says why the form cannot try it; empty where it can.
    """

    name: str
    address: str
    options: Mapping[str, Option] = field(default_factory=dict)
    off: bool = False
    note: str = ""
    untried: str = ""


_CHANNEL = Option("Ghi là kênh", choices=CHANNELS, names=CHANNEL_NAMES)
_DELAY = Option("Giây giữa hai lần hỏi", "number", least=0, most=600)
_MOST = Option("Số trang nhiều nhất một lần thăm", "number", least=1, most=500)
_DAYS = Option("Đọc lùi bao nhiêu ngày", "number", least=1, most=3650)
_ORDER = {"month_first": "tháng trước, ngày sau"}
_ANY = {
    "channel": _CHANNEL, "delay": _DELAY, "most_articles": _MOST,
    "local": Option("Nguồn nội bộ", "yes", hint="trang trong mạng cơ quan; chỉ đúng máy chủ này được thăm"),
}  # fmt: skip
_PAGES = {
    **_ANY,
    "articles": Option("Mở từng bài để lấy toàn văn", "yes", hint="không: chỉ giữ chữ ở trang liệt kê"),
    "lead": Option("Bộ chọn CSS của đoạn dẫn (sapo)", "css", hint="ví dụ p.sapo"),
    "body": Option("Bộ chọn CSS của thân bài", "css", hint="ví dụ div.noi-dung; bỏ trống thì máy tự tìm"),
    "drop": Option("Bộ chọn CSS của phần phải bỏ", "css", hint="ví dụ .tin-lien-quan, .chu-thich-anh"),
    "date": Option("Bộ chọn CSS của ngày đăng", "css", hint="ví dụ span.ngay-dang"),
    "section": Option("Bộ chọn CSS của chuyên mục", "css", hint="ví dụ .duong-dan a"),
    "thread": Option("Bộ chọn CSS của liên kết tới bình luận", "css", hint="ví dụ a.binh-luan"),
    "dates": Option(
        "Ngày ở trang liệt kê", choices=("month_first",), names=_ORDER, hint="tháng trước: 10/2/2026 là ngày 2 tháng 10"
    ),
    "page_dates": Option("Ngày trong bài", choices=("month_first",), names=_ORDER),
    "looks": Option("Xem lại bài đã lấy, phòng khi bài bị sửa hay gỡ", "yes"),
}
_BUDGET = Option("Số lượt gọi mỗi ngày", "number", least=1, most=10_000)

KINDS: dict[str, Kind] = {
    "rss": Kind("nguồn tin RSS", "https://bao.example.vn/rss/home.rss", _PAGES),
    "page": Kind(
        "trang web", "https://bao.example.vn/chuyen-muc",
        {
            "links": Option("Bộ chọn CSS của liên kết tới bài", "css", hint="ví dụ h3.title a; bỏ trống: trang là bài"),
            **_PAGES,
        },
    ),
    "sitemap": Kind(
        "sitemap", "https://bao.example.vn/sitemap.xml",
        {"only": Option("Chỉ lấy địa chỉ có chữ này"), **_PAGES},
    ),
    "xenforo": Kind("diễn đàn XenForo", "https://diendan.example.vn/f/can-tho.12/", {**_ANY, "days": _DAYS}),
    "youtube": Kind(
        "bình luận YouTube", "https://www.youtube.com/channel/UC…", {**_ANY, "days": _DAYS, "budget": _BUDGET},
        note="Cần LISTENER_YOUTUBE_KEY.",
    ),
    "facebook": Kind(
        "trang Facebook của cơ quan", "https://www.facebook.com/trang",
        {**_ANY, "days": _DAYS, "page": Option("Mã số của trang", needed=True, hint="chỉ chữ số")},
        note="Cần LISTENER_FACEBOOK_TOKEN; chỉ trang do cơ quan quản lý.",
    ),
    "telegram": Kind("kênh Telegram công khai", "https://t.me/s/kenh", {**_ANY, "days": _DAYS}),
    "comments": Kind(
        "bình luận bạn đọc", "https://bao.example.vn/rss/home.rss",
        {
            **_ANY, "days": _DAYS, "dates": _PAGES["dates"],
            "site": Option("Báo", choices=PAPERS, needed=True, names={"vnexpress": "VnExpress", "tuoitre": "Tuổi Trẻ"}),
            "permission": Option("Toà soạn cho phép", needed=True, hint="ai cho phép, ngày nào, văn bản số mấy"),
            "endpoint": Option("Địa chỉ giao diện bình luận, nếu khác"),
            "answers_endpoint": Option("Địa chỉ giao diện trả lời, nếu khác"),
            "siteid": Option("Mã chuyên trang"),
        },
        off=True, note="Chỉ bật sau khi toà soạn đồng ý bằng văn bản.",
    ),
    "drop": Kind(
        "thư mục thả tệp", "",
        {
            "channel": _CHANNEL,
            "map": Option("Cột nào là gì", "map", hint="text=Nội dung,title=Tiêu đề,published=Ngày gửi"),
            "reports": Option("Mỗi dòng là một phản ánh", "yes"),
            "header": Option("Dòng đầu là tên cột", "yes"),
            "ripe": Option("Giây tệp phải nằm yên", "number", most=3600),
        },
        note="Tệp CSV, XLSX, JSONL đặt vào thư mục drop/<tên ngắn> trong thư mục dữ liệu; tên ngắn lấy từ tên nguồn.",
        untried="Thư mục thả tệp không đọc thử được: tệp được đọc khi đã nằm trong thư mục.",
    ),
}  # fmt: skip
NAMES = {**{key: kind.name for key, kind in KINDS.items()}, "file": "tệp nhập"}  # file: stands for what was imported


def faults(source: Source) -> list[str]:
    """What is wrong with a source, each a sentence without its name; none when it can be visited."""
    return [words for _, words in faults_by_field(source)]


def faults_by_field(source: Source) -> list[tuple[str, str]]:
    """The same with the field of each: ``slug name kind url every_minutes``, or ``option.<name>``."""
    kind = KINDS.get(source.kind)
    if kind is None:
        unknown = f"thuộc loại “{source.kind}”; các loại đọc được: {', '.join(sorted(KINDS))}"
        return [("kind", unknown), *_names(source), *_address(source), *_rhythm(source)]
    return [*_names(source), *_address(source), *_rhythm(source), *_options(kind, source.options)]


def read_options(kind: str, written: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Options as a form or command line has them, turned into values; and what cannot be read, by option."""
    known = KINDS[kind].options if kind in KINDS else {}
    values: dict[str, Any] = {}
    refused: dict[str, str] = {}
    for name, text in written.items():
        if not text.strip():
            continue
        option = known.get(name)
        if option is None:
            refused[name] = f"không có tuỳ chọn “{name}”; có: {', '.join(known) or 'không có tuỳ chọn nào'}"
            continue
        try:
            values[name] = _value(option, text.strip())
        except ValueError as error:
            refused[name] = f"{_small(option.label)}: {error}"
    return values, refused


def written_option(value: Any) -> str:
    """An option as a form shows it."""
    if isinstance(value, Mapping):
        return ",".join(f"{name}={column}" for name, column in value.items())
    return {True: "có", False: "không"}[value] if isinstance(value, bool) else str(value)


def _value(option: Option, text: str) -> Any:
    if option.type == "number":
        try:
            number = float(text.replace(",", "."))
        except ValueError:
            raise ValueError("ghi một số") from None
        return int(number) if number.is_integer() else number
    if option.type == "yes":
        plain = text.lower()
        if plain in ("có", "co", "true", "1", "yes"):
            return True
        if plain in ("không", "khong", "false", "0", "no"):
            return False
        raise ValueError("ghi “có” hoặc “không”")
    return _mapping(text) if option.type == "map" else text


def _mapping(text: str) -> dict[str, str]:
    """``text=Nội dung,title=Tiêu đề``; a comma in a column's name stays where no ``=`` follows it."""
    found: dict[str, str] = {}
    last = ""
    for part in text.split(","):
        name, equals, column = part.partition("=")
        if not equals and last:
            found[last] += f",{part}"
            continue
        last = name.strip().lower()
        if last not in MAPPED or not column.strip():
            raise ValueError(
                f"không hiểu “{part.strip()}”; viết text=Tên cột, các phần có thể gán: {', '.join(MAPPED)}"
            )
        found[last] = column.strip()
    return found


def _names(source: Source) -> Iterator[tuple[str, str]]:
    if not _SLUG.fullmatch(source.slug):
        yield "slug", "tên ngắn chỉ gồm chữ thường không dấu, số và gạch ngang, ví dụ bao-can-tho"
    if not source.name.strip():
        yield "name", "thiếu tên nguồn"


def _address(source: Source) -> Iterator[tuple[str, str]]:
    if source.kind == "drop":
        return
    try:
        parts = urlsplit(source.url)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in ("http", "https") or not host:
        yield "url", "địa chỉ phải bắt đầu bằng http:// hoặc https://"
    elif parts.username or parts.password:
        yield "url", "bỏ tên và mật khẩu khỏi địa chỉ"
    elif is_reserved(host):
        yield "url", "đây là địa chỉ riêng của máy móc, không nguồn nào ở đó"
    elif names_private_host(host) and source.options.get("local") is not True:
        yield "url", "đây là địa chỉ nội bộ; nếu đúng là trang trong mạng cơ quan, chọn “Nguồn nội bộ” (local): có"
    elif source.kind == "youtube" and not _names_youtube(source.url):
        yield "url", "địa chỉ YouTube phải dạng …/channel/UC… hoặc …/watch?v=…"
    elif source.kind == "telegram" and not parts.path.strip("/").removeprefix("s/"):
        yield "url", "địa chỉ Telegram phải có tên kênh, ví dụ https://t.me/s/kenh"


def _names_youtube(url: str) -> bool:
    parts = urlsplit(url)
    pieces = [piece for piece in parts.path.split("/") if piece]
    channel = len(pieces) > 1 and pieces[0] == "channel" and pieces[1].startswith("UC")
    return channel or bool(parse_qs(parts.query).get("v")) or (parts.hostname == "youtu.be" and bool(pieces))


def _rhythm(source: Source) -> Iterator[tuple[str, str]]:
    if not FASTEST <= source.every_minutes <= SLOWEST:
        yield "every_minutes", f"thăm mỗi {source.every_minutes} phút: đặt từ {FASTEST} phút tới {SLOWEST} phút"


def _options(kind: Kind, given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, option in kind.options.items():
        if option.needed and not str(given.get(name) or "").strip():
            hint = f": {option.hint}" if option.hint else ""
            yield f"option.{name}", f"thiếu tuỳ chọn {name} ({_small(option.label)}{hint})"
    for name, value in given.items():
        known = kind.options.get(name)
        if known is not None and (wrong := _wrong(known, value)):
            yield f"option.{name}", f"tuỳ chọn {name} ({_small(known.label)}): {wrong}"
    if "page" in kind.options and given.get("page") and not _PAGE_ID.fullmatch(str(given["page"])):
        yield "option.page", "tuỳ chọn page: mã số của trang chỉ gồm chữ số"


def _small(label: str) -> str:
    return f"{label[0].lower()}{label[1:]}"


def _wrong(option: Option, value: Any) -> str:
    """What is wrong with an option's value, or nothing."""
    if option.type == "number":
        good = isinstance(value, int | float) and not isinstance(value, bool) and option.least <= value <= option.most
        return "" if good else f"phải là số từ {option.least:g} tới {option.most:g}"
    if option.type == "yes":
        return "" if isinstance(value, bool) else "phải là có hoặc không"
    if option.type == "map":
        fits = isinstance(value, Mapping) and all(name in MAPPED and str(value[name]).strip() for name in value)
        return "" if fits else f"phải là các cặp phần = cột, phần là một trong: {', '.join(MAPPED)}"
    if option.choices and value not in option.choices:
        return f"chỉ có: {', '.join(option.choices)}"
    if not isinstance(value, str):
        return "phải là chữ"
    return "bộ chọn CSS viết chưa đúng" if option.type == "css" and not _selects(value) else ""


def _selects(selectors: str) -> bool:
    try:
        compile_selectors(selectors)
    except SelectorSyntaxError:
        return False
    return True
