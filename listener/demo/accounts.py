"""The accounts of a first start."""

import secrets

from sqlalchemy.orm import Session

from listener.accounts import service
from listener.settings import settings
from listener.store import accounts as rows

# One account a role, named by the role: nobody is invented. The officer sits in a ward's office.
SAMPLE_ACCOUNTS = (
    ("dieuphoi", "Điều phối mẫu", "dispatcher", None),
    ("canbo", "Cán bộ mẫu", "officer", "UBX-31135"),
    ("baochi", "Báo chí mẫu", "press", None),
    ("lanhdao", "Lãnh đạo mẫu", "leader", None),
    ("phantich", "Phân tích mẫu", "analyst", None),
    ("phongrieng", "Phụ trách phòng riêng mẫu", "handler", None),
)


def first_accounts(session: Session, *, demo: bool) -> str:
    """Make the administrator, and with ``demo`` one account a role, when none exists; says how to sign in.

    The password is made here, kept readable by the owner only in the data folder, and shown at each start
    until it is changed.
    """
    note = settings().data_dir / "sign-in.txt"
    if rows.count(session) == 0:
        password = secrets.token_urlsafe(9)
        service.create(session, login="quantri", name="Quản trị", role="admin", password=password)
        note.parent.mkdir(parents=True, exist_ok=True)
        note.touch(mode=0o600)
        note.write_text(password, encoding="ascii")
    if not note.exists():
        return "Đăng nhập bằng tài khoản của bạn (listener users list)."
    password = note.read_text(encoding="ascii").strip()
    if demo:
        for login, name, role, department in SAMPLE_ACCOUNTS:
            if rows.by_login(session, login) is None and (
                department is None or rows.department_exists(session, department)
            ):
                service.create(
                    session, login=login, name=name, role=role, password=password, department=department, sample=True
                )
    names = ["quantri", *(login for login, *_ in SAMPLE_ACCOUNTS if demo)]
    return f"Đăng nhập: {', '.join(names)}    mật khẩu: {password}"
