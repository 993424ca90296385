"""What a reading of one text consists of: predictions, places, masks, and the words that spoke for them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch ``text[start:end]`` of the NFC text and how strongly it spoke for a label."""

    start: int
    end: int
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Prediction:
    """What an estimator says of one text for one task.

    ``probability`` is calibrated (0..1); ``runners_up`` holds the next labels with theirs, best first;
    ``certain`` is True when the probability reaches the threshold whose error rate was promised;
    ``why`` points at the words that spoke most for the label, strongest first.
    """

    label: str
    probability: float
    runners_up: tuple[tuple[str, float], ...] = ()
    certain: bool = True
    why: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A place named in a text: its span and, where the text settles it, the code of today's unit.

    ``unit_code`` is None when the unit is not settled; ``candidates`` then holds the codes that it may be.
    ``older`` is True when the text used a name from before the reorganisation of 2025-07-01.
    """

    text: str
    start: int
    end: int
    unit_code: str | None
    confidence: float
    candidates: tuple[str, ...] = ()
    older: bool = False


@dataclass(frozen=True, slots=True)
class Mask:
    """A stretch of personal data, ``text[start:end]``, and its type (``phone``, ``id_number``, …)."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything the machine understood of one text. Offsets count in ``text``, which is NFC.

    ``target`` tells toward whom the sentiment goes; None when it is neutral. ``topics`` begins with the main one.
    """

    text: str
    topic: Prediction
    field: str
    sentiment: Prediction
    urgency: Prediction
    kind: Prediction
    target: Prediction | None = None
    topics: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    spam: bool = False
    places: tuple[Place, ...] = ()
    masks: tuple[Mask, ...] = ()
    version: str = ""
    notes: tuple[str, ...] = ()

    @property
    def unit_code(self) -> str | None:
        """The unit the text speaks of, or None when no unit is settled or several are named."""
        codes = {place.unit_code for place in self.places if place.unit_code is not None}
        return codes.pop() if len(codes) == 1 else None
