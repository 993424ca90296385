"""What others would build: recipes to stand beside ours in the same run, an encoder of PhoBERT's size for speed."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from classifiers.text.tokens import segment

ENCODER_TOKENS = 64  # a post of 40 words, cut as PhoBERT cuts them
ENCODER_POSTS = 12
# The size of PhoBERT-base (Nguyen & Nguyen 2020): RoBERTa-base with 64,001 word pieces.
PHOBERT_BASE: dict[str, Any] = {
    "vocab_size": 64_001,
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "max_position_embeddings": 258,
}


@dataclass(frozen=True, slots=True)
class Peer:
    """A recipe of someone else: its name and how to make its untrained scikit-learn pipeline."""

    name: str
    make: Callable[[], Any]


def signalen() -> Any:
    """Signalen's classifier of reports: counts of words, no IDF, L1 logistic regression, one against the others.

    Source: ``signals-classification`` of the city of Amsterdam (TfidfTransformer(use_idf=False), penalty l1).
    """
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline

    regression = LogisticRegression(l1_ratio=1, solver="liblinear", C=10, random_state=0)
    return make_pipeline(CountVectorizer(), TfidfTransformer(use_idf=False), OneVsRestClassifier(regression))


def segmented_svc() -> Any:
    """The recipe of most Vietnamese tutorials: underthesea's words, TF-IDF of one and two of them, linear SVC."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    views = TfidfVectorizer(tokenizer=segment, token_pattern=None, ngram_range=(1, 2), min_df=2)
    return make_pipeline(views, LinearSVC(random_state=0))


PEERS = (Peer("Signalen's recipe", signalen), Peer("underthesea + TF-IDF + SVC", segmented_svc))


def encoder_rate() -> float | None:
    """Posts a second of an encoder of PhoBERT-base's size on one core, with random weights; None without torch."""
    try:
        import torch
    except ImportError:
        return None
    from transformers import RobertaConfig, RobertaModel

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        network = RobertaModel(RobertaConfig(**PHOBERT_BASE))
        network.train(False)
        post = torch.randint(5, 60_000, (1, ENCODER_TOKENS))
        with torch.inference_mode():
            network(post)
            started = time.perf_counter()
            for _ in range(ENCODER_POSTS):
                network(post)
            return ENCODER_POSTS / (time.perf_counter() - started)
    finally:
        torch.set_num_threads(threads)


def rate(work: Callable[[Sequence[str]], object], texts: Sequence[str]) -> float:
    """Texts a second of something that reads a list of texts, one core."""
    started = time.perf_counter()
    work(texts)
    return len(texts) / (time.perf_counter() - started)
