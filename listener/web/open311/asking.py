"""What a caller asks for: parameters read one way, an empty one as if it were not there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from starlette.datastructures import ImmutableMultiDict

from listener.errors import BadInput, NotFound
from listener.route.public_service import DONE_STATES, OPEN_STATES
from listener.settings import settings
from listener.store.database import CITY_ZONE
from listener.store.public import Wanted
from listener.web.open311.services import service

LONGEST_SPAN = timedelta(days=90)
MOST = 1000
LAST_PAGE = 100_000
STATUSES = {"open": OPEN_STATES, "closed": DONE_STATES}
REQUEST_ID = re.compile(r"[0-9A-F]{16}")
_DAY_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LOST_PLUS = re.compile(r" (\d{2}:?\d{2})$")  # "+07:00" in an address that was not escaped

Params = ImmutableMultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query for requests: what is wanted, which page, and whether with more than the standard's fields."""

    wanted: Wanted
    by_id: bool
    page: int
    page_size: int
    extended: bool


def given(params: Params, name: str) -> str | None:
    """A parameter's value without space around it; None when it is empty or absent."""
    return next((value.strip() for value in params.getlist(name) if value.strip()), None)


def listed(params: Params, name: str) -> list[str] | None:
    """The values of a parameter that takes several, by comma or by being repeated; None when there are none."""
    values = [part.strip() for value in params.getlist(name) for part in value.split(",") if part.strip()]
    return list(dict.fromkeys(values)) or None


def check_jurisdiction(params: Params) -> None:
    """Refuse another city's name. There is one city here, so that leaving it out is right as well.

    Raises
    ------
    NotFound
        It is not this city.
    """
    name = given(params, "jurisdiction_id")
    if name is not None and name.lower() != settings().jurisdiction.lower():
        raise NotFound(f"Không có jurisdiction_id “{name[:80]}”. Ở đây là {settings().jurisdiction}, hoặc bỏ trống.")


def asked(params: Params, now: datetime) -> Asked:
    """The query for requests.

    Raises
    ------
    BadInput, NotFound
        A parameter cannot be read, the span is over 90 days, or a service is unknown.
    """
    ids = listed(params, "service_request_id")
    return Asked(
        wanted=Wanted(ids=known_ids(ids)) if ids is not None else _narrowed(params, now),
        by_id=ids is not None,
        page=_number(params, "page", 1, LAST_PAGE),
        page_size=_number(params, "page_size", MOST, MOST),
        extended=(given(params, "extensions") or "").lower() in ("true", "1"),
    )


def known_ids(ids: Sequence[str]) -> list[str]:
    """Those that can be ids at all; what cannot is as unknown as an id that nothing has."""
    return [one.upper() for one in ids[:MOST] if REQUEST_ID.fullmatch(one.upper())]


def _narrowed(params: Params, now: datetime) -> Wanted:
    codes, statuses = listed(params, "service_code"), listed(params, "status")
    for wrong in set(statuses or ()) - STATUSES.keys():
        raise BadInput(f"status “{wrong[:80]}” không có. Dùng open hoặc closed.")
    since, until, after = (_moment(params, name) for name in ("start_date", "end_date", "updated_after"))
    if after is not None and now - after > LONGEST_SPAN:
        raise BadInput("updated_after lùi tối đa 90 ngày. Hãy dùng mốc gần hơn.")
    if after is None or since is not None or until is not None:
        since, until = _span(since, until, now)
    return Wanted(
        topics=[service(code).slug for code in codes] if codes else None,
        states=[state for status in statuses for state in sorted(STATUSES[status])] if statuses else None,
        since=since,
        until=until,
        updated_after=after,
    )


def _span(since: datetime | None, until: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """The span asked for; a missing end lies 90 days from the other, both missing mean the last 90 days."""
    if since is None:
        until = until or now
        since = until - LONGEST_SPAN
    until = until or since + LONGEST_SPAN
    if until < since:
        raise BadInput("start_date phải trước end_date.")
    if until - since > LONGEST_SPAN:
        raise BadInput("start_date và end_date cách nhau tối đa 90 ngày. Hãy chia thành nhiều lần hỏi.")
    return since, until


def _moment(params: Params, name: str) -> datetime | None:
    """A moment with its zone; a day alone begins at midnight of the city."""
    text = given(params, name)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(_LOST_PLUS.sub(r"+\1", text))
        if moment.tzinfo is None and _DAY_ONLY.fullmatch(text):
            moment = moment.replace(tzinfo=CITY_ZONE)
        if moment.tzinfo is None or not 1900 < moment.year < 9000:
            raise ValueError
    except ValueError:
        raise BadInput(f"{name} “{text[:40]}” chưa đúng dạng. Viết như 2026-11-01T00:00:00Z.") from None
    return moment.astimezone(UTC)


def _number(params: Params, name: str, default: int, most: int) -> int:
    text = given(params, name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise BadInput(f"{name} “{text[:20]}” phải là số nguyên từ 1 đến {most}.")
    return int(text)
