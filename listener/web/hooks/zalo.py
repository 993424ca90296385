"""Messages to the city's Zalo Official Account."""

from typing import Annotated

from fastapi import APIRouter, Header

from listener import talks
from listener.collect.zalo_events import event_of, is_genuine
from listener.errors import NotSetUp
from listener.settings import settings
from listener.web.deps import CurrentCatalog, Now, Store
from listener.web.hooks.raw import RawBody, check, quietly

router = APIRouter()


@router.post("/hooks/zalo")
def zalo(
    body: RawBody,
    session: Store,
    catalog: CurrentCatalog,
    now: Now,
    x_zevent_signature: Annotated[str, Header()] = "",
) -> dict[str, str]:
    """Take one event in, if it is signed with the account's secret."""
    own = settings()
    if own.zalo_secret is None:
        raise NotSetUp("Chưa đặt LISTENER_ZALO_SECRET, nên chưa nhận tin từ Zalo.")
    secret = own.zalo_secret.get_secret_value()
    check(genuine=is_genuine(body, x_zevent_signature, app_id=own.zalo_app_id, secret=secret), hook="zalo")
    with quietly("zalo"):
        event = event_of(body)
        if event is not None:
            talks.take(session, event, catalog=catalog, settings=own, now=now)
            session.flush()
    return {"status": "ok"}
