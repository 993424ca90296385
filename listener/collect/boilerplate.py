"""Lines of a page that belong to the site and not to the writer: buttons, captions, pointers to other pages."""

import re

from classifiers.text.fold import fold

MOST_WORDS = 12  # a longer line is a sentence of the article, whatever it begins with
# Whole lines, folded: what stands on buttons and above boxes.
_BUTTONS = frozenset(
    """
    binh luan|viet binh luan|gui binh luan|y kien ban doc|xem them|doc them|doc tiep|tin lien quan|bai lien quan
    tin cung chuyen muc|cung chuyen muc|chia se|chia se bai viet|quang cao|in bai viet|luu bai viet|copy link
    tro lai chu de|theo doi|trang chu|tags|tu khoa|doi doc|co the ban quan tam|video|thich|gui|tra loi
    xem them binh luan
    """.strip()
    .replace("\n", "|")
    .replace("    ", "")
    .split("|")
)
# Line starts, folded, of pointers and captions.
_STARTS = re.compile(
    r"^[>»▶►•*\-\s]*(?:xem them|doc them|xem ngay|moi doc gia|moi ban doc|anh|anh minh hoa|nguon anh|do hoa|video|clip"
    r"|tin lien quan|bai lien quan|tags?|tu khoa)\s*[:：]",
)
_FOLLOW = re.compile(r"^theo doi .{0,60}\b(?:google|zalo|facebook|telegram)\b")
_CREDIT = re.compile(r"\s*[(\[]?\s*(?:Ảnh|ẢNH|Nguồn ảnh|Đồ họa|Đồ hoạ)\s*[:：]\s*[^.()\[\]\n]{1,40}[)\]]?\s*\.?$")


def without(text: str) -> str:
    """The text without its boilerplate lines; a credit at the end of a line is cut off. What is all boilerplate stays.

    >>> without("Nước lên nhanh.\\nẢnh: N.T.\\nXem thêm: Ba tuyến đường ngập\\nNgười dân lo. (Ảnh: H.Đ.)\\nBình luận")
    'Nước lên nhanh.\\nNgười dân lo.'
    """
    lines = [_CREDIT.sub("", line).strip() for line in text.splitlines() if not is_boilerplate(line)]
    return "\n".join(line for line in lines if line) or text


def is_boilerplate(line: str) -> bool:
    """Whether a line is none of the writer's."""
    plain = " ".join(fold(line).split())
    if plain.strip(" :.…>»()0123456789") in _BUTTONS:
        return True
    if len(plain.split()) > MOST_WORDS + 10:
        return False
    return bool(_STARTS.match(plain) or _FOLLOW.match(plain))
