"""Whether the time that an answer takes tells a known address from an unknown one."""

import time
import uuid
from collections.abc import Sequence

from sqlalchemy import delete, select

from accounts.models import Account, SignInGuess
from tests.security.world import Visitor, World


def telling_times(world: World, count: int) -> tuple[list[float], list[float]]:
    """Try to sign in with a wrong password, by turns with known addresses and with unknown ones.

    Returns:
        Seconds of the known and of the unknown ones.
    """
    visitor = Visitor(world, "anonymous")
    with world.database.sessions() as session:
        known = session.scalars(
            select(Account.email_key).where(Account.password_hash.is_not(None)).order_by(Account.id)
        ).all()
    seconds: tuple[list[float], list[float]] = ([], [])
    for number in range(count):
        for kind, email in enumerate((known[number % len(known)], f"{uuid.uuid4().hex[:12]}@mail.example")):
            begun = time.perf_counter()
            visitor.post("/sign-in", {"email": email, "password": "a wrong password"}).close()
            seconds[kind].append(time.perf_counter() - begun)
        if number % len(known) == 0:
            _forget_guesses(world)
    return seconds


def _forget_guesses(world: World) -> None:
    """Clear the throttle, which would answer before any password is looked at."""
    with world.database.transaction() as session:
        session.execute(delete(SignInGuess))


def area_under_curve(one: Sequence[float], other: Sequence[float]) -> float:
    """Tell how well the times of one kind can be told from the other: 0.5 is not at all, 1 is always."""
    wins = sum((first > second) + 0.5 * (first == second) for first in one for second in other)
    return wins / (len(one) * len(other))
