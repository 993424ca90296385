"""The raw body of a webhook, and what may be logged of one that fails: nothing of what it holds."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from listener.errors import Forbidden, HookBroken, ListenerError, TooLarge
from listener.log import logger

MOST_BYTES = 256 * 1024  # platforms' events are a few kilobytes
log = logger("hooks")


async def raw_body(request: Request) -> bytes:
    """The body as it came, byte for byte, since signatures are over bytes.

    Raises
    ------
    TooLarge
        It is larger than any event.
    """
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise TooLarge("Sự kiện gửi tới quá lớn.")
    return body


RawBody = Annotated[bytes, Depends(raw_body)]


def check(*, genuine: bool, hook: str) -> None:
    """Refuse what is not signed; the log tells that, and nothing of the body.

    Raises
    ------
    Forbidden
        The signature does not fit.
    """
    if not genuine:
        log.warning("hook_refused", hook=hook)
        raise Forbidden("Chữ ký không đúng.")


@contextmanager
def quietly(hook: str) -> Iterator[None]:
    """Whatever goes wrong inside is logged by kind and place alone; the platform sends the event again.

    Raises
    ------
    HookBroken
        A fault of ours.
    """
    try:
        yield
    except ListenerError:
        raise
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        log.error(
            "hook_failed", hook=hook, error=type(error).__name__, at=f"{Path(place.filename).name}:{place.lineno}"
        )
        raise HookBroken("Chưa nhận được sự kiện, hãy gửi lại.") from None
