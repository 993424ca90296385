"""`listener audit`: whether the chain of the audit holds."""

from typing import Annotated

import typer
from rich.console import Console

from listener.errors import AuditBroken

app = typer.Typer(no_args_is_help=True, help="Nhật ký kiểm tra: chuỗi mã băm còn nguyên hay không.")
console = Console()


@app.callback()
def group() -> None:
    """Commands of the audit."""


@app.command("verify", help="Đi dọc chuỗi nhật ký; nêu dòng hỏng đầu tiên và kết thúc với mã khác 0.")
def verify(
    expect: Annotated[
        str | None, typer.Option(help="Mã cuối đã ghi lại lần trước; báo nếu không còn trong chuỗi")
    ] = None,
) -> None:
    """Walk the chain."""
    from listener import vietnamese
    from listener.pipeline import now
    from listener.store import audit
    from listener.store.database import migrate, session_scope

    migrate()
    with session_scope() as session:
        found = audit.check(session, now=now())
        lost = expect is not None and not audit.holds(session, expect.strip())
    if found.broken_id is not None:
        whole = f"{found.rows} dòng trước đó còn nguyên."
        raise AuditBroken(f"Nhật ký hỏng ở dòng {found.broken_id}: {found.problem}. {whole}")
    if lost:
        raise AuditBroken(f"Không còn mã {expect} trong chuỗi: các dòng cuối đã bị cắt, hoặc đây là nhật ký khác.")
    count = vietnamese.number(found.rows)
    console.print(f"✓ Nhật ký còn nguyên: {count} dòng, mã cuối {found.head}", soft_wrap=True, highlight=False)
