"""Rules in plain Vietnamese: the sentence of what one does, and why one did not fit."""

from collections.abc import Callable, Iterable

from classifiers.taxonomy import Taxonomy
from listener.catalog.routing import OWNER, TRIAGE, RoutingRule
from listener.catalog.shapes import Catalog
from listener.vietnamese import CHANNELS

WEEKDAYS = dict(enumerate(("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"), 1))
MOST_NAMED = 4
# What each question is called where a rule did not fit by it.
QUESTIONS = {
    "dates": "không trong thời gian hiệu lực",
    "kinds": "khác loại",
    "flags": "không có dấu hiệu cần",
    "urgencies": "khác mức khẩn",
    "channels": "đến từ kênh khác",
    "weekdays": "nhận vào ngày khác trong tuần",
    "hours": "nhận ngoài khung giờ",
    "areas": "không ở địa bàn này",
    "place_types": "không phải loại nơi này",
    "place_words": "tên nơi không có chữ cần",
    "words": "bài không có chữ cần",
    "asset_owners": "không phải tài sản của đơn vị này",
    "fields": "khác nhóm lĩnh vực",
    "topics": "khác lĩnh vực",
    "broken": "quy tắc hỏng, bỏ qua",
}


def sentence(rule: RoutingRule, catalog: Catalog, taxonomy: Taxonomy) -> str:
    """What the rule does, in one sentence.

    >>> from classifiers.taxonomy import load_taxonomy
    >>> rule = RoutingRule("a", "A", department="SXD", words=("công viên",), hours=8)
    >>> sentence(rule, Catalog({}, {}), load_taxonomy())
    'Khi bài có chữ “công viên” → chuyển SXD, trong 8 giờ làm việc.'
    """
    if rule.fault:
        return f"Quy tắc {rule.fault}."
    asked = "; ".join(conditions(rule, catalog, taxonomy))
    return f"{f'Khi {asked}' if asked else 'Mọi mục'} → {outcome(rule, catalog)}.{_dates(rule)}"


def conditions(rule: RoutingRule, catalog: Catalog, taxonomy: Taxonomy) -> list[str]:
    """What the rule asks, each question in words."""

    def label(slug: str) -> str:
        known = (taxonomy.fields, taxonomy.leaves, taxonomy.kinds, taxonomy.flags, taxonomy.urgencies)
        return next((table[slug].name for table in known if slug in table), slug)

    def quoted(word: str) -> str:
        return f"“{word}”"

    asked: list[tuple[str, tuple[str, ...], Callable[[str], str]]] = [
        ("lĩnh vực là ", rule.topics, label),
        ("nhóm lĩnh vực là ", rule.fields, label),
        ("loại là ", rule.kinds, lambda slug: taxonomy.kinds[slug].name if slug in taxonomy.kinds else slug),
        ("có dấu hiệu ", rule.flags, lambda slug: taxonomy.flags[slug].name if slug in taxonomy.flags else slug),
        ("mức khẩn là ", rule.urgencies, label),
        ("ở ", rule.areas, lambda code: catalog.area_name(code) or code),
        ("nơi là ", rule.place_types, str),
        ("tên nơi có chữ ", rule.place_words, quoted),
        ("bài có chữ ", rule.words, quoted),
        ("tài sản của ", rule.asset_owners, catalog.name_of),
        ("gửi qua ", rule.channels, lambda slug: CHANNELS.get(slug, slug)),
        ("nhận vào ", tuple(map(str, rule.weekdays)), lambda day: WEEKDAYS.get(int(day), day)),
    ]
    found = [lead + either(map(name, values)) for lead, values, name in asked if values]
    if rule.hour_from is not None and rule.hour_to is not None:
        found.append(f"nhận từ {rule.hour_from} giờ đến {rule.hour_to} giờ")
    return found


def outcome(rule: RoutingRule, catalog: Catalog) -> str:
    """What happens to what fits."""
    if rule.outcome == TRIAGE:
        return "để người điều phối xem"
    desk = "chủ quản của lĩnh vực và địa bàn" if rule.outcome == OWNER else catalog.name_of(rule.department or "?")
    more = f", phối hợp {', '.join(map(catalog.name_of, rule.coordinating))}" if rule.coordinating else ""
    return f"chuyển {desk}{more}" + (f", trong {rule.hours} giờ làm việc" if rule.hours else "")


def either(names: Iterable[str]) -> str:
    """Names joined by “hoặc”, the many shortened.

    >>> either(["a", "b", "c"])
    'a, b hoặc c'
    """
    listed = list(names)
    if len(listed) > MOST_NAMED:
        return f"{', '.join(listed[:MOST_NAMED])} hoặc {len(listed) - MOST_NAMED} giá trị khác"
    return " hoặc ".join(filter(None, (", ".join(listed[:-1]), listed[-1])))


def _dates(rule: RoutingRule) -> str:
    if rule.valid_from and rule.valid_to:
        return f" Từ {rule.valid_from:%d/%m/%Y} đến hết {rule.valid_to:%d/%m/%Y}."
    if rule.valid_from:
        return f" Từ {rule.valid_from:%d/%m/%Y}."
    return f" Đến hết {rule.valid_to:%d/%m/%Y}." if rule.valid_to else ""
