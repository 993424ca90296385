"""Reading items with the served models, and putting people's corrections over the machine's word."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from classifiers.prediction import Reading
from classifiers.reader import Reader
from classifiers.taxonomy import load_taxonomy
from classifiers.text.places import Gazetteer, PlaceFinder
from listener.classify.reading import TASKS, as_json, kept, place_json, predictions
from listener.classify.served import places as served_places
from listener.classify.served import reader as served_reader
from listener.errors import BadInput
from listener.metrics import READING_SECONDS, READINGS
from listener.store import items as item_rows
from listener.store import readings as rows
from listener.store import tables as t
from listener.store.database import CITY_ZONE

DENUNCIATION = "to_cao"


def read_items(
    session: Session, item_ids: Sequence[int], *, models_dir: Path, gazetteer: Gazetteer, now: datetime
) -> list[int]:
    """Read the items not read yet and write what was understood; returns the ids of those that were read.

    An item that cannot be read keeps its problem in words and waits for a person.
    """
    waiting = [item for item in item_rows.by_ids(session, item_ids) if item.read_at is None]
    if not waiting:
        return []
    reader = served_reader(models_dir, gazetteer)
    labels = rows.labels_of(session, [item.id for item in waiting])
    written: list[dict[str, Any]] = []
    with READING_SECONDS.time():
        for item in waiting:
            reading = _read(reader, item)
            item.read_at = now
            if reading is not None:
                written += _prediction_rows(item, reading, now)
                _put_on_item(item, reading, labels.get(item.id, {}), served_places(gazetteer))
    rows.put_predictions(session, written)
    READINGS.inc(len(waiting))
    return [item.id for item in waiting]


def understand(item: t.Item, *, models_dir: Path, gazetteer: Gazetteer) -> t.Prediction | None:
    """Read an item that is not kept and put what was understood on it; returns its topic prediction."""
    reading = _read(served_reader(models_dir, gazetteer), item)
    if reading is None:
        return None
    _put_on_item(item, reading, {}, served_places(gazetteer))
    said = reading.topic
    return t.Prediction(
        task="topic", label=said.label, probability=said.probability, certain=said.certain, **as_json(said)
    )


def correct(session: Session, item: t.Item, *, task: str, value: str, account_id: int, now: datetime) -> None:
    """A person decides a task: the label goes over the machine's word, which stays visible beside it.

    Raises
    ------
    BadInput
        The taxonomy has no such task or value.
    """
    _check_value(task, value)
    said = _machine_word(session, item, task)
    session.add(t.Label(item_id=item.id, task=task, value=value, account_id=account_id, model_said=said, set_at=now))
    _set(item, task, value)
    item.decided_by = sorted({*item.decided_by, task})


def take_back(session: Session, item: t.Item, *, task: str, now: datetime) -> None:
    """Undo the newest correction of a task: the label before it is in force again, else the machine's word."""
    withdrawn = rows.withdraw_label(session, item.id, task, now=now)
    session.flush()
    label = rows.labels_of(session, [item.id]).get(item.id, {}).get(task)
    if label is not None:
        _set(item, task, label.value)
    elif withdrawn is not None:
        item.decided_by = [name for name in item.decided_by if name != task]
        if withdrawn.model_said is not None or task == "area":
            _set(item, task, withdrawn.model_said)


def _machine_word(session: Session, item: t.Item, task: str) -> str | None:
    """What the machine said of a task; of the area it left no prediction, so the first correction remembers it."""
    if task != "area":
        said = rows.predictions_of(session, item.id).get(task)
        return said.label if said else None
    label = rows.labels_of(session, [item.id]).get(item.id, {}).get(task)
    return label.model_said if label else item.unit_code


def _read(reader: Reader, item: t.Item) -> Reading | None:
    try:
        return reader(item.body, channel="report" if item.is_report else item.channel, written_on=_written_on(item))
    except ValueError as error:
        item.problem = f"Máy không đọc được bài này: {error}"
        return None


def _written_on(item: t.Item) -> date:
    return (item.published_at or item.received_at).astimezone(CITY_ZONE).date()


def _prediction_rows(item: t.Item, reading: Reading, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "item_id": item.id,
            "task": task,
            "label": said.label,
            "probability": said.probability,
            "certain": said.certain,
            "model_version": reading.version,
            "made_at": now,
            **as_json(said),
        }
        for task, said in kept(reading)
    ]


def _put_on_item(item: t.Item, reading: Reading, labels: dict[str, t.Label], finder: PlaceFinder) -> None:
    """The reading in force: a person's label where there is one, else what the machine said."""
    for task, said in predictions(reading):
        _set(item, task, labels[task].value if task in labels else said.label)
    item.certain = reading.topic.certain or "topic" in labels
    item.flags = list(reading.flags)
    item.spam = item.kind == "spam" if "kind" in labels else reading.spam
    item.places = [place_json(place) for place in reading.places]
    item.masks = [{"start": mask.start, "end": mask.end, "type": mask.type} for mask in reading.masks]
    if "area" not in labels:
        item.unit_code = _typed_unit(item, finder) or reading.unit_code
    if item.routed_at is None and (item.kind == DENUNCIATION or DENUNCIATION in item.flags):
        item.restricted = True
    item.problem = None


def _typed_unit(item: t.Item, finder: PlaceFinder) -> str | None:
    """The unit of the place that the sender typed, where that settles it."""
    if not item.place_text:
        return None
    found = finder.find(item.place_text, written_on=_written_on(item))
    codes = {place.unit_code for place in found if place.unit_code is not None}
    return codes.pop() if len(codes) == 1 else None


def _set(item: t.Item, task: str, value: str | None) -> None:
    if task == "area":
        item.unit_code = value
    elif task == "topic" and value is not None:
        item.topic, item.field = value, load_taxonomy().field_of(value)
    else:
        setattr(item, task, value)
    if task == "kind":
        item.spam = value == "spam"


def _check_value(task: str, value: str) -> None:
    taxonomy = load_taxonomy()
    known: dict[str, Mapping[str, object]] = {
        "topic": taxonomy.leaves,
        "sentiment": taxonomy.sentiments,
        "urgency": taxonomy.urgencies,
        "kind": taxonomy.kinds,
    }
    if task == "area":
        return  # the area's row is checked by its foreign key
    if task not in TASKS:
        raise BadInput(f"Không có mục đọc nào tên “{task}”.", field="task")
    if value not in known[task]:
        raise BadInput(f"“{value}” không có trong danh mục {task}.", field="value")


def warm_up(*, models_dir: Path, gazetteer: Gazetteer) -> None:
    """Load the served models and read one text, so that the first sender does not wait."""
    served_reader(models_dir, gazetteer)("Đèn đường tắt")
