"""Personal data hidden before a text is shown or sent out."""

from collections.abc import Iterable, Mapping
from typing import Any

NAMES = {
    "phone": "số điện thoại",
    "id_number": "số căn cước",
    "id_number_old": "số CMND",
    "bank_account": "số tài khoản",
    "email": "e-mail",
    "plate": "biển số",
    "card": "số thẻ",
    "tax_code": "mã số thuế",
    "person": "tên riêng",
    "home_number": "số nhà",
    "birth_date": "ngày sinh",
    "handle": "tài khoản mạng",
}


def hidden(text: str, masks: Iterable[Mapping[str, Any]]) -> str:
    """The text with each masked span replaced by what it hides: ``███ (số điện thoại)``."""
    pieces, last = [], 0
    for mask in sorted(masks, key=lambda span: int(span["start"])):
        if mask["start"] >= last:
            pieces += [text[last : mask["start"]], f"███ ({NAMES.get(mask['type'], 'thông tin riêng')})"]
            last = mask["end"]
    return "".join([*pieces, text[last:]])
