"""A proof of work: only what is ours, in time and hard enough counts."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from listener.errors import BadInput
from listener.web import proof

NOW = datetime(2026, 11, 18, 5, tzinfo=UTC)
SECRET = b"a key for tests only"
BITS = 8


def solved(challenge: str, bits: int = BITS) -> str:
    return next(p for p in (f"{challenge}.{n}" for n in count()) if proof.zeros(p) >= bits)


def unsolved(challenge: str) -> str:
    return next(p for p in (f"{challenge}.{n}" for n in count()) if proof.zeros(p) < BITS)


CHALLENGE = proof.issue(SECRET, nonce="mot", bits=BITS, now=NOW)


def test_a_solved_challenge_counts_until_its_end() -> None:
    found = proof.checked(SECRET, solved(CHALLENGE), now=NOW + proof.LIFE - timedelta(seconds=1))
    assert (found.nonce, found.bits, found.expires_at) == ("mot", BITS, NOW + proof.LIFE)


@pytest.mark.parametrize(
    "given",
    [
        "",
        ".",
        "1.mot.8.0",
        "é.mot.8.9.x.1",
        solved(proof.issue(b"another key", nonce="mot", bits=BITS, now=NOW)),
        solved(CHALLENGE.replace("1.mot.8.", "1.mot.1."), 1),  # made easier by hand
        solved(CHALLENGE.replace("mot", "hai")),
    ],
)
def test_what_is_forged_does_not_count(given: str) -> None:
    with pytest.raises(BadInput, match="không do trang này cấp"):
        proof.checked(SECRET, given, now=NOW)


def test_what_is_expired_does_not_count() -> None:
    with pytest.raises(BadInput, match="quá hạn"):
        proof.checked(SECRET, solved(CHALLENGE), now=NOW + proof.LIFE)


@pytest.mark.parametrize("given", [unsolved(CHALLENGE), f"{CHALLENGE}.", f"{CHALLENGE}.-1", f"{CHALLENGE}.{'9' * 40}"])
def test_what_is_too_easy_does_not_count(given: str) -> None:
    with pytest.raises(BadInput, match="chưa đủ"):
        proof.checked(SECRET, given, now=NOW)


def test_who_asks_for_many_works_harder_up_to_a_bound() -> None:
    assert [proof.bits_for(16, asked) for asked in (0, 1, 2, 4, 10, 500)] == [16, 16, 17, 18, 21, 21]
