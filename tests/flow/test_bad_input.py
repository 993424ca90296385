"""What goes wrong at the command line is said in one Vietnamese sentence, without a traceback, and loses nothing."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def listener(*arguments: str, text: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "listener", *arguments],
        input=text,
        capture_output=True,
        env={**os.environ, **environment},
        cwd=ROOT,
        timeout=120,
    )


def refused(done: subprocess.CompletedProcess[bytes]) -> str:
    """The one message of a refused command."""
    said = done.stderr.decode()
    assert done.returncode == 1, said
    assert "Traceback" not in said
    return said


def test_a_port_in_use_is_named_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refused(listener("up", "--port", str(port)))
    assert f"Cổng {port} đang có chương trình khác dùng" in said
    assert f"--port {port + 1}" in said


def test_a_database_that_is_down_at_start_is_said() -> None:
    said = refused(listener("up", "--port", "0", LISTENER_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none"))
    assert "Cơ sở dữ liệu không trả lời" in said
    assert "LISTENER_DATABASE_URL" in said


def test_a_setting_that_makes_no_sense_is_named() -> None:
    said = refused(listener("up", LISTENER_PORT="abc"))
    assert "LISTENER_PORT" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("read",), "Chưa có bài để đọc"),
        (("read", "   "), "trống"),
        (("catalog", "check", "atlantis"), "các bộ đi kèm: can_tho"),
        (("promote", "topic", "never"), "không có bản này"),
        (("promote", "lightning"), "lightning"),
        (("train", "lightning"), "Không có việc đọc nào tên “lightning”"),
    ],
)
def test_a_wrong_argument_gets_a_sentence(arguments: tuple[str, ...], words: str) -> None:
    assert words in refused(listener(*arguments))


def test_a_bad_line_gives_an_error_line_and_the_others_go_on() -> None:
    lines = [
        b'{"id": 1, "text": "\xc4\x90\xc3\xa8n \xc4\x91\xc6\xb0\xe1\xbb\x9dng h\xe1\xba\xbbm 9 t\xe1\xba\xaft"}',
        b"{broken",
        b'{"id": 3, "text": ""}',
        b'{"id": 4}',
        b'["a list"]',
        b"\xff\xfe\x00",
        b"",
        b'{"id": 8, "text": "' + b"ng\xe1\xba\xadp " * 150_000 + b'"}',
        b'{"id": 9, "text": "rac khong ai gom", "channel": "post"}',
    ]
    done = listener("read", "--jsonl", text=b"\n".join(lines))
    assert done.returncode == 0, done.stderr.decode()
    answers = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [("error" in answer, answer.get("id")) for answer in answers] == [
        (False, 1),
        (True, None),
        (True, 3),
        (True, 4),
        (True, None),
        (True, None),
        (False, 8),
        (False, 9),
    ]
    keys = {"id", "topic", "sentiment", "urgency", "kind", "flags", "spam", "places", "department", "routed", "why"}
    assert answers[0].keys() == keys
    assert answers[0]["topic"].keys() == {"slug", "field", "probability", "runners_up", "also"}
    assert answers[0]["sentiment"].keys() == {"label", "probability", "target"}


def test_a_wrong_csv_column_lists_the_columns_there_are(tmp_path: Path, database: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text("so,noi dung chinh\n1,Đèn đường tắt\n", encoding="utf-8")
    said = refused(listener("import", str(file), "--map", "text=Noi_dung"))
    assert "noi dung chinh" in said


def test_unknown_sources_list_the_known_ones(database: str) -> None:
    assert "bao-can-tho" in refused(listener("collect", "no-such-source"))


def test_help_is_in_plain_words() -> None:
    said = listener("--help").stdout.decode()
    for command in ("up", "collect", "import", "work", "read", "train", "promote", "check", "catalog", "users"):
        assert command in said
    assert "Khởi động tất cả" in said
