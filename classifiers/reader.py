"""The reader: one text in, everything the served models understand of it out."""

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from classifiers.artifacts import Artifact, BadArtifact, load, load_marks
from classifiers.features import Text, ready
from classifiers.lookup import Shelf
from classifiers.marks import Restorer, completed
from classifiers.prediction import Prediction, Reading, Span
from classifiers.rules import consistent_flags
from classifiers.scoring import LinearModel, Scores, choose, lead
from classifiers.tasks import FIELD_SURE, MARKS, TASKS, Implications
from classifiers.taxonomy import Taxonomy, load_taxonomy
from classifiers.text.places import Gazetteer, PlaceFinder
from classifiers.text.privacy import find_personal

SHELF = Path(__file__).parents[1] / "models"
SERVED = "served.toml"
STARTER_AREAS = SHELF.parent / "listener" / "catalog" / "packs" / "can_tho" / "areas.toml"
SINGLE = ("topic", "sentiment", "target", "urgency", "kind")  # tasks with one answer, whose words are shown
LONGEST = 20_000  # characters; what stands after them is not read
RUNNERS_UP = 4
TOGETHER = 128  # texts whose scores are worked out at once
LETTERS_TOGETHER = 100_000  # as many letters as 400 usual posts: long texts come in small lots, memory stays small
NEUTRAL = "neutral"
MOST_TOPICS = 4
NOTHING_READ = "Văn bản trống, không có gì để đọc."


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
    restorer : Restorer or None
        Completes texts typed without marks before the models see them; without it they are read as they are.
    """

    def __init__(
        self,
        artifacts: dict[str, Artifact],
        taxonomy: Taxonomy,
        finder: PlaceFinder | None = None,
        restorer: Restorer | None = None,
    ) -> None:
        self.artifacts = artifacts
        self.taxonomy = taxonomy
        self.finder = finder
        self.restorer = restorer
        self.version = artifacts["topic"].manifest.version
        self._models = {task: artifact.model for task, artifact in artifacts.items()}
        self._shelves = _shelves(self._models)
        self._thresholds = {
            task: np.array([artifact.threshold(label) for label in artifact.model.labels])
            for task, artifact in artifacts.items()
        }
        self._order = sorted(TASKS.values(), key=lambda task: task.implied)
        self._implications = Implications.of(taxonomy)
        self._topics = tuple(taxonomy.leaves)
        fields = list(taxonomy.fields)
        self._fields = tuple(fields)
        owners = [fields.index(topic.field) for topic in taxonomy.leaves.values()]
        self._field_of = np.eye(len(fields))[owners]  # topics × fields

    def __call__(self, text: str, *, channel: str = "report", written_on: date | None = None) -> Reading:
        """Read one text; raises ValueError when there is nothing in it to read.

        ``channel`` is ``report`` for what a citizen sent, anything else for what was found in public;
        ``written_on`` helps to tell places of the same name before and after 2025-07-01.
        """
        return self._read([text], channel, written_on)[0]

    def read_many(
        self, texts: Iterable[str], *, channel: str = "report", written_on: date | None = None
    ) -> list[Reading]:
        """Read many texts of one channel, in order; raises ValueError when there is nothing in one of them."""
        return [reading for part in _parts(texts) for reading in self._read(part, channel, written_on)]

    def _read(self, texts: Sequence[str], channel: str, written_on: date | None) -> list[Reading]:
        """Scores and probabilities are worked out for all texts together, the rest one by one."""
        whole = [unicodedata.normalize("NFC", text) for text in texts]
        made = [completed(ready(text[:LONGEST], channel=channel), self.restorer) for text in whole]
        if any(each.empty for each in made):
            raise ValueError(NOTHING_READ)
        seen = [[shelf.look_up(each) for each in made] for shelf in self._shelves]
        scores: dict[str, Scores] = {}
        for shelf, found in zip(self._shelves, seen, strict=True):
            scores |= shelf.scores(found)
        answers = self._answers(scores)
        why: list[dict[str, tuple[Span, ...]]] = [{} for _ in whole]
        for shelf, found in zip(self._shelves, seen, strict=True):
            said = {task: answers.best[task] for task in SINGLE if task in shelf.columns}
            why = [every | own for every, own in zip(why, shelf.why(found, said), strict=True)] if said else why
        return [self._reading(text, answers, row, why[row], made[row], written_on) for row, text in enumerate(whole)]

    def _answers(self, scores: dict[str, Scores]) -> "Answers":
        """Probabilities of every task (topic and kind first, since the others listen to them) and what they say."""
        said: dict[str, Scores] = {}
        for task in self._order:
            prior = self._implications.prior(task.name, said["topic"], said["kind"]) if task.implied else None
            said[task.name] = self._models[task.name].probabilities(scores[task.name], prior)
        best = {task: choose(said[task], self.artifacts[task].preferred) for task in SINGLE}
        order = {task: np.argsort(-said[task], axis=1)[:, : RUNNERS_UP + 1] for task in SINGLE}
        sure = {task: np.take_along_axis(said[task], best[task][:, None], 1)[:, 0] for task in SINGLE}
        by_lead = {task: lead(scores[task]) for task in SINGLE if self.artifacts[task].manifest.by_lead}
        enough = {task: self._thresholds[task][best[task]] for task in SINGLE}
        return Answers(
            best={task: found.tolist() for task, found in best.items()},
            sure={task: found.tolist() for task, found in sure.items()},
            certain={task: (by_lead.get(task, sure[task]) >= enough[task]).tolist() for task in SINGLE},
            order={task: found.tolist() for task, found in order.items()},
            said={task: np.take_along_axis(said[task], order[task], 1).tolist() for task in SINGLE},
            flags=said["flags"].tolist(),
            fields=(said["topic"] @ self._field_of).tolist(),
        )

    def _reading(
        self,
        whole: str,
        answers: "Answers",
        row: int,
        why: dict[str, tuple[Span, ...]],
        made: Text,
        written_on: date | None,
    ) -> Reading:
        kept = whole[:LONGEST]
        predictions = {task: self._prediction(task, answers, row, why.get(task, ())) for task in SINGLE}
        if predictions["sentiment"].label == NEUTRAL:
            del predictions["target"]
        topic, kind = predictions["topic"], predictions["kind"].label
        return Reading(
            text=kept,
            **predictions,
            field=self.taxonomy.field_of(topic.label),
            topics=self._several_topics(answers, row),
            flags=self._flags(answers.flags[row], kind),
            spam=kind == "spam",
            places=() if self.finder is None else tuple(self.finder.find(kept, written_on=written_on)),
            masks=tuple(find_personal(kept)),
            version=self.version,
            notes=tuple(self._notes(topic, answers.fields[row], made, cut=len(whole) > LONGEST)),
        )

    def _prediction(self, task: str, answers: "Answers", row: int, why: tuple[Span, ...]) -> Prediction:
        labels, best = self._models[task].labels, answers.best[task][row]
        ranked = zip(answers.order[task][row], answers.said[task][row], strict=True)
        return Prediction(
            label=labels[best],
            probability=answers.sure[task][row],
            runners_up=tuple([(labels[index], said) for index, said in ranked if index != best][:RUNNERS_UP]),
            certain=answers.certain[task][row],
            why=why,
        )

    def _several_topics(self, answers: "Answers", row: int) -> tuple[str, ...]:
        """The main topic and those beside it that are probable enough, at most four."""
        enough, main = self.artifacts["topic"].manifest.also, answers.best["topic"][row]
        ranked = zip(answers.order["topic"][row], answers.said["topic"][row], strict=True)
        also = [index for index, said in ranked if index != main and said >= enough]
        return tuple([self._topics[index] for index in (main, *also[: MOST_TOPICS - 1])])

    def _flags(self, said: list[float], kind: str) -> tuple[str, ...]:
        artifact = self.artifacts["flags"]
        labels = artifact.model.labels
        given = {label for label, p in zip(labels, said, strict=True) if p >= artifact.threshold(label)}
        return consistent_flags(given, kind=kind)

    def _notes(self, topic: Prediction, fields: list[float], made: Text, *, cut: bool) -> Iterable[str]:
        if cut:
            yield f"Văn bản dài: máy chỉ đọc {LONGEST} ký tự đầu."
        if not made.words:
            yield "Văn bản không có chữ nào đọc được."
        if not topic.certain:
            sure = max(fields)
            name = self.taxonomy.name(self._fields[fields.index(sure)])
            unsure = "Chưa chắc chủ đề, cần người xem."
            yield f"Chưa chắc chủ đề, nhưng khá chắc lĩnh vực: {name}." if sure >= FIELD_SURE else unsure


def _parts(texts: Iterable[str]) -> Iterator[list[str]]:
    """The texts in lots that are read together."""
    lot: list[str] = []
    letters = 0
    for text in texts:
        if lot and (len(lot) == TOGETHER or letters > LETTERS_TOGETHER):
            yield lot
            lot, letters = [], 0
        lot.append(text)
        letters += len(text)
    if lot:
        yield lot


@dataclass(frozen=True, slots=True)
class Answers:
    """What the models say of several texts: by task, then a list a text.

    ``best`` holds the number of the label said, ``sure`` its probability, ``certain`` whether that (or the lead over
    the second best, where acceptance goes by it) reaches the threshold, ``order`` the likeliest labels, ``said``
    their probabilities, ``flags`` that of each flag, ``fields`` the sums of the topics' probabilities.
    """

    best: dict[str, list[int]]
    sure: dict[str, list[float]]
    certain: dict[str, list[bool]]
    order: dict[str, list[list[int]]]
    said: dict[str, list[list[float]]]
    flags: list[list[float]]
    fields: list[list[float]]


def load_reader(
    models: Path | None = None, *, gazetteer: Gazetteer | None = None, taxonomy: Taxonomy | None = None
) -> Reader:
    """The reader of the models that ``served.toml`` names on a shelf; nothing is ever downloaded.

    Places are named by ``gazetteer``; without one, by the starter pack of Cần Thơ that lies beside this package.

    >>> read = load_reader()
    >>> reading = read("Đèn đường hẻm 9 phường An Bình tắt ba đêm nay, tối thui")
    >>> reading.topic.label, reading.unit_code
    ('den-duong-hong', '31150')
    >>> [reading.text[span.start : span.end] for span in reading.topic.why][:1]
    ['Đèn đường']
    >>> [each.sentiment.label for each in read.read_many(["Xe rác 4 ngày không tới", "Cho hỏi giờ thu gom rác"])]
    ['negative', 'neutral']

    Raises
    ------
    BadArtifact
        A model is missing, damaged, or says labels that the taxonomy lacks.
    """
    shelf = models or SHELF
    taxonomy = taxonomy or load_taxonomy()
    versions = served(shelf)
    artifacts = {task: load(shelf / task / versions[task]) for task in TASKS}
    for task, artifact in artifacts.items():
        _check_labels(task, artifact.model.labels, TASKS[task].labels(taxonomy))
    if gazetteer is None and STARTER_AREAS.is_file():
        gazetteer = Gazetteer.read(STARTER_AREAS)
    finder = PlaceFinder(gazetteer) if gazetteer is not None else None
    return Reader(artifacts, taxonomy, finder, load_marks(shelf / MARKS / versions[MARKS]).model)


def served(shelf: Path) -> dict[str, str]:
    """Task (and ``marks``) → version of the model that serves it; raises `BadArtifact` when one is not named."""
    path = shelf / SERVED
    if not path.is_file():
        raise BadArtifact(f"{shelf}: there is no {SERVED}; train models and promote them first")
    versions: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))["served"]
    if missing := {*TASKS, MARKS} - versions.keys():
        raise BadArtifact(f"{path}: no model for {', '.join(sorted(missing))}")
    return {task: versions[task] for task in (*TASKS, MARKS)}


def _check_labels(task: str, labels: Sequence[str], known: Sequence[str]) -> None:
    """The order matters too: what topics and kinds imply is worked out in the order of the taxonomy."""
    if list(labels) != list(known):
        strange = sorted(set(labels) ^ set(known)) or ["their order"]
        raise BadArtifact(f"{task}: labels of model and taxonomy differ ({', '.join(strange)}); train it again")


def _shelves(models: dict[str, LinearModel]) -> list[Shelf]:
    digests = {task: model.vocabulary.digest for task, model in models.items()}
    return [
        Shelf({task: model for task, model in models.items() if digests[task] == digest})
        for digest in dict.fromkeys(digests.values())
    ]
