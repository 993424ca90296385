"""The reader: one text in, everything the served models understand of it out. Loads in well under a second."""

import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from classifiers.artifacts import Artifact, BadArtifact, load
from classifiers.features import Floats, Row, Text, Vocabulary, ready
from classifiers.prediction import Prediction, Reading, Span
from classifiers.rules import consistent_flags
from classifiers.scoring import LinearModel, Scores, choose, contrast, lead, spoken_for
from classifiers.tasks import FIELD_SURE, TASKS, Implications
from classifiers.taxonomy import Taxonomy, load_taxonomy
from classifiers.text.places import Gazetteer, PlaceFinder
from classifiers.text.privacy import find_personal

SHELF = Path(__file__).parents[1] / "models"
SERVED = "served.toml"
SINGLE = ("topic", "sentiment", "urgency", "kind")  # tasks with one answer
LONGEST = 20_000  # characters; what stands after them is not read
RUNNERS_UP = 4
ALSO_ABOUT = 0.4  # probability from which a topic beside the main one is named; best F1 of the topic sets
NOTHING_READ = "Văn bản trống, không có gì để đọc."


@dataclass(frozen=True, eq=False)
class Group:
    """Models that share a vocabulary: their weights side by side, so that a text is looked up once."""

    vocabulary: Vocabulary
    weights: Floats
    bias: Floats
    columns: dict[str, slice]

    @classmethod
    def of(cls, models: dict[str, LinearModel]) -> "Group":
        """Put the weights of models side by side."""
        columns: dict[str, slice] = {}
        end = 0
        for task, model in models.items():
            columns[task] = slice(end, end + len(model.labels))
            end += len(model.labels)
        vocabulary = next(iter(models.values())).vocabulary
        weights = np.ascontiguousarray(np.hstack([model.weights for model in models.values()]))
        return cls(vocabulary, weights, np.concatenate([model.bias for model in models.values()]), columns)

    def look_up(self, text: Text) -> "LookedUp":
        """Take a text apart and gather the weights of its terms."""
        row = self.vocabulary.row(text)
        return LookedUp(self, text, row, self.weights[row.ids])


@dataclass(frozen=True, eq=False)
class LookedUp:
    """A text seen by one group of models: its terms and their weights for every label of every task."""

    group: Group
    text: Text
    row: Row
    weights: Floats

    def scores(self) -> dict[str, Scores]:
        """The raw scores of every task, a 1 × labels array each."""
        total = np.asarray(self.row.values @ self.weights + self.group.bias, dtype=np.float64)
        return {task: total[None, columns] for task, columns in self.group.columns.items()}

    def why(self, task: str, label: int) -> tuple[Span, ...]:
        """The words that spoke most for a label."""
        return spoken_for(self.text, self.row, contrast(self.weights[:, self.group.columns[task]], label))


