"""`listener catalog`: load a starter pack, write the database's catalogue back, check either."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from listener.errors import CatalogFault

app = typer.Typer(
    no_args_is_help=True, help="Danh mục đơn vị, địa bàn, chủ quản, nguồn, ngày nghỉ: nạp, xuất, kiểm tra."
)
console = Console()


@app.command("load", help="Nạp một bộ danh mục (tên bộ đi kèm hoặc thư mục TOML) đè lên danh mục trong cơ sở dữ liệu.")
def load(pack: Annotated[str, typer.Argument(help="Tên bộ hoặc thư mục")] = "can_tho") -> None:
    """Load a pack."""
    from listener.catalog import service
    from listener.store import rules as rule_rows
    from listener.store.database import migrate, session_scope

    migrate()
    with session_scope() as session:
        catalog = service.load(session, pack)
        draft = rule_rows.draft(session)
    console.print(
        f"✓ Đã nạp: {len(catalog.departments)} đơn vị, {len(catalog.areas)} địa bàn, {len(catalog.sources)} nguồn."
    )
    if catalog.rule_sets and draft is not None:
        console.print("! Có bản nháp quy tắc chờ người điều phối xem: /dieu-phoi/quy-tac?ban=nhap")


@app.command("export", help="Ghi danh mục trong cơ sở dữ liệu ra thư mục TOML; nạp lại được bằng lệnh load.")
def export(folder: Annotated[Path, typer.Argument(help="Thư mục sẽ ghi")]) -> None:
    """Write the database's catalogue as TOML."""
    from listener.catalog import files, service
    from listener.store.database import migrate, session_scope

    migrate()
    with session_scope() as session:
        files.write_pack(service.current(session), folder)
    console.print(f"✓ Đã ghi vào {folder}.")


@app.command(
    "check", help="Kiểm tra danh mục: mã lạ, lĩnh vực không chủ, hai chủ. Không nêu bộ nào thì kiểm tra cơ sở dữ liệu."
)
def check(pack: Annotated[str | None, typer.Argument(help="Tên bộ hoặc thư mục")] = None) -> None:
    """Check a pack, or the database's catalogue."""
    from listener.catalog import files, service
    from listener.catalog.rule_checks import FAULT
    from listener.store.database import migrate, session_scope

    if pack is not None:
        catalog = files.read_pack(pack)
    else:
        migrate()
        with session_scope() as session:
            catalog = service.current(session)
    for one in service.rule_findings(catalog):
        if one.level != FAULT:
            console.print(f"! {one.words}", highlight=False)
    found = service.check(catalog)
    if found:
        raise CatalogFault(found)
    console.print("✓ Danh mục không có chỗ nào mâu thuẫn.")
