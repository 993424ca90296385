"""What is declared of single sites: where lead, body, date and section stand. A source's own options win."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SITES = Path(__file__).with_name("sites.toml")


def with_site(options: Mapping[str, Any], url: str | None) -> dict[str, Any]:
    """The options of a source over the overlay of the site that an address belongs to."""
    return {**overlay(urlsplit(url or "").hostname or ""), **options}


def overlay(host: str) -> dict[str, Any]:
    """The overlay of a host or of the domain above it; empty where there is none."""
    known = _overlays(SITES)
    parts = host.lower().split(".")
    return next((known[name] for at in range(len(parts)) if (name := ".".join(parts[at:])) in known), {})


@lru_cache
def _overlays(path: Path) -> dict[str, dict[str, Any]]:
    blocks = tomllib.loads(path.read_text(encoding="utf-8"))["site"]
    return {
        host: {name: value for name, value in block.items() if name != "hosts"}
        for block in blocks
        for host in block["hosts"]
    }
