"""The words of Vietnamese addresses: what opens a street, a hamlet, a landmark, and how far its name goes."""

import re
from collections.abc import Iterator

import ahocorasick

from .names import CAPITAL, FAMILIES, SMALL
from .streets import STREET_NAME

# What may open a part of an address; marked forms and the bare ones of people who type none.
STREET = (
    r"quốc lộ|quoc lo|ql ?(?=\d)|tỉnh lộ|tinh lo|đường tỉnh|duong tinh|đt ?(?=\d{3})|hương lộ|huong lo"
    r"|đường huyện|cao tốc|cao toc|đại lộ|dai lo"
    r"|vành đai|vanh dai|tuyến đường|đường lộ|đường số|duong so|đường|duong|đừơng|đuờng|đg\.?|tuyến phố"
    r"|(?<!thành )(?<!khu )phố|lộ|lo|trục"
)
ALLEY = r"hẻm|hem|hẽm|ngõ|ngách|kiệt|đường hẻm"
HAMLET = (
    r"ấp|ap|khóm|khom|khu vực|khu vuc|kv\.?|khu phố|khu pho|tổ dân phố|tdp|tổ|thôn|xóm|xom|phum sóc|phum|sóc"
    r"|cù lao|cu lao|cồn|giồng"
)
ESTATE = (
    r"khu dân cư|khu dan cu|kdc|khu tái định cư|khu tai dinh cu|khu tđc|khu đô thị|khu do thi|kđt"
    r"|khu công nghiệp|khu cong nghiep|kcn|cụm công nghiệp"
    r"|khu nhà ở|khu nha o|khu nhà trọ|chung cư mini|chung cư|chung cu|khu thương mại|khu chợ|khu hành chính|khu"
)
CROSSING = (
    r"ngã ba|nga ba|ngả ba|ngã tư|nga tu|ngả tư|ngã năm|ngã sáu|giao lộ|giao lo|vòng xoay|vong xoay|bùng binh"
    r"|bung binh|góc đường|góc|goc"
)
WATER = (
    r"kênh|kenh|kinh xáng|kinh|rạch|rach|sông|song|xẻo|xeo|vàm|vam|hồ|bến đò|ben do|bến phà|ben pha|phà|pha"
    r"|bờ kè|bo ke|kè|đập"
)
LANDMARK = (
    r"nhà lồng chợ|nha long cho|chợ nổi|cho noi|chợ đêm|chợ|cho|cầu|cau|bến xe|ben xe|bến tàu|bến cảng|cảng cá"
    r"|cang ca|cảng"
    r"|(?:trường|truong)(?: (?:tiểu học|tieu hoc|th|thcs|thpt|mầm non|mam non|mẫu giáo|mau giao|trung học cơ sở"
    r"|trung học phổ thông|đại học|cao đẳng|dân tộc nội trú))?"
    r"|tiểu học|thcs|thpt|mầm non|mẫu giáo|chùa|chua|đình|dinh|miếu|nhà thờ|nha tho|thánh thất|đền|bệnh viện"
    r"|benh vien|trạm y tế|tram y te|nhà văn hóa|nha van hoa"
    r"|ủy ban nhân dân|uỷ ban nhân dân|ủy ban|uy ban|ubnd|trụ sở|tru so|công an|cong an|bưu điện|buu dien"
    r"|công viên|cong vien|quảng trường|siêu thị|sieu thi"
    r"|cây xăng|cay xang|trạm xăng|tram xang|nghĩa trang|nghia trang|trạm bơm|nhà máy|nha may|hội trường"
    r"|bãi rác|bai rac|khu di tích|bãi xe|trung tâm|vòng xuyến|bến"
)
NUMBER = r"(?:nhà |nha )?(?:số nhà|so nha|số|so)|km"
# Bare spellings that are first of all other words (cho = give): only with a capital or a known name behind.
DOUBTFUL = frozenset(
    "cho cau chua dinh kinh rach song xeo vam pha goc lo khu phố ap hem kv trục tổ đền đình sóc phà kiệt hồ đập".split()
)
# Bare forms of marked words that are words of their own (cho ≠ chợ): no landmark in a text with marks, nor by a number.
BARE = frozenset("cho cau chua dinh rach song xeo vam goc".split())

