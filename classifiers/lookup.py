"""Reading with many models at once: each word is looked up for all of them, and what it adds is kept and shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from threading import Lock

import numpy as np

from classifiers.features import CACHED_WORDS, Floats, Ids, Text, Word
from classifiers.prediction import Span
from classifiers.scoring import LinearModel, Scores

WORDS_SHOWN = 6
_WEIGHT = itemgetter(0)


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
        self._met: dict[str, tuple[int, Word]] = {}
        self._lock = Lock()

    def look_up(self, text: Text) -> "LookedUp":
        """What every word and pair of a text adds to the scores."""
        words = text.words
        with self._lock:  # requests are read in threads, and all share the table
            if len(self._met) + len(words) > CACHED_WORDS:
                self._met.clear()
            known = self._met.get
            met = [known(word) or self._meet(word) for word in words]
            at = sorted(dict(zip(reversed(words), range(len(words) - 1, -1, -1), strict=True)).values())
            pairs = self.vocabulary.pairs([word for _, word in met])
            rows = [met[place][0] for place in at]
            rows += pairs
            named = self.vocabulary.named(text.signals)
            rows += named
            chosen = np.array(rows, dtype=np.intp)
            added = self._table.take(chosen, axis=0)
            squares = self._squares.take(chosen)
        firsts = list(pairs.values())
        places = self.vocabulary.by_place(at, firsts, len(named))
        added *= places[:, None]
        return LookedUp(text, at, firsts, added, float(squares @ (places * places)) ** 0.5 or 1.0)

    def scores(self, seen: Sequence["LookedUp"]) -> dict[str, Scores]:
        """Task → the raw scores of texts, a row each."""
        lengths = np.array([each.length for each in seen])
        total = np.stack([each.added.sum(axis=0) for each in seen])[:, : len(self.bias)]
        total = total / lengths[:, None] + self.bias
        return {task: total[:, columns] for task, columns in self.columns.items()}

    def why(self, seen: Sequence["LookedUp"], labels: Mapping[str, Sequence[int]]) -> list[dict[str, tuple[Span, ...]]]:
        """For each text: task → the words that spoke most for its label, strongest first; neighbours are joined.

        ``labels`` holds the number of the label of each text, by task. What a word says for a label is what it adds to
        it beyond what it adds to all labels of the task on average; a pair speaks for both its words.
        """
        tasks = list(self.columns)
        own = np.array([labels[task] for task in labels]).T + [self.columns[task].start for task in labels]
        means = [len(self.bias) + tasks.index(task) for task in labels]
        said, starts = _said(seen, own, means)
        by_task = said.T.tolist()
        found = []
        for each, start, end in zip(seen, starts, starts[1:], strict=False):
            most = (-said[start:end]).argsort(axis=0)[:WORDS_SHOWN].T.tolist()
            found.append(
                {
                    task: _spans(each.text, chosen, weights[start:end])
                    for task, chosen, weights in zip(labels, most, by_task, strict=True)
                }
            )
        return found

    def _meet(self, word: str) -> tuple[int, Word]:
        """The row of a word not met before, and what is known of it."""
        known, row = self.vocabulary.inside(word), self._terms + len(self._met)
        self._table[row] = self._table[known.ids].sum(axis=0)
        self._squares[row] = self._squares[known.ids].sum()
        self._met[word] = row, known
        return row, known


@dataclass(frozen=True, eq=False, slots=True)
class LookedUp:
    """A text seen by the models of one shelf: what its words, then its pairs, then its signals add to the scores.

    ``at`` tells the place of each word, ``firsts`` that of the first word of each pair; a score is what is ``added``,
    divided by the text's ``length``.
    """

    text: Text
    at: list[int]
    firsts: list[int]
    added: Floats
    length: float


def _said(seen: Sequence[LookedUp], own: Ids, means: list[int]) -> tuple[Floats, list[int]]:
    """What each place of the texts says for the labels, the texts below one another, and where each text begins.

    ``own`` holds the columns of the labels, a row a text. Behind each text's last word stands one more place.
    """
    texts = len(seen)
    words, pairs = np.array([(len(each.at), len(each.firsts)) for each in seen]).T
    starts = np.cumsum([0, *(len(each.text.words) + 1 for each in seen)])
    columns = np.hstack([own, np.tile(means, (texts, 1))])
    added = np.concatenate(
        [each.added[:end].take(wanted, axis=1) for each, end, wanted in zip(seen, words + pairs, columns, strict=True)]
    )
    shares = added[:, : len(means)] - added[:, len(means) :]
    shares /= np.repeat(np.array([each.length for each in seen], dtype=np.float32), words + pairs)[:, None]
    of_word = np.repeat(np.tile([True, False], texts), np.array([words, pairs]).T.ravel())
    at = np.fromiter(chain.from_iterable([each.at for each in seen]), np.intp) + np.repeat(starts[:-1], words)
    firsts = np.fromiter(chain.from_iterable([each.firsts for each in seen]), np.intp) + np.repeat(starts[:-1], pairs)
    said = np.zeros((starts[-1], len(means)), dtype=np.float32)
    said[at] = shares[of_word]
    of_pairs = shares[~of_word]
    again = np.append(False, firsts[1:] == firsts[:-1])[: len(firsts)]  # as written, after the folded pair
    for places in (firsts, firsts + 1):
        for turn in (~again, again):
            said[places[turn]] += of_pairs[turn]
    return said, starts.tolist()


def _spans(text: Text, chosen: list[int], said: list[float]) -> tuple[Span, ...]:
    """The chosen words that spoke for the label, neighbours joined, strongest first."""
    chosen = sorted([word for word in chosen if said[word] > 0])
    if not chosen:
        return ()
    runs: list[tuple[float, int, int]] = []
    first = last = chosen[0]
    weight = said[first]
    for word in [*chosen[1:], -1]:
        if word == last + 1:
            weight += said[word]
        else:
            runs.append((weight, first, last))
            first, weight = word, said[word]
        last = word
    runs.sort(key=_WEIGHT, reverse=True)
    return tuple([Span(*text.span(first, last), weight) for weight, first, last in runs])
