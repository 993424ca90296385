"""Personal data is found whole and typed; what only looks like it stays."""

import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.text.privacy import PLACEHOLDERS, find_personal, mask

FOUND = [
    ("Thay mặt xóm, (+84) 542 667 031", "(+84) 542 667 031", "phone"),
    ("Mong phường xem.\nVương Ngọc Diễm, giáo viên hưu trí.", "Vương Ngọc Diễm", "person"),
    ("Người đứng đơn Tiêu Nhật Trường, 0545.709.338.", "Tiêu Nhật Trường", "person"),
    ("Tiệm sửa xe do Hứa Văn Cọp làm chủ", "Hứa Văn Cọp", "person"),
    ("Nhờ ngó giùm.\nMười Rớt, 0540 773 628", "Mười Rớt", "person"),
    ("Gọi tôi số 0539123456 nha", "0539123456", "phone"),
    ("sđt 0539 123 456", "0539 123 456", "phone"),
    ("đt: 0539.123.456.", "0539.123.456", "phone"),
    ("lh 0539-123-456", "0539-123-456", "phone"),
    ("zalo 053 912 34 56", "053 912 34 56", "phone"),
    ("gọi +84 539 123 456", "+84 539 123 456", "phone"),
    ("máy bàn (0292) 3 512 345 nhà tôi", "(0292) 3 512 345", "phone"),
    ("sdt0741234567 nha ad", "0741234567", "phone"),
    ("O539 123 456 goi lien", "O539 123 456", "phone"),
    ("tổ 3 0539 123 456 2 ngày rồi", "0539 123 456", "phone"),
    ("số không năm ba chín một hai ba bốn năm sáu nghe", "không năm ba chín một hai ba bốn năm sáu", "phone"),
    ("CCCD 085 063 001 294 cấp năm 2022", "085 063 001 294", "id_number"),
    ("căn cước: 085063001294", "085063001294", "id_number"),
    ("so cccd 0850.6300.1294", "0850.6300.1294", "id_number"),
    ("CMND 365 114 702", "365 114 702", "id_number_old"),
    ("chứng minh nhân dân số 365114702", "365114702", "id_number_old"),
    ("STK 0000 1234 567 Agribank", "0000 1234 567", "bank_account"),
    ("chuyển vào tài khoản 00007741205", "00007741205", "bank_account"),
    ("tài khoản ngân hàng BIDV: 74110000123456", "74110000123456", "bank_account"),
    ("số thẻ 9704 0512 3456 7890", "9704 0512 3456 7890", "card"),
    ("thẻ BHYT GD4 9212 3456 7890 1", None, "card"),
    ("MST 0000415826", "0000415826", "tax_code"),
    ("mã số thuế 1800123456-001", "1800123456-001", "tax_code"),
    ("thư về ba.lua@example.com nhé", "ba.lua@example.com", "email"),
    ("ba.lua (at) example.com", "ba.lua (at) example.com", "email"),
    ("xe 65W-123.45 leo lề", "65W-123.45", "plate"),
    ("biển số 83Q1 123.45", "83Q1 123.45", "plate"),
    ("xe 95w12345 chạy ẩu", "95w12345", "plate"),
    ("biển số 65 W 1234", "65 W 1234", "plate"),
    ("Tôi tên Trần Thị Bông ở ấp 3", "Trần Thị Bông", "person"),
    ("Ông Lâm Văn Đẹt xả nước thải", "Lâm Văn Đẹt", "person"),
    ("chị Diễm bán bún", "Diễm", "person"),
    ("Bà Chín Thà sống một mình", "Chín Thà", "person"),
    ("Người viết đơn: Thạch Sà Rươl", "Thạch Sà Rươl", "person"),
    ("Xin cảm ơn. Lý Hoàng Khanh, 0539123456", "Lý Hoàng Khanh", "person"),
    ("Mong được giải quyết.\nNguyễn Ngọc Hường", "Nguyễn Ngọc Hường", "person"),
    ("toi ten nguyen van be o ap 3", "nguyen van be", "person"),
    ("Nguoi gui: Le Thi Be Sau", "Le Thi Be Sau", "person"),
    ("tôi sinh ngày 14/02/1979 tại đây", "14/02/1979", "birth_date"),
    ("sinh năm 1956, thương binh", "1956", "birth_date"),
    ("bà ấy ở nhà số 45/2 mở loa suốt đêm", "nhà số 45/2", "home_number"),
    ("tài khoản facebook: Bé Ba Cần Thơ", "Bé Ba Cần Thơ", "handle"),
    ("facebook.com/be.ba.ct đăng bài", "facebook.com/be.ba.ct", "handle"),
    ("nick @meobeo.phodem nhắn tin", "@meobeo.phodem", "handle"),
    ("Tôi Mạch Thị Nhàn, bán cháo đầu hẻm", "Mạch Thị Nhàn", "person"),
    ("Toi Nguyen Van Luot, lai ghe, xin hoi", "Nguyen Van Luot", "person"),
    ("Dạ tôi Đào Hữu Phận xin trình bày", "Đào Hữu Phận", "person"),
    ("rác do chủ vựa trấu Kiều Tấn Lượm đổ", "Kiều Tấn Lượm", "person"),
    ("người thuê xe cuốc là Bành Văn Sánh", "Bành Văn Sánh", "person"),
    ("chó nhà Võ Thành Nhớ cắn hai đứa nhỏ", "Võ Thành Nhớ", "person"),
    ("heo của gia đình Lâm Sà Kha xả xuống mương", "Lâm Sà Kha", "person"),
    ("Tôi tố cáo bà Từ Ngọc Loan, cán bộ kiểm đếm, ghi khống", "Từ Ngọc Loan", "person"),
    ("thưa cán bộ tôi tên Tăng Văn Sớm ở ấp 4", "Tăng Văn Sớm", "person"),
    ("Mong được xét lại. Duong Ngoc Thao", "Duong Ngoc Thao", "person"),
    ("Xin tinh lai giup. Thach Sang, CCCD 085063001294", "Thach Sang", "person"),
    ("Vợ chồng tôi Lê Thị Mót, Trần Văn Cạn ở ấp 7", "Trần Văn Cạn", "person"),
    ("Lý Ngọc Trâm vô coi nè", "Lý Ngọc Trâm", "person"),
    ("tui chạy máy cho chủ Bảy Đờn ở kinh trên", "Bảy Đờn", "person"),
    ("lò mổ của ông Ba Cạn xả nước đỏ", "Ba Cạn", "person"),
    ("còn bà Mỹ Duyên có nhà lầu thì được", "Mỹ Duyên", "person"),
    ("cháu Bảo Ngọc bị bạn xô té", "Bảo Ngọc", "person"),
    ("hỏi khai sinh cho con bé tên thạch thị mỹ", "thạch thị mỹ", "person"),
    ("chuyển nhầm cho bà nguyễn thị lành hồi trưa", "nguyễn thị lành", "person"),
    ("tui ten tran thi be hoi ho so", "tran thi be", "person"),
    ("tên nó là Cao Văn Rớt sinh 1996", "1996", "birth_date"),
    ("Kính mong. Quách Thị Ngà, 14/03/1991", "14/03/1991", "birth_date"),
    ("ông Trịnh Văn Nê, số 17/4, đổ xà bần", "số 17/4", "home_number"),
    ("chó nhà 36B sổng chuồng", "36B", "home_number"),
    ("Tôi tố giác lò đốt ở số 21/9, hẻm 38 khu vực 2", "số 21/9", "home_number"),
    ("nick Cậu Tám Miệt Vườn đăng bậy", "Cậu Tám Miệt Vườn", "handle"),
    ('Trang cá nhân mang tên "Hóng Chợ Nổi" bịa chuyện', '"Hóng Chợ Nổi"', "handle"),
    ("Điện thoại 0536/410/229.", "0536/410/229", "phone"),
]


