"""Files of other systems, in the shapes they really come in."""

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.collect.columns import choose, parse_mapping
from listener.collect.files import LONGEST_LINE, Row, RowFault, opened, rows
from listener.errors import FileRefused

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TEXT = "Đèn đường hẻm 51 tắt ba hôm nay"


def read(path: Path, *mapping: str, header: bool = True) -> list[Row | RowFault]:
    with opened(path, header=header) as table:
        chosen = choose(table.columns, parse_mapping(mapping))
        return list(rows(table, chosen, channel="import", is_report=False, now=NOW))


def texts(path: Path, *mapping: str, header: bool = True) -> list[str]:
    return [row.post.text for row in read(path, *mapping, header=header) if isinstance(row, Row)]


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_are_found(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, "a.csv", f"id,Nội dung\n1,{TEXT}\n2,Ngập\n", encoding)
    assert texts(path) == [TEXT, "Ngập"]


def test_windows_1258_is_found_and_composed(tmp_path: Path) -> None:
    path = tmp_path / "cu.csv"
    path.write_bytes("ma,noi dung\n1,Đươ\u0300ng xâ\u0301u qua\u0301\n".encode("cp1258"))
    assert texts(path) == ["Đường xấu quá"]


def test_one_broken_byte_does_not_spoil_a_utf8_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f"text\n{TEXT}\n".encode() * 20 + b"hong \xff roi\n")
    assert texts(path)[0] == TEXT


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_found(tmp_path: Path, separator: str) -> None:
    lines = [f"id{separator}noi_dung", *(f'{n}{separator}"Câu {n}, có phẩy; có chấm"' for n in range(9))]
    assert texts(written(tmp_path, "a.csv", "\n".join(lines)))[8] == "Câu 8, có phẩy; có chấm"


def test_excel_separator_line_is_obeyed(tmp_path: Path) -> None:
    assert texts(written(tmp_path, "a.csv", "sep=;\r\nid;noi_dung\r\n1;một, hai\r\n")) == ["một, hai"]


