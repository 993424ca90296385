"""The one table of allowed moves of a matter, by state and role."""

from dataclasses import dataclass

from listener.errors import Forbidden, MoveRefused

STATES = {
    "new": "Mới",
    "read": "Đã đọc",
    "listed": "Chỉ theo dõi",
    "triage": "Chờ điều phối",
    "restricted": "Phòng riêng",
    "assigned": "Cần tiếp nhận",
    "accepted": "Đang xử lý",
    "waiting_citizen": "Chờ người gửi",
    "answered": "Đã trả lời",
    "closed": "Đã đóng",
    "refused": "Từ chối",
    "merged": "Gộp trùng",
}


@dataclass(frozen=True, slots=True)
class Move:
    """A step: from which states, to which (None: it stays, or the step says), by which roles, how it is told."""

    name: str
    start: frozenset[str]
    end: str | None
    roles: frozenset[str]
    told: str
    needs_reason: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account, its role and, for officers, its department. API tokens act with ``account_id`` None."""

    name: str
    role: str
    account_id: int | None = None
    department: str | None = None


OFFICER, DISPATCHER, PRESS, HANDLER, ADMIN, CITIZEN = "officer", "dispatcher", "press", "handler", "admin", "citizen"
SYSTEM = "system"  # a periodic job
DESKS = frozenset({OFFICER, DISPATCHER})
RUNNING = frozenset({"assigned", "accepted"})
ON_DESK = RUNNING | {"waiting_citizen"}
OPEN = ON_DESK | {"triage"}
DONE = frozenset({"answered", "closed"})
# A kind or flag that is never shown to the public, whoever agrees.
NEVER_PUBLIC = frozenset({"to_cao", "khieu_nai", "tin_bao_toi_pham", "tre_em"})

MOVES = {
    move.name: move
    for move in (
        Move("accept", frozenset({"assigned"}), "accepted", DESKS, "tiếp nhận"),
        Move("return", ON_DESK, "triage", frozenset({OFFICER}), "trả lại", needs_reason=True),
        Move("answer", ON_DESK, "answered", DESKS, "trả lời"),
        Move("close", frozenset({"answered"}), "closed", DESKS, "đóng"),
        Move("ask", RUNNING | {"triage"}, "waiting_citizen", DESKS, "hỏi người gửi"),
        Move("supply", frozenset({"waiting_citizen"}), None, frozenset({CITIZEN}), "bổ sung"),
        Move("resume", frozenset({"waiting_citizen"}), None, DESKS | {SYSTEM}, "thôi chờ người gửi"),
        Move("ask_extension", frozenset({"accepted"}), None, frozenset({OFFICER}), "xin gia hạn", needs_reason=True),
        Move("grant_extension", ON_DESK, None, frozenset({DISPATCHER}), "duyệt gia hạn"),
        Move("refuse_extension", ON_DESK, None, frozenset({DISPATCHER}), "không duyệt gia hạn", needs_reason=True),
        Move("coordinate", ON_DESK, None, DESKS, "mời phối hợp"),
        Move("uncoordinate", ON_DESK, None, DESKS, "thôi phối hợp với"),
        Move("contribute", ON_DESK, None, frozenset({OFFICER}), "góp ý"),
        Move("merge", OPEN, "merged", DESKS, "gộp"),
        Move("join", OPEN, "merged", frozenset({CITIZEN}), "cùng gặp, gộp"),
        Move("split", frozenset({"merged"}), None, DESKS, "tách"),
        Move("not_same", OPEN, None, DESKS, "báo không trùng"),
        Move("publish", ON_DESK | DONE, None, frozenset({DISPATCHER, PRESS}), "công khai"),
        Move(
            "unpublish",
            OPEN | DONE | {"refused", "merged"},
            None,
            frozenset({DISPATCHER, PRESS}),
            "thôi công khai",
            needs_reason=True,
        ),
        Move(
            "reopen",
            frozenset({"answered", "closed", "refused"}),
            "accepted",
            DESKS | {CITIZEN},
            "mở lại",
            needs_reason=True,
        ),
        Move(
            "assign",
            OPEN | {"refused", "listed"},
            "assigned",
            frozenset({DISPATCHER, PRESS}),
            "chuyển",
        ),
        Move(
            "refuse",
            frozenset({"triage", "waiting_citizen"}),
            "refused",
            frozenset({DISPATCHER}),
            "từ chối",
            needs_reason=True,
        ),
        Move(
            "restrict",
            OPEN | {"listed"},
            "restricted",
            DESKS,
            "chuyển vào phòng riêng",
        ),
        Move(
            "release",
            frozenset({"restricted"}),
            "triage",
            frozenset({HANDLER}),
            "đưa ra khỏi phòng riêng",
            needs_reason=True,
        ),
        Move("confirm", frozenset({"restricted"}), "restricted", frozenset({HANDLER}), "xác nhận là tố cáo"),
    )
}


def check_move(name: str, state: str, role: str, *, reason: str = "") -> Move:
    """The move, if this role may make it from this state.

    Raises
    ------
    MoveRefused
        The state does not allow it, or a reason is missing.
    Forbidden
        The role does not allow it.
    """
    move = MOVES.get(name)
    if move is None:
        raise MoveRefused(f"Không có thao tác “{name}”.")
    if not _may(role, move):
        raise Forbidden(f"Vai trò của bạn không {move.told} được mục này.")
    if state not in move.start:
        raise MoveRefused(
            f"Mục đang ở trạng thái “{STATES.get(state, state)}” nên không {move.told} được. Tải lại trang để xem."
        )
    if move.needs_reason and not reason.strip():
        raise MoveRefused(f"Cần ghi lý do khi {move.told}.")
    return move


def moves_from(state: str, role: str) -> list[str]:
    """The names of the moves this role may make from this state."""
    return [move.name for move in MOVES.values() if state in move.start and _may(role, move)]


def _may(role: str, move: Move) -> bool:
    """The administrator may what staff may, but for what belongs to the restricted room."""
    return role in move.roles or (role == ADMIN and not move.roles <= {HANDLER, CITIZEN})
