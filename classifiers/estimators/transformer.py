"""The transformer classifier: an encoder from a local folder, fine-tuned; nothing is ever downloaded."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from classifiers.scoring import Scores, softmax
from classifiers.text.clean import clean


class TransformerClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """A pretrained encoder with one layer on top, trained whole. Needs the extra ``encoder`` (torch).

    Parameters
    ----------
    folder : str or Path
        The folder of the encoder and its tokenizer, as Hugging Face writes it. Only this folder is read.
    epochs, batch_size, learning_rate : numbers
        How long and how fast it learns.
    longest : int
        Tokens of a text that are read.
    device : str
        ``cpu``, ``cuda`` or ``auto``, which takes an accelerator when there is one.
    random_state : int
        Seed of the new layer and of the order of the texts.

    Examples
    --------
    >>> TransformerClassifier("models/encoders/phobert-base").epochs
    3
    """

    def __init__(
        self,
        folder: str | Path = "",
        *,
        epochs: int = 3,
        batch_size: int = 16,
        learning_rate: float = 3e-5,
        longest: int = 128,
        device: str = "auto",
        random_state: int = 0,
    ) -> None:
        self.folder = folder
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.longest = longest
        self.device = device
        self.random_state = random_state

    def fit(self, X: Sequence[str], y: Sequence[str]) -> Self:
        """Fine-tune the encoder of the folder on texts and their labels."""
        import torch

        if len(X) != len(y):
            raise ValueError(f"{len(X)} texts but {len(y)} labels")
        torch.manual_seed(self.random_state)
        self.classes_ = np.unique(np.asarray(y, dtype=str)).astype(object)
        self.tokenizer_, self.network_ = self._open(Path(self.folder), labels=self.classes_.tolist())
        numbers = np.searchsorted(self.classes_.astype(str), np.asarray(y, dtype=str))
        optimizer = torch.optim.AdamW(self.network_.parameters(), lr=self.learning_rate)
        order = np.random.default_rng(self.random_state)
        self.network_.train()
        self.losses_ = [self._epoch(X, numbers, optimizer, order.permutation(len(X))) for _ in range(self.epochs)]
        self.network_.eval()
        return self

    def predict_proba(self, X: Sequence[str]) -> Scores:
        """The probability of every label, a row a text; rows sum to one."""
        import torch

        check_is_fitted(self, "network_")
        with torch.inference_mode():
            parts = [
                self.network_(**self._tokens([X[i] for i in part])).logits.double().cpu().numpy()
                for part in _parts(np.arange(len(X)), self.batch_size)
            ]
        return softmax(np.concatenate([np.zeros((0, len(self.classes_))), *parts]))

    def predict(self, X: Sequence[str]) -> NDArray[np.object_]:
        """The most probable label of each text."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])

    def save(self, folder: Path) -> None:
        """Write network, tokenizer and labels, so that `load` finds them."""
        check_is_fitted(self, "network_")
        self.network_.save_pretrained(folder)
        self.tokenizer_.save_pretrained(folder)

    @classmethod
    def load(cls, folder: Path, **parameters: Any) -> "TransformerClassifier":
        """A classifier that was fine-tuned and saved before."""
        loaded = cls(folder, **parameters)
        loaded.tokenizer_, loaded.network_ = loaded._open(folder, labels=None)
        names = loaded.network_.config.id2label
        loaded.classes_ = np.array([names[index] for index in sorted(names)], dtype=object)
        loaded.network_.eval()
        return loaded

    def _open(self, folder: Path, labels: list[str] | None) -> tuple[Any, Any]:
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        if not (folder / "config.json").is_file():
            raise FileNotFoundError(f"{folder}: no encoder here (config.json is missing)")
        named = {} if labels is None else {"id2label": dict(enumerate(labels)), "num_labels": len(labels)}
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        network = AutoModelForSequenceClassification.from_pretrained(folder, local_files_only=True, **named)
        return tokenizer, network.to(self._device())

    def _epoch(self, X: Sequence[str], numbers: NDArray[np.int64], optimizer: Any, order: NDArray[np.int64]) -> float:
        """One pass over the texts; returns the mean loss."""
        import torch

        total = 0.0
        for part in _parts(order, self.batch_size):
            truth = torch.as_tensor(numbers[part], device=self._device())
            loss = self.network_(**self._tokens([X[i] for i in part]), labels=truth).loss
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += float(loss.detach()) * len(part)
        return total / max(1, len(order))

    def _tokens(self, texts: list[str]) -> Any:
        cleaned = [clean(text) for text in texts]
        return self.tokenizer_(cleaned, truncation=True, max_length=self.longest, padding=True, return_tensors="pt").to(
            self._device()
        )

    def _device(self) -> str:
        import torch

        if self.device != "auto":
            return self.device
        return "cuda" if torch.cuda.is_available() else "cpu"


def _parts(order: NDArray[np.int64], size: int) -> Iterator[NDArray[np.int64]]:
    for start in range(0, len(order), size):
        yield order[start : start + size]
