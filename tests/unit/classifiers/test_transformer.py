"""The transformer really trains, saves and loads, on a tiny random encoder made here; nothing is downloaded."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from classifiers.estimators.transformer import TransformerClassifier

TEXTS = ["đèn hẻm tắt", "đèn đường cháy bóng", "rác chưa gom", "xe rác không tới"] * 6
LABELS = ["đèn", "đèn", "rác", "rác"] * 6


def test_it_learns_saves_and_loads(tiny_encoder: Callable[[], Path], tmp_path: Path) -> None:
    model = TransformerClassifier(tiny_encoder(), epochs=12, learning_rate=5e-3, device="cpu")
    model.fit(TEXTS, LABELS)
    assert model.losses_[-1] < 0.5 * model.losses_[0]
    assert model.predict(["đèn hẻm cháy", "rác không gom"]).tolist() == ["đèn", "rác"]
    model.save(tmp_path / "saved")
    again = TransformerClassifier.load(tmp_path / "saved", device="cpu")
    assert again.classes_.tolist() == ["rác", "đèn"]
    np.testing.assert_allclose(again.predict_proba(TEXTS[:4]), model.predict_proba(TEXTS[:4]), rtol=1e-5)


def test_a_folder_without_an_encoder_is_named(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="the extra 'encoder' (torch) is not installed")
    with pytest.raises(FileNotFoundError, match="no encoder here"):
        TransformerClassifier(tmp_path).fit(TEXTS, LABELS)
