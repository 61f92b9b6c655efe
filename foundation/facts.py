"""Facts: how a lower package tells the ones above what happened, without knowing them.

A fact is a frozen dataclass named in the past tense. ``app.py`` lists who listens to what, in one table; handlers run
at once, in the same transaction, so that a fact and what follows from it are saved together or not at all.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

Handler = Callable[[Session, Any], None]
Subscriptions = Mapping[type, tuple[Handler, ...]]

_KEY = "facts"


def install(info: dict[str, Any], subscriptions: Subscriptions) -> None:
    """Write the table of subscriptions into what every new session carries."""
    info[_KEY] = subscriptions


def publish(session: Session, fact: object) -> None:
    """Tell everybody who listens, in the order of the table.

    Raises:
        Refusal: A listener forbids what has just happened; the transaction is then undone.
    """
    subscriptions: Subscriptions = session.info.get(_KEY, {})
    for handler in subscriptions.get(type(fact), ()):
        handler(session, fact)
