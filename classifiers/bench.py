"""The bench on which models are fitted: texts made ready once, folds that keep copies together, unseen scores."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from classifiers.calibration import Flags, fit
from classifiers.copies import COPIES
from classifiers.datasets import LabelledText, grouped_folds, read_phrases
from classifiers.features import Floats, Recipe, Text, Vocabulary, ready
from classifiers.marks import Restorer, completed
from classifiers.scoring import LinearModel, Scores
from classifiers.tasks import OF_THE_GROUP, TASKS, Implications, Task
from classifiers.taxonomy import Taxonomy

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FOLDS = 5
TRAINING_COPIES = ("bare",)
AS_WRITTEN = "as_written"
NEXT_TO_NOTHING = 0.01  # seven in ten weights of the topic model: 18 → 7 MB for 0.1 points of accuracy
RECIPE = Recipe()


@dataclass(frozen=True)
class Bench:
    """Labelled texts made ready once, for any number of tasks that share terms and folds.

    The same texts, seed and taxonomy always give the same models.
    """

    texts: Sequence[LabelledText]
    taxonomy: Taxonomy
    seed: int = 0
    recipe: Recipe = RECIPE
    _scores: dict[str, dict[str, Scores]] = field(default_factory=dict, repr=False)
    _matrices: dict[str, "csr_matrix"] = field(default_factory=dict, repr=False)

    @cached_property
    def plain(self) -> list[Text]:
        """The texts as written."""
        return self._ready(str)

    @cached_property
    def copied(self) -> list[list[Text]]:
        """The same texts as others would have typed them, a list a way."""
        return [self.typed[name] for name in TRAINING_COPIES]

    @cached_property
    def cues(self) -> tuple[list[Text], list[str]]:
        """Names, descriptions, cue words and phrases of the topics as small examples, with and without marks."""
        phrases = read_phrases(self.taxonomy)
        rows = [
            (words, topic.slug)
            for topic in self.taxonomy.leaves.values()
            for own in [phrases.get(topic.slug, ())]
            for words in (topic.name, topic.description, ", ".join(topic.cues), *topic.cues, ", ".join(own), *own)
            if words
        ]
        ways = (str, COPIES["bare"])
        return [ready(way(words)) for way in ways for words, _ in rows], [slug for _ in ways for _, slug in rows]

    @cached_property
    def folds(self) -> list[list[int]]:
        """Row numbers of the folds; copies and pairs stay together."""
        return grouped_folds([text.split_group or text.id for text in self.texts], folds=FOLDS, seed=self.seed)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The terms of all texts: shared by all tasks, so that a text is taken apart once."""
        return self._terms(range(len(self.texts)))

    @cached_property
    def fold_vocabularies(self) -> list[Vocabulary]:
        """For each fold the terms of the texts outside it."""
        return [self._terms(self._others(fold)) for fold in self.folds]

    @cached_property
    def restorer(self) -> Restorer:
        """What completes texts without marks, learned from all texts."""
        return self._restorer(range(len(self.texts)))

    @cached_property
    def completed(self) -> dict[str, list[Text]]:
        """The texts in every way of typing, those without marks completed by a restorer that did not see them."""
        found = {way: list(texts) for way, texts in self.typed.items()}
        for fold in self.folds:
            restorer = self._restorer(self._others(fold))
            for own in found.values():
                for row in fold:
                    own[row] = completed(own[row], restorer)
        return found

    def model(self, task: Task, rows: Sequence[int] | range, vocabulary: Vocabulary) -> LinearModel:
        """Fit one task on some rows."""
        from classifiers.estimators.linear import complement_weights, one_against_the_others

        labels = tuple(task.labels(self.taxonomy))
        known = [row for row in rows if task.several or self._teaches(task, self.texts[row], labels)]
        truth = np.tile(self.truth(task, known), (1 + len(self.copied), 1))
        wanted = [row + way * len(self.texts) for way in range(1 + len(self.copied)) for row in known]
        matrix = self._matrix(vocabulary)
        if task.name == "topic":
            slugs = self.cues[1]
            wanted += range(matrix.shape[0] - len(slugs), matrix.shape[0])
            truth = np.vstack([truth, np.array(slugs)[:, None] == np.array(labels)[None, :]])
        matrix = matrix[wanted]
        unsaid = self._unsaid(task, known, len(wanted))
        weights, bias = one_against_the_others(matrix, truth, unsaid, C=task.C, balanced=True, seed=self.seed)
        if task.naive:
            weights += np.float32(task.naive) * complement_weights(matrix, truth)
        if task.group is not None:
            of_groups, base = self._of_groups(task, matrix, truth, unsaid)
            weights, bias = weights + of_groups, bias + base
        weights[np.abs(weights) < NEXT_TO_NOTHING] = 0
        return LinearModel.fresh(labels, vocabulary, weights, bias, link="each" if task.several else "softmax")

    def _matrix(self, vocabulary: Vocabulary) -> "csr_matrix":
        """The texts, their copies and the cues as rows, made once for all tasks."""
        if vocabulary.digest not in self._matrices:
            every = [each for way in (self.plain, *self.copied, self.cues[0]) for each in way]
            self._matrices[vocabulary.digest] = vocabulary.matrix(every)
        return self._matrices[vocabulary.digest]

    def _of_groups(self, task: Task, matrix: "csr_matrix", truth: Flags, unsaid: Flags | None) -> tuple[Floats, Floats]:
        """What the machines of the groups add to weights and bias of each label."""
        from classifiers.estimators.linear import one_against_the_others

        owners = [task.group(self.taxonomy, label) for label in task.labels(self.taxonomy)] if task.group else []
        members = np.array(owners)[:, None] == np.array(list(dict.fromkeys(owners)))[None, :]  # labels × groups
        own = truth @ members
        others = None if unsaid is None else (unsaid @ members) & ~own
        weights, bias = one_against_the_others(matrix, own, others, C=task.C, balanced=True, seed=self.seed)
        share = np.float32(OF_THE_GROUP) * members.T
        return weights @ share, bias @ share

    def all_topics(self, rows: Sequence[int] | range) -> Flags:
        """A row a text, a column a topic: is the text about it, first or beside others?"""
        labels = list(self.taxonomy.leaves)
        found = np.zeros((len(rows), len(labels)), dtype=bool)
        for index, row in enumerate(rows):
            found[index, [labels.index(topic) for topic in self.texts[row].topics]] = True
        return found

    @staticmethod
    def _teaches(task: Task, text: LabelledText, labels: Sequence[str]) -> bool:
        """Whether a text is an example of some label, or by the task's rules a counter-example of one."""
        if task.labels_of(text):
            return True
        return task.unsaid is not None and any(task.unsaid(text, label) for label in labels)

    def _unsaid(self, task: Task, rows: Sequence[int], texts: int) -> Flags | None:
        """Of which labels texts and their copies are neither examples nor counter-examples; cue words are of all."""
        if task.unsaid is None:
            return None
        labels = task.labels(self.taxonomy)
        own = np.array([[task.unsaid(self.texts[row], label) for label in labels] for row in rows])
        own = np.tile(own, (1 + len(self.copied), 1))
        return np.vstack([own, np.zeros((texts - len(own), own.shape[1]), dtype=bool)])

    def truth(self, task: Task, rows: Sequence[int] | range) -> Flags:
        """A row a text, a column a label: does a person say so?"""
        labels = list(task.labels(self.taxonomy))
        found = np.zeros((len(rows), len(labels)), dtype=bool)
        for index, row in enumerate(rows):
            for label in task.labels_of(self.texts[row]):
                found[index, labels.index(label)] = True
        return found

    def held_out(self, task: Task) -> dict[str, Scores]:
        """The raw scores of every text by a model that did not see it, for every way of typing."""
        if task.name not in self._scores:
            found = {way: np.zeros((len(self.texts), len(task.labels(self.taxonomy)))) for way in self.typed}
            for number, fold in enumerate(self.folds):
                model = self.model(task, self._others(fold), self.fold_vocabularies[number])
                for way, matrix in self._unseen[number].items():
                    found[way][fold] = model.scores_in(matrix)
            self._scores[task.name] = found
        return self._scores[task.name]

    @cached_property
    def _unseen(self) -> list[dict[str, "csr_matrix"]]:
        """For each fold its texts in every way of typing, as rows of the terms outside it; made once for all tasks."""
        return [
            {way: vocabulary.matrix([texts[row] for row in fold]) for way, texts in self.completed.items()}
            for fold, vocabulary in zip(self.folds, self.fold_vocabularies, strict=True)
        ]

    def prior(self, task: Task, way: str = AS_WRITTEN) -> Scores | None:
        """What topic and kind, read without having seen the text, imply for a task; None when nothing."""
        if not task.implied:
            return None
        topics, kinds = (self._probabilities(TASKS[name], way) for name in ("topic", "kind"))
        return Implications.of(self.taxonomy).prior(task.name, topics, kinds)

    def known(self, task: Task) -> list[int]:
        """The rows that a person labelled for a task."""
        return [row for row, text in enumerate(self.texts) if task.several or task.labels_of(text)]

    def _probabilities(self, task: Task, way: str) -> Scores:
        known = self.known(task)
        fitted = fit(self.held_out(task)[AS_WRITTEN][known], self.truth(task, known).argmax(axis=1))
        return fitted.probabilities(self.held_out(task)[way])

    @cached_property
    def typed(self) -> dict[str, list[Text]]:
        """The texts in every way of typing that is measured."""
        return {AS_WRITTEN: self.plain, **{name: self._ready(way) for name, way in COPIES.items()}}

    def _ready(self, way: Callable[[str], str]) -> list[Text]:
        return [ready(way(text.text), channel="report" if text.is_report else "post") for text in self.texts]

    def _terms(self, rows: Sequence[int] | range) -> Vocabulary:
        texts = [each[row] for each in (self.plain, *self.copied) for row in rows]
        return Vocabulary.of([*texts, *self.cues[0]], self.recipe)

    def _restorer(self, rows: Sequence[int] | range) -> Restorer:
        return Restorer.of([*(self.plain[row].words for row in rows), *(cue.words for cue in self.cues[0])])

    def _others(self, fold: Sequence[int]) -> list[int]:
        inside = set(fold)
        return [row for row in range(len(self.texts)) if row not in inside]
