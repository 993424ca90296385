"""Which models serve: one reader a process, loaded once and warm."""

from functools import lru_cache
from pathlib import Path

from classifiers.reader import Reader, load_reader
from classifiers.text.places import Gazetteer


@lru_cache(maxsize=4)
def reader(models_dir: Path, gazetteer: Gazetteer) -> Reader:
    """The reader of a shelf of models and a gazetteer; loading takes about a second, so it is kept."""
    return load_reader(models_dir, gazetteer=gazetteer)
