"""What a spider is let in with: keys from the settings, never from the database, and the folder of a file drop."""

from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr

from listener.settings import Settings

DROP = "drop"  # below the data folder: one folder for each source of dropped files


def access(kind: str, slug: str, options: Mapping[str, Any], settings: Settings) -> dict[str, str]:
    """The address and key of an interface, or the folder of dropped files; empty for what is open to everybody."""
    if kind == "youtube":
        return {"url": settings.youtube_url.rstrip("/"), "key": _open(settings.youtube_key)}
    if kind == "facebook":
        page = str(options.get("page", ""))
        return {"url": settings.facebook_url.rstrip("/"), "key": page_token(_open(settings.facebook_token), page)}
    if kind == "drop":
        return {"folder": str(settings.data_dir / DROP / slug)}
    return {}


def page_token(written: str, page: str) -> str:
    """The token of a page among ``page=token`` by commas; one without a name serves every page."""
    tokens = {}
    for part in filter(None, (part.strip() for part in written.split(","))):
        name, equals, token = part.partition("=")
        tokens[name.strip() if equals else ""] = token.strip() if equals else name.strip()
    return tokens.get(page) or tokens.get("", "")


def _open(secret: SecretStr | None) -> str:
    return secret.get_secret_value().strip() if secret is not None else ""
