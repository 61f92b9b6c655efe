"""Whatever is done to the audit trail behind the portal's back is seen."""

import pytest

from foundation.audit import chain
from tests.security.tampering import unseen_tamperings
from tests.security.world import World


def test_tampering_with_the_trail_is_seen(world: World) -> None:
    assert unseen_tamperings(world, 25) == []


def test_a_check_that_does_not_look_at_a_column_is_found_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "hash_of", lambda entry: entry.hash)
    assert unseen_tamperings(world, 25) != []
