"""The tasks: what each model answers, which labels it may give, and what other tasks imply for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from classifiers.datasets import LabelledText
from classifiers.rules import default_flags, default_urgency
from classifiers.scoring import Scores
from classifiers.taxonomy import Taxonomy

FIELD_SURE = 0.90  # probability from which a field is named as sure where its topic is not
MARKS = "marks"  # no question to a text, but trained, served and guarded as the models of the tasks are
OF_THE_GROUP = 0.3  # topics of unseen texts 85.5 → 86.0 % right, fields 89.1 → 89.6; flat from 0.2 to 0.5
LEAST = 0.01  # no label is ruled out by what other tasks imply


class UnknownTask(ValueError):
    """There is no such task; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class Task:
    """One question to a text.

    ``labels_of`` gives the answers a person gave (several where ``several``), or none when the text is no example;
    ``promise`` is the share of accepted answers that must be right, or the share found where several can hold.
    ``naive`` is how much the weights of a naive Bayes model are added to those of the support vector machines;
    ``implied`` tells whether topic and kind imply something for this task; ``by_lead`` whether an answer is accepted
    by its lead over the second best instead of its probability; ``found`` names labels of which this share must be
    found, since missing them costs most: they are said as soon as they reach the probability that gives it.
    ``unsaid`` tells of which labels a text is neither an example nor a counter-example. ``group`` names what several
    labels share: each group is learned as well, and a label's score gains `OF_THE_GROUP` of its group's.
    """

    name: str
    labels: Callable[[Taxonomy], Sequence[str]]
    labels_of: Callable[[LabelledText], Sequence[str]]
    promise: float
    C: float = 0.5
    naive: float = 0.0
    several: bool = False
    implied: bool = False
    by_lead: bool = False
    found: tuple[tuple[str, float], ...] = ()
    unsaid: Callable[[LabelledText, str], bool] | None = None
    group: Callable[[Taxonomy, str], str] | None = None


TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        Task(
            "topic",
            lambda taxonomy: tuple(taxonomy.leaves),
            lambda text: text.topics[:1],
            promise=0.97,
            C=0.8,  # of unseen texts 0.1 points more by topic and by field than 0.5
            naive=0.5,  # 62.6 → 64.2 % right on unseen texts of a small corpus; flat from 0.23 to 0.7
            group=Taxonomy.field_of,
            unsaid=lambda text, label: label in text.topics[1:],  # a topic beside the main one
            by_lead=True,  # 25 % of unseen texts accepted at 95 % right, against 15 % by probability
        ),
        Task(
            "sentiment",
            lambda taxonomy: tuple(taxonomy.sentiments),
            lambda text: (text.sentiment,),
            promise=0.95,
            C=1.0,
        ),
        Task(
            "target",
            lambda taxonomy: tuple(taxonomy.targets),
            lambda text: (text.sentiment_target,) if text.sentiment_target else (),
            promise=0.95,
        ),
        Task(
            "kind",
            lambda taxonomy: tuple(taxonomy.kinds),
            lambda text: (text.kind,) if text.kind else (),
            promise=0.95,
            # a post that merely informs has no kind; it only teaches what spam is not
            unsaid=lambda text, label: text.kind is None and label != "spam",
        ),
        Task(
            "urgency",
            lambda taxonomy: tuple(taxonomy.urgencies),
            lambda text: (text.urgency,),
            promise=0.95,
            implied=True,
            found=(("khan", 0.975),),
        ),
        Task(
            "flags",
            lambda taxonomy: tuple(taxonomy.flags),
            lambda text: text.flags,
            promise=0.90,
            several=True,
            implied=True,
        ),
    )
}


def task_named(name: str) -> Task:
    """The task of this name; raises `UnknownTask`."""
    try:
        return TASKS[name]
    except KeyError:
        raise UnknownTask(f"{name!r} is no task; there are {', '.join(TASKS)}") from None


@dataclass(frozen=True)
class Implications:
    """What a topic and a kind, both only probable, imply for urgency and flags.

    ``urgency`` is topics × kinds × urgencies, ``flags`` topics × kinds × flags: ones where the rules say so.
    """

    urgency: Scores
    flags: Scores

    @classmethod
    def of(cls, taxonomy: Taxonomy) -> "Implications":
        """Work out the rules for every topic and kind."""
        shape = (len(taxonomy.leaves), len(taxonomy.kinds))
        urgency = np.zeros((*shape, len(taxonomy.urgencies)))
        flags = np.zeros((*shape, len(taxonomy.flags)))
        urgencies, all_flags = list(taxonomy.urgencies), list(taxonomy.flags)
        for row, topic in enumerate(taxonomy.leaves.values()):
            for column, kind in enumerate(taxonomy.kinds):
                urgency[row, column, urgencies.index(default_urgency(topic, kind))] = 1
                for flag in default_flags(topic, kind):
                    flags[row, column, all_flags.index(flag)] = 1
        return cls(urgency, flags)

    def log_urgency(self, topics: Scores, kinds: Scores) -> Scores:
        """Logarithms of the urgencies implied; rows are texts."""
        implied = _expected(topics, kinds, self.urgency)
        return np.asarray(np.log(implied * (1 - LEAST) + LEAST / implied.shape[-1]))

    def logit_flags(self, topics: Scores, kinds: Scores) -> Scores:
        """Logits of the flags implied; rows are texts."""
        implied = np.clip(_expected(topics, kinds, self.flags), LEAST, 1 - LEAST)
        return np.asarray(np.log(implied / (1 - implied)))

    def prior(self, task: str, topics: Scores, kinds: Scores) -> Scores | None:
        """What is implied for a task, or None when nothing is."""
        if task == "urgency":
            return self.log_urgency(topics, kinds)
        return self.logit_flags(topics, kinds) if task == "flags" else None


def _expected(topics: Scores, kinds: Scores, table: Scores) -> Scores:
    """The mean of a topics × kinds × labels table under the probabilities of each text."""
    by_kind = (topics @ table.reshape(len(table), -1)).reshape(len(topics), *table.shape[1:])
    return np.asarray((kinds[:, None, :] @ by_kind)[:, 0, :])