PART = re.compile(
    rf"(?<![^\W_])(?:(?P<street>{STREET})|(?P<alley>{ALLEY})|(?P<crossing>{CROSSING})|(?P<hamlet>{HAMLET})"
    rf"|(?P<estate>{ESTATE})"
    rf"|(?P<water>{WATER})|(?P<landmark>{LANDMARK})|(?P<number>{NUMBER}))"
    rf"(?= ?\d| [^\W_]|[-.] ?\d)"
)

# The first words of all that opens a part: an automaton finds them in a tenth of the pattern's time.
_OPENERS = ahocorasick.Automaton()
for _kind in (STREET, ALLEY, HAMLET, ESTATE, CROSSING, WATER, LANDMARK, NUMBER):
    for _first in re.findall(r"(?:^|[|():])([^\W\d_]+)", _kind):
        _OPENERS.add_word(_first, len(_first))
_OPENERS.make_automaton()


def openings(small: str) -> Iterator[re.Match[str]]:
    """What ``PART`` finds in a lower-case text, in order, never overlapping.

    >>> [match[0] for match in openings("ngập từ hẻm 9 tới cầu đúc, loa to")]
    ['hẻm', 'cầu']
    """
    starts = set()
    for last, length in _OPENERS.iter(small):
        start = last - length + 1
        if not (start and small[start - 1].isalnum()) and not small[last + 1 : last + 2].isalpha():
            starts.add(start)
    done = 0
    for start in sorted(starts):
        if start >= done and (match := PART.match(small, start)):
            done = match.end()
            yield match


# Words that move the point: they belong to the place.
MOVER = re.compile(
    r"(?<![^\W_])(?:(?:bên|phía|phia|mé|dưới) )?(?:(?:phía trước|phia truoc|phía sau|phia sau|trước mặt|trước"
    r"|truoc|sau lưng|sau lung|sau hè"
    r"|sau|đối diện|doi dien|cạnh|canh|kế bên|ke ben|kế|sát bên|sát|sat|đầu|dau|cuối|cuoi|giữa|giua|gầm|gam|dốc"
    r"|doc|chân|chan|mé|hông|cổng|cong"
    r"|đoạn từ|doan tu|đoạn|doan|bờ|bo|cửa|dãy phố|dãy nhà|từ|tu|miệng|bên hông) )+$"
)
# The last words of the movers above: a cheap look before the pattern.
MOVING = frozenset(
    "trước truoc sau mặt lưng lung hè diện dien cạnh canh bên ben kế sát sat đầu dau cuối cuoi giữa giua gầm "
    "gam dốc doc chân chan mé hông cổng cong từ tu đoạn doan bờ bo cửa phố nhà miệng".split()
)
_MARKED_WORD = re.compile("[à-ỹđ]")

# Between two parts of one address.
JOINT = re.compile(
    r"[\s,;:()/–-]*(?:(?:thuộc|thuoc|của|cua|ở|o|tại|tai|địa bàn|dia ban|nay là|nay thuộc|nay la|nay thuoc|nay"
    r"|giờ là|gio la|là|la|bên|ben|trên|trong|phía|gần|nhà|mé|đi|qua|đoạn qua|doan qua|nối dài|noi dai|khúc"
    r"|đoạn|cũ|cu"
    r"|thị trấn cũ|trước thuộc|trước|truoc|sau|đối diện|doi dien|cạnh|đầu|cuối|góc|giữa|ngay|số|so|dưới|chỗ"
    r"|chân|cổng|hông|mé) ?)*[\s,;()/–-]*"
)
REACH = re.compile(
    r"\s*(?:,|–|-)?\s*(?:đến|den|tới|toi|lên|vô|vo|về|ra|qua|vào|xuống|giao với|giao|với|voi|và|–"
    r"|-)\s*(?:đường |cầu )?$"
)
NAMELESS = re.compile(r"(?: (?:cũ|nổi|trung tâm|mới|nhỏ|lớn|đa khoa|tạm|chính|cu|noi|moi|nho|lon))*(?=, )")
HOUSE = re.compile(
    r"(?<!hẻm )(?<!hem )(?<!số )(?<!so )(?<!ngõ )(?<!kiệt )(?<!km )(?<!nhà )(?<![^\W_])"
    r"(?=\d*[\d/]\d)\d{1,4}[a-z]?(?:/\d{1,4}[a-z]?)* $"
)
TAIL = re.compile(r" (?:nối dài|noi dai|kéo dài)(?![^\W_])")

