"""Areas from names and points; which moves the workflow allows."""

import pytest

from listener.catalog.files import read_pack
from listener.errors import Forbidden, MoveRefused
from listener.route.areas import whereabouts
from listener.route.workflow import MOVES, STATES, check_move, moves_from

AREAS = read_pack("can_tho").areas


@pytest.mark.parametrize("code", sorted(AREAS))
def test_the_centre_of_every_area_lies_in_it(code: str) -> None:
    found = whereabouts(None, None, (AREAS[code].lat, AREAS[code].lng), AREAS)
    assert found.code == code
    assert found.settled


def test_a_point_outside_the_city_is_nowhere() -> None:
    found = whereabouts(None, None, (21.03, 105.85), AREAS)
    assert found.code is None
    assert "ngoài thành phố" in found.how


def test_what_was_typed_comes_before_the_text_and_the_point() -> None:
    assert whereabouts("31135", "31120", (0.0, 0.0), AREAS).code == "31120"
    assert whereabouts("31135", None, (0.0, 0.0), AREAS).code == "31135"


def test_every_move_starts_and_ends_in_a_known_state() -> None:
    for move in MOVES.values():
        assert move.end is None or move.end in STATES
        assert move.start <= set(STATES)


def test_an_officer_may_not_refuse_and_a_return_needs_a_reason() -> None:
    with pytest.raises(Forbidden):
        check_move("refuse", "triage", "officer", reason="x")
    with pytest.raises(MoveRefused, match="lý do"):
        check_move("return", "assigned", "officer", reason=" ")
    with pytest.raises(MoveRefused, match="Đã đóng"):
        check_move("accept", "closed", "officer")


def test_only_the_named_handler_acts_in_the_restricted_room() -> None:
    for role in ("admin", "dispatcher", "officer", "press", "leader"):
        assert moves_from("restricted", role) == []
    assert set(moves_from("restricted", "handler")) == {"release", "confirm"}