@pytest.mark.parametrize(("text", "wanted", "kind"), FOUND)
def test_personal_data_is_found_whole_and_typed(text: str, wanted: str | None, kind: str) -> None:
    found = {(text[m.start : m.end], m.type) for m in find_personal(text)}
    assert (wanted, kind) in found if wanted else kind in {name for _, name in found}


@pytest.mark.parametrize(("text", "wanted", "kind"), FOUND)
def test_personal_data_is_found_in_decomposed_text(text: str, wanted: str | None, kind: str) -> None:
    written = unicodedata.normalize("NFD", text)
    kinds = {m.type for m in find_personal(written)}
    assert kind in kinds
    assert not wanted or wanted not in unicodedata.normalize("NFC", mask(written))


KEPT = [
    "Trống trường đánh rồi. Trường Trung Hưng, xã Trung Hưng",
    "Bảng mới toanh. Đình Bình Thủy, phường Bình Thủy",
    "Hố to lắm. Nguyễn Văn Linh, đoạn qua bến xe",
    "Giá 1.250.000 đồng, tiền điện 486 kWh tháng 9, nộp 12.500.000.000 đồng",
    "từ 15/8/2025 đến 20-09-2025, lúc 7h30 ngày 02.11.2026",
    "Mã hồ sơ 000.24.18.H12-250901-0012, biên nhận số 1234567890",
    "Mã khách hàng PB12040012345, mã phản ánh PA-2026-001234",
    "Nghị định 168/2024/NĐ-CP, Quyết định số 1234/QĐ-UBND, Luật 91/2025/QH15",
    "quốc lộ 61C, đường tỉnh 926, QL1A km 2073+500, đường 3 Tháng 2",
    "gọi 1022, 113, 114, 115, 111, tổng đài 1900 1234 và 1800 1091",
    "ông chủ tịch phường và đồng chí bí thư hứa sửa, anh công an khu vực",
    "Chủ tịch UBND phường Nguyễn Văn Bình đã tiếp dân",
    "ông Trần Văn Đẹp, Phó Chủ tịch UBND xã, có trả lời",
    "đường Nguyễn Trãi, trường Phan Ngọc Hiển, cầu Quang Trung, hẻm 51 Nguyễn Văn Linh",
    "ngập trên Nguyễn Văn Cừ, ngã tư Mậu Thân - Trần Hưng Đạo",
    "phường Châu Văn Liêm, xã Hồ Đắc Kiện, Bạc Liêu, Cờ Đỏ, Cù Lao Dung",
    "ông Tư kế bên, bà Năm, anh Hai, chú Út xóm trên",
    "trước nhà số 12 đường Lê Lợi, gần số nhà 45",
    "diện tích 120 m2, 5 triệu, 3.200 hộ, 20k 5000, 10h 1022",
    "nhà 3 tầng, nhà 5 người, 2 lầu, lớp 12A3 2025",
    "kinh Bà Chiêu, kinh Thầy Cai, xã Ba Trinh, chợ Bà Bộ",
    "xe tải chạy từ Huỳnh Phan Hộ qua Trần Bạch Đằng rồi tới Lê Anh Xuân",
    "đg Mai Thanh Thế, nút giao Trần Nam Phú, ngã tư Lý Hồng Thanh - Lê Thị Tạo",
    "quanh Hồ Nước Ngọt, Lễ Ok Om Bok, ở Cù Lao Dung, gần Hồ Xáng Thổi",
    "Tổ trưởng Tổ 5 và Đội Cồn Sơn, xe của Ba Láng, chợ Năm Căn, Trường Thành",
    "bà con Ninh Kiều, hàng xóm Trà Vinh, phụ huynh Đông Phước A, nước dâng ở nhà Bảy Ngàn, dân Huỳnh Hữu Nghĩa",
    "bàn thờ ông Địa, cúng ông Táo, ông Trời ngó xuống, miễu bà Chúa, anh Grab dí theo",
    "anh tôi hy sinh năm 1972, học sinh 2014, thi sinh học 2015",
    "ông chủ vẫn phát lương, bà cô tư vấn, cơ quan công an, có lương hưu",
    "Tôi tố cáo quán cà phê số 44 đường Mậu Thân",
    "tài khoản Agribank, tài khoản Ngân hàng Chính sách, dùng tài khoản Dịch Vụ Công",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_personal_stays(text: str) -> None:
    assert [(text[m.start : m.end], m.type) for m in find_personal(text)] == []


def test_each_type_has_a_word_to_stand_for_it() -> None:
    text = "Tôi tên Trần Thị Bông, CCCD 085063001294, số 0538.114.207, xe 65W-123.45"
    assert mask(text) == "Tôi tên [tên riêng], CCCD [số căn cước], số [số điện thoại], xe [biển số]"
    assert all(kind in PLACEHOLDERS for _, _, kind in FOUND)


@given(st.text(st.one_of(st.characters(), st.sampled_from("0123456789 .-@aAĐôngNguyễn")), max_size=80))
@settings(max_examples=300, deadline=None)
def test_masks_are_in_order_and_apart_for_any_text(text: str) -> None:
    masks = find_personal(text)
    assert all(0 <= m.start < m.end <= len(text) for m in masks)
    assert all(one.end <= other.start for one, other in pairwise(masks))


@pytest.mark.parametrize("piece", ["0", "0 ", "0.", "A", "Trần ", "a@", "khong ", "1-", "ông Trần Văn ", "tên: "])
def test_masking_takes_linear_time(piece: str) -> None:
    begin = time.process_time()
    find_personal(piece * (20_000 // len(piece)))
    assert time.process_time() - begin < 2
