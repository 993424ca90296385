"""Fixtures for all tests: one scratch PostgreSQL, one transaction a test, no network."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

# The settings are read once a process, so the scratch folder must stand before anything of the service is imported.
from listener.store.embedded import drop_scratch, scratch_folder  # noqa: E402

SCRATCH = scratch_folder()
os.environ["LISTENER_DATA_DIR"] = str(SCRATCH)
os.environ["LISTENER_SECRET_KEY"] = "a key for tests only"
os.environ["LISTENER_CRAWL_PRIVATE_HOSTS"] = "true"
os.environ["LISTENER_CRAWL_DELAY"] = "0"
os.environ["LISTENER_DELIVER_PRIVATE_HOSTS"] = "true"
for name in ("LISTENER_DATABASE_URL", "LISTENER_PORT", "LISTENER_HOST", "LISTENER_PACK"):
    os.environ.pop(name, None)


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """A migrated scratch database with the starter pack; its address for psycopg."""
    from sqlalchemy import update

    import listener.schedule  # noqa: F401 (names the jobs, as every process of the service does)
    from listener.catalog import service
    from listener.store import tables as t
    from listener.store.database import database_address, engine, migrate, session_scope

    migrate()
    with session_scope() as session:
        service.load_if_empty(session, "can_tho")
        session.execute(update(t.Source).values(active=False))  # no test ever goes out to a real newspaper
    yield database_address()
    engine().dispose()
    drop_scratch(SCRATCH)


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    """A session whose every write is rolled back after the test, commits included."""
    from listener.store.database import engine

    with engine().connect() as connection, connection.begin() as transaction:
        with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    """Gives ports nobody listens on."""

    def find() -> int:
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    return find


@dataclass(frozen=True)
class Service:
    """A running service of its own: address, data folder, password of all sample accounts."""

    url: str
    data_dir: Path
    password: str
    environment: dict[str, str]

    def command(self, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run `listener …` against this service's database."""
        return subprocess.run(
            [sys.executable, "-m", "listener", *arguments],
            input=text,
            capture_output=True,
            text=True,
            env=self.environment,
            timeout=240,
        )


@pytest.fixture(scope="session")
def service(free_port: Callable[[], int]) -> Iterator[Service]:
    """`listener up --demo` as a process of its own, as a newcomer starts it."""
    import httpx

    folder = scratch_folder()
    port = free_port()
    environment = {**os.environ, "LISTENER_DATA_DIR": str(folder), "LISTENER_PORT": str(port)}
    log = (folder / "up.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "listener", "up", "--demo"], env=environment, stdout=log, stderr=log, cwd=folder
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            if process.poll() is not None:
                raise RuntimeError((folder / "up.log").read_text())
            try:
                if httpx.get(f"{url}/healthz", timeout=2).status_code == 200:
                    break
            except httpx.HTTPError:
                time.sleep(0.25)
        else:
            raise RuntimeError((folder / "up.log").read_text())
        yield Service(url, folder, (folder / "sign-in.txt").read_text().strip(), environment)
    finally:
        process.terminate()
        process.wait(30)
        log.close()
        drop_scratch(folder)
