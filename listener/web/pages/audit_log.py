"""The audit: who did what with which item, when and why, and whether its chain holds. For the administrator."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from listener import vietnamese
from listener.errors import Forbidden
from listener.route.workflow import MOVES, STATES
from listener.store import audit
from listener.store import tables as t
from listener.web.deps import FormFrom, Now, SignedIn, Store, Visitor
from listener.web.pages import shown
from listener.web.pages.answers import listing
from listener.web.pages.filters import wanted

router = APIRouter()
PARAMETERS = ("q", "viec", "so", "tu", "den")
PAGE, MOST_ROWS = 50, 50_000
LONGEST = timedelta(days=90)
USUAL = timedelta(days=7)
ACTS = {
    "read": "Đọc mục",
    "open_restricted": "Mở mục phòng riêng",
    "open_identity": "Xem danh tính",
    "route": "Thao tác trên mục",
    "override": "Sửa cách hiểu",
    "undo": "Hoàn tác",
    "ask": "Hỏi người gửi",
    "export": "Xuất tệp",
    "sign_in": "Đăng nhập",
    "sign_in_failed": "Đăng nhập hỏng",
    "sign_out": "Đăng xuất",
    "password": "Đổi mật khẩu",
    "account": "Tài khoản",
    "role": "Đổi vai trò",
    "token_made": "Tạo mã truy cập",
    "token": "Dùng mã truy cập",
    "source": "Nguồn",
    "accept_erasure": "Nhận xoá dữ liệu",
    "refuse_erasure": "Từ chối xoá dữ liệu",
    "erase": "Xoá dữ liệu ở mục",
    "erased_person": "Đã xoá một người",
    "purge_authors": "Bỏ bút danh quá hạn",
    "rotate_keys": "Đổi khoá danh tính",
    "letter": "Phát hành văn bản",
    "letter_downloaded": "Tải văn bản",
    "letter_void": "Huỷ số văn bản",
    "letter_register_moved": "Dời sổ văn bản",
    "receiver_added": "Thêm nơi nhận",
    "receiver_changed": "Sửa nơi nhận",
    "receiver_disabled": "Ngừng nơi nhận",
    "receiver_old_secret_ended": "Bỏ khoá cũ của nơi nhận",
    "receiver_secret_changed": "Đổi khoá nơi nhận",
    "receiver_tested": "Gửi thử nơi nhận",
    "letters_dropped": "Bỏ thư hỏng",
    "letters_retried": "Gửi lại thư hỏng",
    "wording_changed": "Sửa mẫu tin",
    "wording_reset": "Đưa mẫu tin về mặc định",
    "rules.draft": "Lập bản nháp quy tắc",
    "rules.drop": "Bỏ bản nháp quy tắc",
    "rules.edit": "Sửa quy tắc",
    "rules.move": "Đổi thứ tự quy tắc",
    "rules.remove": "Xoá quy tắc",
    "rules.import": "Nhập quy tắc",
    "rules.activate": "Đưa quy tắc vào dùng",
    "rules.rollback": "Quay lại quy tắc cũ",
    "rules.cancel": "Huỷ lịch đổi quy tắc",
}
DETAILS = {
    "reason": "lý do",
    "step": "bước",
    "before": "từ",
    "after": "thành",
    "desk": "ở",
    "department": "đơn vị",
    "task": "mục đọc",
    "value": "giá trị",
    "file": "tệp",
    "rows": "số dòng",
    "address": "từ máy",
    "login": "tên",
    "role": "vai trò",
    "method": "kiểu",
    "path": "địa chỉ",
    "name": "tên",
    "source": "nguồn",
    "identities": "danh tính",
    "posts": "bài",
    "days": "ngày",
    "items": "mục",
    "photos": "ảnh",
    "revisions": "bản cũ",
    "lines": "dòng diễn biến",
    "author_keys": "bút danh",
    "new_key": "khoá mới",
}
COLUMNS = ("id", "luc", "nguoi", "tai_khoan", "viec", "muc", "chi_tiet", "ma_truoc", "ma")


@router.get("/nhat-ky")
def log(request: Request, session: Store, visitor: SignedIn, now: Now) -> HTMLResponse:
    """A page of rows, newest first."""
    _check_role(visitor)
    return listing(request, "audit.html", _context(session, visitor, dict(request.query_params), now))


@router.get("/nhat-ky.csv")
def as_csv(request: Request, session: Store, visitor: SignedIn, now: Now) -> Response:
    """The rows of the same filters, each with its hash and the one before, so that the file proves itself."""
    _check_role(visitor)
    query = dict(request.query_params)
    found = audit.find(session, _filters(query, now), limit=MOST_ROWS)
    account = visitor.account
    audit.note(
        session, actor=account.name, account_id=account.id, act="export", at=now, file="nhat-ky.csv", rows=len(found)
    )
    headers = {"Content-Disposition": 'attachment; filename="nhat-ky.csv"', "Cache-Control": "no-store"}
    return Response("".join(_csv(found)), media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/nhat-ky/kiem-tra")
def check(session: Store, visitor: FormFrom, now: Now) -> Response:
    """Walk along the chain now."""
    _check_role(visitor)
    audit.check(session, now=now)
    return RedirectResponse("/nhat-ky", status_code=303)


def _context(session: Session, visitor: Visitor, query: dict[str, str], now: datetime) -> dict[str, Any]:
    filters = _filters(query, now)
    before = int(query["sau"]) if query.get("sau", "").isdigit() else None
    found = audit.find(session, filters, before_id=before, limit=PAGE + 1)
    last = audit.last_check(session)
    acts = [(act, ACTS.get(act, act)) for act in audit.acts(session)]
    return {
        **shown.shell(session, visitor, "audit", now),
        "rows": [_row(row, number) for row, number in found[:PAGE]],
        "cursor": found[PAGE - 1][0].id if len(found) > PAGE else None,
        "query": wanted(query, PARAMETERS),
        "fields": [{"name": "viec", "label": "Việc", "options": sorted(acts, key=lambda pair: pair[1])}],
        "since": filters.since,
        "until": filters.until,
        "check": {
            "at": last.checked_at,
            "rows": last.rows,
            "head": last.head,
            "broken_id": last.broken_id,
            "problem": last.problem,
        }
        if last
        else None,
    }


def _filters(query: dict[str, str], now: datetime) -> audit.Filters:
    """What is asked; never more than ninety days at once."""
    first, last = _day(query.get("tu")), _day(query.get("den"))
    until = _midnight(last + timedelta(days=1)) if last else None
    since = _midnight(first) if first else (until or now) - USUAL
    until = min(until or now + timedelta(minutes=1), since + LONGEST)
    return audit.Filters(
        actor=query.get("q", "").strip()[:100] or None,
        act=query.get("viec") or None,
        number=query.get("so", "").strip()[:40].upper() or None,
        since=since,
        until=until,
    )


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 1970 <= day.year <= 2200 else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=vietnamese.CITY)


def _row(row: t.Audit, number: str | None) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": row.happened_at,
        "actor": row.actor,
        "by_account": row.account_id is not None,
        "act": ACTS.get(row.act, row.act),
        "grave": row.act in ("open_identity", "open_restricted", "erase", "erased_person", "sign_in_failed", "role"),
        "number": number,
        "details": list(_told(row.details)),
        "hash": row.hash,
    }


def _told(details: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in details.items():
        if isinstance(value, dict):
            yield from _told(value)
        elif isinstance(value, bool):
            yield DETAILS.get(name, name), "có" if value else "không"
        else:
            yield DETAILS.get(name, name), _named(name, str(value))


def _named(name: str, value: str) -> str:
    """A slug as people call it."""
    if name in ("before", "after") and value in STATES:
        return STATES[value]
    if name == "step" and value in MOVES:
        return MOVES[value].told
    return load_taxonomy().name(value) if name == "kind" else value


def _csv(found: list[tuple[t.Audit, str | None]]) -> Iterator[str]:
    """UTF-8 with a mark at the head, so that Excel reads Vietnamese; no cell is taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    yield "\ufeff"
    writer.writerow(COLUMNS)
    for row, number in found:
        told = "; ".join(f"{name}: {value}" for name, value in _told(row.details))
        cells = (row.actor, row.account_id or "", row.act, number or "", told, row.previous, row.hash)
        writer.writerow([row.id, row.happened_at.isoformat(), *map(_plain, cells)])
    yield out.getvalue()


def _plain(value: object) -> str:
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _check_role(visitor: Visitor) -> None:
    if visitor.account.role != "admin":
        raise Forbidden("Nhật ký kiểm tra dành cho quản trị.")
