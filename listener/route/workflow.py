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
    "answered": "Đã trả lời",
    "closed": "Đã đóng",
    "refused": "Từ chối",
}


@dataclass(frozen=True, slots=True)
class Move:
    """A step: from which states, to which, by which roles, and how it is told afterwards."""

    name: str
    start: frozenset[str]
    end: str
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

MOVES = {
    move.name: move
    for move in (
        Move("accept", frozenset({"assigned"}), "accepted", frozenset({OFFICER, DISPATCHER}), "tiếp nhận"),
        Move(
            "return", frozenset({"assigned", "accepted"}), "triage", frozenset({OFFICER}), "trả lại", needs_reason=True
        ),
        Move("answer", frozenset({"assigned", "accepted"}), "answered", frozenset({OFFICER, DISPATCHER}), "trả lời"),
        Move("close", frozenset({"answered"}), "closed", frozenset({OFFICER, DISPATCHER}), "đóng"),
        Move(
            "reopen",
            frozenset({"answered", "closed", "refused"}),
            "accepted",
            frozenset({OFFICER, DISPATCHER, CITIZEN}),
            "mở lại",
            needs_reason=True,
        ),
        Move(
            "assign",
            frozenset({"triage", "assigned", "accepted", "refused", "listed"}),
            "assigned",
            frozenset({DISPATCHER, PRESS}),
            "chuyển",
        ),
        Move("refuse", frozenset({"triage"}), "refused", frozenset({DISPATCHER}), "từ chối", needs_reason=True),
        Move(
            "restrict",
            frozenset({"triage", "assigned", "accepted", "listed"}),
            "restricted",
            frozenset({DISPATCHER, OFFICER}),
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
    """The administrator may all but what belongs to the restricted room."""
    return role in move.roles or (role == ADMIN and HANDLER not in move.roles)
