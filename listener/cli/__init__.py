"""The command line. Each command imports what it needs when it runs, so that `listener read` starts at once."""

import sys
from typing import NoReturn

import typer
from pydantic import ValidationError

from listener.cli import (
    accounts,
    audit,
    catalog,
    deliver,
    evaluate,
    gather,
    identity,
    letters,
    models,
    read,
    rules,
    sample,
    server,
    sources,
)
from listener.errors import ListenerError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Lắng nghe: thu bài đăng và phản ánh, đọc tiếng Việt, chuyển tới đúng đơn vị.",
)
server.add_to(app)
gather.add_to(app)
read.add_to(app)
models.add_to(app)
evaluate.add_to(app)
app.add_typer(catalog.app, name="catalog")
app.add_typer(rules.app, name="rules")
app.add_typer(sources.app, name="sources")
app.add_typer(accounts.app, name="users")
app.add_typer(deliver.app, name="deliver")
app.add_typer(letters.app, name="letters")
app.add_typer(identity.app, name="identity")
app.add_typer(audit.app, name="audit")
app.add_typer(sample.app, name="sample")


def main() -> NoReturn:
    """Run a command; what a person can mend is said in one line, without a traceback."""
    try:
        app()
    except ListenerError as error:
        _refuse(error.message)
    except ValidationError as error:
        named = "; ".join(f"LISTENER_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors())
        _refuse(f"Cài đặt chưa dùng được: {named}. Xem bảng cài đặt trong README.")
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0)


def _refuse(message: str) -> NoReturn:
    print(f"✗ {message}", file=sys.stderr)  # noqa: T201
    sys.exit(1)
