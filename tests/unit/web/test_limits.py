"""The memory of who sent how much."""

import time
from collections import deque

import pytest

from listener.web import limits


def test_addresses_quiet_for_an_hour_are_forgotten_when_there_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = time.monotonic()
    known = {(f"203.0.113.{n}", "sent"): deque([now - 2 * limits.HOUR]) for n in range(5)}
    known[("198.51.100.7", "sent")] = deque([now - 2 * limits.HOUR, now - 60])
    monkeypatch.setattr(limits, "MOST_KNOWN", 6)
    monkeypatch.setattr(limits, "_sent", type(limits._sent)(deque, known))
    limits._recent(("192.0.2.1", "sent")).append(now)
    assert set(limits._sent) == {("198.51.100.7", "sent"), ("192.0.2.1", "sent")}
    assert len(limits._recent(("198.51.100.7", "sent"))) == 1  # what is older than an hour no longer counts
