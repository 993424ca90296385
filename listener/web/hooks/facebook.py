"""What people write on the city's Facebook pages, told by Facebook as it happens."""

import hmac
import re
from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import PlainTextResponse
from pydantic import SecretStr

from listener import pipeline
from listener.collect.facebook_events import is_genuine, posts_by_page
from listener.errors import Forbidden, NotSetUp
from listener.settings import settings
from listener.store import sources
from listener.web.deps import Now, Store
from listener.web.hooks.raw import RawBody, check, quietly

router = APIRouter()
_CHALLENGE = re.compile(r"[\w-]{1,200}")


@router.get("/hooks/facebook")
def confirm(
    mode: Annotated[str, Query(alias="hub.mode")] = "",
    token: Annotated[str, Query(alias="hub.verify_token")] = "",
    challenge: Annotated[str, Query(alias="hub.challenge")] = "",
) -> PlainTextResponse:
    """Facebook asks once whether the address is ours: the word agreed on, and its challenge comes back."""
    word = _set(settings().facebook_verify, "LISTENER_FACEBOOK_VERIFY")
    same = hmac.compare_digest(token.encode(), word.encode())
    if mode != "subscribe" or not same or not _CHALLENGE.fullmatch(challenge):
        raise Forbidden("Từ xác nhận không đúng.")
    return PlainTextResponse(challenge)


@router.post("/hooks/facebook")
def facebook(
    body: RawBody, session: Store, now: Now, x_hub_signature_256: Annotated[str, Header()] = ""
) -> dict[str, str]:
    """Keep posts and comments of pages that are a source here; they bear the names that the Graph API gives them."""
    secret = _set(settings().facebook_secret, "LISTENER_FACEBOOK_SECRET")
    check(genuine=is_genuine(body, x_hub_signature_256, secret=secret), hook="facebook")
    with quietly("facebook"):
        for page, posts in posts_by_page(body).items():
            source = sources.of_page(session, page)
            if source is not None and posts:
                pipeline.take_posts(session, posts, source_id=source.id, at=now)
                source.last_item = now
        session.flush()
    return {"status": "ok"}


def _set(secret: SecretStr | None, name: str) -> str:
    if secret is None:
        raise NotSetUp(f"Chưa đặt {name}, nên chưa nhận tin từ Facebook.")
    return secret.get_secret_value()
