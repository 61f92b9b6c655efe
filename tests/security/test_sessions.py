"""A sign-in that has ended is worth nothing, whoever kept its cookie."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import queries
from accounts.models import SignIn
from tests.security.dead_sessions import replays
from tests.security.world import World


def test_the_cookie_of_a_sign_in_that_has_ended_opens_nothing(world: World) -> None:
    found = replays(world)
    assert len(found) == 12
    assert {words for words, is_refused in found.items() if not is_refused} == set()


def test_a_sign_in_that_lives_on_after_its_end_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def find_any(session: object, token_hash: str, at: object) -> SignIn | None:
        assert isinstance(session, Session)
        return session.scalars(select(SignIn).where(SignIn.token_hash == token_hash)).one_or_none()

    monkeypatch.setattr(queries, "find_live_sign_in", find_any)
    found = replays(world)
    alive = {"signed out on this device", "ended from another device", "the account disabled"}
    assert not any(found[words] for words in alive)
