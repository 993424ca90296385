"""The two ways to the names of places: through the catalogue, and straight from a pack's file."""

from classifiers.text.gazetteer import Gazetteer
from listener.catalog.files import pack_folder, read_pack
from listener.catalog.service import gazetteer


def test_the_file_of_areas_gives_the_names_that_the_catalogue_gives() -> None:
    straight = Gazetteer.read(pack_folder("can_tho") / "areas.toml")
    assert straight == gazetteer(read_pack("can_tho"))
