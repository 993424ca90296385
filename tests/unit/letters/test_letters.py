"""Letters in words and as files: what stands in them, what is hidden, and the form NĐ 30/2020 asks for."""

import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import docx as word
import pytest
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph
from pypdf import PdfReader

from listener.catalog.files import read_pack
from listener.errors import BadInput, UnknownDepartment
from listener.letters import docx, pdf
from listener.letters.draft import Draft, draft_from, faults
from listener.letters.issuer import CITY, issuer_of
from listener.letters.kinds import KINDS, offered, sign_of
from listener.letters.letter import Letter, Matter, compose
from listener.letters.told import Told, hidden, older_words, place_words
from listener.papers.typeset import FONTS

NOW = datetime(2026, 2, 5, 3, tzinfo=UTC)  # 10:00 in the city
CATALOG = read_pack("can_tho")
CAI_KHE = CATALOG.areas["31120"]
WORDS = "Đèn đường hẻm 51 tắt ba hôm nay, gọi 0530000001 không ai nghe"
FULL, SHORT = older_words([], CAI_KHE)
SIGNED = {"signer_title": "TM. Ủy ban nhân dân\nChủ tịch", "signer_name": "Người Ký Thử"}


def told(number: int = 1, **changes: Any) -> Told:
    plain = Told(
        number=f"PA-2026-{number:06d}",
        is_report=True,
        sample=False,
        kind="phan_anh",
        channel="web",
        received_at=NOW - timedelta(days=1),
        text=hidden(WORDS, []),
        place="hẻm 51, Phường Cái Khế",
        older=FULL,
        older_short=SHORT,
        topic="Đèn đường hỏng, thuộc Hạ tầng kỹ thuật",
        urgency="Thường",
        by_machine=frozenset({"urgency"}),
        due_at=NOW + timedelta(days=2),
        holder="UBND phường Cái Khế",
        coordinating=("Công ty Điện lực",),
        answer="Chiều 04/02 tổ điện đã thay bóng trụ 14.",
    )
    return replace(plain, **changes)


def a_letter(
    kind: str = "phieu-chuyen", count: int = 1, issuer: str = "UBX-31120", number: int | None = 7, **draft: Any
) -> Letter:
    items = tuple(told(n, text=hidden(f"{WORDS}. " * (1 + n % 4), [])) for n in range(1, count + 1))
    chosen = Draft(kind=kind, **{"addressee": "Công ty Điện lực Cần Thơ", **SIGNED, **draft})
    sender = issuer_of(issuer, CATALOG, agency="UBND thành phố Cần Thơ", city="Cần Thơ")
    return compose(Matter(KINDS[kind], sender, chosen, items, NOW), number=number)


def body(data: bytes) -> list[Paragraph | WordTable]:
    """Paragraphs and tables in the order in which Word shows them."""
    document = word.Document(BytesIO(data))
    return list(document.iter_inner_content())


def text_of(data: bytes) -> str:
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    return " ".join(unicodedata.normalize("NFC", text).split())


def test_word_keeps_to_the_decree() -> None:
    document = word.Document(BytesIO(docx.write(a_letter())))
    page = document.sections[0]
    margins = [page.top_margin, page.bottom_margin, page.left_margin, page.right_margin]
    assert [round(length.mm) for length in (page.page_width, page.page_height)] == [210, 297]
    assert [round(length.mm) for length in margins] == [20, 20, 30, 15]
    normal = document.styles["Normal"]
    assert (normal.font.name, normal.font.size.pt) == ("Times New Roman", 13)
    assert normal.element.rPr.rFonts.get(qn("w:eastAsia")) == "Times New Roman"
    assert page.different_first_page_header_footer
    assert "PAGE" in page.header.paragraphs[0]._p.xml


