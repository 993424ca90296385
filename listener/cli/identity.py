"""`listener identity`: a newer key for identities, erasing a person, purging what is too old."""

from typing import Annotated

import typer
from rich.console import Console

from listener.errors import BadInput, NotFound

app = typer.Typer(no_args_is_help=True, help="Danh tính người gửi: đổi khoá mã hoá, xoá dữ liệu của một người.")
console = Console()


@app.command("rotate", help="Mã hoá lại danh tính bằng khoá mới nhất, từng đợt; dừng giữa chừng thì chạy lại.")
def rotate(
    new: Annotated[bool, typer.Option("--new", help="Tạo khoá mới trong thư mục dữ liệu trước khi mã hoá lại")] = False,
) -> None:
    """Seal all identities under the newest key."""
    from listener.accounts.service import COMMAND_LINE
    from listener.collect import identity_service
    from listener.settings import settings
    from listener.store import audit
    from listener.store.database import migrate, session_scope

    migrate()
    if new and settings().identity_keys is not None:
        raise BadInput("Khoá đang đặt bằng LISTENER_IDENTITY_KEYS: ghi khoá mới lên đầu danh sách đó rồi chạy lại.")
    if new:
        settings().add_identity_key()
    total = 0
    while True:
        with session_scope() as session:
            done = identity_service.rotate(session, settings().identity_secrets())
            total += done
            if not done:
                audit.note(session, actor=COMMAND_LINE, act="rotate_keys", identities=total, new_key=new)
                break
    console.print(f"✓ {total} danh tính nay dùng khoá mới nhất. Khoá cũ không còn dùng thì bỏ đi được.")


@app.command("erase", help="Xoá dữ liệu của một người; mục ở phòng riêng do người phụ trách phòng riêng xoá.")
def erase(
    code: Annotated[str | None, typer.Option(help="Mã theo dõi của một phản ánh")] = None,
    contact: Annotated[str | None, typer.Option(help="Số điện thoại hoặc e-mail: mọi phản ánh gửi bằng nó")] = None,
    handle: Annotated[str | None, typer.Option(help="Tên tài khoản: mọi bài đăng của nó")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Không hỏi lại")] = False,
) -> None:
    """Erase a person from the store."""
    from listener import duties
    from listener.accounts.service import COMMAND_LINE
    from listener.pipeline import now
    from listener.store.database import migrate, session_scope

    if sum(value is not None for value in (code, contact, handle)) != 1:
        raise BadInput("Nêu đúng một trong ba: --code, --contact hoặc --handle.")
    migrate()
    with session_scope() as session:
        found, known = duties.belonging_to(session, code=code, contact=contact, handle=handle)
        if not found:
            raise NotFound("Không có mục nào của người này, hoặc đã xoá rồi.")
        console.print(f"{len(found)} mục: {', '.join(item.number for item in found[:20])}")
        question = f"Xoá rồi không lấy lại được. Gõ {duties.CONFIRMATION} để xoá"
        if not yes and typer.prompt(question) != duties.CONFIRMATION:
            raise BadInput("Chưa xoá gì.")
        erased = duties.erase_items(session, found, actor=COMMAND_LINE, account_id=None, at=now(), known=known)
        files = list(erased.files)
    duties.forget_files(files)
    console.print(f"✓ Đã xoá: {erased.items} mục, {erased.identities} danh tính, {erased.photos} ảnh.")


@app.command("purge", help="Bỏ bút danh người đăng của các bài quá hạn lưu trong danh mục (mặc định 180 ngày).")
def purge() -> None:
    """Purge what is older than the catalogue allows; the worker does so each night."""
    from listener import duties
    from listener.pipeline import now
    from listener.store.database import migrate

    migrate()
    console.print(f"✓ {duties.purge(at=now())} bài không còn bút danh người đăng.")
