"""Whether the service lives, whether it can work, and its figures for Prometheus."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from listener.errors import StoreUnavailable
from listener.settings import settings
from listener.store.database import check_store, up_to_date

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
    """Counters and timings of this process."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