def test_the_blocks_of_a_phieu_chuyen_stand_in_the_order_of_the_decree() -> None:
    blocks = body(docx.write(a_letter()))
    head, last = blocks[0], blocks[-1]
    assert isinstance(head, WordTable)
    assert isinstance(last, WordTable)
    left, right = (cell.text.split("\n") for cell in head.rows[0].cells)
    assert [line for line in left if line] == ["ỦY BAN NHÂN DÂN", "PHƯỜNG CÁI KHẾ", "Số: 07/PC-UBND"]
    assert [line for line in right if line] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Cái Khế, ngày 05 tháng 02 năm 2026",
    ]
    lines = [block.text for block in blocks[1:-1] if isinstance(block, Paragraph) and block.text]
    starts = [
        "PHIẾU CHUYỂN",
        "Chuyển phản ánh mã PA-2026-000001",
        "Kính gửi: Công ty Điện lực Cần Thơ",
        "Căn cứ chức năng",
        "1. Mã, kênh, thời điểm: PA-2026-000001; kênh trang web; tiếp nhận lúc 10:00 thứ Tư, 04/02/2026",
        "2. Nội dung (nguyên văn, thông tin cá nhân đã che): “Đèn đường hẻm 51",
        "3. Nơi xảy ra: hẻm 51, Phường Cái Khế (trước 01/7/2025: phường Cái Khế, phường An Hòa",
        "4. Lĩnh vực: Đèn đường hỏng",
        "5. Mức khẩn: Thường (phần mềm đề xuất)",
        "6. Lý do chuyển: Nội dung thuộc chức năng, thẩm quyền của Công ty Điện lực Cần Thơ",
        "7. Đề nghị: Xem xét",
        "8. Thời hạn: trước 10:00 thứ Bảy, 07/02/2026",
        "9. Đơn vị phối hợp: Công ty Điện lực",
        "10. Đầu mối liên hệ: UBND phường Cái Khế",
        "UBND phường Cái Khế trân trọng",
    ]
    assert len(lines) == len(starts)
    for line, start in zip(lines, starts, strict=True):
        assert line.startswith(start), line
    receivers, signer = (cell.text.split("\n") for cell in last.rows[0].cells)
    assert receivers == ["Nơi nhận:", "- Như trên;", "- Công ty Điện lực (phối hợp);", "- Lưu: VT."]
    assert [line for line in signer if line] == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Người Ký Thử"]


def test_a_cong_van_has_its_subject_below_the_number_and_the_agency_above() -> None:
    head = body(docx.write(a_letter("cong-van", issuer="SXD", number=12)))[0]
    assert isinstance(head, WordTable)
    left = [line for line in head.rows[0].cells[0].text.split("\n") if line]
    assert left == [
        "UBND THÀNH PHỐ CẦN THƠ",
        "SỞ XÂY DỰNG",
        "Số: 12/SXD",
        "V/v đề nghị xử lý phản ánh mã PA-2026-000001",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_of_letter_shows_a_phone_number(kind: str) -> None:
    letter = a_letter(kind, note="Gọi chị ấy ở số 0530000002 trước khi tới", reason="người gửi để lại số 0530000003")
    for text in (
        text_of(pdf.write(letter)),
        str([block.text for block in word.Document(BytesIO(docx.write(letter))).paragraphs]),
    ):
        for number in ("0530000001", "0530000002", "0530000003"):
            assert number not in text
        assert "[số điện thoại]" in text


def test_masks_of_the_reading_and_those_found_now_both_hide() -> None:
    assert hidden("Gọi 0530000001 gặp Út Mười", [{"start": 19, "end": 26, "type": "person"}]) == (
        "Gọi [số điện thoại] gặp [tên riêng]"
    )
    assert hidden("abcdef", [{"start": 0, "end": 4, "type": "x"}, {"start": 2, "end": 3, "type": "x"}]) == (
        "[thông tin riêng]ef"
    )


def test_sixty_items_fill_pages_whose_table_head_is_said_again() -> None:
    letter = a_letter("cong-van", 60)
    reader = PdfReader(BytesIO(pdf.write(letter, system_fonts=False)))
    pages = [" ".join(unicodedata.normalize("NFC", page.extract_text()).split()) for page in reader.pages]
    assert 4 <= len(pages) <= 12
    assert all("Nơi xảy ra" in page for page in pages[:-1])
    whole = " ".join(pages)
    assert all(f"PA-2026-{n:06d}" in whole for n in range(1, 61))
    assert [page.split()[0] for page in pages[1:]] == [str(n) for n in range(2, len(pages) + 1)]
    assert "Người Ký Thử" in pages[-1]
    assert "trân trọng đề nghị" in pages[-1]  # the signature never stands alone
    inner = next(block for block in body(docx.write(letter))[1:-1] if isinstance(block, WordTable))
    assert len(inner.rows) == 61
    assert inner.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in inner.rows)


