"""`listener sample`: load the sample items, or take them out."""

import typer
from rich.console import Console

app = typer.Typer(no_args_is_help=True, help="Dữ liệu mẫu: nạp vào, hoặc gỡ bỏ toàn bộ.")
console = Console()


@app.command("load", help="Nạp dữ liệu mẫu trải trên 8 tuần qua.")
def load() -> None:
    """Load the sample items."""
    from listener import demo
    from listener.catalog import service
    from listener.settings import settings
    from listener.store.database import migrate, session_scope

    migrate()
    with session_scope() as session:
        service.load_if_empty(session, settings().pack)
        demo.first_accounts(session, demo=True)
    demo.load_if_absent(console)
    console.print("✓ Đã có dữ liệu mẫu.")


@app.command("remove", help="Gỡ bỏ mọi mục mẫu, lịch sử của chúng và các tài khoản mẫu.")
def remove() -> None:
    """Take the sample items out."""
    from listener import demo
    from listener.store.database import migrate

    migrate()
    console.print(f"✓ Đã gỡ {demo.remove()} mục mẫu.")
