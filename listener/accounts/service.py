"""Accounts: making them, signing in, tokens of other systems."""

import hashlib
import secrets
from datetime import datetime, timedelta

from pwdlib import PasswordHash
from sqlalchemy.orm import Session

from listener.accounts.roles import ROLES
from listener.errors import BadInput, Forbidden, NotSignedIn, UnknownDepartment
from listener.store import accounts as rows
from listener.store import audit
from listener.store import tables as t

SHORTEST_PASSWORD = 10
MOST_FAILURES = 5
COMMAND_LINE = "Dòng lệnh"  # who acts on the machine itself
LOCKED_FOR = timedelta(minutes=15)
_hasher = PasswordHash.recommended()
# Checked when the name is unknown, so that the answer takes as long as for a known one.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


def create(
    session: Session,
    *,
    login: str,
    name: str,
    role: str,
    password: str,
    department: str | None = None,
    sample: bool = False,
    by: str = COMMAND_LINE,
) -> t.Account:
    """Make an account.

    Raises
    ------
    BadInput, UnknownDepartment
        The name is taken, the role or department unknown, or the password too short.
    """
    login = login.strip().lower()
    _check_role(session, role, department)
    if not login or rows.by_login(session, login) is not None:
        raise BadInput(f"Tên đăng nhập “{login}” đã có người dùng hoặc bỏ trống.", field="login")
    account = t.Account(
        login=login,
        name=name.strip() or login,
        role=role,
        department_code=department,
        password_hash=_hashed(password),
        sample=sample,
    )
    session.add(account)
    session.flush()
    audit.note(session, actor=by, act="account", step="made", login=login, role=role, department=department)
    return account


def change_role(
    session: Session, account: t.Account, role: str, *, department: str | None = None, by: str = COMMAND_LINE
) -> None:
    """Give an account another role; its sessions end, so that no page of the old role stays open.

    Raises
    ------
    BadInput, UnknownDepartment
        There is no such role or department, or an officer would be without one.
    """
    _check_role(session, role, department)
    before = account.role
    account.role, account.department_code, account.epoch = role, department, account.epoch + 1
    audit.note(session, actor=by, act="role", login=account.login, before=before, after=role, department=department)


def set_active(session: Session, account: t.Account, active: bool, *, by: str = COMMAND_LINE) -> None:
    """Lock an account or open it again; its sessions end at once."""
    account.active, account.epoch = active, account.epoch + 1
    audit.note(session, actor=by, act="account", step="opened" if active else "locked", login=account.login)


def _check_role(session: Session, role: str, department: str | None) -> None:
    if role not in ROLES:
        raise BadInput(f"Không có vai trò “{role}”. Các vai trò: {', '.join(ROLES)}.", field="role")
    if role == "officer" and department is None:
        raise BadInput("Cán bộ đơn vị cần có mã đơn vị (--department).", field="department")
    if department is not None and not rows.department_exists(session, department):
        raise UnknownDepartment(department)


def set_password(account: t.Account, password: str) -> None:
    """A new password; ends all other sessions of the account."""
    account.password_hash = _hashed(password)
    account.epoch += 1
    account.failures, account.locked_until = 0, None


def check_password(account: t.Account, password: str) -> bool:
    """Whether it is the account's password."""
    return _hasher.verify(password, account.password_hash)


def sign_in(session: Session, login: str, password: str, *, now: datetime, address: str) -> t.Account:
    """The account of a name and password.

    Raises
    ------
    NotSignedIn
        Name or password is wrong; the message does not say which.
    Forbidden
        Locked by an administrator, or for some minutes after five wrong passwords.
    """
    account = rows.by_login(session, login.strip().lower(), lock=True)
    if account is None:
        _hasher.verify(password, _NOBODY)
        raise NotSignedIn("Tên hoặc mật khẩu chưa đúng. Kiểm tra rồi thử lại.")
    if account.locked_until is not None and account.locked_until > now:
        minutes = int((account.locked_until - now).total_seconds() // 60) + 1
        raise Forbidden(f"Tài khoản tạm khoá vì nhập sai nhiều lần. Thử lại sau {minutes} phút.")
    if not check_password(account, password):
        _count_failure(account, now)
        _note_sign_in(session, account, "sign_in_failed", address, now)
        raise NotSignedIn("Tên hoặc mật khẩu chưa đúng. Kiểm tra rồi thử lại.")
    if not account.active:
        _note_sign_in(session, account, "sign_in_failed", address, now)
        raise Forbidden("Tài khoản đã bị khoá. Liên hệ người quản trị.")
    account.failures, account.locked_until = 0, None
    account.last_seen, account.last_address = now, address
    _note_sign_in(session, account, "sign_in", address, now)
    return account


def in_session(session: Session, account_id: int, epoch: int) -> t.Account | None:
    """The account of a running session, or None when it was ended or locked."""
    account = session.get(t.Account, account_id)
    return account if account is not None and account.active and account.epoch == epoch else None


def make_token(session: Session, *, name: str, department: str | None, by: str = COMMAND_LINE) -> str:
    """A token for another system; shown once, only its hash is kept."""
    if department is not None and not rows.department_exists(session, department):
        raise UnknownDepartment(department)
    token = f"lst_{secrets.token_urlsafe(32)}"
    session.add(t.ApiToken(name=name, department_code=department, token_hash=_token_hash(token)))
    session.flush()
    audit.note(session, actor=by, act="token_made", name=name, department=department)
    return token


def token_owner(session: Session, token: str, *, now: datetime) -> t.ApiToken:
    """The token's row.

    Raises
    ------
    NotSignedIn
        The token is unknown or withdrawn.
    """
    found = rows.by_token_hash(session, _token_hash(token))
    if found is None or not found.active:
        raise NotSignedIn("Thiếu mã truy cập hoặc mã không đúng. Gửi kèm: Authorization: Bearer <mã>.")
    found.last_used = now
    return found


def _note_sign_in(session: Session, account: t.Account, act: str, address: str, now: datetime) -> None:
    """Unknown names are not noted: people type their passwords there."""
    audit.note(session, actor=account.name, account_id=account.id, act=act, at=now, address=address)


def _count_failure(account: t.Account, now: datetime) -> None:
    account.failures += 1
    if account.failures >= MOST_FAILURES:
        account.failures, account.locked_until = 0, now + LOCKED_FOR


def _hashed(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise BadInput(f"Mật khẩu cần ít nhất {SHORTEST_PASSWORD} ký tự.", field="password")
    return _hasher.hash(password)


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
