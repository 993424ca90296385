"""Find personal data in a text, say of which type it is, and put a word in its place."""

import re
from collections.abc import Iterator

from classifiers.prediction import Mask

from .clean import cleaned
from .fold import fold
from .names import CAPITAL, find_names
from .numbers import find_numbers, has_long_number

PLACEHOLDERS = {
    "phone": "[số điện thoại]",
    "id_number": "[số căn cước]",
    "id_number_old": "[số chứng minh]",
    "bank_account": "[số tài khoản]",
    "email": "[thư điện tử]",
    "plate": "[biển số]",
    "card": "[số thẻ]",
    "tax_code": "[mã số thuế]",
    "person": "[tên riêng]",
    "home_number": "[số nhà]",
    "birth_date": "[ngày sinh]",
    "handle": "[tên tài khoản]",
}

_DIGIT = re.compile(r"\d")
_EMAIL = re.compile(
    r"[\w.+-]{1,64}(?:@| @ | ?\(at\) ?| ?\[at\] ?| a còng | a cong )[\w-]{1,63}(?:\s?(?:\.|\(dot\)| chấm "
    r"| cham )\s?[A-Za-z]{2,12}){1,3}",
    re.IGNORECASE,
)
_AT_SIGNS = ("@", "(at)", "[at]", " a cong ")
# 65B1-123.45, 65W 12345, 83-P1 234.56, 65MĐ1-123.45; small letters too, but never those of a unit (5 k, 10 h).
_PLATE = re.compile(
    r"[1-9](?<![\w.,/-].)\d\s?[-. ]?\s?(?P<series>[A-ZĐ]{1,2}\d?"
    r"|[a-zđ]{1,2}\d?)(?P<gap>\s?[-. ]?\s?)(?P<number>\d{3}[. ]?\d{2}|\d{4})(?![\w/]|[.,]\d)"
)
_PLATE_CUE = re.compile(
    r"(?:bien|bien so|bks|bs|bien kiem soat|xe(?: may| tai| o to| ba gac| khach)?)\s*(?:so|la|:|kiem soat)?\s*$"
)
_UNIT_SERIES = frozenset("h k m g l p s kg km ha tr cm mm d đ ng".split())

_SITE = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?(?:facebook|fb|zalo|tiktok|instagram|youtube|t|threads)\.(?:com|me"
    r"|net)/[@\w.%?=/-]{2,80}",
    re.IGNORECASE,
)
_AT_NAME = re.compile(r"(?<![\w.@])@[\w.]{3,40}(?<!\.)")
_ACCOUNT = re.compile(
    r"(?<!\w)(?:nick|acc|tai khoan|fb|facebook|face|zalo|tiktok|instagram|telegram|youtube|kenh)"
    r"(?:\s(?:facebook|fb|zalo|tiktok|cua (?:toi|em|no|ong|ba|anh|chi)|ca nhan))?\s*(?P<named>(?:ten|mang ten"
    r"|la|co ten|name)\s+(?:la\s+)?|dang\s+(?=[\"“])|:\s*|(?=[\"“'‘]))"
)
_NICKED = re.compile(
    r"(?<!\w)(?:(?:nick|acc)|(?:dung|boi|lap|qua|la) tai khoan)(?: (?:facebook|fb|zalo|tiktok|dang))? (?=[a-z])"
)
_SEVERAL = re.compile(rf"[{CAPITAL}]\w*(?: (?:[{CAPITAL}]\w*|\d{{1,4}}(?![\w./]))){{1,5}}")
_BANK = re.compile(r"(?:ngan hang|agribank|vietcom|vietin|bidv|sacom|techcom|mb|acb|vp|tp|momo|kho bac|dich vu)")
_NETS = ("nick", "acc", "khoan", "fb", "face", "zalo", "tiktok", "insta", "telegram", "youtube", "kenh")
_PAGE = re.compile(
    r"(?<!\w)(?:trang|page|fanpage|nhom kin)(?: (?:facebook|fb|zalo|mang|ca nhan))?(?: mang ten)?\s*(?=[\"“])"
)
_DOTTED = re.compile(
    r"(?<!\w)(?:nhan|qua|add|kb|ket ban|ib|inbox"
    r"|theo doi)[^.\n\d]{0,30}?\s(?P<name>[a-z]{3,}[._][a-z\d_]{3,})(?![\w.])"
)
_INNER_SIGN = re.compile(r"[._](?=[a-z\d_])")
_QUOTED = re.compile(r"[\"“'‘](?P<name>[^\"”'’\n]{2,40})[\"”'’]")
_NICK = re.compile(
    r"(?P<name>(?=[a-z0-9]*[._\d])[A-Za-z][\w.]{3,40}(?<!\.)|[A-ZĐÀ-Ỹ][a-zà-ỹđ]+(?: [A-ZĐÀ-Ỹ][a-zà-ỹđ]*){0,4})"
)

