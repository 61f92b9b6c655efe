"""What the worker does for accounts: it sends links and removes what is needed no longer."""

from flask import current_app

from accounts import operations, queries
from accounts.rules import GUESS_WINDOW, RESETS_KEPT
from foundation import clock
from foundation.db import reading, transaction


def forget_old_guesses() -> None:
    """Remove tries to sign in that count no longer."""
    at = clock.now()
    # Look before opening a writing transaction, which every other writer would wait for.
    if queries.has_guesses_before(reading(), at - GUESS_WINDOW):
        with transaction() as session:
            operations.forget_old_guesses(session, at=at)


def send_resets() -> None:
    """Send links for new passwords to those who asked for one, and forget old wishes."""
    at, session = clock.now(), reading()
    if queries.list_waiting_resets(session) or queries.has_resets_before(session, at - RESETS_KEPT):
        with transaction() as writing:
            operations.send_resets(writing, base_url=current_app.config["BASE_URL"], at=at)
            operations.forget_old_resets(writing, at=at)
