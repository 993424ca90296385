"""Tell the numbers that belong to a person (phone, identity, account, card, tax) from all the others."""

import re
from collections.abc import Iterator

from classifiers.prediction import Mask

_GAP = r"(?: ?[.\-–_·] ?| |\) ?| ?\( ?)?"
_RUN = re.compile(rf"(?<![^\W_])(?<![^\W_][.\-/_,])[+(]{{0,2}}(?:[oO](?=\d\d)|\d)(?:{_GAP}\d){{5,}}(?![^\W\d_]*\d)")
_FIVE_DIGITS = re.compile(r"\d(?:\D{0,8}\d){4}")
_GLUED = ("sdt", "tel", "stk", "mst", "alo", "cccd", "cmnd")
_GLUED_CUE = re.compile(r"(?<=sdt|sđt|tel|stk|mst|alo|ccd|mnd)\d(?:[ .\-]?\d){8,}", re.IGNORECASE)
_GROUP = re.compile(r"[oO](?=\d)|\d+")
_DATE = re.compile(r"(?:[0-3]?\d[.\-/ ]){2}(?:19|20)\d\d")
_HEALTH_CARD = re.compile(r"(?<!\w)[A-Z]{2}[ -]?\d(?:[ -]?\d){12}(?!\d)")
_SLASHED_PHONE = re.compile(r"0(?<![\w/].)\d{2,3}/\d{3}/\d{3,4}(?![\w/])")
_TAX_BRANCH = re.compile(r"\d{10} ?- ?\d{3}")
_FOUR_BY_FOUR = re.compile(r"\d{4}([ .\-])\d{4}\1\d{4}\1\d{4}")

_CUES = re.compile(
    r"(?<![a-z])(?:"
    r"(?P<tax>mst|ma so thue|ms thue)|"
    r"(?P<bank>stk|so tai khoan|tai khoan|so tk|tk|chuyen khoan|chuyen tien)|"
    r"(?P<bank_name>ngan hang|agribank|vietcombank|vcb|bidv|vietinbank|sacombank|techcombank|mb ?bank|acb"
    r"|vp ?bank|tp ?bank|hd ?bank"
    r"|kienlong ?bank|shb|scb|ocb|vib|msb|lp ?bank|momo)|"
    r"(?P<card>so the|the (?:atm|ngan hang|visa|tin dung|ghi no|bhyt|bao hiem)|the|visa|master ?card|atm|bhyt"
    r"|bhxh|so bao hiem|so bhxh)|"
    r"(?P<old>cmnd|cmt|chung minh(?: nhan dan| thu)?|cmtnd|giay cm)|"
    r"(?P<id>cccd|can cuoc(?: cong dan)?|dinh danh|cc gan chip|the can cuoc)|"
    r"(?P<phone>sdt|so dt|so dien thoai|dien thoai|dtdd|dt|so may|may ban|lien he|lh|goi|alo|zalo|tel|phone"
    r"|hotline|nhan tin|sms|call)|"
    r"(?P<keep>ho so|bien nhan|ma so|ma ho so|ma phan anh|ma kh|ma khach hang|ma don|van don|ma|phieu|hoa don"
    r"|cong van|quyet dinh"
    r"|nghi dinh|thong tu|so hieu|danh bo|danh ba|so seri|seri|serial|imei|thua|to ban do|bien ban|van ban"
    r"|hop dong|vb|cong to|dong ho|so khung"
    r"|so may dien|chi so|so vao so|giay phep|so dang ky|kinh do|vi do|toa do)"
    r")(?![a-z])"
)
_AMOUNT = re.compile(
    r"\s*(?:d|dong|vnd|trieu|ty|nghin|ngan|kwh|kw|m2|m3|m|%|met|usd|do|ha|kg|tan|luot|nguoi|ho)(?![a-z])"
)
_NUMBER = re.compile(r"\d(?:[ .\-]?\d){5,}")
_MOST_GROUPS = 60  # a longer run is a table or a drawing
_LOOK_BACK = 70
_NEAR = 14

_DIGIT_WORDS = tuple("khong mot hai ba bon tu nam lam sau bay tam chin linh le".split())
_DIGIT_WORD = f"(?:{'|'.join(_DIGIT_WORDS)})"
_FEWEST_SPOKEN = 9
_SPOKEN = re.compile(rf"(?<![a-z])(?:{_DIGIT_WORD}[ ,.-]+){{8,}}{_DIGIT_WORD}(?![a-z])")


def has_long_number(text: str) -> bool:
    """Whether five digits stand near one another: a cheap look before the patterns of what numbers persons bear."""
    return bool(_FIVE_DIGITS.search(text))