_BIRTH = re.compile(
    r"(?:(?:(?<!hy )(?<!thi )sinh (?:ngay|nam)|ngay(?: thang nam)? sinh|nam sinh|ns|sn)"
    r"(?: [^\d\n:.]{0,20})?\s*:?\s*(?:la\s+)?"
    r"|(?<!hoc )(?<!ve )(?<!hy )\bsinh\s+(?=\d{1,2}[/.-]\d|(?:19|20)\d\d))"
    r"(?P<date>\d{1,2}\s?[/.\- ]\s?\d{1,2}\s?[/.\- ]\s?(?:19|20)?\d{2}|\d{1,2} thang \d{1,2} nam (?:19|20)\d{2}"
    r"|(?:19|20)\d{2})(?!\d)"
)
_BIRTH_CUES = ("sinh", "ns", "sn")
_LOCATES = re.compile(
    r"(?<!\w)(?:truoc|gan|doi dien|canh|ngang|sau|sau lung|camera|goc|tra loi|khuc|doan|toi|den|tu|ke|sat)\s*$"
)
_ACCUSES = re.compile(r"(?<!\w)to (?:cao|giac)(?!\w)")
_HOME_CUES = ("nha", "can ", "phong tro")
_HOME = re.compile(
    r"(?<!\w)(?:(?:can (?:nha |ho )?so|phong tro so|nha tro so|can ho)\s*:?\s*"
    r"|nha\s+(?=\d+[a-z]?/\d|\d+[a-e](?!\w))|(?=(?:so nha|nha so)(?!\w)))"
    r"(?P<number>(?:(?:so nha|nha so)\s*:?\s*)?\d{1,4}[a-z]?\d?(?:\s?[/-]\s?\d{1,4}[a-z]?){0,3})(?![\w/]|[.,]\d)"
)


# A number that only an accusation makes a home's, and what stands right behind a private name.
_ACCUSED_HOME = re.compile(
    r"(?<!\w)(?<!nha )so \d{1,4}[a-z]?(?:/\d{1,4}[a-z]?){1,3}(?=,? (?:duong|hem|khu vuc|khom|ap|to|pho)(?!\w))"
)
_HOME_BEHIND = re.compile(
    r",? (?:(?:o|ngu|tai|nha|dia chi) )*"
    r"(?P<home>(?:so (?:nha )?)?\d{1,4}[a-z]?(?:/\d{1,4}[a-z]?){1,3}|so (?:nha )?\d{1,4}[a-z]?)"
    r"(?![\w/]|[.,]\d)"
)
_BIRTH_BEHIND = re.compile(r",? \(?(?P<date>\d{1,2}[/.-]\d{1,2}[/.-](?:19\d\d|20[01]\d))(?!\d)")


def find_personal(text: str) -> list[Mask]:
    """The stretches of personal data, in order, never overlapping; officials, hotlines, prices and file codes stay.

    >>> text = "Tôi tên Trần Thị Bông, gọi 0538.114.207. Hồ sơ 000.24.18, đường dây nóng 1022."
    >>> [(text[mask.start : mask.end], mask.type) for mask in find_personal(text)]
    [('Trần Thị Bông', 'person'), ('0538.114.207', 'phone')]
    """
    state = cleaned(text)
    taken: list[Mask] = []
    for mask in _candidates(state.text):
        if all(mask.end <= other.start or mask.start >= other.end for other in taken):
            taken.append(mask)
    bounds = [(*state.original(mask.start, mask.end), mask.type) for mask in sorted(taken, key=lambda mask: mask.start)]
    return [Mask(start, end, kind) for start, end, kind in bounds]