def test_one_item_takes_one_page_of_a4_with_its_fonts_inside() -> None:
    reader = PdfReader(BytesIO(pdf.write(a_letter(), system_fonts=False)))
    assert len(reader.pages) == 1
    assert [round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox[2:]] == [210, 297]
    fonts = [ref.get_object() for ref in reader.pages[0]["/Resources"]["/Font"].values()]
    face = "Tinos" if FONTS.is_dir() else "Libertinus"
    assert fonts
    for font in fonts:
        inner = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert face in font["/BaseFont"]
        assert {"/FontFile2", "/FontFile3"} & set(inner)
    assert reader.metadata is not None
    assert reader.metadata.title == "PHIẾU CHUYỂN: Chuyển phản ánh mã PA-2026-000001"


def test_a_letter_not_numbered_yet_leaves_room_for_the_number() -> None:
    assert a_letter(number=None).below_number == ("Số:           /PC-UBND",)
    (page,) = pdf.pictures(a_letter(number=None))
    assert page.startswith(b"\x89PNG")


def test_the_answer_is_a_letter_to_whoever_sent_the_report_without_naming_them() -> None:
    text = text_of(pdf.write(a_letter("tra-loi", issuer="VPUB", note="")))
    assert "V/v trả lời phản ánh mã PA-2026-000001" in text
    assert "Kính gửi: Ông/Bà đã gửi phản ánh mã PA-2026-000001" in text
    assert "Chiều 04/02 tổ điện đã thay bóng trụ 14." in text
    assert "(phối hợp)" not in text


def test_a_complaint_is_shown_the_way_to_the_reception_of_citizens() -> None:
    letter = a_letter("huong-dan", issuer=CITY, addressee="Ban Tiếp công dân thành phố")
    text = text_of(pdf.write(letter))
    assert "THÔNG BÁO" in text
    assert letter.sign == "07/TB-UBND"
    assert "hướng dẫn tại: Ban Tiếp công dân thành phố." in text
    assert "Luật Khiếu nại" in text
    assert letter.recipients == ("Như trên;", "Ban Tiếp công dân thành phố;", "Lưu: VT.")


def test_several_addressees_stand_below_one_another() -> None:
    letter = a_letter(addressee="Sở Xây dựng;\nCông ty Điện lực.\n\n")
    assert letter.addressees == ("Sở Xây dựng", "Công ty Điện lực")
    text = text_of(pdf.write(letter))
    assert "Kính gửi: - Sở Xây dựng; - Công ty Điện lực." in text


def test_typst_code_in_a_text_stays_text() -> None:
    letter = a_letter(note='#eval("1") $x$ *đậm* <nhãn> @ai \\')
    assert '#eval("1") $x$ *đậm* <nhãn>' in text_of(pdf.write(letter))


def test_sample_items_are_said_to_be_samples() -> None:
    sender = issuer_of("SXD", CATALOG, agency="UBND thành phố Cần Thơ", city="Cần Thơ")
    matter = Matter(KINDS["cong-van"], sender, Draft("cong-van", addressee="A", **SIGNED), (told(sample=True),), NOW)
    assert "PA-2026-000001 (dữ liệu mẫu)" in compose(matter, number=1).subject


