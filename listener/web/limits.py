"""How much one address may send in an hour: with a proof of work more than without, with a key as much as it likes."""

import secrets
import time
from collections import defaultdict, deque
from datetime import datetime

from fastapi import Request
from sqlalchemy.orm import Session

from listener.accounts import service as accounts
from listener.errors import BadInput, NotSignedIn, TooMany
from listener.settings import settings
from listener.store import proofs
from listener.web import proof
from listener.web.deps import Now, Store, client_address

LOOPBACK = ("127.0.0.1", "::1", "testclient")
HOUR = 3600
MOST_KNOWN = 20_000  # addresses remembered before those that were quiet for an hour are forgotten
TOO_FAST = "Bạn gửi hơi nhanh. Thử lại sau ít phút, chữ bạn viết còn nguyên."
_sent: dict[tuple[str, str], deque[float]] = defaultdict(deque)


def limit_reports(request: Request) -> None:
    """Refuse more an hour from one address than the setting allows; the machine itself is not limited.

    Raises
    ------
    TooMany
        Over the limit.
    """
    _count(request, "sent", settings().report_limit_per_hour)


def limit_without_key(request: Request, session: Store, now: Now) -> None:
    """Who has a key sends freely; without one a program has proved nothing, so the stricter limit holds."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        try:
            accounts.token_owner(session, token.strip(), now=now)
        except NotSignedIn:
            pass
        else:
            return
    _count(request, "unproven", settings().report_limit_unproven)


def limit_form(request: Request, session: Session, given: str, *, key: str, now: datetime) -> None:
    """Count a report by form: a bad proof is no proof, so that a wrong clock bars nobody.

    Raises
    ------
    TooMany
        Over the limit for reports with or without proof.
    """
    limit_reports(request)
    if not proven(session, given, key=key, now=now):
        _count(request, "unproven", settings().report_limit_unproven)


def proven(session: Session, given: str, *, key: str, now: datetime) -> bool:
    """Whether a proof is ours, in time, hard enough, and not used for another report."""
    try:
        found = proof.checked(settings().secret(), given, now=now)
    except BadInput:
        return False
    return proofs.spend(session, found.nonce, key=key, expires_at=found.expires_at, now=now)


def new_challenge(request: Request, now: datetime) -> str:
    """A challenge for a page; the more an address asks for, the harder it gets, so that none are hoarded."""
    times = _recent((client_address(request), "asked"))
    bits = proof.bits_for(settings().proof_bits, len(times))
    if not _is_here(request):
        times.append(time.monotonic())
    return proof.issue(settings().secret(), nonce=secrets.token_urlsafe(12), bits=bits, now=now)


def _count(request: Request, what: str, most: int) -> None:
    if _is_here(request):
        return
    times = _recent((client_address(request), what))
    if len(times) >= most:
        raise TooMany(TOO_FAST)
    times.append(time.monotonic())


def _recent(whose: tuple[str, str]) -> deque[float]:
    """When an address did something in the past hour; the deque may be added to."""
    hour_ago = time.monotonic() - HOUR
    if len(_sent) >= MOST_KNOWN and whose not in _sent:
        for quiet in [one for one, times in list(_sent.items()) if not times or times[-1] < hour_ago]:
            _sent.pop(quiet, None)
    times = _sent[whose]
    while times and times[0] < hour_ago:
        times.popleft()
    return times


def _is_here(request: Request) -> bool:
    return client_address(request) in LOOPBACK and "x-forwarded-for" not in request.headers
