"""Which models serve: one reader a process, loaded once and warm."""

from functools import lru_cache
from pathlib import Path

from classifiers.reader import Reader, load_reader
from classifiers.text.places import Gazetteer, PlaceFinder


@lru_cache(maxsize=4)
def reader(models_dir: Path, gazetteer: Gazetteer) -> Reader:
    """The reader of a shelf of models and a gazetteer; loading takes about a second, so it is kept."""
    return load_reader(models_dir, gazetteer=gazetteer)


@lru_cache(maxsize=4)
def places(gazetteer: Gazetteer) -> PlaceFinder:
    """The place finder of a gazetteer, for places typed into a field of their own."""
    return PlaceFinder(gazetteer)