@pytest.mark.parametrize(
    ("code", "above", "lines", "abbreviation", "place"),
    [
        ("UBX-31120", (), ("ỦY BAN NHÂN DÂN", "PHƯỜNG CÁI KHẾ"), "UBND", "Cái Khế"),
        ("CAX-31120", ("CÔNG AN THÀNH PHỐ CẦN THƠ",), ("CÔNG AN PHƯỜNG CÁI KHẾ",), "CAP", "Cái Khế"),
        ("SXD", ("UBND THÀNH PHỐ CẦN THƠ",), ("SỞ XÂY DỰNG",), "SXD", "Cần Thơ"),
        ("VPUB", ("UBND THÀNH PHỐ CẦN THƠ",), ("VĂN PHÒNG",), "VPUB", "Cần Thơ"),
        ("CATP", ("BỘ CÔNG AN",), ("CÔNG AN THÀNH PHỐ CẦN THƠ",), "CATP", "Cần Thơ"),
        (CITY, (), ("ỦY BAN NHÂN DÂN", "THÀNH PHỐ CẦN THƠ"), "UBND", "Cần Thơ"),
    ],
)
def test_letterheads(code: str, above: tuple[str, ...], lines: tuple[str, ...], abbreviation: str, place: str) -> None:
    issuer = issuer_of(code, CATALOG, agency="UBND thành phố Cần Thơ", city="Cần Thơ")
    assert (issuer.above, issuer.lines, issuer.abbreviation, issuer.place) == (above, lines, abbreviation, place)


@pytest.mark.parametrize("code", ["KHONG-CO", "UBX", "CAX"])
def test_nobody_writes_for_an_unknown_or_unsettled_unit(code: str) -> None:
    with pytest.raises(UnknownDepartment):
        issuer_of(code, CATALOG, agency="UBND thành phố Cần Thơ", city="Cần Thơ")


def test_signs_follow_the_decree() -> None:
    assert sign_of(KINDS["cong-van"], "SXD", 7) == "07/SXD"
    assert sign_of(KINDS["phieu-chuyen"], "UBND", 123) == "123/PC-UBND"


def test_what_may_be_written_depends_on_the_item() -> None:
    def slugs(**of: Any) -> list[str]:
        return [kind.slug for kind in offered(1, **of)]

    assert slugs(item_kind="phan_anh") == ["phieu-chuyen", "cong-van", "phieu-xu-ly"]
    assert slugs(item_kind="phan_anh", answered=True) == ["phieu-chuyen", "cong-van", "phieu-xu-ly", "tra-loi"]
    assert "huong-dan" in slugs(item_kind="khieu_nai")
    assert "tra-loi" not in slugs(is_report=False, answered=True)
    assert [kind.slug for kind in offered(2)] == ["phieu-chuyen", "cong-van"]


def test_places_carry_todays_and_the_older_names() -> None:
    assert place_words("hẻm 51", [], CAI_KHE) == "hẻm 51, Phường Cái Khế"
    assert place_words("phường cái khế", [], CAI_KHE) == "Phường Cái Khế"
    assert place_words(None, ["hẻm 51", "hẻm 51"], None) == "hẻm 51"
    assert place_words(None, [], None) == "chưa rõ"
    assert place_words("gặp 0530000001", [], None) == "gặp [số điện thoại]"
    assert older_words(["phường An Hòa"], CAI_KHE)[0] == "người gửi gọi theo tên cũ: phường An Hòa"
    assert FULL.endswith("phường Bùi Hữu Nghĩa (một phần), quận Ninh Kiều, quận Bình Thuỷ")
    assert older_words([], None) == ("", "")


def test_what_is_missing_is_named_by_field() -> None:
    kind, today = KINDS["phieu-chuyen"], date(2026, 2, 5)
    assert set(faults(Draft("phieu-chuyen"), kind, today)) == {"addressee", "signer_title", "signer_name"}
    late = Draft("phieu-chuyen", addressee="A", deadline=date(2026, 2, 4), note="x" * 4001, **SIGNED)
    assert set(faults(late, kind, today)) == {"deadline", "note"}
    assert "addressee" in faults(Draft("huong-dan", **SIGNED), KINDS["huong-dan"], today)
    assert faults(Draft("tra-loi", **SIGNED), KINDS["tra-loi"], today) == {}
    with pytest.raises(BadInput, match="2026-12-04"):
        draft_from("cong-van", {"deadline": "04/12/2026"})
