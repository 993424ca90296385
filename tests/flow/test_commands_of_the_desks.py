"""`listener rules`, `listener letters`, `listener audit`: what an operator sees and does without the pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from make import make_assignment, make_item
from pypdf import PdfReader
from sqlalchemy import text
from typer.testing import CliRunner, Result

from listener.catalog.files import read_rules
from listener.cli import app
from listener.errors import AuditBroken, BadInput, CatalogFault
from listener.store import audit
from listener.store.database import session_scope

RULE = """
[[rule]]
slug = "den-cong-vien"
name = "Đèn trong công viên"
topics = ["den-duong-hong"]
words = ["công viên"]
department = "{department}"
"""


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def run(*arguments: str) -> str:
    done = invoke(*arguments)
    assert done.exit_code == 0, (done.output, done.exception)
    return " ".join(done.output.split())


@pytest.fixture
def number(database: str) -> str:
    """A matter on a desk."""
    with session_scope() as session:
        item = make_item(
            session, "Đèn trong công viên hẻm 51 tắt ba đêm nay", topic="den-duong-hong", unit_code="31120"
        )
        make_assignment(session, item, "SXD")
        return item.number


@pytest.fixture
def no_draft(database: str) -> Iterator[None]:
    yield
    with session_scope() as session:
        session.execute(text("DELETE FROM rule_sets WHERE state = 'draft'"))


def test_rules_go_out_to_a_file_and_come_back_as_a_draft(no_draft: None, number: str, tmp_path: Path) -> None:
    mine, kept = tmp_path / "mine.toml", tmp_path / "kept.toml"
    mine.write_text(RULE.format(department="SXD"), encoding="utf-8")
    before = run("rules", "list")
    assert "Đèn trong công viên" not in before
    assert "bản nháp" in run("rules", "import", str(mine))
    assert run("rules", "list") == before  # a draft changes nothing yet
    assert "Đèn trong công viên" in run("rules", "list", "--draft")
    assert "không có chỗ nào sai" in run("rules", "check", "--draft")
    assert "mục sẽ sang nơi khác" in run("rules", "dry-run")
    assert "mục sẽ sang nơi khác" in run("rules", "dry-run", str(mine))
    assert "Đã ghi 1 quy tắc" in run("rules", "export", str(kept), "--draft")
    assert read_rules(kept) == read_rules(mine)


def test_a_rule_for_no_department_is_named_and_ends_with_an_error(no_draft: None, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(RULE.format(department="KHONG-CO"), encoding="utf-8")
    run("rules", "import", str(broken))
    done = invoke("rules", "check", "--draft")
    assert isinstance(done.exception, CatalogFault)
    assert "KHONG-CO" in str(done.exception)


def test_without_a_draft_the_command_says_how_to_make_one(database: str) -> None:
    done = invoke("rules", "list", "--draft")
    assert isinstance(done.exception, BadInput)
    assert "rules import" in str(done.exception)


def test_a_letter_is_previewed_made_fetched_and_declared_void(number: str, tmp_path: Path) -> None:
    signed = ("--to", "Sở Xây dựng", "--title", "CHÁNH VĂN PHÒNG", "--signer", "Trần Thị Mẫu")
    about = ("letters", "make", number, *signed, "--reason", "đúng thẩm quyền", "--out", str(tmp_path))
    assert "Số sẽ cấp" in run(*about, "--preview")
    assert "Số" in run("letters", "list")
    assert number not in run("letters", "list")  # a preview takes no number
    made = run(*about)
    letter = made.split("Văn bản ")[1].split(",")[0]
    (pdf,) = (path for path in tmp_path.glob("*.pdf") if not path.name.startswith("xem-truoc"))
    assert number in " ".join(page.extract_text() for page in PdfReader(pdf).pages)
    assert pdf.with_suffix(".docx").is_file()
    again = tmp_path / "again"
    assert "SHA-256" in run("letters", "get", letter, "--out", str(again))
    assert (again / pdf.name).read_bytes() == pdf.read_bytes()
    assert "Đã huỷ" in run("letters", "void", letter, "--reason", "lập nhầm")
    assert "lập nhầm" in run("letters", "list")


def test_a_register_goes_on_after_a_number_taken_on_paper(number: str, tmp_path: Path) -> None:
    assert "Số kế tiếp là 41" in run("letters", "start", "40", "--kind", "cong-van")
    signed = ("--to", "Sở Y tế", "--title", "CHÁNH VĂN PHÒNG", "--signer", "Trần Thị Mẫu")
    made = run("letters", "make", number, "--kind", "cong-van", *signed, "--reason", "x", "--out", str(tmp_path))
    assert "số 41/" in made


def test_the_audit_is_whole_until_somebody_lays_hands_on_it(number: str) -> None:
    with session_scope() as session:
        audit.note(session, actor="Người thử", act="read")
    said = run("audit", "verify")
    assert "còn nguyên" in said
    head = said.split("mã cuối ")[1]
    assert "còn nguyên" in run("audit", "verify", "--expect", head)
    done = invoke("audit", "verify", "--expect", "f" * 64)
    assert isinstance(done.exception, AuditBroken)
    assert "cắt" in str(done.exception)
