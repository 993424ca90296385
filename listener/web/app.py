"""The application: REST, pages, static files, and the rules that hold for every answer."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from pkgutil import iter_modules

from fastapi import FastAPI, Request, Response
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool

from listener import pipeline
from listener.metrics import REQUEST_SECONDS
from listener.settings import settings
from listener.web import errors, pages
from listener.web.api import assignments, events, health, items, letters, reports
from listener.web.hooks import facebook, zalo
from listener.web.open311 import calls as open311
from listener.web.pages.rendering import STATIC

MOST_BYTES = 60 * 1024 * 1024  # five photos of ten megabytes and the form around them
MOST_JSON_BYTES = 2 * 1024 * 1024
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; "
        "frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # pages lead back to the list they were opened from; secret addresses say no more
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
}
# No interactive API page: it loads its script from elsewhere. /api/v1/openapi.json is the document.


@asynccontextmanager
async def _lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Load the models before the first citizen waits for them."""
    await run_in_threadpool(pipeline.warm_up)
    yield


def create_app() -> FastAPI:
    """The whole application."""
    app = FastAPI(
        title=f"Lắng nghe {settings().city}",
        version="1",
        description="Phản ánh của người dân và bài đăng công khai: gửi, tra cứu, việc trên bàn của đơn vị.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    errors.install(app)
    app.middleware("http")(_guard)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    for module in (reports, items, assignments, events, letters):
        app.include_router(module.router, prefix="/api/v1")
    app.include_router(health.router)
    app.include_router(open311.router)
    for hook in (zalo, facebook):
        app.include_router(hook.router, include_in_schema=False)
    for found in iter_modules(pages.__path__):
        router = getattr(import_module(f"{pages.__name__}.{found.name}"), "router", None)
        if router is not None:
            app.include_router(router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC, check_dir=False), name="static")
    return app


async def _guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Refuse bodies that are too large, put the security headers on, count the time."""
    started = time.perf_counter()
    limit = MOST_JSON_BYTES if request.url.path.startswith("/api/") else MOST_BYTES
    if int(request.headers.get("content-length") or 0) > limit:
        return errors.too_large(request)
    response = await call_next(request)
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    if request.url.path.startswith("/static/"):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers.setdefault("Cache-Control", "private, no-cache")
    route = getattr(request.scope.get("route"), "path", "other")
    REQUEST_SECONDS.labels(request.method, route, response.status_code).observe(time.perf_counter() - started)
    return response
