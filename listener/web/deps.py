"""What requests need: a session that commits before the answer goes out, and who is asking."""

import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Form, Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from listener import pipeline
from listener.accounts import service as accounts
from listener.catalog import service as catalog_service
from listener.catalog.shapes import Catalog
from listener.errors import Forbidden, NotSignedIn
from listener.route.workflow import Actor
from listener.settings import settings
from listener.store import audit
from listener.store import tables as t
from listener.store.database import session_scope

COOKIE = "phien"
SESSION_LENGTH = timedelta(hours=12)


def store() -> Iterator[Session]:
    """One session a request, committed once before the answer is sent."""
    with session_scope() as session:
        yield session


Store = Annotated[Session, Depends(store, scope="function")]


def catalog(session: Store) -> Catalog:
    """The catalogue as it stands now."""
    return catalog_service.current(session)


CurrentCatalog = Annotated[Catalog, Depends(catalog)]


def clock() -> datetime:
    """The time of this request."""
    return pipeline.now()


Now = Annotated[datetime, Depends(clock)]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in member of staff and the secret of the session, from which form tokens are made."""

    account: t.Account
    key: str

    @property
    def actor(self) -> Actor:
        """The account as the workflow sees it."""
        return Actor(self.account.name, self.account.role, self.account.id, self.account.department_code)

    @property
    def csrf(self) -> str:
        """The token that every form of this session carries."""
        return hmac.digest(settings().secret(), f"csrf:{self.key}".encode(), "sha256").hex()


def maybe_visitor(request: Request, session: Store) -> Visitor | None:
    """Who is signed in, or None."""
    try:
        said = _signer().loads(request.cookies.get(COOKIE, ""), max_age=int(SESSION_LENGTH.total_seconds()))
    except BadSignature:
        return None
    account = accounts.in_session(session, said["a"], said["e"])
    return Visitor(account, said["k"]) if account else None


MaybeVisitor = Annotated[Visitor | None, Depends(maybe_visitor)]


def visitor(found: MaybeVisitor) -> Visitor:
    """Who is signed in.

    Raises
    ------
    NotSignedIn
        Nobody is.
    """
    if found is None:
        raise NotSignedIn("Cần đăng nhập để xem trang này.")
    return found


SignedIn = Annotated[Visitor, Depends(visitor)]


def checked_form(found: SignedIn, csrf: Annotated[str, Form()] = "") -> Visitor:
    """Who is signed in and sent a form of this very session."""
    if not hmac.compare_digest(csrf.encode("utf-8", "replace"), found.csrf.encode()):
        raise Forbidden("Trang này đã cũ. Tải lại trang rồi gửi lại, chữ bạn viết còn nguyên.")
    return found


FormFrom = Annotated[Visitor, Depends(checked_form)]


def token_actor(request: Request, session: Store, now: Now) -> Actor:
    """The system behind ``Authorization: Bearer …``: acts as the token's department, or as dispatcher."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    owner = accounts.token_owner(session, token.strip() if scheme.lower() == "bearer" else "", now=now)
    audit.note(session, actor=owner.name, act="token", at=now, method=request.method, path=request.url.path)
    return Actor(owner.name, "officer" if owner.department_code else "dispatcher", None, owner.department_code)


TokenActor = Annotated[Actor, Depends(token_actor)]


def start_session(response: Response, account: t.Account) -> None:
    """Sign an account in on this browser."""
    value = _signer().dumps({"a": account.id, "e": account.epoch, "k": secrets.token_urlsafe(12)})
    secure = (settings().public_url or "").startswith("https://")
    response.set_cookie(
        COOKIE, value, httponly=True, samesite="lax", secure=secure, max_age=int(SESSION_LENGTH.total_seconds())
    )


def end_session(response: Response) -> None:
    """Sign out on this browser."""
    response.delete_cookie(COOKIE)


def client_address(request: Request) -> str:
    """The address a request came from."""
    return request.client.host if request.client else "unknown"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret(), salt="session")