class Reader:
    """Reads texts with the artefacts of one shelf.

    Parameters
    ----------
    artifacts : dict
        Task → artefact, for every task there is.
    taxonomy : Taxonomy
        The labels that may be said.
    finder : PlaceFinder or None
        Names places; without it a reading has none.
    """

    def __init__(self, artifacts: dict[str, Artifact], taxonomy: Taxonomy, finder: PlaceFinder | None = None) -> None:
        self.artifacts = artifacts
        self.taxonomy = taxonomy
        self.finder = finder
        self.version = artifacts["topic"].manifest.version
        self._models = {task: artifact.model for task, artifact in artifacts.items()}
        self._groups = _groups(self._models)
        self._implications = Implications.of(taxonomy)
        self._topics = tuple(taxonomy.leaves)
        fields = list(taxonomy.fields)
        self._fields = tuple(fields)
        self._field_of = np.array([fields.index(topic.field) for topic in taxonomy.leaves.values()])

    def __call__(self, text: str, *, channel: str = "report", written_on: date | None = None) -> Reading:
        """Read one text; raises ValueError when there is nothing in it to read.

        ``channel`` is ``report`` for what a citizen sent, anything else for what was found in public;
        ``written_on`` helps to tell places of the same name before and after 2025-07-01.
        """
        whole = unicodedata.normalize("NFC", text)
        kept = whole[:LONGEST]
        made = ready(kept, channel=channel)
        if made.empty:
            raise ValueError(NOTHING_READ)
        seen = {task: found for group in self._groups for found in [group.look_up(made)] for task in group.columns}
        scores = {task: found for group in dict.fromkeys(seen.values()) for task, found in group.scores().items()}
        said = self._probabilities(scores)
        predictions = {task: self._prediction(task, seen[task], scores[task][0], said[task]) for task in SINGLE}
        return Reading(
            text=kept,
            **predictions,
            field=self.taxonomy.field_of(predictions["topic"].label),
            topics=self._several_topics(said["topic"]),
            flags=self._flags(said["flags"], predictions["kind"].label),
            spam=predictions["kind"].label == "spam",
            places=() if self.finder is None else tuple(self.finder.find(kept, written_on=written_on)),
            masks=tuple(find_personal(kept)),
            version=self.version,
            notes=tuple(self._notes(predictions["topic"], said["topic"], made, cut=len(whole) > LONGEST)),
        )

    def read_many(
        self, texts: Iterable[str], *, channel: str = "report", written_on: date | None = None
    ) -> list[Reading]:
        """Read many texts of one channel, in order."""
        return [self(text, channel=channel, written_on=written_on) for text in texts]

    def _probabilities(self, scores: dict[str, Scores]) -> dict[str, Scores]:
        """The probabilities of every task; topic and kind first, since the others listen to them."""
        said: dict[str, Scores] = {}
        for task in sorted(TASKS.values(), key=lambda task: task.implied):
            prior = self._implications.prior(task.name, said["topic"], said["kind"]) if task.implied else None
            said[task.name] = self._models[task.name].probabilities(scores[task.name], prior)
        return {task: found[0] for task, found in said.items()}

    def _prediction(self, task: str, seen: LookedUp, scores: Scores, said: Scores) -> Prediction:
        artifact = self.artifacts[task]
        labels = artifact.model.labels
        best = int(choose(said, artifact.preferred))
        others = [index for index in np.argsort(-said).tolist() if index != best][:RUNNERS_UP]
        sure = lead(scores) if artifact.manifest.by_lead else said[best]
        return Prediction(
            label=labels[best],
            probability=float(said[best]),
            runners_up=tuple((labels[index], float(said[index])) for index in others),
            certain=bool(sure >= artifact.threshold(labels[best])),
            why=seen.why(task, best),
        )

    def _several_topics(self, topics: Scores) -> tuple[str, ...]:
        """The main topic and those beside it that are probable enough, at most four."""
        order = np.argsort(-topics)[:4].tolist()
        return tuple(self._topics[i] for rank, i in enumerate(order) if rank == 0 or topics[i] >= ALSO_ABOUT)

    def _flags(self, flags: Scores, kind: str) -> tuple[str, ...]:
        artifact = self.artifacts["flags"]
        labels = artifact.model.labels
        given = {label for label, p in zip(labels, flags.tolist(), strict=True) if p >= artifact.threshold(label)}
        return consistent_flags(given, kind=kind)

    def _notes(self, topic: Prediction, topics: Scores, made: Text, *, cut: bool) -> Iterable[str]:
        if cut:
            yield f"Văn bản dài: máy chỉ đọc {LONGEST} ký tự đầu."
        if not made.words:
            yield "Văn bản không có chữ nào đọc được."
        if not topic.certain:
            sums = np.bincount(self._field_of, weights=topics, minlength=len(self._fields))
            name = self.taxonomy.name(self._fields[int(sums.argmax())])
            sure = sums.max() >= FIELD_SURE
            yield f"Chưa chắc chủ đề, nhưng khá chắc lĩnh vực: {name}." if sure else "Chưa chắc chủ đề, cần người xem."


def load_reader(
    models: Path | None = None, *, gazetteer: Gazetteer | None = None, taxonomy: Taxonomy | None = None
) -> Reader:
    """The reader of the models that ``served.toml`` names on a shelf.

    >>> reading = load_reader()("Đèn đường hẻm 9 tắt ba đêm nay, tối thui")
    >>> reading.topic.label
    'den-duong-hong'

    Raises
    ------
    BadArtifact
        A model is missing, damaged, or says labels that the taxonomy lacks.
    """
    shelf = models or SHELF
    taxonomy = taxonomy or load_taxonomy()
    artifacts = {task: load(shelf / task / version) for task, version in served(shelf).items()}
    for task, artifact in artifacts.items():
        _check_labels(task, artifact.model.labels, TASKS[task].labels(taxonomy))
    return Reader(artifacts, taxonomy, PlaceFinder(gazetteer) if gazetteer is not None else None)


def served(shelf: Path) -> dict[str, str]:
    """Task → version of the model that serves it; raises `BadArtifact` when one is not named."""
    path = shelf / SERVED
    if not path.is_file():
        raise BadArtifact(f"{shelf}: there is no {SERVED}; train models and promote them first")
    versions: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))["served"]
    if missing := TASKS.keys() - versions.keys():
        raise BadArtifact(f"{path}: no model for {', '.join(sorted(missing))}")
    return {task: versions[task] for task in TASKS}


def _check_labels(task: str, labels: Sequence[str], known: Sequence[str]) -> None:
    """The order matters too: what topics and kinds imply is worked out in the order of the taxonomy."""
    if list(labels) != list(known):
        strange = sorted(set(labels) ^ set(known)) or ["their order"]
        raise BadArtifact(f"{task}: labels of model and taxonomy differ ({', '.join(strange)}); train it again")


def _groups(models: dict[str, LinearModel]) -> list[Group]:
    digests = {task: model.vocabulary.digest for task, model in models.items()}
    return [
        Group.of({task: model for task, model in models.items() if digests[task] == digest})
        for digest in dict.fromkeys(digests.values())
    ]
