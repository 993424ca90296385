"""The pure library: Vietnamese text in, predictions out. No database, web, network, environment or clock."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from classifiers.reader import load_reader

__all__ = ["load_reader"]


def __getattr__(name: str) -> object:
    """Load the reader only when somebody asks for it: most of the library needs no models."""
    if name == "load_reader":
        from classifiers.reader import load_reader

        return load_reader
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
