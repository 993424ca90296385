"""Who keeps dates is ranked only where enough was handled, and by what can be said for sure."""

from listener.brief.briefing import Desk
from listener.brief.ranking import ENOUGH, rank


def desk(name: str, on_time: int, late: int, overdue: int = 0) -> Desk:
    return Desk(name, name, on_time, late, 0, overdue)


def test_few_matters_are_not_ranked() -> None:
    assert rank([desk("ít việc", ENOUGH - 1, 0)]) == []
    assert len(rank([desk("đủ việc", ENOUGH, 0)])) == 1


def test_many_nearly_all_on_time_stand_above_few_all_on_time() -> None:
    assert [one.desk.name for one in rank([desk("20 của 20", 20, 0), desk("395 của 400", 395, 5)])] == [
        "395 của 400",
        "20 của 20",
    ]


def test_of_equals_the_one_with_less_overdue_comes_first() -> None:
    found = rank([desk("b", 30, 2, overdue=4), desk("a", 30, 2, overdue=9)])
    assert [one.desk.name for one in found] == ["b", "a"]


def test_the_share_lies_in_its_interval() -> None:
    (found,) = rank([desk("a", 30, 10)])
    assert found.low < found.share < found.high
