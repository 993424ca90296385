"""A request as it is sent: the form read within bounds, checked, and made a citizen's report like any other."""

import math
import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request
from starlette.datastructures import ImmutableMultiDict, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from classifiers.taxonomy import Topic
from listener.catalog.shapes import Catalog
from listener.collect.found import NewReport, PhotoFile
from listener.collect.photos import MOST_PHOTOS
from listener.errors import BadInput
from listener.web.open311.asking import Params, given
from listener.web.open311.services import WARD, attributes, service

CHANNEL = "open311"
MOST_FORM_BYTES = 256 * 1024  # the longest text in percent signs needs a sixth of it
MOST_UPLOAD_BYTES = 60 * 1024 * 1024  # as many photos as a report may have
MOST_FIELDS = 200
LONGEST_TEXT, LONGEST_PLACE, LONGEST_LINK, LONGEST_KEY = 4000, 200, 2000, 80
LONGEST = {"first_name": 60, "last_name": 60, "email": 120, "phone": 30}
_ATTRIBUTE = re.compile(r"attribute\[([^\]]*)\](?:\[\d*\])?")


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a request and the pictures that came with them."""

    params: Params
    photos: tuple[PhotoFile, ...] = ()


async def sent_form(request: Request) -> Form:
    """The form of a request: percent-encoded as the standard says, or multipart with pictures.

    Raises
    ------
    BadInput
        It is no form, or not in UTF-8.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _multipart(request)
    if kind not in ("application/x-www-form-urlencoded", ""):
        raise BadInput("Kiểu nội dung chưa đọc được. Hãy gửi application/x-www-form-urlencoded, mã UTF-8.")
    body = b"".join([chunk async for chunk in _bounded(request, MOST_FORM_BYTES)])
    try:
        fields = parse_qsl(
            body.decode(), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:  # bytes that are no UTF-8 as well as too many fields
        raise BadInput(f"Nội dung phải là mã UTF-8, nhiều nhất {MOST_FIELDS} trường.") from None
    return Form(_with_query(request, fields))


SentForm = Annotated[Form, Depends(sent_form)]


def report_of(form: Form, catalog: Catalog, *, key: str | None) -> NewReport:
    """The report that a form makes.

    Raises
    ------
    NotFound
        The service is not on offer.
    BadInput
        Something is missing, too long, or no answer to what was asked.
    """
    params = form.params
    code = given(params, "service_code")
    if code is None:
        raise BadInput("Thiếu service_code. Lấy mã ở /services.")
    leaf = service(code)
    lat, lng = _point(params)
    return NewReport(
        text=_description(params, leaf),
        channel=CHANNEL,
        place=_place(params, leaf, catalog, has_point=lat is not None),
        lat=lat,
        lng=lng,
        name=" ".join(filter(None, (_short(params, "last_name"), _short(params, "first_name")))) or None,
        phone=_short(params, "phone"),
        email=_short(params, "email"),
        may_publish=True,
        key=key,
        chosen_topic=leaf.slug,
        media_url=_link(params),
        photos=form.photos,
    )


async def _multipart(request: Request) -> Form:
    try:
        parser = MultiPartParser(
            request.headers, _bounded(request, MOST_UPLOAD_BYTES), max_files=MOST_PHOTOS, max_fields=MOST_FIELDS
        )
        parts = await parser.parse()
    except (MultiPartException, KeyError, UnicodeDecodeError):
        raise BadInput(f"Biểu mẫu chưa đọc được. Gửi multipart/form-data, nhiều nhất {MOST_PHOTOS} ảnh.") from None
    fields = [(name, value) for name, value in parts.multi_items() if isinstance(value, str)]
    files = [value for _, value in parts.multi_items() if isinstance(value, UploadFile) and value.size]
    photos = tuple([PhotoFile(file.filename or "ảnh", await file.read()) for file in files])
    await parts.close()
    return Form(_with_query(request, fields), photos)


async def _bounded(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    """The body as it comes in, refused as soon as it is too long, whatever length was promised."""
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise HTTPException(413)
        yield chunk


def _with_query(request: Request, fields: list[tuple[str, Any]]) -> Params:
    """The fields of the body, then those of the address: some clients put the key there."""
    return ImmutableMultiDict([*fields, *request.query_params.multi_items()])


def _description(params: Params, leaf: Topic) -> str:
    """What the sender wrote; who only picked a service has said its name."""
    text = given(params, "description")
    if text is not None and len(text) > LONGEST_TEXT:
        raise BadInput(f"description dài {len(text)} ký tự, tối đa {LONGEST_TEXT}. Hãy rút gọn rồi gửi lại.")
    return text or leaf.name


def _place(params: Params, leaf: Topic, catalog: Catalog, *, has_point: bool) -> str | None:
    words, unit = given(params, "address_string"), given(params, "address_id")
    if words is not None and (len(words) > LONGEST_PLACE or not any(letter.isalnum() for letter in words)):
        raise BadInput(f"address_string cần có chữ và dài tối đa {LONGEST_PLACE} ký tự.")
    if unit is not None and unit not in catalog.areas:
        raise BadInput(f"address_id “{unit[:20]}” không có. Dùng mã xã, phường hiện nay, ví dụ 31120.")
    if words is None and unit is None and not has_point:
        raise BadInput("Thiếu nơi xảy ra: gửi lat và long, hoặc address_string, hoặc address_id.")
    wards = [catalog.areas[code].full_name for code in (_ward(params, leaf, catalog), unit) if code]
    return ", ".join(dict.fromkeys([*filter(None, [words]), *wards])) or None


def _ward(params: Params, leaf: Topic, catalog: Catalog) -> str | None:
    """The ward that was picked among those asked for."""
    asked = {one["code"]: one for one in attributes(leaf, catalog) if one["variable"]}
    answers = _answers(params)
    for code in answers:
        if code not in asked:
            raise BadInput(f"Dịch vụ này không hỏi attribute[{code[:40]}]. Xem /services/{leaf.slug}.")
    for code, one in asked.items():
        _check_answer(code, answers.get(code, []), one)
    return next(iter(answers.get(WARD, [])), None)


def _answers(params: Params) -> dict[str, list[str]]:
    """What was answered, by attribute; ``attribute[a]=1`` and ``attribute[a][]=1`` are the same."""
    found: dict[str, list[str]] = {}
    for name, value in params.multi_items():
        match = _ATTRIBUTE.fullmatch(name)
        if match and value.strip():
            found.setdefault(match[1], []).append(value.strip())
    return found


def _check_answer(code: str, answers: list[str], asked: Mapping[str, Any]) -> None:
    if asked["required"] and not answers:
        raise BadInput(f"Thiếu attribute[{code}]: {asked['description']}")
    if len(answers) > 1:
        raise BadInput(f"attribute[{code}] chỉ nhận một giá trị.")
    if answers and answers[0] not in {value["key"] for value in asked["values"]}:
        raise BadInput(f"attribute[{code}] “{answers[0][:40]}” không có trong danh sách được chọn.")


def _point(params: Params) -> tuple[float, float] | tuple[None, None]:
    lat, lng = given(params, "lat"), given(params, "long")
    if lat is None and lng is None:
        return None, None
    if lat is None or lng is None:
        raise BadInput("lat và long phải đi cùng nhau.")
    return _degrees("lat", lat, 90), _degrees("long", lng, 180)


def _degrees(name: str, text: str, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) <= most:  # what is no number fails this too
        raise BadInput(f"{name} “{text[:20]}” phải là số từ -{most} đến {most}.")
    return value


def _short(params: Params, name: str) -> str | None:
    text = given(params, name)
    if text is not None and len(text) > LONGEST[name]:
        raise BadInput(f"{name} dài tối đa {LONGEST[name]} ký tự.")
    return text


def _link(params: Params) -> str | None:
    """A link beside the text. It is kept as it is; nothing here ever opens it."""
    link = given(params, "media_url")
    if link is None:
        return None
    try:
        parts = urlsplit(link)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and len(link) <= LONGEST_LINK
    except ValueError:
        usable = False
    if not usable or not link.isprintable() or " " in link:
        raise BadInput(f"media_url phải là địa chỉ http hoặc https, tối đa {LONGEST_LINK} ký tự.")
    return link
