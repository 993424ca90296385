"""Find the names of private persons; officials in office, streets and schools keep theirs."""

import re
from collections.abc import Iterator

from classifiers.prediction import Mask

from .streets import STREET_NAME

FAMILIES = frozenset(
    "nguyen tran le pham huynh hoang phan vu vo dang bui do ho ngo duong ly doan truong lam mai dinh trinh to "
    "tang ta chau cao ha luu luong thach son kim danh kien lieu quach trieu thai tu tong vuong van vien quan la "
    "ma khuu ong dao dong giang hua han nhan nghiem phung phuong than tieu trang tra tram ung diep chung chu au "
    "cu bach lai luc mac ninh nong khong kha du dieu thieu thuong tat ton nhu neang thi hong lu loi liem mach "
    "tiet ngac giap tang du lu co pho banh kieu duu ngan chau".split()
)
# Families as they are spelt, with marks or without, that open no name of a place or a feast (Hồ Xáng Thổi, Lễ Ok).
_SURE_FAMILIES = frozenset(
    "nguyễn trần lê phạm huỳnh hoàng phan vũ võ đặng bùi đỗ ngô lý đoàn trương lâm mai đinh trịnh tô tăng tạ châu "
    "cao lưu lương thạch kim danh kiên liêu quách triệu thái từ tống vương lữ hứa hàn nghiêm phùng tiêu trang trầm "
    "diệp chung chu âu bạch lục mạc ninh khổng kha tôn bành kiều dư đào dương khưu giang mã "
    "nguyen tran pham huynh hoang phan vo bui ngo dang thach trinh quach trieu vuong luong phung nghiem".split()
)
_NO_FAMILY = frozenset("phường đường trường đình phuong duong".split())  # but Phương, Dương, Trương, Đinh
_ORDERS = frozenset("hai ba tu nam sau bay tam chin muoi ut ca".split())
CAPITAL = "A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
SMALL = "a-zđàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
_CAPITALISED = re.compile(rf"[{CAPITAL}](?<![^\W_].)[{SMALL}]*(?: [{CAPITAL}][{SMALL}]*){{0,6}}(?![^\W_])")

