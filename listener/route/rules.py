"""Whose desk: kind before topic, the first rule that fits, else topic × area → owner; doubts go to the dispatcher."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from classifiers.taxonomy import Taxonomy, load_taxonomy
from listener.catalog.routing import ASSIGN, TRIAGE, RoutingRule
from listener.catalog.shapes import OF_THE_COMMUNE, Catalog, TopicOwner
from listener.route import matching
from listener.route.case import Case as Case

# Ceilings by urgency in working hours (domain.md: khẩn 4, cao 8-24) and the floor of a proposal's longer clock.
URGENT_HOURS = {"khan": 4, "cao": 24}
PROPOSAL_HOURS = 80
# A desk is sure when the topics that lead to it share this much probability: several topics may be in doubt and the
# desk not. On texts the model had not seen, 97 of 100 such desks were right (models/README.md).
DESK_SURE = 0.92
MOST_ALTERNATIVES = 4
DENUNCIATION = "to_cao"
COMPLAINT = "khieu_nai"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another desk it may be: for the dispatcher's buttons. ``share`` is the machine's probability."""

    department: str
    topic: str
    share: float


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule that was asked before the deciding one, and the question (see `rule_words.QUESTIONS`) it failed by."""

    name: str
    question: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The desk (None where nobody owns it), whether the machine may send it there alone, and why.

    ``outcome``: assign, triage, restricted (suspected denunciation) or drop (spam: a human refuses it).
    ``rule_set`` and ``slug`` name the rule where one decided; ``broken`` names rules that had to be skipped.
    """

    department: str | None
    outcome: str
    reason: str
    rule: str
    hours: int
    coordinating: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    trace: tuple[Tried, ...] = ()
    rule_set: int = 0
    slug: str | None = None
    broken: tuple[str, ...] = ()

    @property
    def routed(self) -> bool:
        """Whether it goes to the desk without a human."""
        return self.outcome == "assign"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the layers say of a case, were its topic this one: the rule if one fits, the owner beneath it, the desk."""

    rule: RoutingRule | None
    owner: TopicOwner | None
    department: str | None


def decide(case: Case, catalog: Catalog, taxonomy: Taxonomy) -> Decision:
    """Whose desk the case belongs on: the first rule that fits, else the owner of topic × area."""
    asked = matching.ask(case, catalog, taxonomy)
    ruling = _ruling(case.topic, case, asked, catalog)
    alternatives = tuple(_alternatives(case, asked, catalog))
    other = _chosen_elsewhere(case, asked, ruling.department, catalog, taxonomy)
    doubt = _doubt(case, ruling, other, topic_sure=_is_sure(case, asked, ruling.department, alternatives))
    return Decision(
        department=None if case.spam else ruling.department,
        outcome=_outcome(case, doubt),
        reason=_reason(case, ruling, catalog, taxonomy, doubt),
        rule=_rule_name(ruling, catalog.rules_on(case.on).number),
        hours=hours(case, ruling.owner, ruling.rule),
        coordinating=tuple(_coordinating(case, ruling, catalog)),
        alternatives=alternatives,
        trace=tuple(Tried(rule.name, question) for rule, question in asked.before(asked.first(case.topic))),
        rule_set=catalog.rules_on(case.on).number,
        slug=ruling.rule.slug if ruling.rule else None,
        broken=asked.broken,
    )


def sure_of_desk(case: Case, catalog: Catalog) -> bool:
    """Whether the machine is sure enough of the desk by the topic alone, whatever else may hold the case back."""
    asked = matching.ask(case, catalog, load_taxonomy())
    ruling = _ruling(case.topic, case, asked, catalog)
    return _is_sure(case, asked, ruling.department, tuple(_alternatives(case, asked, catalog)))


def _ruling(topic: str, case: Case, asked: matching.Asked, catalog: Catalog) -> Ruling:
    at = asked.first(topic)
    rule = asked.rules[at].rule if at is not None else None
    owner = owner_of(topic, case.area, case.on, catalog.owners)
    code = rule.department if rule and rule.outcome == ASSIGN else owner.department if owner else None
    return Ruling(rule, owner, catalog.resolve(code, case.area) if code else None)


def _is_sure(case: Case, asked: matching.Asked, department: str | None, alternatives: Iterable[Alternative]) -> bool:
    at = asked.whatever_topic()
    if at is not None and asked.rules[at].rule.outcome == ASSIGN:
        return True
    share = next((one.share for one in alternatives if one.department == department), 0.0)
    return case.topic_certain or share >= DESK_SURE


def _coordinating(case: Case, ruling: Ruling, catalog: Catalog) -> Iterable[str]:
    """The rule's own units, and the owner's where the owner decides; resolved, each once, without the desk itself."""
    own = ruling.rule.coordinating if ruling.rule else ()
    by_owner = ruling.rule is None or ruling.rule.outcome != ASSIGN
    codes = (*(ruling.owner.coordinating if ruling.owner and by_owner else ()), *own)
    return (code for code in dict.fromkeys(catalog.resolve(c, case.area) for c in codes) if code != ruling.department)


def owner_of(topic: str, area: str | None, on: date, owners: Iterable[TopicOwner]) -> TopicOwner | None:
    """The owner in force on a day: the area's own rule before the one for everywhere."""
    held = [owner for owner in owners if owner.topic == topic and owner.holds(on) and owner.area in (area, None)]
    return max(held, key=lambda owner: (owner.area is not None, owner.valid_from), default=None)


