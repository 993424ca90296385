"""Files go in through the command line, twice without doubling, and what cannot go in is said."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from listener.store.embedded import scratch_folder

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def listener() -> Iterator[Run]:
    """Runs `listener …` on a database of its own."""
    folder = scratch_folder()
    environment = {**os.environ, "LISTENER_DATA_DIR": str(folder)}

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "listener", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=240, check=False)

    yield run
    shutil.rmtree(folder)  # the last command stopped its database


def test_rows_are_kept_once_and_refusals_are_named(listener: Run, tmp_path: Path) -> None:
    file = tmp_path / "Góp ý tháng 11.csv"
    lines = [
        "Mã hồ sơ;Góp ý;Ngày gửi",
        *(f"HS-{n};Đèn đường hẻm {n} tắt ba hôm nay;{n % 27 + 1}/10/2026" for n in range(300)),
    ]
    file.write_text("\n".join([*lines, "HS-x;;1/10/2026", "HS-y;!!!;1/10/2026"]), encoding="utf-8-sig")
    first = listener("import", file, "--reports", "--later")
    assert first.returncode == 0, first.stderr
    assert "nội dung = “Góp ý”" in first.stdout
    assert "Đã giữ 300 mục" in first.stdout
    assert "dòng 302: không có nội dung" in first.stdout
    assert "dòng 303: Chưa có nội dung" in first.stdout
    again = listener("import", file, "--reports", "--later")
    assert "Đã giữ 0 mục" in again.stdout
    assert "300 dòng đã có sẵn" in again.stdout


def test_rows_are_read_and_routed_at_once(listener: Run, tmp_path: Path) -> None:
    file = tmp_path / "binh-luan.jsonl"
    file.write_text('{"comment": "Nước máy đục ngầu cả tuần nay"}\n{hỏng\n', encoding="utf-8")
    done = listener("import", file, "--channel", "comment", "--source", "Bình luận thử")
    assert done.returncode == 0, done.stderr
    assert "Đã giữ 1 mục" in done.stdout
    assert "dòng 2: không phải một đối tượng JSON" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import", "khong-co.csv"], "Không có tệp khong-co.csv"),
        (["import", __file__, "--map", "chu=x"], "Không hiểu “chu=x”"),
        (["import", __file__, "--map", "text=Nội dung"], "Tệp không có cột “Nội dung”. Các cột trong tệp:"),
        (["collect", "khong-co-nguon"], "Không có nguồn “khong-co-nguon”. Các nguồn: "),
    ],
)
def test_what_cannot_be_done_is_one_vietnamese_line(listener: Run, arguments: list[str], said: str) -> None:
    done = listener(*arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_columns_a_source_was_given_are_used_again(listener: Run, tmp_path: Path) -> None:
    first, second = tmp_path / "thang-1.csv", tmp_path / "thang-2.csv"
    first.write_text("A,B\nx,Rác chất đống ở bến xe ba ngày nay\n", encoding="utf-8")
    second.write_text("A,B\ny,Đèn đường trước chợ tắt cả tuần\n", encoding="utf-8")
    assert listener("import", first, "--source", "Hệ thống cũ", "--map", "text=B,id=A").returncode == 0
    done = listener("import", second, "--source", "Hệ thống cũ")
    assert (done.returncode, "Dùng lại cách gán cột" in done.stdout) == (0, True), done.stderr
    assert "nội dung = “B”" in done.stdout
    wrong = listener(
        "sources", "add", "Sai Tên", "--kind", "youtube", "--name", "Kênh", "--url", "https://youtube.com/@a"
    )
    assert wrong.returncode == 1
    assert "chữ thường không dấu" in wrong.stderr
    assert "/channel/UC" in wrong.stderr
    good = ("sources", "add", "kenh", "--kind", "comments", "--name", "Bình luận", "--url", "https://a.vn/rss")
    asked = listener(*good, "--option", "site=tuoitre", "--option", "permission=Toà soạn, 01/11/2026")
    assert "đang tạm dừng" in asked.stdout, asked.stderr
    assert "facebook" in listener("sources", "kinds").stdout
