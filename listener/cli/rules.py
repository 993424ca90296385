"""`listener rules`: the routing rules on the command line: list, check, dry run, to a file and from one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from listener.errors import BadInput, CatalogFault

app = typer.Typer(no_args_is_help=True, help="Quy tắc chuyển: xem, kiểm tra, chạy thử, xuất, nhập thành bản nháp.")
console = Console()
Draft = Annotated[bool, typer.Option("--draft", help="Bản nháp thay vì bản đang áp dụng")]


@app.command("list", help="In các quy tắc theo thứ tự, mỗi quy tắc một câu.")
def show(draft: Draft = False) -> None:
    """List the rules."""
    from classifiers.taxonomy import load_taxonomy
    from listener.catalog.rule_words import sentence

    rules, catalog = _held(draft=draft)
    for number, rule in enumerate(rules, 1):
        console.print(f"{number}. [bold]{rule.name}[/]: {sentence(rule, catalog, load_taxonomy())}", highlight=False)
    if not rules:
        console.print("Chưa có quy tắc nào; mọi mục theo chủ quản của lĩnh vực và địa bàn.")


@app.command("check", help="Kiểm tra: quy tắc hỏng, không bao giờ dùng tới, chồng nhau, lĩnh vực chưa có chủ quản.")
def check(draft: Draft = False) -> None:
    """Check the rules; faults end with an error."""
    from classifiers.taxonomy import load_taxonomy
    from listener.catalog.rule_checks import FAULT, check_rules, unowned

    rules, catalog = _held(draft=draft)
    found = [*check_rules(rules, catalog, load_taxonomy()), *unowned(catalog, load_taxonomy(), _today())]
    for one in found:
        if one.level != FAULT:
            console.print(f"! {one.words}", highlight=False)
    faults = [one.words for one in found if one.level == FAULT]
    if faults:
        raise CatalogFault(faults)
    console.print(f"✓ {len(rules)} quy tắc, không có chỗ nào sai.")


@app.command("dry-run", help="Chạy thử bản nháp, hoặc một tệp TOML, trên các mục của những tuần qua.")
def dry_run(
    file: Annotated[Path | None, typer.Argument(help="Tệp quy tắc; không nêu thì bản nháp")] = None,
    weeks: Annotated[int, typer.Option(help="Số tuần", min=1, max=104)] = 4,
) -> None:
    """Replay past items; nothing is written."""
    from listener.catalog.files import read_rules
    from listener.route import rehearsal_service as rehearsals
    from listener.route.replay import Tally
    from listener.store.database import session_scope

    rules, catalog = _held(draft=file is None)
    if file is not None:
        rules = read_rules(file).rules
    tally = Tally()
    with session_scope() as session, console.status("Đang xét…") as status:
        since = datetime.now(UTC) - timedelta(weeks=weeks)
        for tally in rehearsals.replay(session, rules, catalog, since=since, today=_today()):
            status.update(f"Đang xét… {tally.total} mục")
    console.print(f"{tally.changed} trên {tally.total} mục sẽ sang nơi khác.", highlight=False)
    for (start, end), number in tally.moves.most_common(20):
        console.print(f"  {number:>6}  {catalog.name_of(start)} → {catalog.name_of(end)}", highlight=False)
    console.print(
        f"Người đã sửa {tally.corrected}: bản thử đúng hơn {tally.mended}, sai hơn {tally.spoiled}; "
        f"bớt {tally.returns_saved} lần trả lại.",
        highlight=False,
    )


@app.command("export", help="Ghi quy tắc ra một tệp TOML.")
def export(file: Annotated[Path, typer.Argument(help="Tệp sẽ ghi")], draft: Draft = False) -> None:
    """Write the rules as TOML."""
    from listener.catalog.files import write_rules
    from listener.catalog.routing import RuleSet

    rules, _ = _held(draft=draft)
    write_rules(RuleSet(tuple(rules)), file)
    console.print(f"✓ Đã ghi {len(rules)} quy tắc vào {file}.")


@app.command("import", help="Đọc quy tắc từ tệp TOML thành bản nháp; người điều phối chạy thử và áp dụng trên trang.")
def take(file: Annotated[Path, typer.Argument(help="Tệp quy tắc")]) -> None:
    """Read rules from TOML into the draft."""
    from listener.catalog.files import read_rules
    from listener.route import rules_service
    from listener.route.workflow import ADMIN, Actor
    from listener.store.database import migrate, session_scope

    rules = read_rules(file).rules
    migrate()
    with session_scope() as session:
        rules_service.as_draft(session, rules, actor=Actor("dòng lệnh", ADMIN), now=datetime.now(UTC))
    console.print(f"✓ {len(rules)} quy tắc nằm ở bản nháp. Xem ở trang /dieu-phoi/quy-tac?ban=nhap.")


def _held(*, draft: bool) -> tuple[Any, Any]:
    """The rules asked for, and the catalogue."""
    from listener.catalog import service
    from listener.route.rehearsal_service import rules_of
    from listener.store import rules as rows
    from listener.store.database import migrate, session_scope

    migrate()
    with session_scope() as session:
        catalog = service.current(session)
        if not draft:
            return catalog.rules_on(_today()).rules, catalog
        row = rows.draft(session)
        if row is None:
            raise BadInput("Chưa có bản nháp nào. Mở ở trang /dieu-phoi/quy-tac, hoặc: listener rules import TỆP")
        return rules_of(row), catalog


def _today() -> Any:
    from listener.route.deadlines import CITY_ZONE

    return datetime.now(CITY_ZONE).date()
