"""From a reading to what is kept of it."""

from collections.abc import Iterator
from typing import Any

from classifiers.prediction import Place, Prediction, Reading

TASKS = ("topic", "sentiment", "urgency", "kind")  # with a field of their own on the item
TARGET = "target"


def predictions(reading: Reading) -> Iterator[tuple[str, Prediction]]:
    """The predictions of a reading, by task."""
    for task in TASKS:
        yield task, getattr(reading, task)


def kept(reading: Reading) -> Iterator[tuple[str, Prediction]]:
    """The predictions that are kept of a reading: those of every task, and toward whom a coloured text speaks."""
    yield from predictions(reading)
    if reading.target is not None:
        yield TARGET, reading.target


def as_json(prediction: Prediction) -> dict[str, Any]:
    """Runners-up and words of a prediction as they are kept."""
    return {
        "runners_up": [{"label": label, "probability": round(p, 4)} for label, p in prediction.runners_up],
        "why": [{"start": span.start, "end": span.end, "weight": round(span.weight, 3)} for span in prediction.why],
    }


def place_json(place: Place) -> dict[str, Any]:
    """A place as it is kept."""
    return {
        "text": place.text,
        "start": place.start,
        "end": place.end,
        "unit_code": place.unit_code,
        "confidence": round(place.confidence, 3),
        "candidates": list(place.candidates),
        "older": place.older,
    }
