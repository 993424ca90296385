"""Answers that several pages give in the same way."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from listener.web.pages.rendering import render, render_block, with_query


def listing(request: Request, template: str, context: Mapping[str, Any]) -> HTMLResponse:
    """A list as a whole page; its results alone where htmx asks, which then shows the address without empty fields."""
    headers = {"Vary": "HX-Request-Type"}
    if request.headers.get("hx-request-type") != "partial":
        return HTMLResponse(render(template, context), headers=headers)
    headers["HX-Push-Url"] = (request.url.path + with_query(context["query"])).removesuffix("?")
    return HTMLResponse(render_block(template, "results", context), headers=headers)