# Forms of address as written; without marks only those that are hardly anything else.
_KIN = frozenset(
    "ông bà ba anh chị chú cô dì cậu thím bác em cháu thầy cụ mợ dượng bé mụ ong chi chu ms mr mrs".split()
)
_STRONG = re.compile(
    r"(?:(?<![a-z])(?:ten|ho ten|ho va ten|ten la|ten that la|mang ten|ten goi)\s*(?:la|:|toi|cua toi la)?\s*"
    r"|(?<![a-z])(?:nguoi|ten|dai dien|thay mat|chu ho|chu don|nguyen don|tm\.?|ky ten|ky|kinh don|nay kinh don"
    r"|lien he|gap)[^.:;\n]{0,28}[:,\n]\s*"
    r"|(?<![a-z])(?:ky ten|kinh don|lien he|gap|dai dien|thay mat|phu huynh|truong nhom|thu ky|dieu duong|shipper"
    r"|chu thau|ban doc|nguoi (?:de nghi|dung don|khieu nai|to cao|gui|viet|lam don|phan anh|dieu hanh(?: la)?))\s*"
    r"|(?<![a-z])(?:tran trong|kinh thu|kinh chao|chao tran trong|cam on nhieu|xin cam on|cam on|tra loi|giup do"
    r"|xem xet|toi|me chau"
    r"|cha chau|ba chau|me be|phu huynh)\s*[,:]\s*)$"
)
_STRONG_ENDS = tuple(
    ": , \n ten la toi don he gap dien mat huynh nhom ky duong shipper thau doc nghi nai cao gui viet anh hanh".split(
        " "
    )
)  # a cheap look before the pattern above
_CALLED_ENDS = ("ten", "la", ":", "biet danh")
_CALLED = re.compile(
    r"(?<![a-z])(?:toi|tui|no|em|con|chau|anh|chi|ong|ba|nguoi|chong|vo|me|cha|chu|cam dau|be) ten\s*(?:la|:)?\s*$"
)
_SELF = re.compile(
    r"(?<![a-z])(?:toi|tui|em|minh|con|chau|no|la)(?: (?:day|ten))? la\s*$|(?<![a-z])(?:toi|tui|con toi|con tui),\s*$"
)
_ROLE = re.compile(
    r"(?<![a-z])(?:giam doc(?: [a-z]+){0,4}|quan doc|thuong lai|thuong binh"
    r"|chu (?:ghe|tau|xe|quan|vua|tiem|co so|nha|tro|dai ly|cua hang|trai"
    r"|sa lan|no)|tai xe|lai xe|tai cong|thang"
    r"|hang xom|to cao|to giac|biet danh|ten goi khac|doi tuong|nghi pham|duong su|em|chau|be|con|con toi la|vo"
    r"|chong|me|cha|con trai|con gai|me cua|cha cua|con cua|chau noi toi|chau ngoai toi|chong toi|vo toi"
    r"|con toi)\s*(?:la|ten|,|:)?\s*$"
)
_KIN_BEFORE = re.compile(
    r"(?<![^\W_])(?:ông|bà|(?<!ngã )(?<!nga )ba|anh|chị|chú|cô|dì|cậu|thím|bác|thầy|cụ|mợ|dượng|mụ|em|cháu|bé"
    r"|thằng|nàng|ms|mr|ong|chi|chu) +$"
)
_KIN_ENDS = tuple(
    "ông bà ba anh chị chú cô dì cậu thím bác thầy cụ mợ dượng mụ em cháu bé thằng nàng ms mr ong chi chu".split()
)  # a cheap look before the pattern above
_FAMILY_MEMBER = re.compile(r"(?<![^\W_])(?:con|thằng|ba) +$")
_OFFICE = (
    r"(?:pho )?(?:chu tich|bi thu|truong (?:phong|cong an|ap|ban|khu vuc|khom|tram)|truong ap|to truong"
    r"|giam doc so|chanh van phong|chanh thanh tra"
    r"|hieu truong|hieu pho|dai bieu|can bo|cong chuc|chi huy truong|chu nhiem|pho giam doc so|pho phong"
    r"|thuong ta|trung ta|dai uy|thieu ta"
    r"|thuong uy|trung uy|dai ta|thieu uy|dong chi|dc|bo truong|thu truong|vien truong|chanh an|luong y"
    r"|bac si truong)"
)
_OFFICE_BEFORE = re.compile(rf"(?<![a-z]){_OFFICE}(?: [a-z]+){{0,5}}[ ,:]*(?:ong|ba|la)?\s*$")
_OFFICE_AFTER = re.compile(rf"\s*[,(–-]?\s*(?:la |nguyen |hien la )?{_OFFICE}(?! huu tri)(?![a-z])")
# Whoever speaks of himself, is accused, or is kin to somebody is private, whatever office stands beside.
_PRIVATE_STILL = re.compile(
    r"(?:(?<![a-z])(?:toi|tui)(?:,| ten| ten la| la)?|to (?:cao|giac)(?: [a-z]+)?"
    r"|(?<![a-z])(?:con|vo|chong|cha|me)(?: ong| ba)?)\s*$"
)
_OFFICE_WORDS = frozenset(
    "chu bi pho truong giam cong ubnd uy so ban can to ky kinh dien mat hoi doan khmer viet nam chi tay tau hoa "
    "kinh phap my han nhat".split()
)
_GODS = frozenset("dia tao troi chua grab shipper".split())  # ông Địa, ông Táo, bà Chúa; and anh Grab
_GIVEN_TOO = frozenset("my hoa kim han".split())  # countries and peoples, but bà Mỹ Nhung
_PLACE_BEFORE = re.compile(
    r"(?<![a-z])(?:(?<!dieu )duong|hem|so|ngo|truong|thpt|thcs|tieu hoc|mam non|mau giao|cho|cau|xa|phuong|p\."
    r"|quan|huyen"
    r"|thi tran|nga tu|nga ba|goc|cong vien"
    r"|benh vien|ap|khom|khu|khu vuc|kv|tuong dai|tuong|den|(?<!gia )dinh|chua|kdc|duong so|vong xoay|dai lo|lo|le|kinh"
    r"|kenh|rach|ben|pha|nha hang"
    r"|quan|khach san|cong ty|cty|tnhh|doanh nghiep|giao lo|doan|tram|dai|huong|quan nhau)(?: so)? *(?:\d[\w/]* *)?$"
)
_SIGNATURE_START = re.compile(r"(?:[.!?…]\s+|\n\s*(?:[-–]\s*)?)$")
_SIGNATURE_END = re.compile(
    r"\s*(?:[.,;]?\s*$|[.,]?\s*\n|[,(–—-]+\s*(?:so|sdt|dt|dien thoai|cccd|cmnd|can cuoc|mst"
    r"|email|e-mail|thu dien tu|hop thu|ma|ong|ba|me|cha|ngu|o)?[^\n]{0,30}[\d@]"
    r"|,? (?:\d[\d ]{0,4}){3}\d|,? sinh (?:nam |ngay )?\d|,? (?:cccd|cmnd|sdt|so dt) ?:? ?\d"
    r"|\s(?:cung|va) \d+|,\s*(?:ong|ba|me|cha) (?:ngoai|noi|chau)|,?\s*(?:kinh|tran trong))"
)

