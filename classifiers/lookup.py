"""Reading with many models at once: each word is looked up for all of them, and what it adds is kept and shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from classifiers.features import CACHED_WORDS, Floats, Text
from classifiers.prediction import Span
from classifiers.scoring import LinearModel, Scores

WORDS_SHOWN = 6


class Shelf:
    """Models that share a vocabulary, side by side.

    A text counts as the sum of its words and pairs (`Vocabulary.row`). So there is one table: a row for each term with
    what it adds to the score of every label of every model, the mean over each model's labels behind them, and below
    the terms a row for each word met so far with the sum of the terms inside it.
    """

    def __init__(self, models: dict[str, LinearModel]) -> None:
        self.vocabulary = next(iter(models.values())).vocabulary
        self.columns: dict[str, slice] = {}
        end = 0
        for task, model in models.items():
            self.columns[task] = slice(end, end + len(model.labels))
            end += len(model.labels)
        self.bias = np.concatenate([model.bias for model in models.values()]).astype(np.float64)
        self._terms = len(self.vocabulary.terms)
        self._table = np.empty((self._terms + CACHED_WORDS, end + len(models)), dtype=np.float32)
        own = self._table[: self._terms]
        for mean, (task, model) in enumerate(models.items(), start=end):
            np.multiply(model.weights, self.vocabulary.scale[:, None], out=own[:, self.columns[task]])
            own[:, mean] = own[:, self.columns[task]].mean(axis=1)
        self._squares = np.empty(len(self._table), dtype=np.float32)
        self._squares[: self._terms] = np.square(self.vocabulary.scale)
        self._rows: dict[str, int] = {}
        self._lock = Lock()

    def look_up(self, text: Text) -> "LookedUp":
        """What every word and pair of a text adds to the scores."""
        terms = self.vocabulary.terms_of(text)
        with self._lock:  # requests are read in threads, and all share the table
            if len(self._rows) + len(terms.words) > CACHED_WORDS:
                self._rows.clear()
            rows = [self._row(word) for word in terms.words] + terms.pairs + terms.named
            added = self._table[rows]
            length = float(self._squares[rows].sum()) ** 0.5 or 1.0
        return LookedUp(self, text, terms.at, terms.firsts, added, length)

    def scores(self, seen: Sequence["LookedUp"]) -> dict[str, Scores]:
        """Task → the raw scores of texts, a row each."""
        lengths = np.array([each.length for each in seen])
        total = np.stack([each.added.sum(axis=0) for each in seen])[:, : len(self.bias)]
        total = total / lengths[:, None] + self.bias
        return {task: total[:, columns] for task, columns in self.columns.items()}

    def _row(self, word: str) -> int:
        row = self._rows.get(word)
        if row is None:
            row = self._rows[word] = self._terms + len(self._rows)
            ids = self.vocabulary.inside(word).ids
            self._table[row] = self._table[ids].sum(axis=0)
            self._squares[row] = self._squares[ids].sum()
        return row


@dataclass(frozen=True, eq=False, slots=True)
class LookedUp:
    """A text seen by the models of one shelf: what its words, then its pairs, then its signals add to the scores.

    ``at`` tells the place of each word, ``firsts`` that of the first word of each pair; a score is what is ``added``,
    divided by the text's ``length``.
    """

    shelf: Shelf
    text: Text
    at: list[int]
    firsts: list[int]
    added: Floats
    length: float

    def why(self, labels: dict[str, int]) -> dict[str, tuple[Span, ...]]:
        """Task → the words that spoke most for its label, strongest first; neighbours are joined.

        What a word says for a label is what it adds to it beyond what it adds to all labels of the task on average;
        a pair speaks for both its words.
        """
        tasks = list(self.shelf.columns)
        own = [self.shelf.columns[task].start + label for task, label in labels.items()]
        means = [len(self.shelf.bias) + tasks.index(task) for task in labels]
        words, pairs = len(self.at), len(self.at) + len(self.firsts)
        added = self.added[:pairs]
        shares = (added[:, own] - added[:, means]) / np.float32(self.length)
        said = np.zeros((len(self.text.words) + 1, len(labels)), dtype=np.float32)
        said[self.at] = shares[:words]
        firsts = np.array(self.firsts, dtype=np.int64)
        np.add.at(said, firsts, shares[words:])
        np.add.at(said, firsts + 1, shares[words:])
        most = np.argsort(-said, axis=0)[:WORDS_SHOWN].T.tolist()
        return {
            task: _spans(self.text, chosen, weights)
            for task, chosen, weights in zip(labels, most, said.T.tolist(), strict=True)
        }


def _spans(text: Text, chosen: list[int], said: list[float]) -> tuple[Span, ...]:
    """The chosen words that spoke for the label, neighbours joined, strongest first."""
    chosen = sorted([word for word in chosen if said[word] > 0])
    if not chosen:
        return ()
    spans: list[Span] = []
    first = last = chosen[0]
    weight = said[first]
    for word in [*chosen[1:], -1]:
        if word == last + 1:
            weight += said[word]
        else:
            spans.append(Span(*text.span(first, last), weight))
            first, weight = word, said[word]
        last = word
    spans.sort(key=lambda span: -span.weight)
    return tuple(spans)
