"""What a folder of tests that commit takes into its conftest: each module leaves the store as it found it."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def clean_store_after(database: str) -> Iterator[None]:
    """Empty everything but the catalogue once the module is done."""
    yield
    from sqlalchemy import text

    from listener.store.database import session_scope

    with session_scope() as session:
        session.execute(text("TRUNCATE items, stories, source_runs, procrastinate_jobs RESTART IDENTITY CASCADE"))
        session.execute(text("TRUNCATE receivers, outbox_lines, wordings RESTART IDENTITY CASCADE"))
        session.execute(text("TRUNCATE letters, letter_registers RESTART IDENTITY CASCADE"))
        session.execute(
            text("DELETE FROM sources WHERE slug NOT IN (SELECT unnest(CAST(:kept AS text[])))"),
            {"kept": _pack_sources()},
        )


def _pack_sources() -> list[str]:
    from listener.catalog.files import read_pack

    return [source.slug for source in read_pack("can_tho").sources]
