"""One context for each template and state: what tests render and the preview shows."""

from typing import Any

from samples_citizen import CITIZEN

SAMPLES: dict[str, tuple[str, dict[str, Any]]] = {**CITIZEN}
