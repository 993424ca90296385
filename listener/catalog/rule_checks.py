"""What must hold in a list of rules: nothing unknown, nothing that can never fire, overlaps that disagree are named."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from classifiers.taxonomy import Taxonomy
from classifiers.text.fold import fold_key
from listener.catalog.routing import ASSIGN, RoutingRule
from listener.catalog.shapes import OF_THE_COMMUNE, Catalog
from listener.catalog.terms import term
from listener.vietnamese import CHANNELS

FAULT, WARNING = "fault", "warning"
# Questions whose values an item has one of: two rules that share none can never meet.
ONE_VALUED = ("kinds", "urgencies", "channels", "weekdays", "areas")
MANY_VALUED = ("flags", "place_types", "asset_owners")
WORDS = ("place_words", "words")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with rules: a ``fault`` bars activation, a ``warning`` must be seen.

    ``kind``: broken, unknown, never, shadowed, overlap or unowned; ``rules``: the slugs it is about.
    """

    kind: str
    level: str
    words: str
    rules: tuple[str, ...] = ()


def check_rules(rules: Sequence[RoutingRule], catalog: Catalog, taxonomy: Taxonomy) -> list[Finding]:
    """Everything that is wrong with a list of rules, in the order of the rules."""
    found: list[Finding] = []
    sound: list[RoutingRule] = []
    seen: set[str] = set()
    for rule in rules:
        if rule.slug in seen:
            found.append(Finding("broken", FAULT, f"Hai quy tắc cùng mã “{rule.slug}”.", (rule.slug,)))
        seen.add(rule.slug)
        problem = broken(rule, catalog, taxonomy)
        if problem:
            found.append(Finding("broken", FAULT, f"“{rule.name}”: {problem}.", (rule.slug,)))
            continue
        never = _never(rule, taxonomy) or _shadow(rule, sound, taxonomy)
        found.extend((never,) if never else _overlaps(rule, sound, taxonomy))
        if never is None:
            sound.append(rule)
    return found


def broken(rule: RoutingRule, catalog: Catalog, taxonomy: Taxonomy) -> str:
    """Why the rule cannot be used at all, or nothing: routing skips such a rule and says so."""
    if rule.fault:
        return rule.fault
    if rule.outcome == ASSIGN and not rule.department:
        return "chưa chọn đơn vị"
    if rule.hours is not None and rule.hours <= 0:
        return "thời hạn phải lớn hơn 0 giờ"
    if (rule.hour_from is None) != (rule.hour_to is None):
        return "khung giờ thiếu một đầu"
    for word in (*rule.words, *rule.place_words):
        if not fold_key(word):
            return f"chữ cần tìm “{word}” không có chữ cái nào"
    return next(_unknown(rule, catalog, taxonomy), "")


def unowned(catalog: Catalog, taxonomy: Taxonomy, on: date) -> list[Finding]:
    """Topics that no department owns on a day, everywhere or in some areas."""
    found = []
    for leaf in taxonomy.leaves.values():
        owners = [owner for owner in catalog.owners if owner.topic == leaf.slug and owner.holds(on)]
        if any(owner.area is None for owner in owners):
            continue
        missing = len(catalog.areas) - len({owner.area for owner in owners} & catalog.areas.keys())
        if missing or not catalog.areas:
            where = "ở mọi nơi" if missing == len(catalog.areas) else f"ở {missing} địa bàn"
            found.append(Finding("unowned", WARNING, f"Lĩnh vực “{leaf.name}” chưa có chủ quản {where}."))
    return found


def topics_of(rule: RoutingRule, taxonomy: Taxonomy) -> frozenset[str]:
    """The topics the rule can fit."""
    topics = frozenset(rule.topics) or frozenset(taxonomy.leaves)
    return (
        frozenset(topic for topic in topics if taxonomy.leaves[topic].field in rule.fields) if rule.fields else topics
    )


def _unknown(rule: RoutingRule, catalog: Catalog, taxonomy: Taxonomy) -> Iterator[str]:
    departments = (*filter(None, (rule.department,)), *rule.coordinating)
    types = {asset.type for asset in catalog.assets}
    tables: tuple[tuple[Collection[str], Collection[str], str], ...] = (
        (departments, {*catalog.departments, *OF_THE_COMMUNE}, "đơn vị"),
        (rule.topics, taxonomy.leaves, "lĩnh vực"),
        (rule.fields, taxonomy.fields, "nhóm lĩnh vực"),
        (rule.areas, catalog.areas, "địa bàn"),
        (rule.kinds, taxonomy.kinds, "loại"),
        (rule.flags, taxonomy.flags, "dấu hiệu"),
        (rule.urgencies, taxonomy.urgencies, "mức khẩn"),
        (rule.channels, CHANNELS, "kênh"),
        (rule.place_types, types, "loại nơi"),
        (rule.asset_owners, catalog.departments, "đơn vị sở hữu"),
    )
    for values, known, name in tables:
        for value in values:
            if value not in known:
                yield f"không có {name} “{value}”"


