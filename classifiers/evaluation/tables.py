"""The results of an evaluation as Markdown tables for people."""

from collections.abc import Iterable, Sequence
from typing import Any

from classifiers.reader import SINGLE

Results = dict[str, Any]
KEYS = ("texts", "accuracy", "interval", "macro_f1", "macro_f1_interval", "ece", "accepted", "accepted_right")


def markdown(results: Results) -> str:
    """Every table there are results for."""
    parts = [
        _tasks(results),
        _rest(results),
        _desks(results.get("desks") or {}),
        _registers(results),
        _flags(results),
        _masks(results),
        _speed(results.get("speed") or {}),
        _peers(results.get("peers") or []),
        _benchmarks(results.get("benchmarks") or []),
    ]
    return "\n".join(part for part in parts if part)


def _table(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [f"## {title}", "", "| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join([*lines, *("| " + " | ".join(map(_cell, row)) + " |" for row in rows), ""])


def _cell(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "–".join(str(each) for each in value)
    return "–" if value is None else str(value)


def _tasks(results: Results) -> str:
    rows = [
        (task, way, *(found.get(key) for key in KEYS))
        for task, ways in results["tasks"].items()
        for way, found in ways.items()
    ]
    header = (
        "task",
        "typed",
        "texts",
        "right",
        "95 %",
        "macro-F1",
        "95 %",
        "calibration error",
        "accepted",
        "of these right",
    )
    return _table(f"Test split: {results['texts']} texts, models {results['version']}", header, rows)


def _rest(results: Results) -> str:
    rows: list[Sequence[Any]] = [("field right", results["fields"], None, None)]
    measured = {"spam": results["spam"], "topics beside the main one": results["topics_beside"]}
    measured |= {f"place: {name}": own for name, own in results["places"].items()}
    rows += [(name, own.get("f1"), own.get("precision"), own.get("recall")) for name, own in measured.items()]
    return _table("Fields, spam, further topics, places", ("what", "F1 or share", "precision", "recall"), rows)


def _desks(desks: Results) -> str:
    if not desks:
        return ""
    header = ("reports", "right", "desk sure", "of these right", "sent alone", "of these right")
    keys = ("reports", "right", "sure", "sure_right", "sent_alone", "sent_alone_right")
    return _table("Departments", header, [[desks[key] for key in keys]])


def _registers(results: Results) -> str:
    rows = [
        (register, found["texts"], *(found[task] for task in SINGLE))
        for register, found in results["by_register"].items()
    ]
    return _table("Share right by register", ("register", "texts", *SINGLE), rows)


def _flags(results: Results) -> str:
    found = results["tasks"]["flags"]["as_written"]["by_label"]
    urgent = results["tasks"]["urgency"]["as_written"]["by_label"]
    rows = [(name, own["texts"], own["precision"], own["recall"]) for name, own in (*found.items(), *urgent.items())]
    return _table("Flags and urgency", ("label", "texts", "precision", "recall"), rows)


def _masks(results: Results) -> str:
    rows = [(kind, found["marked"], found["covered"]) for kind, found in results["masks"].items()]
    return _table("Personal data", ("type", "marked", "wholly covered"), rows) if rows else ""


def _speed(speed: Results) -> str:
    if not speed:
        return ""
    return _table("Speed of the whole reading, one core", list(speed), [list(speed.values())])


def _peers(peers: Sequence[Results]) -> str:
    rows = [
        (peer["name"], way, own["accuracy"], own["macro_f1"], own["macro_f1_interval"], peer["texts_per_second"])
        for peer in peers
        for way, own in peer["ways"].items()
    ]
    header = ("topic by", "typed", "right", "macro-F1", "95 %", "texts a second")
    return _table("Peers, trained on the same corpus", header, rows) if rows else ""


def _benchmarks(benchmarks: Sequence[Results]) -> str:
    rows = [
        (
            each["name"],
            way,
            own["accuracy"],
            own["macro_f1"],
            own["macro_f1_interval"],
            own["weighted_f1"],
            " / ".join(map(str, each["floor"])) if way == "as_written" else None,
            each["published"] if way == "as_written" else None,
        )
        for each in benchmarks
        for way, own in each["ways"].items()
    ]
    header = ("set", "typed", "right", "macro-F1", "95 %", "weighted F1", "linear, to reach", "published")
    title = "Public benchmarks (research only: trained on their train part, measured on their test part, not shipped)"
    return _table(title, header, rows) if rows else ""
