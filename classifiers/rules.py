"""What the labelling rules settle without learning: default urgency, default flags, and signal words in a text."""

import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from pathlib import Path

from classifiers.taxonomy import Topic
from classifiers.text.fold import fold

SIGNALS_FILE = Path(__file__).with_name("signals.toml")
CALM_KINDS = frozenset({"hoi_dap", "khen", "spam"})


def default_urgency(topic: Topic, kind: str) -> str:
    """The urgency that kind and topic imply before the text's own escalators are heard.

    >>> from classifiers.taxonomy import load_taxonomy
    >>> gap = load_taxonomy().topic("mat-nap-cong")
    >>> default_urgency(gap, "phan_anh"), default_urgency(gap, "gop_y"), default_urgency(gap, "hoi_dap")
    ('khan', 'thuong', 'thuong')
    """
    if kind in CALM_KINDS:
        return "thuong"
    if kind == "gop_y" and topic.urgency in {"khan", "cao"}:
        return "thuong"
    return topic.urgency


def default_flags(topic: Topic, kind: str) -> frozenset[str]:
    """The flags that kind and topic imply before the text itself is heard.

    >>> from classifiers.taxonomy import load_taxonomy
    >>> sorted(default_flags(load_taxonomy().topic("trom-cuop"), "phan_anh"))
    ['tin_bao_toi_pham']
    """
    flags = {flag for flag in topic.flags if _invites(flag, kind)}
    return frozenset(flags | ({kind} & {"khieu_nai", "to_cao"}))


def _invites(flag: str, kind: str) -> bool:
    """Whether a topic's own flag holds for this kind."""
    if flag == "tre_em":
        return kind not in {"khen", "spam"}
    if flag == "pakn_quy_dinh":
        return kind in {"phan_anh", "gop_y"}
    if flag == "to_cao":
        return kind in {"phan_anh", "to_cao", "khieu_nai"}
    return kind in {"phan_anh", "khieu_nai"}


def consistent_flags(flags: Collection[str], *, kind: str) -> tuple[str, ...]:
    """Flags that go together, sorted: a child at risk replaces a crime report, the kind brings its own flag.

    >>> consistent_flags({"tin_bao_toi_pham", "tre_em"}, kind="phan_anh")
    ('tre_em',)
    """
    found = set(flags) | ({kind} & {"khieu_nai", "to_cao"})
    if "tre_em" in found:
        found.discard("tin_bao_toi_pham")
    return () if kind == "spam" else tuple(sorted(found))


def signals(words: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """The signals in the words of a prepared text: name, first word, word after the last.

    >>> list(signals("dây điện rớt xuống sân đang xẹt lửa".split()))
    [('electric', 0, 3), ('electric', 6, 8)]
    >>> [name for name, *_ in signals("day dien rot xuong san".split())]
    ['electric']
    """
    words = tuple(words)
    starting = _phrases("".join(words).isascii())
    for first in [place for place, word in enumerate(words) if word in starting]:
        for phrase, name in starting[words[first]]:
            if words[first : first + len(phrase)] == phrase:
                yield name, first, first + len(phrase)
                break


def together(found: Collection[str]) -> list[str]:
    """The names of what signals mean together: a child is spoken of and somebody is hurt.

    >>> together({"child", "crash"})
    ['child_in_danger']
    """
    heard = set(found)
    return [name for name, lists in _together().items() if not any(map(heard.isdisjoint, lists))]


@cache
def _together() -> dict[str, list[frozenset[str]]]:
    table: dict[str, list[list[str]]] = tomllib.loads(SIGNALS_FILE.read_text(encoding="utf-8"))["together"]
    return {name: [frozenset(choice) for choice in lists] for name, lists in table.items()}


@cache
def _phrases(bare: bool) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Phrases by their first word, longest first, in a text with marks or in a bare one."""
    table = tomllib.loads(SIGNALS_FILE.read_text(encoding="utf-8"))
    found: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for name, phrases in table["phrases"].items():
        for phrase in phrases:
            if not (bare and phrase in table["ambiguous"]):
                words = tuple((fold(phrase) if bare else phrase).split())
                found[words[0]].append((words, name))
    for together in found.values():
        together.sort(key=lambda each: -len(each[0]))
    return found
