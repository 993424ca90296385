"""What is said of a corpus' variety."""

from classifiers.diversity import describe, shared_runs

LONG = "sáng nay mưa lớn quá nước tràn vô nhà tôi"


def test_a_run_is_found_whatever_its_case_marks_and_numbers() -> None:
    texts = [f"{LONG} 9 giờ", "chuyện khác hẳn", "Nghe nói SANG NAY mua lon qua nuoc tran vo nhà ai đó"]
    assert [(row, first) for row, first, _ in shared_runs(texts)] == [(2, 0)]


def test_seven_words_in_common_are_no_run() -> None:
    assert not list(shared_runs([LONG, "sáng nay mưa lớn quá nước tràn khắp xóm"]))


def test_a_short_text_is_a_run_of_its_own() -> None:
    assert [(row, first) for row, first, _ in shared_runs(["alo", "đèn tắt", "Den tat!", "…", "!"])] == [(2, 1)]


def test_a_repeat_is_held_against_the_first_text_only() -> None:
    assert [(row, first) for row, first, _ in shared_runs([LONG, LONG, LONG])] == [(1, 0), (2, 0)]


def test_the_figures_of_a_small_corpus() -> None:
    found = describe([LONG, LONG, "đèn hẻm tắt ba đêm", "cho hỏi giấy tờ gì"])
    assert found["texts"] == 4
    assert found["shared_runs"] == 1
    assert found["commonest_opening"] == ("sang nay mua", 0.5)
    assert found["nearest"]["max"] == 1.0
    assert 0 < found["distinct_2"] < 1
