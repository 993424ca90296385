"""Publication, a person's own decision: what the public may read of a report, and what it never may."""

from classifiers.taxonomy import load_taxonomy
from listener.errors import MoveRefused
from listener.route.step_service import Do, Step
from listener.route.workflow import NEVER_PUBLIC
from listener.store import tables as t

HIDDEN = "███"


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
    return "" if item.may_publish else "Người gửi không đồng ý công khai phản ánh này."


def public_text(item: t.Item) -> str:
    """The words as the public would read them: every piece of personal data covered."""
    pieces, last = [], 0
    for mask in sorted(item.masks, key=lambda span: int(span["start"])):
        if mask["start"] >= last:
            pieces += [item.body[last : mask["start"]], HIDDEN]
        last = max(last, mask["end"])
    return "".join([*pieces, item.body[last:]])


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