_DATE_NAME = r"\d{1,2} ?(?:tháng|thang|/) ?(?:\d{1,2}|tám|tam|tư)"
_NUMBER_NAME = (
    r"(?:số |so )?(?:[a-z]{0,2}\d{1,4}[a-z]?\d{0,2}(?:[/.-]\d{1,4}[a-z]?)*|(?:một|hai|ba|bốn|tư|năm|sáu|bảy|tám"
    r"|chín|mười)(?= (?:xã|phường|thị|tt|p\.))|[ivx]{1,4}(?= |,|$))"
)
NUMBER_NAME = re.compile(rf"[-.]? ?(?:{_DATE_NAME}|{_NUMBER_NAME})(?![^\W_])")
CAPITAL_NAME = re.compile(
    rf"(?:[{CAPITAL}][{SMALL}{CAPITAL}]*|\d{{1,2}}(?= Tháng| tháng))(?: (?:[{CAPITAL}][{SMALL}{CAPITAL}]*"
    rf"|Tháng \d{{1,2}}|tháng \d{{1,2}}|\d{{1,2}}[A-Z]?(?:-\d{{1,2}})?(?![\w/.,]?\d)))*(?:\d{{1,2}})?(?![^\W_])"
)

_STOP = frozenset(
    "ngap bi hu hong bi dang da co khong ko k hem duong phuong xa thi quan huyen tp tinh ap khu nha mua nuoc den "
    "rac cong duoc dc may hom ngay tu may gan truoc sau doi nua la ma thi o tai toi tui em xe di ra vo vao len "
    "xuong qua hoai nhieu lam roi r bay nay kia gio lo moi cai con nguoi ong ba co chu anh chi nay hay vay va voi "
    "cho de sao ai chua moi toan toi het hoi ro keo nhung khuc doan cua cung ad tren duoi ban dem sang chieu trua "
    "luc luon rat thay nghe nhin mat sup lun be nat tat bao xin nho yeu cau giup kiem tra sua nga hoac khi noi "
    "dan re chi phai trai dai cong che bo loi dum gium cu nghet tran lap lun chay dau do don lan chiem thieu lai "
    "bung".split()
)
_WORDS = re.compile(r"[a-z]+\d?|\d+[a-z]?")
_MIDDLES = frozenset(
    "van thi huu duc cong dinh quoc ngoc minh thanh hong trung chi ba the xuan viet quang tu hoang phu nguyen ton "
    "hung thuong".split()
)


def small_name_end(folded: str, start: int) -> int:
    """Where a name written in small letters from ``start`` ends; ``start`` itself when none begins there.

    >>> text = "le van tam ngap"
    >>> text[: small_name_end(text, 0)]
    'le van tam'
    """
    street = STREET_NAME.match(folded, start)
    if street:
        return street.end()
    end, words = start, 0
    limit, first = 2, ""
    for match in _WORDS.finditer(folded, start, start + 40):
        if match.start() > end + (1 if words else 0) or match[0] in _STOP:
            break
        first = first or match[0]
        if words == 1 and first in FAMILIES and match[0] in _MIDDLES:
            limit = 3
        if words == limit and not (match[0] in ("a", "b", "c", "d") or match[0].isdigit()):
            break
        end, words = match.end(), words + 1
        if words > limit:
            break
    return end


def is_marked(word: str) -> bool:
    """Whether a lower-case word bears Vietnamese marks."""
    return bool(_MARKED_WORD.search(word))
