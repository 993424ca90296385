"""Which models serve: one reader a process, loaded once and warm."""

import gc
from functools import lru_cache
from pathlib import Path

from classifiers.artifacts import BadArtifact
from classifiers.reader import Reader, load_reader
from classifiers.text.places import Gazetteer, PlaceFinder
from listener.errors import ModelRefused


@lru_cache(maxsize=4)
def reader(models_dir: Path, gazetteer: Gazetteer) -> Reader:
    """The reader of a shelf of models and a gazetteer; loading takes about a second, so it is kept.

    Raises
    ------
    ModelRefused
        A model is missing, damaged, or says labels that the taxonomy lacks.
    """
    try:
        loaded = load_reader(models_dir, gazetteer=gazetteer)
    except BadArtifact as error:
        raise ModelRefused(
            f"Mô hình chưa dùng được: {error}. Huấn luyện bằng listener train, rồi đưa vào dùng bằng listener promote."
        ) from error
    gc.freeze()  # the models live as long as the process: looking through them for garbage slows reading by 7 %
    return loaded


@lru_cache(maxsize=4)
def places(gazetteer: Gazetteer) -> PlaceFinder:
    """The place finder of a gazetteer, for places typed into a field of their own."""
    return PlaceFinder(gazetteer)