def test_text_may_span_lines_and_line_numbers_stay_true(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", 'id,text\n1,"hai\ndòng"\n2,\n3,ba\n')
    first, second, third = read(path)
    assert isinstance(first, Row)
    assert first.post.text == "hai\ndòng"
    assert second == RowFault(4, "không có nội dung")
    assert isinstance(third, Row)
    assert third.line == 5


@pytest.mark.parametrize(
    "header",
    [
        "text",
        "noi_dung",
        "noiDung",
        "Nội dung",
        "NỘI DUNG PHẢN ÁNH",
        "Comment",
        "sentence",
        "free_text",
        "Bình luận",
        "Góp ý",
    ],
)
def test_text_column_is_known_by_its_header(tmp_path: Path, header: str) -> None:
    assert texts(written(tmp_path, "a.csv", f"stt,{header},khac\n1,{TEXT},x\n")) == [TEXT]


def test_wrong_column_names_the_columns_there_are(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "stt,Góp ý,Ngày\n1,a,b\n")
    with pytest.raises(FileRefused) as refused:
        read(path, "text=Nội dung")
    assert all(name in refused.value.message for name in ("Nội dung", "stt", "Góp ý", "Ngày"))


def test_unknown_field_names_the_fields() -> None:
    with pytest.raises(FileRefused, match="text, title, id"):
        parse_mapping(["noidung=x"])


def test_no_text_column_asks_for_one(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="--map text="):
        read(written(tmp_path, "a.csv", "a,b\n1,2\n"))


def test_mapping_is_forgiving_about_marks_and_commas(tmp_path: Path) -> None:
    assert parse_mapping(["text=Họ, tên và ý kiến,title=Tiêu đề"]) == {"text": "Họ, tên và ý kiến", "title": "Tiêu đề"}
    path = written(tmp_path, "a.csv", "Nội_dung,Tiêu đề\na,b\n")
    assert texts(path, "text=nội dung") == ["a"]


def test_row_with_too_many_cells_is_refused_with_its_line(tmp_path: Path) -> None:
    body = "".join(f"{n},câu {n}\n" for n in range(20))
    faults = [
        row
        for row in read(written(tmp_path, "a.csv", f"id,text\n{body}21,câu, có phẩy\n"))
        if isinstance(row, RowFault)
    ]
    assert [fault.line for fault in faults] == [22]
    assert "3 cột" in faults[0].reason


def test_file_of_lines_without_header(tmp_path: Path) -> None:
    path = written(tmp_path, "cau.txt", 'đường xấu, ổ gà\n"nước bẩn" quá\n')
    assert texts(path, header=False) == ["đường xấu, ổ gà", '"nước bẩn" quá']


def test_labelled_lines_without_header_need_the_column_named(tmp_path: Path) -> None:
    path = written(tmp_path, "nhan.tsv", "".join(f'câu "số {n}\tPOS\n' for n in range(30)))
    assert texts(path, "text=1", header=False)[29] == 'câu "số 29'


@pytest.mark.parametrize("after", [300, 300_000])
def test_unclosed_quote_costs_rows_that_are_named_not_the_file(tmp_path: Path, after: int) -> None:
    good = "".join(f"{n},câu {n}\n" for n in range(30))
    path = written(tmp_path, "a.csv", f'id,text\n{good}31,"mở mà không đóng\n' + "32,yyyyyy\n" * after)
    found = read(path)
    assert sum(isinstance(row, Row) for row in found) >= 30
    assert next(row for row in found if isinstance(row, RowFault)).reason.startswith("dấu nháy kép mở mà không đóng")


def test_line_of_many_megabytes_is_cut(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "text\n" + "a" * (LONGEST_LINE + 10) + "\nsau\n")
    assert [len(text) for text in texts(path)] == [LONGEST_LINE, 3]


def test_json_lines_with_inner_objects_and_faults(tmp_path: Path) -> None:
    good = {"maPhanAnh": "DN-1", "tieuDe": "Rác", "noiDung": TEXT, "toaDo": "10.03, 105.78", "nguoiGui": {"ten": "x"}}
    lines = [
        json.dumps(good, ensure_ascii=False),
        "{hỏng",
        "",
        "[1]",
        json.dumps({"tieuDe": ""}),
        json.dumps({"tieuDe": "Chỉ tiêu đề"}),
    ]
    first, broken, array, empty, titled = read(written(tmp_path, "a.jsonl", "\n".join(lines)))
    assert isinstance(first, Row)
    assert (first.post.external_id, first.post.title, first.post.lat, first.post.lng) == ("DN-1", "Rác", 10.03, 105.78)
    assert (broken, array) == (
        RowFault(2, "không phải một đối tượng JSON"),
        RowFault(4, "không phải một đối tượng JSON"),
    )
    assert empty == RowFault(5, "không có nội dung")
    assert isinstance(titled, Row)


def test_inner_values_can_be_mapped(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jsonl", json.dumps({"bai": {"chu": TEXT}}))
    assert texts(path, "text=bai.chu") == [TEXT]


def test_xlsx_is_read_row_by_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (
        ["STT", "Nội dung", "Ngày"],
        [1, TEXT, datetime(2026, 11, 2, 8, 30)],
        [None, None, None],
        [3.0, 42, date(2026, 11, 3)],
    ):
        sheet.append(line)
    book.save(tmp_path / "a.xlsx")
    first, second = read(tmp_path / "a.xlsx")
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert (first.post.text, first.line) == (TEXT, 2)
    assert first.post.published_at is not None
    assert first.post.published_at.isoformat() == "2026-11-02T08:30:00+07:00"
    assert (second.post.text, second.line, second.done) == ("42", 4, 1.0)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "trống"),
        ("a.csv", b"\xef\xbb\xbf \r\n", "trống"),
        ("a.xlsx", b"PK\x03\x04 not a workbook", "không mở được"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(200), ".xlsx"),
        ("a.json", b'[{"text": "a"}]', "JSONL"),
        ("a.csv", bytes(range(256)) * 8, "không phải CSV"),
    ],
)
def test_file_of_another_kind_is_refused_in_words(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileRefused) as refused:
        read(path)
    assert said.lower() in refused.value.message.lower()


def test_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="Không có tệp"):
        read(tmp_path / "none.csv")


def test_same_words_are_the_same_row_and_an_id_column_decides_otherwise(tmp_path: Path) -> None:
    plain = read(written(tmp_path, "a.csv", "text,khac\nNgập,1\nNgập,2\n"))
    assert len({row.post.external_id for row in plain if isinstance(row, Row)}) == 1
    named = read(written(tmp_path, "b.csv", "id,text\n1,Ngập\n2,Ngập\n"))
    assert {row.post.external_id for row in named if isinstance(row, Row)} == {"1", "2"}


def test_unreadable_date_is_noted_and_the_row_kept(tmp_path: Path) -> None:
    (row,) = read(written(tmp_path, "a.csv", "text,ngay\nNgập,hôm nọ\n"))
    assert isinstance(row, Row)
    assert row.post.published_at is None
    assert row.note is not None


@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_refused_never_an_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    with suppress(FileRefused):
        read(path)


def test_real_comments_of_readers_are_read(tmp_path: Path) -> None:
    path = Path(__file__).resolve().parents[4] / "shared/data/uit_victsd/ViCTSD_train.csv"
    if not path.exists():
        pytest.skip("no real data beside the project")
    found = read(path)
    assert len(found) == 7000
    assert all(isinstance(row, Row) for row in found)