def mask(text: str) -> str:
    """The text with a bracketed word in place of each piece of personal data.

    >>> mask("Xe 65W-123.45 của ông Lâm Văn Đẹt, sđt 0541 772 093")
    'Xe [biển số] của ông [tên riêng], sđt [số điện thoại]'
    """
    pieces: list[str] = []
    done = 0
    for found in find_personal(text):
        pieces += (text[done : found.start], PLACEHOLDERS[found.type])
        done = found.end
    return "".join((*pieces, text[done:]))


def _candidates(text: str) -> Iterator[Mask]:
    """Surer types first."""
    folded = fold(text)
    has_digit = bool(_DIGIT.search(text))
    if any(sign in folded for sign in _AT_SIGNS):
        yield from (Mask(*match.span(), "email") for match in _EMAIL.finditer(text))
    yield from _handles(text, folded)
    if has_digit:
        if has_long_number(text):
            yield from _plates(text, folded)
        if any(cue in folded for cue in _BIRTH_CUES):
            yield from (Mask(*match.span("date"), "birth_date") for match in _BIRTH.finditer(folded))
    yield from find_numbers(text, folded)
    if has_digit:
        yield from _homes(folded)
    for name in find_names(text, folded):
        yield name
        if has_digit:
            yield from _behind_name(folded, name.end)


def _plates(text: str, folded: str) -> Iterator[Mask]:
    for match in _PLATE.finditer(text):
        cued = bool(_PLATE_CUE.search(folded[max(0, match.start() - 24) : match.start()]))
        if match["series"].lower() in _UNIT_SERIES and not cued and not (match["series"].isupper() and "-" in match[0]):
            continue
        if len(match["number"]) == 4 and not cued and not (match["series"].isupper() and "-" in match["gap"]):
            continue
        yield Mask(*match.span(), "plate")


def _behind_name(folded: str, end: int) -> Iterator[Mask]:
    """The home or the day of birth that follows a private name: "Tư Quới, số 18/6", "Quách Thị My, 14/03/1991"."""
    if birth := _BIRTH_BEHIND.match(folded, end):
        yield Mask(*birth.span("date"), "birth_date")
    elif home := _HOME_BEHIND.match(folded, end):
        yield Mask(*home.span("home"), "home_number")


def _homes(folded: str) -> Iterator[Mask]:
    """House numbers of homes that are spoken of; one that only shows the way to a spot in the street stays."""
    homes = list(_HOME.finditer(folded)) if any(cue in folded for cue in _HOME_CUES) else []
    if not homes and " so " not in folded:
        return
    accused = bool(_ACCUSES.search(folded))
    for match in homes:
        if accused or not _LOCATES.search(folded, max(0, match.start() - 12), match.start()):
            yield Mask(*match.span("number"), "home_number")
    if accused:
        yield from (Mask(*match.span(), "home_number") for match in _ACCUSED_HOME.finditer(folded))


def _handles(text: str, folded: str) -> Iterator[Mask]:
    if any(end in folded for end in (".com", ".me", ".net")):
        yield from (Mask(*match.span(), "handle") for match in _SITE.finditer(text))
    if "@" in text:
        yield from (Mask(*match.span(), "handle") for match in _AT_NAME.finditer(text))
    if _INNER_SIGN.search(folded):
        yield from (Mask(*match.span("name"), "handle") for match in _DOTTED.finditer(text))
    for cue in _PAGE.finditer(folded) if '"' in text or "“" in text else ():
        if name := _QUOTED.match(text, cue.end()):
            yield Mask(*name.span(), "handle")
    for cue in _ACCOUNT.finditer(folded) if any(net in folded for net in _NETS) else ():
        name = _QUOTED.match(text, cue.end()) or _NICK.match(text, cue.end())
        if name:
            yield Mask(*name.span(), "handle")
    for cue in _NICKED.finditer(folded) if "nick" in folded or "khoan" in folded else ():
        name = _SEVERAL.match(text, cue.end())
        if name and not _BANK.match(folded, cue.end()):
            yield Mask(*name.span(), "handle")
