"""One context for each template and state: what tests render and the preview shows."""

from typing import Any

from samples_citizen import CITIZEN
from samples_duties import DUTIES
from samples_overview import OVERVIEW
from samples_staff import STAFF

SAMPLES: dict[str, tuple[str, dict[str, Any]]] = {**CITIZEN, **STAFF, **OVERVIEW, **DUTIES}
