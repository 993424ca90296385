"""`listener users`: accounts of staff and tokens of other systems."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from listener.errors import NotFound

app = typer.Typer(no_args_is_help=True, help="Tài khoản cán bộ và mã truy cập cho hệ thống khác.")
console = Console()
Department = Annotated[str | None, typer.Option(help="Mã đơn vị, ví dụ UBX-31120")]


@app.command("add", help="Thêm tài khoản. Mật khẩu được hỏi, không ghi trên dòng lệnh.")
def add(
    login: Annotated[str, typer.Argument(help="Tên đăng nhập")],
    role: Annotated[str, typer.Option(help="officer, dispatcher, press, leader, analyst, admin, handler")],
    name: Annotated[str, typer.Option(help="Họ tên hiện trên trang")] = "",
    department: Department = None,
    password: Annotated[str, typer.Option(prompt="Mật khẩu", confirmation_prompt="Nhập lại", hide_input=True)] = "",
) -> None:
    """Make an account."""
    from listener.accounts import service
    from listener.store.database import migrate, session_scope

    migrate()
    with session_scope() as session:
        account = service.create(session, login=login, name=name, role=role, password=password, department=department)
    console.print(f"✓ Đã thêm {account.login} ({account.role}).")


@app.command("list", help="Liệt kê tài khoản.")
def list_all() -> None:
    """List accounts."""
    from listener.accounts.roles import ROLES
    from listener.store import accounts
    from listener.store.database import migrate, session_scope

    migrate()
    table = Table("Tên", "Họ tên", "Vai trò", "Đơn vị", "Trạng thái", "Vào lần cuối")
    with session_scope() as session:
        for account in accounts.everyone(session):
            seen = f"{account.last_seen:%d/%m/%Y %H:%M}" if account.last_seen else "–"
            state = "đang dùng" if account.active else "đã khoá"
            table.add_row(account.login, account.name, ROLES[account.role], account.department_code or "–", state, seen)
    console.print(table)


@app.command("password", help="Đặt lại mật khẩu và kết thúc mọi phiên của tài khoản.")
def password(
    login: Annotated[str, typer.Argument(help="Tên đăng nhập")],
    new: Annotated[str, typer.Option(prompt="Mật khẩu mới", confirmation_prompt="Nhập lại", hide_input=True)] = "",
) -> None:
    """Set a new password."""
    from listener.accounts import service
    from listener.store import accounts, audit
    from listener.store.database import migrate, session_scope

    migrate()
    with session_scope() as session:
        account = accounts.by_login(session, login)
        if account is None:
            raise NotFound(f"Không có tài khoản “{login}”.")
        service.set_password(account, new)
        audit.note(session, actor=service.COMMAND_LINE, act="password", login=login)
    console.print(f"✓ Đã đặt mật khẩu mới cho {login}.")


@app.command("lock", help="Khoá hoặc mở tài khoản; khoá thì các phiên đang mở hết hiệu lực ngay.")
def lock(
    login: Annotated[str, typer.Argument(help="Tên đăng nhập")],
    unlock: Annotated[bool, typer.Option("--open", help="Mở lại")] = False,
) -> None:
    """Lock or unlock an account."""
    from listener.accounts import service
    from listener.store import accounts
    from listener.store.database import migrate, session_scope

    migrate()
    with session_scope() as session:
        account = accounts.by_login(session, login)
        if account is None:
            raise NotFound(f"Không có tài khoản “{login}”.")
        service.set_active(session, account, unlock)
    console.print(f"✓ {login}: {'đang dùng' if unlock else 'đã khoá'}.")


@app.command("role", help="Đổi vai trò; các phiên đang mở của tài khoản kết thúc ngay.")
def role(
    login: Annotated[str, typer.Argument(help="Tên đăng nhập")],
    new: Annotated[str, typer.Argument(help="officer, dispatcher, press, leader, analyst, admin, handler")],
    department: Department = None,
) -> None:
    """Give an account another role."""
    from listener.accounts import service
    from listener.store import accounts
    from listener.store.database import migrate, session_scope

    migrate()
    with session_scope() as session:
        account = accounts.by_login(session, login)
        if account is None:
            raise NotFound(f"Không có tài khoản “{login}”.")
        service.change_role(session, account, new, department=department)
    console.print(f"✓ {login} nay là {new}.")


@app.command("token", help="Tạo mã truy cập API cho hệ thống khác; chỉ hiện một lần.")
def token(name: Annotated[str, typer.Argument(help="Tên hệ thống")], department: Department = None) -> None:
    """Make an API token, printed alone on standard output so that a script can keep it."""
    from listener.accounts import service
    from listener.store.database import migrate, session_scope

    migrate()
    with session_scope() as session:
        made = service.make_token(session, name=name, department=department)
    typer.echo(made)
