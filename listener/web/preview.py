"""What a text would be understood as, were it sent now; nothing of it is kept or logged."""

from dataclasses import dataclass

from listener import pipeline
from listener.catalog import service as catalog_service
from listener.catalog.shapes import Catalog
from listener.classify import service as classifying
from listener.collect import service as collecting
from listener.route import service as routing
from listener.settings import settings


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text would be understood as, were it sent now."""

    topic: str
    kind: str
    area: str | None
    department: str | None


def read_aloud(text: str, place: str, *, catalog: Catalog) -> Understood:
    """Read a text without keeping anything of it; raises ValueError when it holds no words."""
    item = collecting.unsaved(text, place or None, now=pipeline.now())
    said = classifying.understand(item, models_dir=settings().models_dir, gazetteer=catalog_service.gazetteer(catalog))
    decision = routing.decision_for(item, said, catalog)
    return Understood(
        item.topic or "", item.kind or "", item.unit_code, decision.department if decision.routed else None
    )
