"""Turns a template and its context into HTML: one Jinja2 environment with our filters and hashed static addresses."""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from listener import masking, vietnamese
from listener.web.pages import charts, icons

WEB = Path(__file__).resolve().parents[1]
TEMPLATES = WEB / "templates"
STATIC = WEB / "static"
STATIC_URL = "/static/"
SITE = {"name": "Lắng nghe Cần Thơ", "city": "Cần Thơ", "hotline": "1022"}

FILTERS: dict[str, Callable[..., Any]] = {
    name: getattr(vietnamese, name)
    for name in (
        "number signed percent share delta delta_points when absolute full clock day period paper_date "
        "due due_state size initial"
    ).split()
}


def read_manifest(static: Path) -> dict[str, str]:
    """Plain file name → hashed name; empty before the first ``npm run build``, when plain names are used."""
    path = static / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def csrf_field(token: str | None) -> Markup:
    """The hidden field every state-changing form carries; nothing where the visitor has no session."""
    return Markup('<input type="hidden" name="csrf" value="{}">').format(token) if token else Markup()


def with_query(query: Mapping[str, str], **changes: str | int | None) -> str:
    """The query string with some parameters changed (None drops one); empty ones are left out."""
    merged = {**query, **changes}
    pairs = {name.replace("_", "-"): value for name, value in merged.items() if value not in (None, "")}
    return "?" + urlencode(pairs) if pairs else "?"


def paragraphs(text: str) -> Markup:
    """Plain text as paragraphs, escaped; a single line break stays one."""
    blocks = [block.strip() for block in text.replace("\r\n", "\n").split("\n\n") if block.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(Markup("<br>").join(map(escape, b.split("\n")))) for b in blocks)


@lru_cache(maxsize=4)
def environment(static: Path = STATIC) -> Environment:
    """The environment all pages share. Undefined names are errors, so that a test finds a forgotten variable."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    manifest = read_manifest(static)
    env.filters.update(FILTERS, paragraphs=paragraphs, spark=charts.spark, stack=charts.stack, nice_top=charts.nice_top)
    env.globals.update(
        static=lambda name: f"{STATIC_URL}{manifest.get(name, name)}",
        csrf_field=csrf_field,
        with_query=with_query,
        icon=icons.icon,
        site=SITE,
        BUCKETS=charts.BUCKETS,
        MASKS=masking.NAMES,
    )
    return env


def render(template: str, context: Mapping[str, Any], *, static: Path = STATIC) -> str:
    """The whole page."""
    return environment(static).get_template(template).render(context)


def render_block(template: str, block: str, context: Mapping[str, Any], *, static: Path = STATIC) -> str:
    """One block of a page, for a request that swaps only that part.

    Not jinja2-fragments' function, because it leaves out what the page imports at its head. A page's root function
    runs those imports before its first output, so one step of it fills the context and draws nothing.
    """
    page = environment(static).get_template(template)
    filled = page.new_context(dict(context))
    next(page.root_render_func(filled), None)
    return "".join(filled.blocks[block][0](filled))
