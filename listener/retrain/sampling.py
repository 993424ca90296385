"""People's labels as training texts, masked, without what must never be learned from."""

from collections.abc import Mapping
from typing import Any

from classifiers.datasets import LabelledText

PLACEHOLDER = "…"


def training_text(
    number: int,
    *,
    is_report: bool,
    body: str,
    masks: list[dict[str, Any]],
    values: Mapping[str, str],
    flags: tuple[str, ...],
) -> LabelledText:
    """An item a person labelled, as a training text.

    ``values`` holds topic, sentiment, urgency and kind: a person's label where there is one, else the machine's word.
    Toward whom a feeling goes is not asked on the desks, so such texts teach nothing about it.
    Personal data is cut out before anything is learned from it.
    """
    identity = f"{'r' if is_report else 'p'}-b999-{number:04d}"
    return LabelledText(
        id=identity,
        text=without_spans(body, masks),
        topics=(values["topic"],),
        sentiment=values["sentiment"],
        urgency=values["urgency"],
        kind=values["kind"],
        flags=tuple(sorted(flags)),
        register="desk",
        writer_batch="desk",
        split_group=identity,
    )


def without_spans(body: str, masks: list[dict[str, Any]]) -> str:
    """The text with each masked span replaced by an ellipsis."""
    pieces, last = [], 0
    for mask in sorted(masks, key=lambda span: int(span["start"])):
        if mask["start"] >= last:
            pieces += [body[last : mask["start"]], PLACEHOLDER]
            last = mask["end"]
    return "".join([*pieces, body[last:]])