_OWN_DETAIL = re.compile(r",? (?:0\d[\d .]{7}|sinh (?:nam |ngay )?\d|(?:cccd|cmnd|can cuoc|sdt|dt)[ :]*\d)|,? kinh don")
_LAST_LINE = re.compile(r"(?: cung [^\n]{0,30}|[,.(–-][^\n]{0,60})?\s*$")
_ENDS_LETTER = re.compile(r"(?:\n\s*|[.!?…]\s+(?:toi |tui )?)$")
_NICKNAME_END = re.compile(r"[ .!]*$|,? \d[\d. ]{8,}")
_BY_SOMEONE = re.compile(r"(?<![a-z])(?:do|cua|chu|bi|cho|voi|goi|giam doc [a-z ]{0,24})\s*$")
_DOES = re.compile(r"\s*(?:[,.]|lam chu|cam dau|dung ten|quan ly|dieu hanh|tron|da|dang|chi dao|ne|la)(?![a-z])")
# In small letters only what hardly is anything else: a family, then Thị or Văn, with marks or without.
_SMALL_NAME = re.compile(
    r"(?<![^\W_])(?:tên(?: là| gì| thật là| thiệt là)?|ông|bà|anh|chị|cô|chú|bác|thầy|thằng|con bé|vợ|chồng|"
    r"ten(?: la| gi| that la| thiet la)?|ong|chi|chu|bac|thay|con be|vo|chong) (?P<name>(?P<family>[^\W\d_]+) "
    r"(?:thị|văn|hữu|thi|van|huu) [^\W\d_]+(?: [^\W\d_]+)?)(?![^\W_])"
)
_BARE_CUE = re.compile(
    r"(?<![a-z])(?:(?:toi|tui|em|con|minh|chau|no|me|cha|vo|chong) ten|ho ten|ho va ten|nguoi (?:gui|viet"
    r"|lam don|phan anh|dung ten|khieu nai|to cao|ky|de nghi)(?= la |\s?:))"
    r"\s*(?:la|:)?\s*(?P<name>[a-z]+(?: [a-z]+){1,3})(?![a-z])"
)
# Words that lead to a street or a spot, or to what is only called after somebody: no private name follows them.
_LEADS_ELSEWHERE = frozenset(
    "đg dg đườg đuowng duongf đường duong hẻm hem đi ra qua tới đến den từ tu trên tren ở o tại tai khúc khuc trước "
    "truoc ngay giữa giua và va ngang quanh cũ cu sau gần gan cạnh canh bên ben đối đầu dau cuối cuoi đoạn doan "
    "tuyến góc goc ghi về ve vô vo vào vao xuống xuong lên len dưới duoi trong ngoài khách liveshow show phim đội doi "
    "giao dọc doc nút lộ khắp suốt trường truong chợ cầu kinh kênh rạch thành phố khu vùng hiệu bảng tượng giải cúp "
    "sao ca sĩ cố danh hài".split()
)
_WORD_BEFORE = re.compile(r"(?:^|(?P<edge>[^\W_])|[^\w])(?P<word>[^\W\d_]+) $")
_TAGGED = re.compile(r" (?:hong|vo|vao|coi|cham|oi|ne|xem|doc|check|share|theo doi|hong tin|luu)(?![a-z])")
_ALSO = re.compile(r"(?:,| va| cung|, cung| voi|,? vo la|,? chong la) $")
_NICKNAME_CUE = re.compile(r"(?<![a-z])(?:chu(?: [a-z]+){0,2}|cua|nha|gap|dai ly(?: [a-z]+){0,4}|ke la|ten la|thang) $")
# Places of the delta and beyond that are spelt like a private name.
_PLACES_LIKE_NAMES = frozenset(
    "ba lang|ba trinh|bay ngan|chau hung|chau khanh|chau thanh|chau thanh a|co do|cu lao dung|dinh mon|dong binh"
    "|dong hiep|dong phu|dong phuoc|dong phuoc a|dong thang|dong thanh|dong thuan|ho dac kien|huynh huu nghia"
    "|lai hieu|lai hoa|lam kiet|lam tan|le binh|lieu tu|luong nghia|luong tam|mai dam|nhu gia|ninh kieu|phung hiep"
    "|phuong binh|phuong phu|thuong thanh|tra an|tra long|tra noc|tran de|trinh phu|vien an|vien binh|nam can"
    "|ba xuyen|ba tri|tam binh|tam nong|bay nui|chin rong|nam bo|nam vang|hai phong|hai duong|nam dinh|nam a|nam my"
    "|tu do|ba dinh|nam thai|nam han|ba na|ca mau|tra vinh|tra quyt|ha noi|ha tien|kien giang|da lat|dong nai"
    "|dong thap|dong nam a|vung tau|lam dong|an giang".split("|")
)
_SMALL_MIDDLES = (" thị ", " văn ", " hữu ", " thi ", " van ", " huu ")
_NOT_NAME = frozenset(
    "o ngu so sdt dt dien nha hien dang la cu tru sinh cccd cmnd xin bao phan va co khong ko bi cung tai thuoc "
    "lam o tuoi nam xom ap khu phuong xa duong hem nghe chu buon ban lai muon nho kinh rat da vua day nay kia thi "
    "ma gui moi roi hoi hom bua".split()
)


