"""The page and the bar that say what went wrong and what to do."""

from fastapi import Request
from markupsafe import escape

from listener.web.pages.rendering import render


def page(request: Request, status: int, message: str) -> str:
    """A whole page for an error."""
    return render("error.html", {"status": status, "message": message, "path": request.url.path})


def notice(message: str) -> str:
    """A line for the notice bar of the page that sent the request."""
    return f'<p class="notice notice-error" role="alert">{escape(message)}</p>'
