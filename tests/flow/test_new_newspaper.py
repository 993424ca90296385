"""The block of settings that CONTRIBUTING shows is all it takes to gather from another newspaper."""

import re
import shutil
from pathlib import Path

import pytest
from flow.newspaper import LEAD, newspaper
from sqlalchemy import select

from listener import pipeline
from listener.catalog import service as catalog_service
from listener.catalog.files import PACKS
from listener.collect import visit_service
from listener.settings import Settings
from listener.store import sources
from listener.store import tables as t
from listener.store.database import session_scope

ROOT = Path(__file__).resolve().parents[2]
OPEN = Settings(crawl_delay=0, crawl_private_hosts=True)


def block() -> str:
    found = re.search(r"```toml\n(\[\[source\]\].*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.S)
    assert found is not None
    return found[1]


def test_the_block_of_contributing_is_enough_for_a_newspaper(database: str, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(PACKS / "can_tho", pack)
    with newspaper() as site:
        mine = block().replace("https://ben-song.test", site.url)
        mine = mine.replace("options = {", "options = { local = true,")  # it lies on this machine
        with (pack / "sources.toml").open("a", encoding="utf-8") as file:
            file.write("\n" + mine)
        with session_scope() as session:
            catalog_service.load(session, str(pack))
            source_id = sources.by_slug(session, "bao-ben-song").id
        visit_service.visit_source(
            source_id, scope=session_scope, settings=OPEN, clock=pipeline.now, keep=pipeline.take_posts
        )
    with session_scope() as session:
        items = session.scalars(select(t.Item).where(t.Item.source_id == source_id)).all()
        titles = {item.title: item.text for item in items}
    assert len(titles) == 4
    assert titles["Ngập sâu trước chợ sau mưa lớn"].startswith(LEAD)


def test_a_removed_newspaper_does_not_come_back_with_the_pack(database: str) -> None:
    with session_scope() as session:
        source = sources.by_slug(session, "dan-tri")
        source.removed_at = pipeline.now()
    try:
        with session_scope() as session:
            catalog_service.load(session, "can_tho")
            assert "dan-tri" not in [one.slug for one in sources.everything(session)]
            assert "dan-tri" not in [one.slug for one in catalog_service.current(session).sources]
    finally:
        with session_scope() as session:
            session.scalars(select(t.Source).where(t.Source.slug == "dan-tri")).one().removed_at = None


@pytest.mark.parametrize("name", ["sites.toml"])
def test_overlays_travel_with_the_package(name: str) -> None:
    assert f'"collect/{name}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