def find_names(text: str, folded: str) -> Iterator[Mask]:
    """Names of private persons in a text, given with its folded form of the same length."""
    last = -9
    for match in _CAPITALISED.finditer(text):
        for mask in _capitalised(text, folded, match.start(), match.end(), after=last):
            last = mask.end
            yield mask
    for cue in _BARE_CUE.finditer(folded) if "ten" in folded or "nguoi " in folded else ():
        end = _bare_end(cue["name"])
        if end and not text[cue.start("name")].isupper():
            yield Mask(cue.start("name"), cue.start("name") + end, "person")
    for cue in _SMALL_NAME.finditer(text) if any(middle in text for middle in _SMALL_MIDDLES) else ():
        end = _bare_end(folded[cue.start("name") : cue.end("name")])
        if end and cue["family"] in _SURE_FAMILIES:
            yield Mask(cue.start("name"), cue.start("name") + end, "person")


def _bare_end(name: str) -> int:
    """Length of the name that a run of small letters opens with; 0 when it opens with none."""
    words = name.split()
    if words[0] not in FAMILIES or words[:2] == ["to", "cao"]:
        return 0
    first = 2 if words[1] == "thi" else 1  # Nguyễn Thị Bé; elsewhere thi is an exam, or "then"
    count = next((index for index in range(first, len(words)) if words[index] in _NOT_NAME), len(words))
    return len(" ".join(words[:count])) if count > first else 0


def _capitalised(text: str, folded: str, start: int, end: int, *, after: int) -> Iterator[Mask]:
    """A capitalised run when it is a private name; ``after`` is the end of the private name before it."""
    words = folded[start:end].split(" ")
    if len(words) == 1 and (start < 2 or text[start - 2] in ".!?"):
        return  # one word that opens a sentence
    if words[0] in ("toi", "tui") and len(words) > 2:
        start, words = start + 4, words[1:]
    if words[0] == "ba" and len(words) == 2 and _is_private(text, folded, start, end, words):
        yield Mask(start, end, "person")  # ông Ba Cao: the third-born, not a lady
        return
    if start - after < 9 and words[0] in FAMILIES and 2 < len(words) < 6 and _ALSO.fullmatch(folded, after, start):
        yield Mask(start, end, "person")
        return
    if not start and text[: len(words[0])].lower() in _SURE_FAMILIES and len(words) > 2 and _TAGGED.match(folded, end):
        yield Mask(start, end, "person")
        return
    first = text[start : start + len(words[0])].lower()
    bare_form = first in ("ong", "chi", "chu") and not text[start:end].isascii()  # Ong Chí Hùng
    if first in _KIN and not bare_form and len(words) > 1 and words[1] not in ("van", "thi"):
        if _PLACE_BEFORE.search(folded, max(0, start - 30), start):
            return  # kinh Bà Chiêu
        start, words = start + len(first) + 1, words[1:]
    if _is_private(text, folded, start, end, words):
        yield Mask(start, end, "person")


