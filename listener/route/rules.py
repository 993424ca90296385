"""Whose desk: kind before topic, topic × area → owner, and the reason in words. Unsure matters go to the dispatcher."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from classifiers.taxonomy import Taxonomy
from listener.catalog.shapes import OF_THE_COMMUNE, Catalog, TopicOwner

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
class Case:
    """What routing needs to know of an item."""

    topic: str
    topic_certain: bool
    kind: str
    urgency: str
    flags: frozenset[str]
    spam: bool
    area: str | None
    area_settled: bool
    area_how: str
    on: date
    topic_by: str = "machine"
    runners_up: tuple[tuple[str, float], ...] = ()
    probability: float = 1.0
    chosen: str | None = None  # the topic the sender picked from a list; asked only while no person has decided


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another desk it may be: for the dispatcher's buttons. ``share`` is the machine's probability."""

    department: str
    topic: str
    share: float


@dataclass(frozen=True, slots=True)
class Decision:
    """The desk (None where nobody owns it), whether the machine may send it there alone, and why.

    ``outcome``: assign, triage, restricted (suspected denunciation) or drop (spam: a human refuses it).
    """

    department: str | None
    outcome: str
    reason: str
    rule: str
    hours: int
    coordinating: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()

    @property
    def routed(self) -> bool:
        """Whether it goes to the desk without a human."""
        return self.outcome == "assign"


def decide(case: Case, catalog: Catalog, taxonomy: Taxonomy) -> Decision:
    """Whose desk the case belongs on."""
    owner = owner_of(case.topic, case.area, case.on, catalog.owners)
    department = catalog.resolve(owner.department, case.area) if owner else None
    alternatives = tuple(_alternatives(case, catalog))
    other = _chosen_elsewhere(case, department, catalog, taxonomy)
    doubt = _doubt(case, department, other, topic_sure=_is_sure(case, department, alternatives))
    return Decision(
        department=None if case.spam else department,
        outcome=_outcome(case, doubt),
        reason=_reason(case, department, catalog, taxonomy, doubt),
        rule=_rule_name(owner),
        hours=hours(case, owner),
        coordinating=tuple(catalog.resolve(code, case.area) for code in owner.coordinating) if owner else (),
        alternatives=alternatives,
    )


def sure_of_desk(case: Case, catalog: Catalog) -> bool:
    """Whether the machine is sure enough of the desk by the topic alone, whatever else may hold the case back."""
    owner = owner_of(case.topic, case.area, case.on, catalog.owners)
    department = catalog.resolve(owner.department, case.area) if owner else None
    return _is_sure(case, department, tuple(_alternatives(case, catalog)))


def _is_sure(case: Case, department: str | None, alternatives: Iterable[Alternative]) -> bool:
    share = next((one.share for one in alternatives if one.department == department), 0.0)
    return case.topic_certain or share >= DESK_SURE


def owner_of(topic: str, area: str | None, on: date, owners: Iterable[TopicOwner]) -> TopicOwner | None:
    """The owner in force on a day: the area's own rule before the one for everywhere."""
    held = [owner for owner in owners if owner.topic == topic and owner.holds(on) and owner.area in (area, None)]
    return max(held, key=lambda owner: (owner.area is not None, owner.valid_from), default=None)


def hours(case: Case, owner: TopicOwner | None) -> int:
    """Working hours the desk has: the topic's, shortened by urgency, longer for a proposal."""
    allowed = owner.hours if owner else PROPOSAL_HOURS
    if case.urgency in URGENT_HOURS:
        return min(allowed, URGENT_HOURS[case.urgency])
    return max(allowed, PROPOSAL_HOURS) if case.kind == "gop_y" else allowed


def _outcome(case: Case, doubt: str) -> str:
    if case.kind == DENUNCIATION or DENUNCIATION in case.flags:
        return "restricted"
    if case.spam:
        return "drop"
    return "triage" if doubt else "assign"


