"""Whether the service lives, whether it can work, and its figures for Prometheus."""

from contextlib import suppress

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from listener import pipeline
from listener.deliver.channels import CHANNELS
from listener.errors import StoreUnavailable
from listener.metrics import LETTERS_DEAD, LETTERS_OLDEST, LETTERS_WAITING
from listener.settings import settings
from listener.store import outbox
from listener.store.database import check_store, session_scope, up_to_date

router = APIRouter(tags=["Vận hành"])


@router.get("/healthz", summary="Tiến trình còn sống")
def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz", summary="Sẵn sàng phục vụ")
def ready() -> Response:
    """Database, tables and models are there; else 503 with what is missing."""
    faults = {}
    try:
        check_store()
        if not up_to_date():
            faults["tables"] = "Bảng chưa ở bản mới nhất: chạy listener up."
    except StoreUnavailable as error:
        faults["database"] = error.message
    if not (settings().models_dir / "served.toml").exists():
        faults["models"] = f"Chưa có mô hình trong {settings().models_dir.name}: chạy listener train."
    return JSONResponse(
        {"status": "ready" if not faults else "not ready", "faults": faults}, status_code=503 if faults else 200
    )


@router.get("/metrics", summary="Số liệu Prometheus")
def metrics() -> Response:
    """Counters and timings of this process, and how many letters wait to go out."""
    _count_letters()
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _count_letters() -> None:
    """The outbox as it stands; a database that does not answer is told by /readyz, not here."""
    with suppress(StoreUnavailable, SQLAlchemyError), session_scope() as session:
        now = pipeline.now()
        found = outbox.figures(session, since=now, just=now)
        for channel in CHANNELS:
            figures = found.get(channel, outbox.Figures())
            LETTERS_WAITING.labels(channel).set(figures.waiting)
            LETTERS_DEAD.labels(channel).set(figures.dead)
            age = (now - figures.oldest).total_seconds() if figures.oldest else 0
            LETTERS_OLDEST.labels(channel).set(age)
