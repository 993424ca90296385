"""Artefacts: a trained model in a folder, ``model.skops`` with a manifest that says what it is; checked on loading."""

import hashlib
import io
import json
import platform
import zipfile
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from classifiers.calibration import NEVER
from classifiers.features import Floats, Recipe, Vocabulary
from classifiers.marks import Restorer
from classifiers.scoring import LinearModel

FORMAT = 2
MODEL, MANIFEST, METRICS, CARD = "model.skops", "manifest.json", "metrics.json", "card.md"
# The only things that may stand in a model file: plain values and arrays, nothing that can run.
ALLOWED = frozenset({"builtins.dict", "builtins.str", "numpy.ndarray"})

_VOCABULARIES: WeakValueDictionary[bytes, Vocabulary] = WeakValueDictionary()


class BadArtifact(ValueError):
    """An artefact is damaged, of another make, or not what its manifest says; train it again or restore the folder."""


@dataclass(frozen=True)
class Manifest:
    """What an artefact is: task, version, labels, thresholds, what it was trained on and with.

    ``threshold`` and ``thresholds`` (by label) are the probabilities from which ``promise`` of the predictions
    were right on texts not trained on (or the leads over the second best score, where ``by_lead``); where several
    labels can hold, those from which a label is given. ``prefer`` names labels that are said as soon as they reach
    a probability; ``also`` is the probability from which a topic is named beside the main one.
    """

    task: str
    version: str
    labels: tuple[str, ...]
    threshold: float
    promise: float
    thresholds: dict[str, float]
    corpus_digest: str
    texts: int
    seed: int
    trained_on: str
    by_lead: bool = False
    prefer: dict[str, float] = field(default_factory=dict)
    also: float = NEVER
    sha256: str = ""
    format: int = FORMAT
    libraries: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Artifact:
    """A trained model and its manifest."""

    model: LinearModel
    manifest: Manifest

    def threshold(self, label: str) -> float:
        """The probability (or lead) from which this label keeps the promise."""
        return self.manifest.thresholds.get(label, self.manifest.threshold)

    @cached_property
    def preferred(self) -> dict[int, float]:
        """The preferred labels by their number."""
        return {self.model.labels.index(label): enough for label, enough in self.manifest.prefer.items()}


@dataclass(frozen=True)
class MarksArtifact:
    """A trained restorer of marks and its manifest, which names no labels."""

    model: Restorer
    manifest: Manifest


def save(artifact: Artifact | MarksArtifact, folder: Path) -> Manifest:
    """Write model and manifest; the same model always gives the same bytes. Returns the completed manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    model = artifact.model
    data = _canonical(_skops_bytes(_marks_state(model) if isinstance(model, Restorer) else _state(model)))
    (folder / MODEL).write_bytes(data)
    told = {**asdict(artifact.manifest), "sha256": hashlib.sha256(data).hexdigest(), "libraries": libraries()}
    (folder / MANIFEST).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return _manifest(told, folder)


def load(folder: Path) -> Artifact:
    """Read an artefact; raises `BadArtifact` when a file is missing, changed or of another make."""
    state, manifest = _read(folder)
    model = _model(state, folder)
    if model.labels != manifest.labels:
        raise BadArtifact(f"{folder}: model and manifest name different labels")
    return Artifact(model, manifest)


def load_marks(folder: Path) -> MarksArtifact:
    """Read a restorer of marks; raises `BadArtifact` as `load` does."""
    state, manifest = _read(folder)
    try:
        restorer = Restorer(tuple(state["words"].split("\n")), state["counts"], state["pairs"], state["followers"])
        if len(restorer.counts) != len(restorer.words) or len(restorer.followers) != len(restorer.words) + 1:
            raise ValueError("counts do not fit words")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadArtifact(f"{folder}: {MODEL} is not a restorer of this library ({error})") from None
    return MarksArtifact(restorer, manifest)


def _read(folder: Path) -> tuple[dict[str, Any], Manifest]:
    """The plain values of an artefact, once its SHA-256 is what the manifest says."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        data = (folder / MODEL).read_bytes()
    except FileNotFoundError as error:
        raise BadArtifact(f"{folder}: there is no {Path(error.filename).name}") from None
    except json.JSONDecodeError as error:
        raise BadArtifact(f"{folder}: {MANIFEST} is no JSON ({error.msg})") from None
    manifest = _manifest(told, folder)
    if hashlib.sha256(data).hexdigest() != manifest.sha256:
        raise BadArtifact(f"{folder}: {MODEL} is not the file that the manifest names (SHA-256 differs)")
    return _read_skops(data, folder), manifest


def libraries() -> dict[str, str]:
    """Versions of what a model was made with."""
    import scipy
    import sklearn
    import skops

    found = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__}
    return {**found, "scikit-learn": sklearn.__version__, "skops": skops.__version__}


