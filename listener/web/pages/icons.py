"""A handful of line icons of our own, drawn on a 24-unit grid, as inline SVG."""

from markupsafe import Markup

PATHS = {
    "gauge": "M4 18a9 9 0 1 1 16 0M12 14l4-5",
    "stream": "M4 6h16M4 12h11M4 18h7",
    "inbox": "M4 13l2.5-8h11L20 13v6H4zM4 13h5l1.5 3h3l1.5-3h5",
    "triage": "M4 5h16l-6 8v6l-4-2v-4z",
    "rules": "M5 6h6M5 12h6M5 18h6M15 6l2 2 3-4M15 12l2 2 3-4M15 18l2 2 3-4",
    "source": "M5 19a1 1 0 1 0 0-.01M5 12a7 7 0 0 1 7 7M5 5a14 14 0 0 1 14 14",
    "paper": "M6 3h9l4 4v14H6zM14 3v5h5M9 13h6M9 17h6",
    "lock": "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3",
    "person": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0",
    "search": "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.5 4.5",
    "help": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.8.4-1 .9-1 1.7M12 17v.01",
    "send": "M4 12l16-8-5 17-4-7z",
    "camera": "M4 8h4l1.5-3h5L16 8h4v11H4zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
    "pin": "M12 21s7-6.5 7-11.5a7 7 0 0 0-14 0C5 14.5 12 21 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
    "target": "M12 18a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM12 3v4M12 17v4M3 12h4M17 12h4",
    "phone": "M6 3h4l1.5 5-2.5 1.8a12 12 0 0 0 5.2 5.2L16 12.5l5 1.5v4a3 3 0 0 1-3 3C10 21 3 14 3 6a3 3 0 0 1 3-3z",
    "check": "M5 12.5l4.5 4.5L19 7",
    "clock": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
    "out": "M14 4h5v16h-5M4 12h11M11 8l4 4-4 4",
    "copy": "M9 9h11v11H9zM5 15H4V4h11v1",
    "shield": "M12 3l7 3v6c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9V6z",
    "down": "M6 9l6 6 6-6",
}


def icon(name: str, css: str = "") -> Markup:
    """The icon, hidden from readers: the words beside it say what it means."""
    shape = Markup('<svg class="icon {}" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>')
    return shape.format(css, PATHS[name])
