"""One engine a process, sessions, and bringing the tables up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from listener.errors import StoreUnavailable
from listener.settings import settings
from listener.store.embedded import start_embedded

CITY_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@lru_cache
def database_address() -> str:
    """The address for psycopg: the setting's, or the embedded server's, which is started."""
    given = settings().database_url
    if given is None:
        return start_embedded(settings().data_dir)
    return given.replace("postgresql+psycopg://", "postgresql://", 1)


@lru_cache
def engine() -> Engine:
    """The engine of this process."""
    return create_engine(
        database_address().replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,
        connect_args={"options": f"-c timezone={CITY_ZONE.key} -c statement_timeout=60000", "connect_timeout": 5},
    )


def new_session() -> Session:
    """A session on this process's engine; the caller commits and closes."""
    return sessionmaker(engine(), expire_on_commit=False)()


@contextmanager
def session_scope() -> Iterator[Session]:
    """A session that commits once at the end, or not at all.

    Raises
    ------
    StoreUnavailable
        The database does not answer.
    """
    try:
        session = new_session()
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()
    except OperationalError as error:
        if error.connection_invalidated or isinstance(error.orig, psycopg.OperationalError):
            raise StoreUnavailable(_no_answer()) from error
        raise


def check_store() -> None:
    """Ask the database for an answer.

    Raises
    ------
    StoreUnavailable
        It gives none.
    """
    try:
        with engine().connect() as connection:
            connection.execute(text("SELECT 1"))
    except OperationalError as error:
        raise StoreUnavailable(_no_answer()) from error


def _no_answer() -> str:
    return (
        "Cơ sở dữ liệu không trả lời. Kiểm tra máy chủ PostgreSQL có đang chạy và LISTENER_DATABASE_URL "
        "có đúng không, rồi thử lại. Dữ liệu đã lưu vẫn còn nguyên."
    )


def alembic_config() -> Config:
    """Alembic's settings, without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def migrate() -> None:
    """Bring the tables to the newest form; does nothing when they are there already."""
    check_store()
    if not up_to_date():
        command.upgrade(alembic_config(), "head")


def up_to_date() -> bool:
    """Whether the database has the newest tables."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    with engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
