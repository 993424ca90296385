"""`listener read`: one text, or many as JSON lines, read without a database."""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Annotated, Any

import typer

from classifiers.prediction import Reading
from classifiers.reader import Reader
from classifiers.taxonomy import Taxonomy, load_taxonomy
from listener.catalog.files import read_pack
from listener.catalog.shapes import Catalog
from listener.catalog.terms import words
from listener.errors import BadInput
from listener.route.case import Case
from listener.settings import settings

BATCH = 256


def add_to(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("read", help="Đọc một bài và in ra máy hiểu gì; với --jsonl thì đọc từng dòng JSON từ đầu vào chuẩn.")(
        read
    )


def read(
    text: Annotated[str | None, typer.Argument(help="Bài cần đọc")] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='Đọc các dòng {"id","text"[,"channel"]} và in mỗi dòng một kết quả')
    ] = False,
) -> None:
    """Read one text, or JSON lines from standard input to standard output."""
    if not jsonl and text is None:
        raise BadInput('Chưa có bài để đọc. Ví dụ: listener read "Đèn đường hẻm 51 tắt ba hôm nay"')
    desk = _Desk()
    if jsonl:
        for line in _answers(sys.stdin.buffer, desk):
            sys.stdout.write(line + "\n")
        return
    assert text is not None
    try:
        answer = desk.describe(desk.reader(text))
    except ValueError as error:
        raise BadInput(str(error)) from error
    if sys.stdout.isatty():
        _show(answer)
    else:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")


class _Desk:
    """What is needed to read and to name the desk: the served models and the starter pack."""

    def __init__(self) -> None:
        from listener.catalog.service import gazetteer
        from listener.classify.served import reader

        self.catalog: Catalog = read_pack(settings().pack)
        self.taxonomy: Taxonomy = load_taxonomy()
        self.reader: Reader = reader(settings().models_dir, gazetteer(self.catalog))

    def describe(self, reading: Reading) -> dict[str, Any]:
        """A reading with its desk, as the answer format has it."""
        from listener.route.rules import decide

        today = date.today()  # noqa: DTZ011 (the rules in force on this machine's day)
        decision = decide(case_of(reading, today), self.catalog, self.taxonomy)
        return {
            "topic": {
                "slug": reading.topic.label,
                "field": reading.field,
                "probability": round(reading.topic.probability, 4),
                "runners_up": [{"slug": slug, "probability": round(p, 4)} for slug, p in reading.topic.runners_up],
                "also": list(reading.topics[1:]),
            },
            "sentiment": {
                "label": reading.sentiment.label,
                "probability": round(reading.sentiment.probability, 4),
                "target": reading.target.label if reading.target else None,
            },
            "urgency": reading.urgency.label,
            "kind": reading.kind.label,
            "flags": list(reading.flags),
            "spam": reading.spam,
            "places": [
                {"text": p.text, "unit_code": p.unit_code, "confidence": round(p.confidence, 3)} for p in reading.places
            ],
            "department": decision.department,
            "routed": decision.routed,
            "why": decision.reason,
        }


def case_of(reading: Reading, on: date) -> Case:
    """What routing needs to know of a text that is only read, not kept."""
    return Case(
        topic=reading.topic.label,
        topic_certain=reading.topic.certain,
        kind=reading.kind.label,
        urgency=reading.urgency.label,
        flags=frozenset(reading.flags),
        spam=reading.spam,
        area=reading.unit_code,
        area_settled=True,
        area_how="tên trong bài",
        on=on,
        runners_up=reading.topic.runners_up,
        probability=reading.topic.probability,
        text=words(reading.text),
        place=words(" ".join(place.text for place in reading.places)),
    )


def _answers(lines: Iterable[bytes], desk: _Desk) -> Iterator[str]:
    """One answer a line, in the order of the lines; a line that cannot be read gets its fault."""
    numbered = enumerate(lines, 1)
    while batch := list(islice(numbered, BATCH)):
        for number, line in batch:
            if line.strip():
                yield json.dumps(_answer(number, line, desk), ensure_ascii=False)


def _answer(number: int, line: bytes, desk: _Desk) -> dict[str, Any]:
    identity: Any = None
    try:
        given = json.loads(line)
        if not isinstance(given, dict):
            raise ValueError("dòng phải là một đối tượng JSON")
        identity = given.get("id")
        text = given.get("text")
        if not isinstance(text, str):
            raise ValueError("thiếu “text” hoặc “text” không phải chữ")
        return {"id": identity, **desk.describe(desk.reader(text, channel=str(given.get("channel") or "report")))}
    except UnicodeDecodeError:
        return {"id": identity, "error": f"dòng {number}: không phải UTF-8"}
    except json.JSONDecodeError as error:
        return {"id": identity, "error": f"dòng {number}: JSON chưa đúng ở ký tự {error.pos}"}
    except ValueError as error:
        return {"id": identity, "error": f"dòng {number}: {error}"}


def _show(answer: dict[str, Any]) -> None:
    """The answer as a small table for a person at a terminal."""
    from rich.console import Console
    from rich.table import Table

    taxonomy = load_taxonomy()
    table = Table(show_header=False, box=None, padding=(0, 2))
    topic = taxonomy.leaves[answer["topic"]["slug"]]
    table.add_row(
        "Lĩnh vực",
        f"[bold]{topic.name}[/] · {taxonomy.fields[topic.field].name} · {answer['topic']['probability']:.0%}",
    )
    if answer["topic"]["also"]:
        table.add_row("Còn nói tới", ", ".join(taxonomy.name(slug) for slug in answer["topic"]["also"]))
    toward = answer["sentiment"]["target"]
    tone = taxonomy.name(answer["sentiment"]["label"])
    table.add_row("Sắc thái", f"{tone} · với: {taxonomy.name(toward)}" if toward else tone)
    table.add_row("Mức khẩn", taxonomy.name(answer["urgency"]))
    table.add_row("Loại", taxonomy.name(answer["kind"]))
    table.add_row("Nơi", ", ".join(f"{p['text']} ({p['unit_code'] or 'chưa rõ'})" for p in answer["places"]) or "–")
    table.add_row("Đơn vị", answer["department"] or "–")
    table.add_row("Vì sao", answer["why"])
    Console().print(table)
