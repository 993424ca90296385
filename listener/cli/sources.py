"""`listener sources`: the kinds of source and their options; adding one."""

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from listener.errors import BadInput, SourceRefused

app = typer.Typer(no_args_is_help=True, help="Nguồn: các loại đọc được và tuỳ chọn của chúng; thêm nguồn.")
console = Console()


@app.command("kinds", help="In các loại nguồn, địa chỉ mẫu và tuỳ chọn của từng loại.")
def kinds() -> None:
    """List the kinds."""
    from listener.catalog.source_kinds import KINDS

    for key, kind in KINDS.items():
        console.print(
            f"[bold]{key}[/]: {kind.name} {escape(kind.address)} {escape(kind.note)}".rstrip(), highlight=False
        )
        for name, option in kind.options.items():
            choices = f" ({' | '.join(option.choices)})" if option.choices else ""
            needed = " – bắt buộc" if option.needed else ""
            console.print(f"    {name}: {option.label}{choices}{needed}", highlight=False, soft_wrap=True)


@app.command("add", help="Thêm một nguồn; trang /nguon/moi cũng làm việc này.")
def add(
    slug: Annotated[str, typer.Argument(help="Tên ngắn, ví dụ bao-can-tho")],
    kind: Annotated[str, typer.Option(help="Loại nguồn; xem: listener sources kinds")],
    name: Annotated[str, typer.Option(help="Tên nguồn")],
    url: Annotated[str, typer.Option(help="Địa chỉ; thư mục thả tệp (drop) không cần")] = "",
    every: Annotated[int, typer.Option(help="Thăm mỗi bao nhiêu phút")] = 30,
    option: Annotated[list[str] | None, typer.Option(help="Tuỳ chọn, ví dụ: --option days=7")] = None,
) -> None:
    """Add a source, checked like one of a starter pack."""
    from listener.catalog import source_service
    from listener.catalog.shapes import Source
    from listener.cli.gather import prepare
    from listener.store import audit
    from listener.store.database import session_scope

    written = _options(option or [])
    prepare()
    with session_scope() as session:
        try:
            added = source_service.add(session, Source(slug, name, kind, url, every), written)
        except SourceRefused as error:
            raise BadInput(
                "Chưa thêm nguồn:\n" + "\n".join(f"  - {words}" for words in error.fields.values())
            ) from None
        audit.note(session, actor="command line", act="source", source=slug, step="them", kind=kind)
        active = added.active
    state = "được thăm trong vòng một phút khi listener up đang chạy" if active else "đang tạm dừng; bật ở trang /nguon"
    console.print(f"✓ Đã thêm nguồn {escape(slug)}, {state}.", highlight=False, soft_wrap=True)


def _options(given: list[str]) -> dict[str, str]:
    found = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals:
            raise BadInput(f"Không hiểu “{one}”. Viết theo mẫu: --option tên=giá trị.")
        found[name.strip()] = value
    return found
