"""One context for each template and state: what tests render and the preview shows."""

from typing import Any

from samples_channels import SAMPLE_PAGES
from samples_citizen import CITIZEN
from samples_duties import DUTIES
from samples_letters import PAPERS
from samples_overview import OVERVIEW
from samples_rules import RULE_PAGES
from samples_sources import SOURCE_PAGES
from samples_staff import STAFF

SAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    **CITIZEN,
    **STAFF,
    **PAPERS,
    **OVERVIEW,
    **SAMPLE_PAGES,
    **RULE_PAGES,
    **DUTIES,
    **SOURCE_PAGES,
}
