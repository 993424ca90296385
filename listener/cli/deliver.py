"""`listener deliver`: send what waits, look at what was given up, try it again."""

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

app = typer.Typer(no_args_is_help=True, help="Kênh gửi ra: gửi ngay, xem thư hỏng, gửi lại.")
console = Console()
STATES = {"sent": "đã gửi", "retry": "sẽ gửi lại", "dead": "thư hỏng", "overtaken": "tiến trình khác đã lo"}


@app.command("now", help="Viết và gửi ngay mọi thư đã đến lượt.")
def send_now() -> None:
    """Tell what was not told and send what is due."""
    from listener import pipeline
    from listener.catalog import service as catalog_service
    from listener.deliver import service
    from listener.settings import settings
    from listener.store.database import migrate, session_scope

    migrate()
    told, batch = 0, service.BATCH
    while batch == service.BATCH:
        with session_scope() as session:
            catalog = catalog_service.current(session)
            batch = service.tell_events(session, catalog=catalog, settings=settings(), now=pipeline.now())
        told += batch
    tally = service.send_due(session_scope, settings=settings(), clock=pipeline.now, seconds=600)
    outcomes = ", ".join(f"{STATES[state]} {count}" for state, count in sorted(tally.items()))
    console.print(f"✓ Đã xét {told} việc mới; {outcomes or 'không có thư đến lượt'}.")


@app.command("dead", help="Liệt kê thư hỏng theo nguyên nhân.")
def dead() -> None:
    """Dead letters by channel and cause."""
    from listener import vietnamese
    from listener.deliver.channels import CHANNELS
    from listener.store import outbox
    from listener.store.database import migrate, session_scope

    migrate()
    with session_scope() as session:
        groups = outbox.dead_groups(session)
    if not groups:
        console.print("✓ Không có thư hỏng.")
        return
    table = Table("Kênh", "Nguyên nhân", "Mã", "Số thư", "Lần cuối")
    for group in groups:
        last = vietnamese.full(group.last_at) if group.last_at else "–"
        table.add_row(CHANNELS[group.channel].name, escape(group.problem), escape(group.cause), str(group.count), last)
    console.print(table)
    console.print("Gửi lại: listener deliver retry --channel KÊNH --cause MÃ")


@app.command("retry", help="Cho thư hỏng được gửi lại, giữ nguyên mã việc; không nêu gì thì tất cả.")
def retry(
    channel: Annotated[str | None, typer.Option(help="webhook, mail hoặc zalo")] = None,
    cause: Annotated[str | None, typer.Option(help="Mã nguyên nhân, ví dụ http-500")] = None,
    letter: Annotated[int | None, typer.Option(help="Một thư, theo số")] = None,
) -> None:
    """Let dead letters be tried anew."""
    from listener import pipeline
    from listener.deliver import receivers_service as service
    from listener.jobs import hand_over_once
    from listener.store.database import migrate, session_scope

    migrate()
    with session_scope() as session:
        ids = [letter] if letter is not None else None
        by = service.By("dòng lệnh")
        count = service.retry(session, now=pipeline.now(), by=by, ids=ids, channel=channel, cause=cause)
        hand_over_once(session, "deliver")
    console.print(f"✓ {count} thư về hàng chờ; tiến trình nền gửi trong phút này, hoặc: listener deliver now")