def _is_private(text: str, folded: str, start: int, end: int, words: list[str]) -> bool:
    before = folded[max(0, start - 60) : start]
    if not before:
        return False
    family = words[0] in FAMILIES and 2 <= len(words) <= 5
    nickname = words[0] in _ORDERS and 2 <= len(words) <= 3
    if not _speaks_of_person(text, folded, start, end, words, before, family=family, nickname=nickname):
        return False
    if not (_OFFICE_BEFORE.search(before) or _OFFICE_AFTER.match(folded, end)):
        return True
    return (family or nickname) and bool(_PRIVATE_STILL.search(before))


def _speaks_of_person(
    text: str, folded: str, start: int, end: int, words: list[str], before: str, *, family: bool, nickname: bool
) -> bool:
    written = text[max(0, start - 12) : start].lower()
    ending = before.rstrip(" ")
    kin = written[-1:] == " " and written.rstrip(" ").endswith(_KIN_ENDS)
    single = len(words) == 1 and words[0] not in _OFFICE_WORDS
    if not (family or nickname or single or kin or ending.endswith(_CALLED_ENDS)):
        return False
    if " ".join(words) in _PLACES_LIKE_NAMES and not (kin or ending.endswith(("ten", "ten la"))):
        return False
    if ending.endswith(_STRONG_ENDS) and _STRONG.search(before):
        return (family or nickname or single or bool(_CALLED.search(before))) and not _PLACE_BEFORE.search(before)
    if kin and _KIN_BEFORE.search(written):
        return family or nickname or _is_given(words, written)
    if before.endswith("biet danh "):
        return True
    if not (family or nickname):
        return False
    if _SELF.search(before) or _ROLE.search(before):
        return True
    if nickname and _NICKNAME_CUE.search(before):
        return not (_PLACE_BEFORE.search(before) or STREET_NAME.match(folded, start))
    if family and len(words) > 2 and _stands_in_sentence(text, folded, start, end, before):
        return True
    if text[start : start + len(words[0])].lower() in _NO_FAMILY and not _ends_bare_letter(text, folded, start, end):
        return False
    return _signs(folded, start, end, words, family=family, nickname=nickname)


def _stands_in_sentence(text: str, folded: str, start: int, end: int, before: str) -> bool:
    """A full name amid a sentence, where nothing leads to a street: "chủ kho Quách Tấn Lợi", "tôi Mạc Văn Tửng"."""
    first = text[start : start + text[start:end].index(" ")].lower()
    sure = first in _SURE_FAMILIES or folded.startswith(" thi ", start + len(first))
    if not sure or STREET_NAME.match(folded, start) or _PLACE_BEFORE.search(before):
        return False
    lead = _WORD_BEFORE.search(text, max(0, start - 14), start)
    if lead is None or lead["word"].lower() in _LEADS_ELSEWHERE:
        return False
    bare_self = lead["word"] == "toi"  # tới as well as tôi
    return not (bare_self and lead.start())


def _ends_bare_letter(text: str, folded: str, start: int, end: int) -> bool:
    """Whether a name without marks that begins like a street (Duong Thanh Tho) closes a text."""
    named = folded.startswith("duong ", start) and text[start:end].isascii() and text[start:end].count(" ") > 1
    return named and not folded[end:].strip(" .!") and not STREET_NAME.match(folded, start + 6)


def _signs(folded: str, start: int, end: int, words: list[str], *, family: bool, nickname: bool) -> bool:
    """A name that stands alone after a full stop or on the last line."""
    before = folded[max(0, start - 30) : start]
    if nickname:
        return bool(_SIGNATURE_START.search(before) and _NICKNAME_END.match(folded, end))
    if not family or len(words) < 2 or (len(words) == 2 and not _OWN_DETAIL.match(folded, end)):
        return False
    if _LAST_LINE.match(folded, end) and _ENDS_LETTER.search(before) and not STREET_NAME.match(folded, start):
        return True
    if _BY_SOMEONE.search(before) and _DOES.match(folded, end):
        return True
    return bool(_SIGNATURE_START.search(before) and _SIGNATURE_END.match(folded, end))


def _is_given(words: list[str], written: str) -> bool:
    """A form of address with a given name only: chị Diễm; not ông Năm, not em Khmer."""
    if _FAMILY_MEMBER.search(written) or words[0] in _ORDERS | _KIN or len(words) > 2:
        return False
    if len(words) == 1 and words[0] in _GODS:
        return False
    if words[0] in _OFFICE_WORDS and not (written.endswith("ms ") or (len(words) == 2 and words[0] in _GIVEN_TOO)):
        return False
    return len(words[0]) > 1 and (len(words) == 1 or len(words[1]) > 1)