def _manifest(told: dict[str, Any], folder: Path) -> Manifest:
    if told.get("format") != FORMAT:
        raise BadArtifact(f"{folder}: format {told.get('format')!r}, this library reads format {FORMAT}")
    try:
        return Manifest(**{**told, "labels": tuple(told["labels"])})
    except (KeyError, TypeError) as error:
        raise BadArtifact(f"{folder}: the manifest is incomplete ({error})") from None


def _state(model: LinearModel) -> dict[str, Any]:
    """The model as plain values: half-precision weights, the terms as bytes, the other text in one JSON string."""
    told = {"labels": model.labels, "link": model.link, "recipe": asdict(model.vocabulary.recipe)}
    return {
        "told": json.dumps(told, ensure_ascii=False),
        "terms": np.frombuffer("\n".join(model.vocabulary.terms).encode(), dtype=np.uint8),
        "scale": model.vocabulary.scale,
        "weights": model.weights.astype(np.float16),
        "bias": model.bias,
        "factors": np.stack([model.slopes, model.prior_weights, model.shifts]),
    }


def _marks_state(restorer: Restorer) -> dict[str, Any]:
    """The restorer as plain values."""
    arrays = {"counts": restorer.counts, "pairs": restorer.pairs, "followers": restorer.followers}
    return {"words": "\n".join(restorer.words), **arrays}


def _model(state: dict[str, Any], folder: Path) -> LinearModel:
    try:
        told = json.loads(state["told"])
        recipe = Recipe(**{**told["recipe"], "letters": tuple(told["recipe"]["letters"])})
        vocabulary = _vocabulary(state["terms"], state["scale"], recipe)
        weights = state["weights"]
        if weights.shape != (len(vocabulary.terms), len(told["labels"])):
            raise ValueError(f"weights of shape {weights.shape} do not fit terms and labels")
        slopes, prior_weights, shifts = state["factors"]
        factors = {"slopes": slopes, "prior_weights": prior_weights, "shifts": shifts}
        return LinearModel(tuple(told["labels"]), vocabulary, weights, state["bias"], **factors, link=told["link"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadArtifact(f"{folder}: {MODEL} is not a model of this library ({error})") from None


def _vocabulary(terms: NDArray[np.uint8], scale: Floats, recipe: Recipe) -> Vocabulary:
    """One object for equal vocabularies: the models of one training share theirs, most of what loading makes.

    ``terms`` are letters in UTF-8, one term a line: as bytes they are hashed, and read as text once only.
    """
    key = hashlib.sha256(terms.tobytes() + scale.tobytes() + repr(recipe).encode()).digest()
    known = _VOCABULARIES.get(key)
    if known is None:
        every = terms.tobytes().decode().split("\n")
        known = Vocabulary(dict(zip(every, range(len(every)), strict=True)), scale, recipe)
        _VOCABULARIES[key] = known
    return known


def _skops_bytes(state: dict[str, Any]) -> bytes:
    from skops import io as skops_io

    return bytes(skops_io.dumps(state, compression=zipfile.ZIP_DEFLATED))


def _canonical(data: bytes) -> bytes:
    """The same skops file without memory addresses and dates, so that equal models are equal files."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        schema = json.loads(source.read("schema.json"))
        arrays: dict[str, bytes] = {}
        _renumber(schema, source, arrays, {})
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in {"schema.json": json.dumps(schema, indent=1).encode(), **arrays}.items():
            out.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _renumber(node: Any, source: zipfile.ZipFile, arrays: dict[str, bytes], ids: dict[int, int]) -> None:
    if isinstance(node, list):
        for each in node:
            _renumber(each, source, arrays, ids)
    if not isinstance(node, dict):
        return
    if "__id__" in node:
        node["__id__"] = ids.setdefault(node["__id__"], len(ids) + 1)
    if "file" in node:
        name = f"{node['__id__']}.npy"
        arrays[name] = source.read(node["file"])
        node["file"] = name
    for each in node.values():
        _renumber(each, source, arrays, ids)


def _read_skops(data: bytes, folder: Path) -> dict[str, Any]:
    """The plain values of a skops file, by its own schema; importing skops and scikit-learn would cost 1.8 s.

    Stricter than skops itself: a type outside `ALLOWED` is refused before anything of it is read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            schema = json.loads(source.read("schema.json"))
            return {name: _value(node, source, folder) for name, node in schema["content"].items()}
    except BadArtifact:
        raise
    except (zipfile.BadZipFile, KeyError, AttributeError, ValueError) as error:
        raise BadArtifact(f"{folder}: {MODEL} cannot be read ({error})") from None


def _value(node: dict[str, Any], source: zipfile.ZipFile, folder: Path) -> Any:
    kind = f"{node.get('__module__')}.{node.get('__class__')}"
    if kind not in ALLOWED:
        raise BadArtifact(f"{folder}: {MODEL} holds a {kind}, which is not allowed")
    if kind == "numpy.ndarray":
        return np.load(io.BytesIO(source.read(node["file"])), allow_pickle=False)
    return json.loads(node["content"])
