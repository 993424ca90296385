"""One run that measures everything: the test split, public benchmarks where their data is, peers, speed."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from classifiers.datasets import CORPUS, LabelledText, read_masks, read_texts
from classifiers.evaluation.benchmarks import Benchmark, fitted, found_in
from classifiers.evaluation.own import TEST, TEST_MASKS, WAYS, Desks, Results, evaluate
from classifiers.evaluation.peers import PEERS, encoder_rate, rate
from classifiers.evaluation.tables import markdown
from classifiers.measures import bootstrap_interval, f1, macro_f1, share_right
from classifiers.reader import Reader

SPEED_TEXTS = 1500
MEDIAN_WORDS = 40


def run(
    reader: Reader,
    *,
    benchmarks: Path,
    desks: Desks | None = None,
    out: Path | None = None,
    quick: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> str:
    """Measure the served models; with ``out``, also write ``evaluation.md`` and ``evaluation.json`` there.

    ``quick`` leaves out benchmarks and peers, which train models of their own and take most of the time.
    """
    tell("bộ kiểm tra")
    results = evaluate(reader, read_texts(TEST), read_masks(TEST_MASKS), desks)
    tell("tốc độ")
    results["speed"] = _speed(reader)
    if not quick:
        results["peers"] = _peers(reader, read_texts(TEST), tell)
        results["benchmarks"] = [_benchmark(benchmarks, each, tell) for each in found_in(benchmarks)]
    table = markdown(results)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "evaluation.md").write_text(table, encoding="utf-8")
        (out / "evaluation.json").write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return table


def posts_of_forty_words() -> list[str]:
    """Training texts, longest first, as many as have a median of 40 words."""
    texts = [each.text for name in ("reports", "posts") for each in read_texts(CORPUS / f"{name}.jsonl")]
    texts.sort(key=lambda text: -len(text.split()))
    above = sum(len(text.split()) > MEDIAN_WORDS for text in texts)
    return texts[: 2 * above][:: max(1, 2 * above // SPEED_TEXTS)]


def _speed(reader: Reader) -> Results:
    """Posts a second of the whole reading on one core, and of an encoder of PhoBERT's size."""
    texts = posts_of_forty_words()
    ours = max(rate(reader.read_many, texts) for _ in range(3))
    spent = sorted(_seconds(reader, text) for text in texts)
    encoder = encoder_rate()
    return {
        "texts": len(texts),
        "median_words": int(np.median([len(text.split()) for text in texts])),
        "texts_per_second": round(ours),
        "one_text_p95_ms": round(1000 * spent[int(0.95 * len(spent))], 2),
        "encoder_posts_per_second": None if encoder is None else round(encoder, 1),
        "times_the_encoder": None if encoder is None else round(ours / encoder),
    }


def _seconds(reader: Reader, text: str) -> float:
    started = time.perf_counter()
    reader(text)
    return time.perf_counter() - started


def _peers(reader: Reader, test: Sequence[LabelledText], tell: Callable[[str], None]) -> list[Results]:
    """Topic of the test split by the peers' recipes, trained on our training corpus, and by the served model."""
    texts = [text for name in ("reports", "posts") for text in read_texts(CORPUS / f"{name}.jsonl") if text.topics]
    known = [text for text in test if text.topics]
    labels = list(reader.taxonomy.leaves)
    truth = np.array([labels.index(text.topics[0]) for text in known])
    rows = [_peer("ours (whole reading)", labels, truth, known, lambda given: _topics(reader, given))]
    for peer in PEERS:
        tell(peer.name)
        made = peer.make().fit([text.text for text in texts], [text.topics[0] for text in texts])
        rows.append(_peer(peer.name, labels, truth, known, made.predict))
    return rows


def _topics(reader: Reader, texts: Sequence[str]) -> list[str]:
    return [reader(text).topic.label for text in texts]


def _peer(
    name: str,
    labels: list[str],
    truth: np.ndarray,
    known: Sequence[LabelledText],
    predict: Callable[[Sequence[str]], Sequence[str]],
) -> Results:
    found: Results = {"name": name, "ways": {}}
    for way, change in WAYS.items():
        texts = [change(text.text) for text in known]
        started = time.perf_counter()
        said = np.array([labels.index(str(label)) for label in predict(texts)])
        found["ways"][way] = {
            "accuracy": round(share_right(truth, said), 4),
            "macro_f1": round(macro_f1(truth, said), 4),
            "macro_f1_interval": bootstrap_interval(truth, said, macro_f1),
        }
        if way == "as_written":
            found["texts_per_second"] = round(len(texts) / (time.perf_counter() - started))
    return found


def _benchmark(folder: Path, benchmark: Benchmark, tell: Callable[[str], None]) -> Results:
    """Our linear recipe on one public set, beside its floor and what others published."""
    tell(benchmark.name)
    model = fitted(*benchmark.read(folder / benchmark.folder, "train"))
    texts, labels = benchmark.read(folder / benchmark.folder, "test")
    known = sorted({*labels, *model.classes_.tolist()})
    truth = np.array([known.index(label) for label in labels])
    ways = {}
    for way, change in WAYS.items():
        said = np.array([known.index(label) for label in model.predict([change(text) for text in texts])])
        ways[way] = {
            "accuracy": round(100 * share_right(truth, said), 1),
            "macro_f1": round(100 * macro_f1(truth, said), 1),
            "weighted_f1": round(100 * _weighted_f1(truth, said), 1),
            "macro_f1_interval": [round(100 * end, 1) for end in bootstrap_interval(truth, said, macro_f1)],
        }
    return {
        "name": benchmark.name,
        "texts": len(texts),
        "floor": benchmark.floor,
        "published": benchmark.published,
        "ways": ways,
    }


def _weighted_f1(truth: np.ndarray, said: np.ndarray) -> float:
    return sum(
        f1(truth == label, said == label)["f1"] * float((truth == label).mean()) for label in set(truth.tolist())
    )
