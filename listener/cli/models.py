"""`listener train`, `promote`, `check`: new models, the gate, and whether everything fits together."""

from typing import Annotated

import typer
from rich.console import Console

console = Console()
Task = Annotated[str, typer.Argument(help="topic, sentiment, target, kind, urgency, flags, marks hoặc all")]


def add_to(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command("train", help="Huấn luyện mô hình mới từ kho nhãn; bản mới chỉ phục vụ sau lệnh promote.")(train)
    app.command("promote", help="Đưa một bản mô hình vào dùng (bị từ chối nếu thiếu thẻ, dưới sàn, hoặc lạ nhãn).")(
        promote
    )
    app.command("check", help="Kiểm tra tất cả khớp nhau: danh mục, chủ quản, mô hình đang dùng.")(check)


def train(
    task: Task = "all",
    desk: Annotated[bool, typer.Option("--desk", help="Thêm nhãn do cán bộ đặt trong hệ thống")] = False,
) -> None:
    """Train one task or all of them."""
    from listener.pipeline import now
    from listener.retrain import service
    from listener.settings import settings

    service.check_task(task)
    texts = service.corpus()
    if desk:
        from listener.store import audit
        from listener.store.database import migrate, session_scope

        migrate()
        with session_scope() as session:
            mine = service.desk_labels(session)
            audit.note(session, actor="Dòng lệnh", act="export", file="labels for training", rows=len(mine))
            texts += mine
    with console.status(f"Huấn luyện {task} trên {len(texts)} bài, mất vài phút…"):
        made = service.train(task, texts, models=settings().models_dir, on=now().date())
    for name, version in made.items():
        console.print(f"✓ {name} {version}. Đưa vào dùng: listener promote {name} {version}")


def promote(
    task: Annotated[str, typer.Argument(help="Việc đọc, ví dụ topic")],
    version: Annotated[str | None, typer.Argument(help="Bản; bỏ trống là bản mới nhất")] = None,
    back: Annotated[bool, typer.Option("--back", help="Quay lại bản trước")] = False,
) -> None:
    """Let a version serve, or the one before."""
    from listener.errors import ModelRefused
    from listener.retrain import service
    from listener.settings import settings

    models = settings().models_dir
    if back:
        console.print(f"✓ {task} quay lại bản {service.roll_back(task, models=models)}. Khởi động lại để dùng.")
        return
    known = service.versions(task, models)
    if version is None and not known:
        raise ModelRefused(f"Chưa có bản nào của “{task}”. Huấn luyện trước: listener train {task}")
    chosen = version or known[-1]
    replaced = service.promote(task, chosen, models=models)
    console.print(f"✓ {task} dùng bản {chosen} (trước: {replaced or 'chưa có'}). Khởi động lại để dùng.")


def check() -> None:
    """Check the starter pack, the served models, and the database's catalogue where one runs."""
    from listener.catalog import files
    from listener.catalog import service as catalog_service
    from listener.errors import CatalogFault
    from listener.retrain import service
    from listener.settings import settings

    found = [
        *(f"bộ {settings().pack}: {fault}" for fault in catalog_service.check(files.read_pack(settings().pack))),
        *(f"mô hình: {fault}" for fault in service.check_served(settings().models_dir)),
    ]
    if found:
        raise CatalogFault(found)
    console.print("✓ Danh mục, chủ quản và mô hình khớp nhau.")
