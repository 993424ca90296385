"""Answers that several pages give in the same way."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from listener.web.pages.rendering import render, render_block, with_query

PASSING = ("xong", "da-lam", "bo-qua", "muc")  # what a list says once after a step


def listing(request: Request, template: str, context: Mapping[str, Any]) -> HTMLResponse:
    """A list as a whole page; its results alone where htmx asks, which then shows the address without empty fields."""
    headers = {"Vary": "HX-Request-Type"}
    if request.headers.get("hx-request-type") != "partial":
        return HTMLResponse(render(template, context), headers=headers)
    headers["HX-Push-Url"] = (request.url.path + with_query(context["query"])).removesuffix("?")
    return HTMLResponse(render_block(template, "results", context), headers=headers)


def came_from(request: Request) -> tuple[str, dict[str, str]]:
    """The path and the query of the page that a form stood on; no more than ``/`` where the browser does not say."""
    page = urlsplit(request.headers.get("referer", "/"))
    return page.path, {name: value for name, value in parse_qsl(page.query) if name not in PASSING}


def back_to(path: str, query: Mapping[str, str]) -> RedirectResponse:
    """Lead to a page after a form was taken in."""
    return RedirectResponse((path + with_query(query)).removesuffix("?"), status_code=303)
