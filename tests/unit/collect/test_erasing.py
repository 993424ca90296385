"""What a line of the history keeps of a person who is erased."""

import pytest

from listener.collect.erasing import line_without_person


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("Người gửi bổ sung: Vị trí: 10.04501, 105.77002", "Người gửi bổ sung: Vị trí: ███████████████████"),
        ("Người gửi bổ sung: Ảnh: https://anh.zdn.vn/1.jpg", "Người gửi bổ sung: Ảnh: ████████████████████████"),
        (
            "Đã nhận. Đường dẫn người gửi kèm, chưa ai mở: https://a.vn/1",
            "Đã nhận. Đường dẫn người gửi kèm, chưa ai mở: ██████████████",
        ),
        ("Hạn 14:30 ngày 2.10.2026, 3 ngày", "Hạn 14:30 ngày 2.10.2026, 3 ngày"),
    ],
)
def test_the_exact_spot_and_what_was_sent_along_go(line: str, left: str) -> None:
    assert line_without_person(line, []) == left