def hours(case: Case, owner: TopicOwner | None, rule: RoutingRule | None = None) -> int:
    """Working hours the desk has: the rule's or the topic's, shortened by urgency, longer for a proposal."""
    allowed = (rule.hours if rule else None) or (owner.hours if owner else PROPOSAL_HOURS)
    if case.urgency in URGENT_HOURS:
        return min(allowed, URGENT_HOURS[case.urgency])
    return max(allowed, PROPOSAL_HOURS) if case.kind == "gop_y" else allowed


def _outcome(case: Case, doubt: str) -> str:
    if case.kind == DENUNCIATION or DENUNCIATION in case.flags:
        return "restricted"
    if case.spam:
        return "drop"
    return "triage" if doubt else "assign"


def _chosen_elsewhere(
    case: Case, asked: matching.Asked, department: str | None, catalog: Catalog, taxonomy: Taxonomy
) -> str:
    """What the sender picked, in words, where it leads to another desk than the text does; else nothing.

    A pick is evidence: it can raise a doubt about the machine's word, and never makes an unsure machine sure.
    """
    pick = _pick(case, asked, catalog)
    if pick is None or pick.department == department:
        return ""
    return f"Người gửi chọn “{taxonomy.name(pick.topic)}”, việc của {catalog.name_of(pick.department)}."


def _pick(case: Case, asked: matching.Asked, catalog: Catalog) -> Alternative | None:
    """The desk of the topic that the sender picked, as long as no person has decided the topic."""
    if case.chosen is None or case.topic_by != "machine":
        return None
    desk = _ruling(case.chosen, case, asked, catalog).department
    return Alternative(desk, case.chosen, 0.0) if desk else None


def _doubt(case: Case, ruling: Ruling, other: str, *, topic_sure: bool) -> str:
    """Why a human must decide, or nothing. ``other`` tells of a pick of the sender's that leads elsewhere."""
    department, rule = ruling.department, ruling.rule
    if case.kind == DENUNCIATION or DENUNCIATION in case.flags:
        return "Có dấu hiệu tố cáo: chỉ người phụ trách phòng riêng được mở."
    if case.spam:
        return "Máy cho là rác hoặc quảng cáo: chờ người xác nhận."
    if case.kind == COMPLAINT:
        return "Có vẻ là khiếu nại: cần người xem để chuyển bộ phận tiếp công dân."
    if rule is not None and rule.outcome == TRIAGE:
        return f"Quy tắc “{rule.name}” để người xem."
    if not topic_sure:
        return f"Máy chưa chắc lĩnh vực. {other}".rstrip()
    if other:
        return other
    if department is None:
        return "Lĩnh vực này chưa có đơn vị phụ trách."
    if department in OF_THE_COMMUNE:
        return "Chưa rõ xã, phường nào."
    by_area = department.split("-")[0] in OF_THE_COMMUNE or (rule is not None and rule.areas)
    if case.area is not None and not case.area_settled and by_area:
        return "Vị trí nằm gần ranh giữa các xã, phường."
    return ""


def _reason(case: Case, ruling: Ruling, catalog: Catalog, taxonomy: Taxonomy, doubt: str) -> str:
    """One sentence: topic × place → desk, by which rule, who said so, and the doubt where there is one."""
    topic = taxonomy.leaves[case.topic].name if case.topic in taxonomy.leaves else case.topic
    area = catalog.area_name(case.area) or "chưa rõ địa bàn"
    where = f"{area} ({case.area_how})" if case.area else area
    desk = catalog.name_of(ruling.department) if ruling.department else "chưa có đơn vị"
    rule = f", theo quy tắc “{ruling.rule.name}”" if ruling.rule and ruling.rule.outcome != TRIAGE else ""
    said = "" if case.topic_by == "machine" else ", lĩnh vực do người xác định"
    return f"{topic} × {where} → {desk}{rule}{said}." + (f" {doubt}" if doubt else "")


def _rule_name(ruling: Ruling, rule_set: int) -> str:
    rule, owner = ruling.rule, ruling.owner
    if rule is not None:
        return f"Quy tắc “{rule.name}”" + (f", bản {rule_set}" if rule_set else "")
    if owner is None:
        return "không có quy tắc"
    return f"{owner.topic} × {owner.area or 'mọi nơi'} → {owner.department}, từ {owner.valid_from:%d/%m/%Y}"


def _alternatives(case: Case, asked: matching.Asked, catalog: Catalog) -> Iterable[Alternative]:
    """The desks of the likeliest topics, each desk once with the shares of its topics summed, best first.

    Where a rule decided, the desk that owns the topic stands last, without a share.
    """
    shares: dict[str, Alternative] = {}
    for topic, share in ((case.topic, case.probability), *case.runners_up):
        desk = _ruling(topic, case, asked, catalog).department
        if desk is None:
            continue
        known = shares.get(desk)
        shares[desk] = Alternative(desk, known.topic, known.share + share) if known else Alternative(desk, topic, share)
    owner = owner_of(case.topic, case.area, case.on, catalog.owners)
    if owner is not None:
        desk = catalog.resolve(owner.department, case.area)
        shares.setdefault(desk, Alternative(desk, case.topic, 0.0))
    best = sorted(shares.values(), key=lambda alternative: -alternative.share)[:MOST_ALTERNATIVES]
    pick = _pick(case, asked, catalog)  # a button of its own, where the machine did not think of it among its first
    return [*best, pick] if pick is not None and all(pick.department != one.department for one in best) else best
