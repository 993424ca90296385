"""The card of a model: what it is for, what it was trained on, how good it is, and where it must not be trusted."""

from classifiers.artifacts import Artifact, Manifest
from classifiers.calibration import NEVER
from classifiers.measures import Measures
from classifiers.taxonomy import Taxonomy

WAYS = {
    "as_written": "as written",
    "bare": "without marks",
    "decomposed": "NFD",
    "chatty": "chat spelling",
    "reports": "reports only",
    "posts": "posts only",
    "field": "fields (sums of topics)",
}
PURPOSES = {
    "topic": "what a text is about: one of the topics of the taxonomy",
    "sentiment": "how a text sounds toward the authority, a third party or a situation",
    "kind": "whether a text reports, complains, denounces, asks, praises, proposes, or is spam",
    "urgency": "how soon somebody must look",
    "flags": "which special paths a text may need: denunciation, complaint, crime, child at risk, rule to be dropped",
}
CARD = """# {task}, version {version}

**For**: saying {purpose}, in Vietnamese texts to or about a city. It suggests; a person decides. Nothing is refused,
published or closed because of it, and no person is rated with it.

**Made from**: {texts} texts of `classifiers/corpus` (all invented, CC BY 4.0; see its README), digest `{digest}`;
seed {seed}, {day}. A linear model over words, pairs of words and letter groups; each text is learned a second time
without marks. {libraries}.

**Probabilities** are fitted on texts held out in turn (five parts, near copies kept together). {promise}

## Measured on texts not trained on

| texts | number | right | macro-F1 | calibration error | accepted | right among accepted |
|---|---|---|---|---|---|---|
{rows}

## By label, as written

| label | texts | precision | recall | F1 |
|---|---|---|---|---|
{labels}

**Do not trust it** on texts from other cities' worlds (court, army, sport), on languages other than Vietnamese, on
irony, and on texts of one or two words. The corpus is small and was written for training with machine help: real
texts differ, so compare with people's corrections every week.
"""

MARKS_CARD = """# marks, version {version}

**For**: completing the words of a text typed without marks before the other models read it. Its guesses are shown
to nobody.

**Made from**: the words of {texts} texts of `classifiers/corpus` (all invented, CC BY 4.0) and of the cue words, digest
`{digest}`; {day}. Pairs of words with Witten-Bell smoothing, the likeliest way through a text. {libraries}.

**Measured** on texts held out in turn: of {words} words {right} get the right marks back; {as_typed} are right as
typed, since they bear none.

**Do not trust it** beyond everyday Vietnamese of a city's matters: names of people and rare words are guessed by
their neighbours.
"""


def marks_card(manifest: Manifest, metrics: Measures) -> str:
    """The card of a restorer of marks as Markdown."""
    found = metrics["bare"]
    return MARKS_CARD.format(
        version=manifest.version,
        texts=manifest.texts,
        digest=manifest.corpus_digest[:16],
        day=manifest.trained_on,
        libraries=", ".join(f"{name} {version}" for name, version in manifest.libraries.items()),
        words=found["words"],
        right=f"{100 * found['right']:.1f} %",
        as_typed=f"{100 * found['as_typed']:.1f} %",
    )


def card(artifact: Artifact, metrics: Measures, taxonomy: Taxonomy) -> str:
    """The card as Markdown."""
    manifest = artifact.manifest
    return CARD.format(
        task=manifest.task,
        version=manifest.version,
        purpose=PURPOSES.get(manifest.task, manifest.task),
        texts=manifest.texts,
        digest=manifest.corpus_digest[:16],
        seed=manifest.seed,
        day=manifest.trained_on,
        libraries=", ".join(f"{name} {version}" for name, version in manifest.libraries.items()),
        promise=_promise(artifact),
        rows="\n".join(_row(name, metrics[way]) for way, name in WAYS.items() if way in metrics),
        labels="\n".join(_label_row(taxonomy, label, row) for label, row in metrics["as_written"]["by_label"].items()),
    )


def _promise(artifact: Artifact) -> str:
    manifest = artifact.manifest
    if artifact.model.several:
        given = ", ".join(f"{label} from {limit:.2f}" for label, limit in manifest.thresholds.items())
        return f"A flag is given from its own threshold: {given}."
    if manifest.threshold >= NEVER:
        return f"No threshold keeps {manifest.promise:.0%} right: every prediction waits for a person."
    return (
        f"From {manifest.threshold:.2f} on (or the label's own threshold) at least {manifest.promise:.0%} were right."
    )


def _row(name: str, found: Measures) -> str:
    keys = ("texts", "accuracy", "macro_f1", "ece", "accepted", "accepted_right")
    return f"| {name} | " + " | ".join(str(found.get(key, "–")) for key in keys) + " |"


def _label_row(taxonomy: Taxonomy, label: str, row: dict[str, float]) -> str:
    name = taxonomy.name(label)
    return f"| {label} ({name}) | {row['texts']} | {row['precision']} | {row['recall']} | {row['f1']} |"
