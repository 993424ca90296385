"""`listener up` and `listener work`: serve the pages, run the jobs."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from listener.errors import PortInUse

console = Console()


def add_to(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command("up", help="Khởi động tất cả: cơ sở dữ liệu, danh mục, trang web, tiến trình nền.")(up)
    app.command("work", help="Chạy tiến trình nền: thăm nguồn, đọc bài, chuyển đơn vị.")(work)


def up(
    demo: Annotated[bool, typer.Option("--demo", help="Nạp dữ liệu mẫu và tài khoản mẫu")] = False,
    port: Annotated[int | None, typer.Option(help="Cổng phục vụ trang web")] = None,
    host: Annotated[str | None, typer.Option(help="Địa chỉ phục vụ")] = None,
) -> None:
    """Start everything; ends with Ctrl-C."""
    from listener.log import set_up_logging
    from listener.settings import settings

    set_up_logging()
    host, port = host or settings().host, settings().port if port is None else port
    _check_port(host, port)
    sign_in = _prepare(demo=demo)
    _announce(host, port, sign_in)
    with _worker():
        import uvicorn

        from listener.web.app import create_app

        uvicorn.run(create_app(), host=host, port=port, log_config=None, access_log=False, server_header=False)


def work(
    once: Annotated[bool, typer.Option("--once", help="Chạy hết việc đang chờ rồi dừng")] = False,
) -> None:
    """Run jobs until told to stop, or with --once until none is left."""
    from listener import schedule
    from listener.jobs import run_worker
    from listener.log import set_up_logging
    from listener.store.database import database_address, migrate

    set_up_logging()
    migrate()
    assert schedule  # its import put the periodic jobs on the queue's table
    run_worker(database_address(), wait=not once)


def _prepare(*, demo: bool) -> str:
    """Tables, catalogue, accounts; returns how to sign in, in words."""
    from listener import demo as sample
    from listener.catalog import service as catalog_service
    from listener.settings import settings
    from listener.store.database import migrate, session_scope

    with console.status("Đang chuẩn bị cơ sở dữ liệu…"):
        migrate()
        with session_scope() as session:
            catalog_service.load_if_empty(session, settings().pack)
    with session_scope() as session:
        sign_in = sample.first_accounts(session, demo=demo)
    if demo:
        sample.load_if_absent(console)
    return sign_in


def _announce(host: str, port: int, sign_in: str) -> None:
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::") else host  # noqa: S104
    console.print(f"\n[bold]Mở[/] http://{shown}:{port}    (dừng: Ctrl-C)")
    console.print(f"{sign_in}\n", highlight=False)


def _check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise PortInUse(port) from None


@contextmanager
def _worker() -> Iterator[None]:
    """The jobs run in a process of their own, ended with the pages."""
    program = Path(sys.executable).with_name("listener")
    process = subprocess.Popen([str(program), "work"])  # noqa: S603 (our own program)
    try:
        yield
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        if process.poll() is None:
            process.kill()
