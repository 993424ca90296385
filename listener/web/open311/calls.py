"""The seven calls of GeoReport v2. Reading is open to everyone, sending needs a token as ``api_key``."""

from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from listener import pipeline
from listener.accounts import service as accounts
from listener.collect import codes
from listener.errors import BadInput, Forbidden, NotFound, NotSignedIn
from listener.route.public_service import allowed
from listener.settings import settings
from listener.store import items
from listener.store import tables as t
from listener.store.public import PublicMatter, Wanted, find
from listener.web.deps import CurrentCatalog, Now, Store
from listener.web.limits import limit_reports
from listener.web.open311 import asking, services
from listener.web.open311.formats import FORMATS, PREFIX, answer
from listener.web.open311.records import record
from listener.web.open311.sending import LONGEST_KEY, SentForm, report_of

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
READ = ["GET", "HEAD"]
NOTICE = (
    "Mã theo dõi của người gửi: {code}, xem tại {address}/tra-cuu/{code}. "
    "Nội dung chỉ công khai khi cán bộ đã duyệt và che thông tin riêng; trước đó /requests chưa trả phản ánh này."
)
NO_REQUEST = "Không có phản ánh này, hoặc phản ánh chưa được công khai."


def _check(request: Request) -> None:
    """What holds for every call: a format that we speak, and this city."""
    asked = request.url.path.rpartition(".")[2].lower()
    if asked not in FORMATS:
        raise BadInput(f"Không có định dạng “{asked[:20]}”. Dùng .xml hoặc .json.")
    if request.method != "POST":
        asking.check_jurisdiction(request.query_params)


router = APIRouter(prefix=PREFIX, include_in_schema=False)
calls = APIRouter(dependencies=[Depends(_check)])


@calls.api_route("/discovery.{_format}", methods=READ)
def discovery(request: Request) -> Response:
    """Where the interface is, in which formats, and how to get a key."""
    changed = load_taxonomy().version
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{_address(request)}{PREFIX}",
        "changeset": changed,
        "type": "production",
        "formats": list(FORMATS.values()),
    }
    found = {
        "changeset": changed,
        "contact": f"{settings().agency}, {settings().contact}",
        "key_service": f"Đọc không cần khoá. Khoá để gửi do {settings().agency} cấp, hỏi tại {settings().contact}.",
        "endpoints": [endpoint],
    }
    return answer(request, "discovery", found)


@calls.api_route("/services.{_format}", methods=READ)
def list_services(request: Request, catalog: CurrentCatalog) -> Response:
    """What can be reported."""
    return answer(request, "services", [services.service_row(leaf, catalog) for leaf in services.offered().values()])


@calls.api_route("/services/{code}.{_format}", methods=READ)
def define_service(code: str, request: Request, catalog: CurrentCatalog) -> Response:
    """What a service asks for beside text and place."""
    return answer(request, "service_definition", services.definition(code, catalog))


@calls.post("/requests.{_format}")
def send_request(request: Request, form: SentForm, session: Store, catalog: CurrentCatalog, now: Now) -> Response:
    """Take a request in. The answer is the same for every matter, whatever it turns out to be."""
    sender = _sender(request, form.params, session, now)
    asking.check_jurisdiction(form.params)
    report = report_of(form, catalog, key=_key(request, sender))
    receipt = pipeline.take_in(session, report, catalog=catalog, at=now)
    notice = NOTICE.format(code=receipt.code, address=_address(request))
    row = {"service_request_id": receipt.item.public_id, "service_notice": notice, "account_id": None}
    return answer(request, "service_requests", [row])


@calls.api_route("/requests.{_format}", methods=READ)
def list_requests(request: Request, session: Store, catalog: CurrentCatalog, now: Now) -> Response:
    """Requests of a span, or those of certain ids."""
    ask = asking.asked(request.query_params, now)
    found = find(session, allowed(), ask.wanted, limit=ask.page_size, skip=(ask.page - 1) * ask.page_size)
    if ask.by_id and not found and ask.page == 1:
        raise NotFound(NO_REQUEST)
    rows = [record(matter, catalog, extended=ask.extended) for matter in found]
    return answer(request, "service_requests", rows)


@calls.api_route("/requests/{request_id}.{_format}", methods=READ)
def one_request(request_id: str, request: Request, session: Store, catalog: CurrentCatalog, now: Now) -> Response:
    """One request, inside a list all the same."""
    matter = _shown(session, request_id)
    extended = asking.asked(request.query_params, now).extended
    return answer(request, "service_requests", [record(matter, catalog, extended=extended)])


@calls.api_route("/tokens/{token}.{_format}", methods=READ)
def request_of_token(token: str, request: Request, session: Store) -> Response:
    """The id of a request whose secret tracking code the caller knows: said at once, alike for every matter."""
    hashed = codes.code_hash(token, settings().secret()) if codes.normal(token) else None
    item = items.by_code_hash(session, hashed) if hashed else None
    if item is None:
        raise NotFound(NO_REQUEST)
    response = answer(request, "service_requests", [{"service_request_id": item.public_id, "token": token.strip()}])
    response.headers["Cache-Control"] = "private, no-store"
    return response


@calls.api_route("/services/.{_format}", methods=READ)
@calls.api_route("/requests/.{_format}", methods=READ)
@calls.api_route("/tokens/.{_format}", methods=READ)
def nothing_named() -> Response:
    """A call whose address lacks what it asks for."""
    raise BadInput("Thiếu mã trong địa chỉ, ví dụ /services/den-duong-hong.xml.")


router.include_router(calls)


@router.api_route("/{_path:path}", methods=READ)
def nothing_there() -> Response:
    """Any other address."""
    raise NotFound("Không có địa chỉ này. Bắt đầu từ /discovery.xml.")


@router.options("/{_path:path}")
def preflight() -> Response:
    """What a page of another site may do here: read."""
    return Response(
        status_code=204,
        headers={"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "GET, HEAD", "Allow": "GET, HEAD"},
    )


def _shown(session: Session, request_id: str) -> PublicMatter:
    """The one matter of an id.

    Raises
    ------
    NotFound
        There is none, or it may not be shown: the two cannot be told apart.
    """
    found = find(session, allowed(), Wanted(ids=asking.known_ids([request_id])))
    if not found:
        raise NotFound(NO_REQUEST)
    return found[0]


def _sender(request: Request, params: asking.Params, session: Session, now: Any) -> t.ApiToken:
    """The system that sends, by ``api_key`` or ``Authorization: Bearer``.

    Raises
    ------
    Forbidden, TooMany
        The key is missing or wrong; too many such tries from one address.
    """
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    key = bearer.strip() if scheme.lower() == "bearer" else asking.given(params, "api_key")
    try:
        return accounts.token_owner(session, key or "", now=now)
    except NotSignedIn:
        limit_reports(request)  # of guesses; who has a key sends as much as there is to send
        raise Forbidden("Thiếu api_key hoặc api_key không đúng. Gửi kèm api_key, hoặc Authorization: Bearer.") from None


def _key(request: Request, sender: t.ApiToken) -> str | None:
    """The idempotency key, within the sender's own: nobody meets another system's request by guessing its keys."""
    given = request.headers.get("idempotency-key", "").strip()
    if len(given) > LONGEST_KEY:
        raise BadInput(f"Idempotency-Key dài tối đa {LONGEST_KEY} ký tự.")
    return f"open311:{sender.id}:{given}" if given else None


def _address(request: Request) -> str:
    return (settings().public_url or str(request.base_url)).rstrip("/")
