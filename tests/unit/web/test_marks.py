"""Evidence marks never change the text, and masked words never reach the page."""

from hypothesis import given
from hypothesis import strategies as st

from listener.web.pages.marks import segments, words

TEXT = "Bóng đèn trụ 14 tắt 3 hôm, gọi 0912345678 không ai nghe"
RANGES = st.lists(st.tuples(st.integers(-2, 30), st.integers(-2, 34)), max_size=6)


def test_each_piece_knows_which_questions_it_answers() -> None:
    pieces = segments(TEXT, {"topic": [(0, 8)], "urgency": [(5, 8)]})
    assert [(p.text, p.questions) for p in pieces][:2] == [("Bóng ", ("topic",)), ("đèn", ("topic", "urgency"))]


def test_masked_words_are_gone() -> None:
    start = TEXT.index("0912")
    masks = [(start, start + 10, "phone")]
    pieces = segments(TEXT, {"topic": [(start - 4, start + 12)]}, masks)
    assert not any("0912" in p.text for p in pieces)
    assert [p.mask for p in pieces if p.mask] == ["phone"]
    assert words(TEXT, {"topic": [(start, start + 4)]}, masks) == {}


def test_words_are_listed_once() -> None:
    assert words("Rác, rác và rác", {"topic": [(0, 3), (5, 8), (12, 15)]}) == {"topic": ["rác"]}


@given(st.text(max_size=30), RANGES, RANGES)
def test_without_masks_the_pieces_are_the_text(
    text: str, topic: list[tuple[int, int]], place: list[tuple[int, int]]
) -> None:
    assert "".join(p.text for p in segments(text, {"topic": topic, "place": place})) == text
