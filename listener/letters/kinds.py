"""The kinds of letters: what each is called, which register numbers it, about how many items and which it may be."""

from collections.abc import Mapping
from dataclasses import dataclass

from listener.errors import BadInput

MOST_ITEMS = 200
COMPLAINT = "khieu_nai"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of letter. ``series`` is the decree's abbreviation and names the register.

    ``title`` None marks a công văn, which carries its subject below the number instead. ``to_citizen`` letters go to
    whoever sent the item.
    """

    slug: str
    name: str
    series: str
    title: str | None
    most: int = MOST_ITEMS
    to_citizen: bool = False
    hint: str = ""


KINDS: Mapping[str, Kind] = {
    kind.slug: kind
    for kind in (
        Kind("phieu-chuyen", "Phiếu chuyển", "PC", "PHIẾU CHUYỂN", hint="chuyển việc tới cơ quan có thẩm quyền"),
        Kind("cong-van", "Công văn", "CV", None, hint="đề nghị cơ quan khác xử lý, phối hợp"),
        Kind("phieu-xu-ly", "Phiếu xử lý", "PXL", "PHIẾU XỬ LÝ", most=1, hint="trình việc và kết quả trong đơn vị"),
        Kind("tra-loi", "Thư trả lời công dân", "CV", None, most=1, to_citizen=True, hint="câu trả lời thành văn bản"),
        Kind(
            "huong-dan",
            "Thông báo hướng dẫn khiếu nại",
            "TB",
            "THÔNG BÁO",
            most=1,
            to_citizen=True,
            hint="chỉ người dân tới nơi tiếp công dân",
        ),
    )
}


def kind_of(slug: str) -> Kind:
    """The kind of a slug.

    Raises
    ------
    BadInput
        There is no such kind.
    """
    kind = KINDS.get(slug)
    if kind is None:
        raise BadInput(f"Không có loại văn bản “{slug[:40]}”. Các loại: {', '.join(KINDS)}.", field="kind")
    return kind


def offered(count: int, *, item_kind: str | None = None, is_report: bool = True, answered: bool = False) -> list[Kind]:
    """The kinds that can be written about this many items, or about the one item so understood."""
    found = [kind for kind in KINDS.values() if count <= kind.most]
    if count == 1:
        found = [kind for kind in found if not refusal(kind, item_kind, is_report=is_report, answered=answered)]
    return found


def refusal(kind: Kind, item_kind: str | None, *, is_report: bool, answered: bool) -> str:
    """Why this kind cannot be written about an item, or nothing."""
    if kind.to_citizen and not is_report:
        return "Bài đăng không có người gửi để trả lời. Chọn phiếu chuyển hoặc công văn."
    if kind.slug == "tra-loi" and not answered:
        return "Mục chưa có câu trả lời. Trả lời mục trước, rồi lập thư trả lời."
    if kind.slug == "huong-dan" and item_kind != COMPLAINT:
        return "Thông báo hướng dẫn chỉ dành cho khiếu nại. Nếu đúng là khiếu nại, sửa loại của mục trước."
    return ""


def sign_of(kind: Kind, abbreviation: str, number: int | None) -> str:
    """Number and sign: ``07/PC-UBND`` for a named paper, ``07/UBND`` for a công văn; a gap where no number is taken.

    >>> sign_of(KINDS["phieu-chuyen"], "SXD", 7)
    '07/PC-SXD'
    """
    written = f"{number:02d}" if number is not None else " " * 10
    return f"{written}/{kind.series}-{abbreviation}" if kind.title else f"{written}/{abbreviation}"
