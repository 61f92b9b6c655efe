"""Hostile input is answered cleanly, and hostile addresses lead nowhere."""

import pytest

from accounts.views import signing_in
from mentees import queries
from tests.security.fuzzing import fuzz, led_away
from tests.security.matrix import read_table
from tests.security.world import World

TABLE = read_table()
ONE_IN = 97
"""One request in so many is sent here, to some addresses; `python -m benchmarks.security` sends many more."""
SOME = sorted({line.address for line in TABLE})[::4]


def test_hostile_input_is_never_answered_by_a_fault_of_ours(world: World) -> None:
    sent, faults = fuzz(world, [line for line in TABLE if line.address in SOME], one_in=ONE_IN)
    assert sent > 15
    assert [str(fault) for fault in faults] == []


def test_a_fault_of_ours_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall_over(*_given: object, **_named: object) -> None:
        message = "planted"
        raise ZeroDivisionError(message)

    monkeypatch.setattr(queries, "list_referrals", fall_over)
    lines = [line for line in TABLE if line.address == "/referrals"]
    sent, faults = fuzz(world, lines)
    assert sent == len(faults) > 0


def test_the_way_on_after_signing_in_never_leads_to_another_host(world: World) -> None:
    assert led_away(world) == []


def test_a_way_on_that_leads_away_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_in, "safe_next", lambda: "//evil.example")
    assert led_away(world) != []