def _chosen_elsewhere(case: Case, department: str | None, catalog: Catalog, taxonomy: Taxonomy) -> str:
    """What the sender picked, in words, where it leads to another desk than the text does; else nothing.

    A pick is evidence: it can raise a doubt about the machine's word, and never makes an unsure machine sure.
    """
    pick = _pick(case, catalog)
    if pick is None or pick.department == department:
        return ""
    return f"Người gửi chọn “{taxonomy.name(pick.topic)}”, việc của {catalog.name_of(pick.department)}."


def _pick(case: Case, catalog: Catalog) -> Alternative | None:
    """The desk of the topic that the sender picked, as long as no person has decided the topic."""
    if case.chosen is None or case.topic_by != "machine":
        return None
    owner = owner_of(case.chosen, case.area, case.on, catalog.owners)
    return Alternative(catalog.resolve(owner.department, case.area), case.chosen, 0.0) if owner else None


def _doubt(case: Case, department: str | None, other: str, *, topic_sure: bool) -> str:
    """Why a human must decide, or nothing. ``other`` tells of a pick of the sender's that leads elsewhere."""
    if case.kind == DENUNCIATION or DENUNCIATION in case.flags:
        return "Có dấu hiệu tố cáo: chỉ người phụ trách phòng riêng được mở."
    if case.spam:
        return "Máy cho là rác hoặc quảng cáo: chờ người xác nhận."
    if case.kind == COMPLAINT:
        return "Có vẻ là khiếu nại: cần người xem để chuyển bộ phận tiếp công dân."
    if not topic_sure:
        return f"Máy chưa chắc lĩnh vực. {other}".rstrip()
    if other:
        return other
    if department is None:
        return "Lĩnh vực này chưa có đơn vị phụ trách."
    if department in OF_THE_COMMUNE:
        return "Chưa rõ xã, phường nào."
    if case.area is not None and not case.area_settled and department.split("-")[0] in OF_THE_COMMUNE:
        return "Vị trí nằm gần ranh giữa các xã, phường."
    return ""


def _reason(case: Case, department: str | None, catalog: Catalog, taxonomy: Taxonomy, doubt: str) -> str:
    """One sentence: topic × place → desk, who said so, and the doubt where there is one."""
    topic = taxonomy.leaves[case.topic].name if case.topic in taxonomy.leaves else case.topic
    area = catalog.area_name(case.area) or "chưa rõ địa bàn"
    where = f"{area} ({case.area_how})" if case.area else area
    desk = catalog.name_of(department) if department else "chưa có đơn vị"
    said = "" if case.topic_by == "machine" else ", lĩnh vực do người xác định"
    return f"{topic} × {where} → {desk}{said}." + (f" {doubt}" if doubt else "")


def _rule_name(owner: TopicOwner | None) -> str:
    if owner is None:
        return "không có quy tắc"
    return f"{owner.topic} × {owner.area or 'mọi nơi'} → {owner.department}, từ {owner.valid_from:%d/%m/%Y}"


def _alternatives(case: Case, catalog: Catalog) -> Iterable[Alternative]:
    """The desks of the likeliest topics, each desk once with the shares of its topics summed, best first."""
    shares: dict[str, Alternative] = {}
    for topic, share in ((case.topic, case.probability), *case.runners_up):
        owner = owner_of(topic, case.area, case.on, catalog.owners)
        if owner is None:
            continue
        desk = catalog.resolve(owner.department, case.area)
        known = shares.get(desk)
        shares[desk] = Alternative(desk, known.topic, known.share + share) if known else Alternative(desk, topic, share)
    best = sorted(shares.values(), key=lambda alternative: -alternative.share)[:MOST_ALTERNATIVES]
    pick = _pick(case, catalog)  # a button of its own, where the machine did not think of it among its first
    return [*best, pick] if pick is not None and all(pick.department != one.department for one in best) else best
