"""`listener letters`: make a letter, list the register, fetch a file, declare one void, go on after a number."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from listener.letters.service import Writer

app = typer.Typer(no_args_is_help=True, help="Phiếu chuyển, công văn: lập, xem sổ, lấy tệp, huỷ.")
console = Console()
Department = Annotated[str | None, typer.Option(help="Mã đơn vị ban hành; bỏ trống là cơ quan thành phố")]
Kind = Annotated[str, typer.Option(help="phieu-chuyen, cong-van, phieu-xu-ly, tra-loi, huong-dan")]


@app.command("make", help="Lấy số, lập văn bản về một hay nhiều mục, ghi bản PDF và Word ra thư mục.")
def make(
    numbers: Annotated[list[str], typer.Argument(help="Số công khai của các mục, ví dụ PA-2026-000123")],
    kind: Kind = "phieu-chuyen",
    department: Department = None,
    to: Annotated[list[str] | None, typer.Option(help="Nơi nhận; nhiều nơi thì lặp lại --to")] = None,
    title: Annotated[list[str] | None, typer.Option(help="Chức vụ người ký; nhiều dòng thì lặp lại --title")] = None,
    signer: Annotated[str, typer.Option(help="Họ tên người ký")] = "",
    reason: Annotated[str, typer.Option(help="Lý do")] = "",
    request: Annotated[str, typer.Option(help="Đề nghị")] = "",
    note: Annotated[str, typer.Option(help="Nội dung thêm")] = "",
    deadline: Annotated[str, typer.Option(help="Thời hạn, ví dụ 2026-12-04")] = "",
    contact: Annotated[str, typer.Option(help="Đầu mối liên hệ")] = "",
    out: Annotated[Path, typer.Option(help="Thư mục ghi tệp")] = Path("."),
    preview: Annotated[bool, typer.Option("--preview", help="Chỉ xem trước bản PDF, không lấy số")] = False,
) -> None:
    """Make a letter; the signatory of the unit's last letter stands where none is named."""
    from listener.catalog import service as catalog_service
    from listener.letters import pdf, service
    from listener.letters.draft import draft_from
    from listener.pipeline import now
    from listener.settings import settings
    from listener.store import letters as rows
    from listener.store.database import migrate, session_scope

    migrate()
    writer, moment = _writer(department), now()
    with session_scope() as session:
        house = service.House(catalog_service.current(session), settings().agency, settings().city)
        given = {
            "addressee": "\n".join(to or ()),
            "signer_title": "\n".join(title or ()),
            "signer_name": signer,
            "contact": contact,
        }
        words = {**service.remembered(session, writer), **{name: value for name, value in given.items() if value}}
        words |= {"reason": reason, "request": request, "note": note, "deadline": deadline}
        draft = draft_from(kind, words)
        out.mkdir(parents=True, exist_ok=True)
        if preview:
            shown = service.preview(
                session, numbers, draft, writer=writer, house=house, now=moment, draw=lambda one: [pdf.write(one)]
            )
            path = out / f"xem-truoc-{kind}.pdf"
            path.write_bytes(shown.pages[0])
            console.print(f"✓ Bản xem trước: {path}. Số sẽ cấp: {shown.next_sign}.")
            return
        letter = service.issue(session, numbers, draft, writer=writer, house=house, now=moment)
        for form in service.FORMS:
            file = rows.file_of(session, letter.id, form)
            if file is not None:
                (out / service.file_name(letter, form)).write_bytes(file.content)
        console.print(f"✓ Văn bản {letter.id}, số {letter.sign}, ghi ở {out / service.file_name(letter, 'pdf')}.")


@app.command("list", help="Sổ văn bản, mới nhất trước.")
def list_all(department: Department = None, limit: Annotated[int, typer.Option(min=1, max=500)] = 50) -> None:
    """The register."""
    from listener.store import letters as rows
    from listener.store.database import migrate, session_scope

    migrate()
    table = Table("Mã", "Số", "Ngày", "Văn bản", "Nơi nhận", "Mục", "Người lập", "Tình trạng")
    with session_scope() as session:
        for letter, count, closed in rows.register(session, department, limit=limit):
            told = ("giữ kín", "") if closed else (letter.subject, letter.addressee)
            state = f"đã huỷ: {letter.void_reason}" if letter.void_at else ""
            table.add_row(
                str(letter.id), letter.sign, f"{letter.issued_on:%d/%m/%Y}", *told, str(count), letter.made_by, state
            )
    console.print(table)


@app.command("get", help="Ghi tệp của một văn bản ra đĩa, nguyên từng byte.")
def get(
    letter_id: Annotated[int, typer.Argument(help="Mã văn bản trong sổ")],
    form: Annotated[str, typer.Option(help="pdf hoặc docx")] = "pdf",
    out: Annotated[Path, typer.Option(help="Thư mục ghi tệp")] = Path("."),
) -> None:
    """Fetch a file."""
    from listener.letters import service
    from listener.store.database import migrate, session_scope

    migrate()
    with session_scope() as session:
        letter, file = service.download(session, letter_id, form, writer=_writer(None))
        out.mkdir(parents=True, exist_ok=True)
        path = out / service.file_name(letter, form)
        path.write_bytes(file.content)
    console.print(f"✓ {path}  SHA-256 {file.sha256}")


@app.command("void", help="Huỷ một văn bản; số không dùng lại.")
def void(
    letter_id: Annotated[int, typer.Argument(help="Mã văn bản trong sổ")],
    reason: Annotated[str, typer.Option(help="Vì sao huỷ")],
) -> None:
    """Declare a letter void."""
    from listener.letters import service
    from listener.pipeline import now
    from listener.store.database import migrate, session_scope

    migrate()
    with session_scope() as session:
        letter = service.void(session, letter_id, reason, writer=_writer(None), now=now())
        console.print(f"✓ Đã huỷ văn bản số {letter.sign}.")


@app.command("start", help="Nối tiếp số đã cấp trên giấy: số sau cùng của năm nay.")
def start(
    last: Annotated[int, typer.Argument(min=1, help="Số đã cấp sau cùng")],
    kind: Kind = "phieu-chuyen",
    department: Department = None,
) -> None:
    """Let a register go on after a number that was taken on paper."""
    from listener.letters import service
    from listener.letters.kinds import kind_of
    from listener.pipeline import now
    from listener.store.database import migrate, session_scope

    migrate()
    moment: datetime = now()
    with session_scope() as session:
        service.start_after(session, kind_of(kind), last, writer=_writer(department), now=moment)
    console.print(f"✓ Số kế tiếp là {last + 1}.")


def _writer(department: str | None) -> Writer:
    """Whoever sits at the machine acts as its administrator."""
    return Writer("Dòng lệnh", "admin", None, department)
