"""`listener evaluate`: the served models measured on the test split, beside peers and public benchmarks."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from classifiers.datasets import LabelledText
from classifiers.prediction import Reading
from listener.catalog.shapes import Catalog
from listener.cli.read import case_of
from listener.settings import settings

BENCHMARKS = Path(__file__).parents[3] / "shared" / "data"


def add_to(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("evaluate", help="Đo mô hình đang dùng trên bộ kiểm tra, cạnh công thức khác và bộ dữ liệu công khai.")(
        evaluate
    )


def evaluate(
    out: Annotated[Path | None, typer.Option("--out", help="Ghi thêm evaluation.md và evaluation.json vào đây")] = None,
    benchmarks: Annotated[
        Path, typer.Option("--benchmarks", help="Nơi để các bộ dữ liệu công khai (không kèm theo)")
    ] = BENCHMARKS,
    quick: Annotated[bool, typer.Option("--quick", help="Chỉ bộ kiểm tra và tốc độ")] = False,
) -> None:
    """Measure, print the tables, and write them where asked."""
    from classifiers.evaluation.run import run
    from listener.catalog.files import read_pack
    from listener.catalog.service import gazetteer
    from listener.classify.served import reader

    catalog = read_pack(settings().pack)
    console = Console(stderr=True)
    table = run(
        reader(settings().models_dir, gazetteer(catalog)),
        benchmarks=benchmarks,
        desks=PackDesks(catalog),
        out=out,
        quick=quick,
        tell=lambda what: console.print(f"… {what}"),
    )
    typer.echo(table)


class PackDesks:
    """The departments of the starter pack, as `classifiers.evaluation` asks for them."""

    def __init__(self, catalog: Catalog) -> None:
        from classifiers.taxonomy import load_taxonomy

        self._catalog = catalog
        self._taxonomy = load_taxonomy()
        self._today = date.today()  # noqa: DTZ011 (the rules in force on this machine's day)

    def true(self, text: LabelledText) -> str | None:
        """The department of the labelled topic and place."""
        from listener.route.rules import owner_of

        owner = owner_of(text.topics[0], text.unit_code, self._today, self._catalog.owners)
        return self._catalog.resolve(owner.department, text.unit_code) if owner else None

    def said(self, reading: Reading) -> tuple[str | None, bool, bool]:
        """The department by the reading, whether the machine is sure of it, and whether it would send it alone."""
        from listener.route.rules import decide, sure_of_desk

        case = case_of(reading, self._today)
        decision = decide(case, self._catalog, self._taxonomy)
        return decision.department, sure_of_desk(case, self._catalog), decision.routed