def find_numbers(text: str, folded: str) -> Iterator[Mask]:
    """Personal numbers in a text, given with its folded form of the same length; also those spelled out in words."""
    spelt = sum(map(folded.count, _DIGIT_WORDS))
    for match in _SPOKEN.finditer(folded) if spelt >= _FEWEST_SPOKEN else ():
        kind = {9: "id_number_old", 12: "id_number"}.get(len(re.findall("[a-z]+", match[0])), "phone")
        yield Mask(*match.span(), kind)
    if not has_long_number(text):
        return
    yield from (Mask(*match.span(), "card") for match in _HEALTH_CARD.finditer(text))
    for match in _SLASHED_PHONE.finditer(text):
        if _is_phone(match[0].replace("/", "")):
            yield Mask(*match.span(), "phone")
    glued = _GLUED_CUE.finditer(folded) if any(cue in folded for cue in _GLUED) else ()
    for run in (*_RUN.finditer(text), *glued):
        yield from _in_run(text, folded, run.start(), run.end())


def _in_run(text: str, folded: str, start: int, end: int) -> Iterator[Mask]:
    """The personal numbers among the groups of one run of digits, longest reading first."""
    groups = [(match.start() + start, match.end() + start) for match in _GROUP.finditer(text[start:end])]
    first = 0
    while first < len(groups) <= _MOST_GROUPS:
        for last in range(min(len(groups), first + 16) - 1, first - 1, -1):
            begin, stop = groups[first][0], groups[last][1]
            if not 6 <= sum(close - open_ for open_, close in groups[first : last + 1]) <= 19:
                continue
            kind = _kind(text, folded, begin, stop, whole=first == 0 and last == len(groups) - 1)
            if kind:
                while begin and text[begin - 1] in "+(":
                    begin -= 1
                yield Mask(begin, stop, kind)
                first = last
                break
        first += 1


def _kind(text: str, folded: str, start: int, end: int, *, whole: bool) -> str | None:
    """The type of the number ``text[start:end]``; None when it is not a person's."""
    written = text[start:end]
    digits = "".join("0" if letter in "oO" else letter for letter in written if letter.isdigit() or letter in "oO")
    cue, distance = _cue(folded, start)
    phone = _is_phone(digits)
    if cue == "keep" and distance <= _NEAR:
        return None
    if _AMOUNT.match(folded, end) and not phone:
        return None
    if cue in ("old", "id") and (len(digits) in (9, 12) or (whole and 9 <= len(digits) <= 13)):
        return "id_number_old" if len(digits) == 9 else "id_number"
    if cue == "tax" and len(digits) in (10, 13):
        return "tax_code"
    if _TAX_BRANCH.fullmatch(written):
        return "tax_code"
    return _account_kind(written, digits, cue, phone=phone, whole=whole) or _shape_kind(
        written, digits, cue, phone=phone, distance=distance
    )


def _account_kind(written: str, digits: str, cue: str, *, phone: bool, whole: bool) -> str | None:
    if len(digits) == 16 and cue != "bank" and (cue == "card" or _FOUR_BY_FOUR.fullmatch(written) or written.isdigit()):
        return "card"
    if cue == "card" and len(digits) in (10, 13, 15, 16, 17, 18, 19) and not phone:
        return "card"
    sure = cue == "bank" or (cue == "bank_name" and not phone)
    if sure and whole and 6 <= len(digits) <= 19 and not _DATE.fullmatch(written):
        return "bank_account"
    if digits.startswith("0000") and 8 <= len(digits) <= 15:
        return "bank_account"
    return None


def _shape_kind(written: str, digits: str, cue: str, *, phone: bool, distance: int) -> str | None:
    if phone:
        return "phone"
    if len(digits) == 12 and digits[0] == "0":
        return "id_number"
    if cue == "phone" and distance <= _NEAR and not _DATE.fullmatch(written) and not digits.startswith(("18", "19")):
        return "phone" if 7 <= len(digits) <= 12 else None
    if len(digits) == 9 and written.isdigit() and digits[0] in "0123":
        return "id_number_old"
    return None


def _is_phone(digits: str) -> bool:
    local = re.sub("^(?:0084|84)(?=[2-9]\\d{8,9}$)", "0", digits)
    return bool(re.fullmatch(r"0[35789]\d{8}|02\d{9}|01[2689]\d{8}", local))


def _cue(folded: str, start: int) -> tuple[str, int]:
    """The nearest word before the number that says what it is, and how far it stands."""
    before = _NUMBER.split(folded[max(0, start - _LOOK_BACK) : start])[-1]
    name, end = "", -_LOOK_BACK
    for match in _CUES.finditer(before):
        name, end = match.lastgroup or "", match.end()
    return name, len(before) - end
