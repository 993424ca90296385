"""The command line. Each command imports what it needs when it runs, so that `listener read` starts at once."""

import sys
from typing import NoReturn

import typer

from listener.cli import accounts, catalog, gather, models, read, sample, server
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
app.add_typer(catalog.app, name="catalog")
app.add_typer(accounts.app, name="users")
app.add_typer(sample.app, name="sample")


def main() -> NoReturn:
    """Run a command; what a person can mend is said in one line, without a traceback."""
    try:
        app()
    except ListenerError as error:
        print(f"✗ {error.message}", file=sys.stderr)  # noqa: T201
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0)
