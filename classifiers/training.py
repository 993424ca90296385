"""Training: labelled texts → an artefact whose probabilities and thresholds come from texts it was not trained on."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifiers.artifacts import CARD, METRICS, Artifact, Manifest, MarksArtifact, save
from classifiers.bench import AS_WRITTEN, Bench
from classifiers.calibration import (
    NEVER,
    Flags,
    best_threshold,
    calibrate,
    fit_flag,
    threshold_for,
    threshold_for_recall,
    thresholds_by_label,
)
from classifiers.datasets import LabelledText, digest
from classifiers.marks import is_bare
from classifiers.measures import Measures, f1, measure, measure_several
from classifiers.model_card import card, marks_card
from classifiers.scoring import LinearModel, Scores, choose, lead
from classifiers.tasks import FIELD_SURE, MARKS, TASKS, Task, task_named
from classifiers.taxonomy import Taxonomy, load_taxonomy

# Share of the flagged texts that must be found; a missed denunciation or child costs most (labelling guideline).
RECALL = {"to_cao": 0.985, "tre_em": 0.985}
LOWEST_FLAG_THRESHOLD = 0.02  # below it most flagged texts are false alarms, and nobody would look
LEAST_PREFERRED = 0.03  # below it nearly all of what is said would be wrong
FLAG_THRESHOLD = 0.3  # for the other flags: best F1 on unseen texts between 0.2 and 0.5


@dataclass(frozen=True)
class Judged:
    """A model with its probabilities fitted, its thresholds, and how good it is on texts it did not see."""

    model: LinearModel
    threshold: float
    thresholds: dict[str, float]
    metrics: Measures
    prefer: dict[str, float] = field(default_factory=dict)
    also: float = NEVER


def train(
    task: str,
    texts: Sequence[LabelledText],
    *,
    models: Path,
    on: date,
    seed: int = 0,
    taxonomy: Taxonomy | None = None,
    bench: Bench | None = None,
) -> Artifact:
    """Train one task and write its artefact under ``models/<task>/<version>/``.

    ``bench`` may be shared between the tasks of the same texts, which saves most of the time. The version is the
    day and a digest of the texts; the same texts, day and seed give the same artefact.
    """
    asked = task_named(task)
    bench = bench or Bench(texts, taxonomy or load_taxonomy(), seed=seed)
    judged = judge(bench, asked)
    corpus = digest(texts)
    manifest = Manifest(
        task=task,
        version=f"{on.isoformat()}-{corpus[:8]}",
        labels=judged.model.labels,
        threshold=judged.threshold,
        promise=asked.promise,
        thresholds=judged.thresholds,
        corpus_digest=corpus,
        texts=len(texts),
        seed=seed,
        trained_on=on.isoformat(),
        by_lead=asked.by_lead,
        prefer=judged.prefer,
        also=judged.also,
    )
    return _write(Artifact(judged.model, manifest), judged.metrics, models / task / manifest.version, bench.taxonomy)


def train_all(
    texts: Sequence[LabelledText], *, models: Path, on: date, seed: int = 0, taxonomy: Taxonomy | None = None
) -> dict[str, Artifact | MarksArtifact]:
    """Train every task on the same texts; they share terms and folds, which takes a third of the time of one by one."""
    bench = Bench(texts, taxonomy or load_taxonomy(), seed=seed)
    made = {task: train(task, texts, models=models, on=on, bench=bench) for task in TASKS}
    return {**made, MARKS: train_marks(texts, models=models, on=on, bench=bench)}


def train_marks(
    texts: Sequence[LabelledText], *, models: Path, on: date, seed: int = 0, bench: Bench | None = None
) -> MarksArtifact:
    """Learn to complete texts without marks, and write the artefact under ``models/marks/<version>/``."""
    bench = bench or Bench(texts, load_taxonomy(), seed=seed)
    corpus = digest(texts)
    manifest = Manifest(
        task=MARKS,
        version=f"{on.isoformat()}-{corpus[:8]}",
        labels=(),
        threshold=NEVER,
        promise=0.0,
        thresholds={},
        corpus_digest=corpus,
        texts=len(texts),
        seed=seed,
        trained_on=on.isoformat(),
    )
    folder, metrics = models / MARKS / manifest.version, _marks_measures(bench)
    complete = MarksArtifact(bench.restorer, save(MarksArtifact(bench.restorer, manifest), folder))
    _tell(folder, metrics, marks_card(complete.manifest, metrics))
    return complete


def _marks_measures(bench: Bench) -> Measures:
    """The words of texts not learned from that get their marks back, and those that are right without any."""
    right = as_typed = words = 0
    for plain, bare, back in zip(bench.plain, bench.typed["bare"], bench.completed["bare"], strict=True):
        if is_bare(plain.words) or len(plain.words) != len(back.words):
            continue  # nothing to compare with, or chat spelling that reads otherwise without marks
        words += len(plain.words)
        right += sum(one == other for one, other in zip(plain.words, back.words, strict=True))
        as_typed += sum(one == other for one, other in zip(plain.words, bare.words, strict=True))
    shares = {"right": round(right / max(1, words), 4), "as_typed": round(as_typed / max(1, words), 4)}
    return {"bare": {"words": words, **shares}}


def _write(artifact: Artifact, metrics: Measures, folder: Path, taxonomy: Taxonomy) -> Artifact:
    complete = replace(artifact, manifest=save(artifact, folder))
    _tell(folder, metrics, card(complete, metrics, taxonomy))
    return complete


def _tell(folder: Path, metrics: Measures, words: str) -> None:
    """Write the measures and the card beside a model."""
    (folder / METRICS).write_text(json.dumps(metrics, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / CARD).write_text(words, encoding="utf-8")


def judge(bench: Bench, task: Task) -> Judged:
    """Fit a task on all texts; fit probabilities and thresholds, and measure, on texts held out in turn."""
    model = bench.model(task, range(len(bench.texts)), bench.vocabulary)
    return _judge_several(bench, task, model) if task.several else _judge_one(bench, task, model)


def _judge_one(bench: Bench, task: Task, model: LinearModel) -> Judged:
    rows = bench.known(task)
    truth = bench.truth(task, rows).argmax(axis=1)
    prior = bench.prior(task)
    model = calibrate(model, bench.held_out(task)[AS_WRITTEN][rows], truth, None if prior is None else prior[rows])
    prefer = _preferred(task, model.labels, _probabilities(bench, task, model, AS_WRITTEN)[rows], truth)
    answers = {way: _answers(bench, task, model, way, rows, prefer) for way in bench.typed}
    plain = answers[AS_WRITTEN]
    threshold = threshold_for(plain.sure, plain.said == truth, promise=task.promise)
    own = thresholds_by_label(model.labels, plain.said, plain.sure, plain.said == truth, promise=task.promise)
    limits = np.array([own.get(label, threshold) for label in model.labels])
    reports = np.array([bench.texts[row].is_report for row in rows])
    metrics = {way: each.measured(model.labels, truth, limits) for way, each in answers.items()}
    metrics["reports"] = plain.of(reports).measured(model.labels, truth[reports], limits)
    metrics["posts"] = plain.of(~reports).measured(model.labels, truth[~reports], limits)
    if task.name == "topic":
        metrics["field"] = _field_measures(bench.taxonomy, model.labels, truth, plain.probabilities)
        also, metrics["topics"] = _judge_topics_beside(bench, rows, plain)
        return Judged(model, threshold, own, metrics, prefer, also)
    return Judged(model, threshold, own, metrics, prefer)


def _preferred(task: Task, labels: Sequence[str], said: Scores, truth: NDArray[np.int64]) -> dict[str, float]:
    """Label → the probability from which it is said, so that the share asked for is found."""
    wanted = ((label, labels.index(label), recall) for label, recall in task.found)
    return {
        label: max(LEAST_PREFERRED, threshold_for_recall(said[:, index], truth == index, recall=recall))
        for label, index, recall in wanted
    }


def _judge_topics_beside(bench: Bench, rows: Sequence[int], answers: "Answers") -> tuple[float, Measures]:
    """The probability from which a topic is named beside the main one, and how good that is.

    Measured where the main topic is right: elsewhere the true one stands "beside" it, which says nothing new.
    """
    truth = bench.all_topics(rows)
    main = answers.said
    right = np.flatnonzero(bench.truth(TASKS["topic"], rows).argmax(axis=1) == main)
    scores, truth = answers.probabilities[right], truth[right]
    others = np.ones_like(truth)
    others[np.arange(len(right)), main[right]] = False
    limit = best_threshold(scores[others], truth[others])
    return limit, {"texts": len(right), "beside": f1(truth[others], scores[others] >= limit)}


@dataclass(frozen=True)
class Answers:
    """What a model said of texts it did not see: label numbers, probabilities, and what acceptance goes by."""

    said: NDArray[np.int64]
    probabilities: Scores
    sure: Scores

    def of(self, rows: Flags) -> "Answers":
        """The answers of some texts."""
        return Answers(self.said[rows], self.probabilities[rows], self.sure[rows])

    def measured(self, labels: Sequence[str], truth: NDArray[np.int64], limits: Scores) -> Measures:
        """The measures of these answers."""
        own = self.probabilities[np.arange(len(self.said)), self.said]
        return measure(labels, truth, self.said, own, self.sure >= limits[self.said])


def _answers(
    bench: Bench, task: Task, model: LinearModel, way: str, rows: Sequence[int], prefer: dict[str, float]
) -> Answers:
    probabilities = _probabilities(bench, task, model, way)[rows]
    said = choose(probabilities, {model.labels.index(label): enough for label, enough in prefer.items()})
    own = probabilities[np.arange(len(said)), said]
    return Answers(said, probabilities, lead(bench.held_out(task)[way][rows]) if task.by_lead else own)


def _field_measures(taxonomy: Taxonomy, labels: Sequence[str], truth: Scores, said: Scores) -> Measures:
    """The same predictions seen as fields: the probability of a field is the sum over its topics."""
    fields = list(taxonomy.fields)
    owner = np.array([fields.index(taxonomy.field_of(label)) for label in labels])
    sums = np.stack([said[:, owner == index].sum(axis=1) for index in range(len(fields))], axis=1)
    sure = sums.max(axis=1)
    return measure(fields, owner[truth], sums.argmax(axis=1), sure, sure >= FIELD_SURE)


def _judge_several(bench: Bench, task: Task, model: LinearModel) -> Judged:
    truth = bench.truth(task, range(len(bench.texts)))
    scores, prior = bench.held_out(task)[AS_WRITTEN], bench.prior(task)
    implied = np.zeros_like(scores) if prior is None else prior
    factors = np.array([fit_flag(scores[:, i], implied[:, i], truth[:, i]) for i in range(len(model.labels))])
    model = model.with_factors(factors[:, 0], factors[:, 1], factors[:, 2])
    said = {way: _probabilities(bench, task, model, way) for way in bench.typed}
    own = {
        label: _flag_threshold(said[AS_WRITTEN][:, i], truth[:, i], RECALL.get(label))
        for i, label in enumerate(model.labels)
    }
    limits = np.array(list(own.values()))
    metrics = {way: measure_several(model.labels, truth, each >= limits) for way, each in said.items()}
    return Judged(model, FLAG_THRESHOLD, own, metrics)


def _flag_threshold(probabilities: Scores, truth: Flags, recall: float | None) -> float:
    """Where recall counts most, the highest threshold that keeps it; elsewhere the usual one."""
    if recall is None:
        return FLAG_THRESHOLD
    return min(FLAG_THRESHOLD, max(LOWEST_FLAG_THRESHOLD, threshold_for_recall(probabilities, truth, recall=recall)))


def _probabilities(bench: Bench, task: Task, model: LinearModel, way: str) -> Scores:
    return model.probabilities(bench.held_out(task)[way], bench.prior(task, way))
