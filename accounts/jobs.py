"""What the worker does for accounts: it removes what is kept no longer than it is needed."""

from accounts import operations, queries
from accounts.rules import GUESS_WINDOW
from foundation import clock
from foundation.db import reading, transaction


def forget_old_guesses() -> None:
    """Remove tries to sign in that count no longer."""
    at = clock.now()
    # Look before opening a writing transaction, which every other writer would wait for.
    if queries.has_guesses_before(reading(), at - GUESS_WINDOW):
        with transaction() as session:
            operations.forget_old_guesses(session, at=at)
