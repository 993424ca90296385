"""What the public may see of a report: a person's own decision, what it never may show, and how near its place.

The one room for it: the public pages and Open311 both show what a person published, and nothing else.
"""

import re
from typing import Any

from classifiers.taxonomy import Taxonomy, load_taxonomy
from classifiers.text.fold import fold
from classifiers.text.privacy import mask
from listener.errors import MoveRefused
from listener.route.step_service import Do, Step
from listener.route.workflow import DONE, NEVER_PUBLIC, OPEN
from listener.store import tables as t
from listener.store.public import Allowed

HIDDEN = "███"
# Their law asks for another road and another silence than an ordinary report: nothing of them is offered or shown.
SILENT_FLAGS = frozenset({"to_cao", "tre_em", "tin_bao_toi_pham"})
UNCLEAR = "khong-du-thong-tin"  # the leaf of spam and of what says too little
OPEN_STATES = OPEN
DONE_STATES = DONE | {"refused"}
# A fault in these fields stands on public ground; elsewhere the spot may be somebody's home.
ON_PUBLIC_GROUND = frozenset({"ha-tang-giao-thong", "trat-tu-giao-thong", "ha-tang-ky-thuat"})
EXACT, COARSE = 5, 2  # decimals of a degree: a metre, a kilometre
STREET = re.compile(
    r"\b(?:duong|pho|hem|quoc lo|tinh lo|huong lo|ql|cau|cho|kenh|rach|khu dan cu|kdc|dai lo)(?: [a-z0-9/.\-]+){1,3}"
)
NO_NAME = re.compile(
    r" (?:duong|pho|hem|phuong|xa|p\.|quan|huyen|thanh pho|tp|o|bi|co|den|gan|tat|hong|ngap|truoc|ben)\b.*"
)


def public_topics(taxonomy: Taxonomy) -> frozenset[str]:
    """The topics that the public may choose and see: all but spam and those that invite a silent flag."""
    return frozenset(
        leaf.slug
        for leaf in taxonomy.leaves.values()
        if leaf.slug != UNCLEAR and SILENT_FLAGS.isdisjoint({*leaf.flags, *leaf.flags_by_rule})
    )


def tells_the_spot(field: str | None) -> bool:
    """Whether the spot of a matter of this field may be shown as it is."""
    return field in ON_PUBLIC_GROUND


def shown_point(lat: float, lng: float, field: str | None) -> tuple[float, float]:
    """The point that is shown: to a metre on public ground, else to a kilometre."""
    digits = EXACT if tells_the_spot(field) else COARSE
    return round(lat, digits), round(lng, digits)


def shown_place(item: t.Item, area: str | None) -> str | None:
    """The sender's words for the place, masked, and the ward; the ward alone where the spot may be a home."""
    words = [mask(item.place_text)] if item.place_text and tells_the_spot(item.field) else []
    if area is not None and not any(area.casefold() in word.casefold() for word in words):
        words.append(area)
    return ", ".join(words) or None


def street_in(words: str) -> str | None:
    """The first street, alley, bridge or market that words name, folded: ``hem 51``. None where they name none."""
    found = STREET.search(fold(words))
    name = NO_NAME.sub("", found[0]) if found else ""
    return name.rstrip(" .-/") if " " in name else None


def allowed() -> Allowed:
    """What is shown at all. A person has published it, and nothing that came later took it back."""
    return Allowed(topics=public_topics(load_taxonomy()), states=OPEN_STATES | DONE_STATES, never=NEVER_PUBLIC)


def why_not_public(item: t.Item) -> str:
    """Why an item may not be published, in words, or nothing."""
    leaf = load_taxonomy().leaves.get(item.topic or "")
    marks = {item.kind or "", *item.flags, *(leaf.flags if leaf else ())}
    if item.restricted or marks & NEVER_PUBLIC:
        return "Mục này không bao giờ công khai: liên quan tố cáo, khiếu nại, tội phạm hoặc trẻ em."
    if not item.is_report:
        return "Bài đăng đã công khai ở nguồn của nó; chỉ phản ánh mới công khai ở đây."
    if item.spam:
        return "Mục bị coi là rác thì không công khai."
    if not item.may_publish:
        return "Người gửi không đồng ý công khai phản ánh này."
    if item.read_at is None or item.problem is not None:
        return "Máy chưa đọc xong mục này nên chưa che được thông tin riêng."
    if item.topic not in public_topics(load_taxonomy()):
        return "Lĩnh vực này không công khai. Nếu máy xếp nhầm, hãy sửa lĩnh vực trước."
    return ""


def public_text(item: t.Item) -> str:
    """The words as the public would read them: every piece of personal data covered."""
    pieces, last = [], 0
    for span in sorted(item.masks, key=lambda one: int(one["start"])):
        if span["start"] >= last:
            pieces += [item.body[last : span["start"]], HIDDEN]
        last = max(last, span["end"])
    return "".join([*pieces, item.body[last:]])


def seen_by_all(item: t.Item, assignment: t.Assignment | None, area: str | None) -> dict[str, Any]:
    """What everybody reads of an item, or would: what a person looks at before deciding."""
    return {
        "at": item.public_at,
        "text": item.public_text or public_text(item),
        "place": shown_place(item, area),
        "answer": mask(assignment.answer) if assignment and assignment.answer else None,
        "never": why_not_public(item),
    }


def _publish(step: Step) -> None:
    refusal = why_not_public(step.item)
    if refusal:
        raise MoveRefused(refusal)
    if step.item.public_at is not None:
        raise MoveRefused("Mục này đã công khai.")
    step.item.public_at, step.item.public_text = step.now, public_text(step.item)


def _unpublish(step: Step) -> None:
    if step.item.public_at is None:
        raise MoveRefused("Mục này chưa công khai.")
    step.item.public_at, step.item.public_text = None, None


STEPS: dict[str, Do] = {"publish": _publish, "unpublish": _unpublish}
