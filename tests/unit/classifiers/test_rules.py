"""What the labelling rules settle: default urgency and flags, signal words."""

import tomllib

import pytest

from classifiers.rules import SIGNALS_FILE, consistent_flags, default_flags, default_urgency, signals, together
from classifiers.taxonomy import load_taxonomy
from classifiers.text.fold import fold


@pytest.mark.parametrize(
    ("topic", "kind", "urgency"),
    [
        ("mat-nap-cong", "phan_anh", "khan"),
        ("mat-nap-cong", "gop_y", "thuong"),
        ("mat-nap-cong", "hoi_dap", "thuong"),
        ("cap-so-dat", "phan_anh", "phuc_tap"),
        ("cap-so-dat", "gop_y", "phuc_tap"),
        ("cap-so-dat", "hoi_dap", "thuong"),
        ("ngap-nuoc", "khen", "thuong"),
        ("ngap-nuoc", "khieu_nai", "cao"),
        ("chay-no-pccc", "spam", "thuong"),
    ],
)
def test_urgency_follows_kind_first_and_topic_then(topic: str, kind: str, urgency: str) -> None:
    assert default_urgency(load_taxonomy().topic(topic), kind) == urgency


@pytest.mark.parametrize(
    ("topic", "kind", "flags"),
    [
        ("trom-cuop", "phan_anh", {"tin_bao_toi_pham"}),
        ("trom-cuop", "hoi_dap", set()),
        ("bao-luc-hoc-duong", "gop_y", {"tre_em"}),
        ("ho-so-tre-han", "gop_y", {"pakn_quy_dinh"}),
        ("ho-so-tre-han", "hoi_dap", set()),
        ("nhung-nhieu-tieu-cuc", "phan_anh", {"to_cao"}),
        ("nhung-nhieu-tieu-cuc", "khen", set()),
        ("hang-gia", "phan_anh", set()),
        ("hang-gia", "to_cao", {"to_cao"}),
        ("thue-phi", "khieu_nai", {"khieu_nai"}),
    ],
)
def test_flags_follow_topic_and_kind(topic: str, kind: str, flags: set[str]) -> None:
    assert default_flags(load_taxonomy().topic(topic), kind) == flags


def test_a_child_at_risk_replaces_a_crime_report_and_spam_has_no_flags() -> None:
    assert consistent_flags({"tre_em", "tin_bao_toi_pham"}, kind="phan_anh") == ("tre_em",)
    assert consistent_flags({"to_cao"}, kind="spam") == ()
    assert consistent_flags(set(), kind="khieu_nai") == ("khieu_nai",)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("dây điện đứt nằm dưới đường", "electric"),
        ("lửa đang lan qua nhà bên", "fire"),
        ("cầu sắp sập tới nơi", "collapse"),
        ("đất sạt xuống sông", "slide"),
        ("cả nhà ngộ độc sau đám giỗ", "poisoned"),
        ("hố sâu không ai rào", "pit"),
        ("hai người mắc kẹt trên nóc nhà", "trapped"),
        ("cầm mã tấu rượt nhau", "weapon"),
        ("cha dượng đánh bé bầm tím", "child_hurt"),
        ("cho hỏi làm giấy ở đâu", "ask"),
        ("xin cảm ơn phường", "thank"),
    ],
)
def test_signals_are_heard_with_and_without_marks(text: str, name: str) -> None:
    assert name in {found for found, _, _ in signals(text.split())}
    assert name in {found for found, _, _ in signals(fold(text).split())}


def test_a_word_that_means_something_else_without_marks_is_not_heard_there() -> None:
    assert {name for name, _, _ in signals("nhà kia đang cháy".split())} == {"fire"}
    assert not list(signals("xe dang chay tren duong".split()))


def test_signals_that_are_heard_together_mean_more() -> None:
    assert list(together({"child", "weapon"})) == ["child_in_danger"]
    assert list(together({"child"})) == []
    assert "official_for_money" in set(together({"official", "money", "bribe"}))


def test_every_list_of_what_means_more_together_names_signals() -> None:
    table = tomllib.loads(SIGNALS_FILE.read_text(encoding="utf-8"))
    for lists in table["together"].values():
        for choice in lists:
            assert set(choice) <= table["phrases"].keys()