def _never(rule: RoutingRule, taxonomy: Taxonomy) -> Finding | None:
    if (rule.valid_from or date.min) > (rule.valid_to or date.max):
        why = "ngày bắt đầu đứng sau ngày kết thúc"
    elif not rule.hours_of_day:
        why = "khung giờ trống"
    elif not topics_of(rule, taxonomy):
        why = "lĩnh vực không thuộc nhóm lĩnh vực đã chọn"
    else:
        return None
    return Finding("never", FAULT, f"“{rule.name}” không bao giờ dùng tới: {why}.", (rule.slug,))


def _shadow(rule: RoutingRule, earlier: Sequence[RoutingRule], taxonomy: Taxonomy) -> Finding | None:
    """Earlier rules that take everything this one asks for: one alone, or several that share its topics."""
    takers: dict[str, str] = {}
    left = set(topics_of(rule, taxonomy))
    for other in earlier:
        if not _covers(other, rule):
            continue
        taken = left & topics_of(other, taxonomy)
        left -= taken
        if taken:
            takers[other.slug] = other.name
        if not left:
            names = " và ".join(f"“{name}”" for name in takers.values())
            words = f"“{rule.name}” không bao giờ dùng tới: {names} đứng trước đã nhận hết."
            return Finding("shadowed", FAULT, words, (rule.slug, *takers))
    return None


def _overlaps(rule: RoutingRule, earlier: Sequence[RoutingRule], taxonomy: Taxonomy) -> Iterator[Finding]:
    """Earlier rules that may fit the same item, say otherwise, and are no plain exception to this one."""
    for other in earlier:
        if _says(other) == _says(rule):
            continue
        shared = topics_of(rule, taxonomy) & topics_of(other, taxonomy)
        exception = _covers(rule, other) and topics_of(other, taxonomy) <= topics_of(rule, taxonomy)
        if shared and _meet(rule, other) and not exception:
            words = (
                f"“{other.name}” và “{rule.name}” có thể cùng khớp một mục mà nói khác nhau; "
                f"“{other.name}” đứng trước nên thắng."
            )
            yield Finding("overlap", WARNING, words, (other.slug, rule.slug))


def _says(rule: RoutingRule) -> RoutingRule:
    """What the rule decides, without what it asks."""
    return replace(
        RoutingRule("", "", rule.outcome), department=rule.department, coordinating=rule.coordinating, hours=rule.hours
    )


def _covers(wide: RoutingRule, narrow: RoutingRule) -> bool:
    """Whether, topics apart, everything that fits the narrow one fits the wide one."""
    if (wide.valid_from or date.min) > (narrow.valid_from or date.min):
        return False
    if (wide.valid_to or date.max) < (narrow.valid_to or date.max) or not wide.hours_of_day >= narrow.hours_of_day:
        return False
    lists = all(_covers_list(getattr(wide, name), getattr(narrow, name)) for name in (*ONE_VALUED, *MANY_VALUED))
    return lists and all(_covers_words(getattr(wide, name), getattr(narrow, name)) for name in WORDS)


def _covers_list(wide: Collection[object], narrow: Collection[object]) -> bool:
    return not wide or (bool(narrow) and set(narrow) <= set(wide))


def _covers_words(wide: Collection[str], narrow: Collection[str]) -> bool:
    return not wide or (bool(narrow) and all(any(term(w).covers(term(n)) for w in wide) for n in narrow))


def _meet(one: RoutingRule, other: RoutingRule) -> bool:
    """Whether one item could fit both, topics apart. Words and things an item has many of can always meet."""
    start = max(one.valid_from or date.min, other.valid_from or date.min)
    if start > min(one.valid_to or date.max, other.valid_to or date.max):
        return False
    if not one.hours_of_day & other.hours_of_day:
        return False
    pairs = ((getattr(one, name), getattr(other, name)) for name in ONE_VALUED)
    return all(not a or not b or set(a) & set(b) for a, b in pairs)
