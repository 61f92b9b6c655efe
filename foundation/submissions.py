"""The same click twice: a creating form carries a key, and the second sending leads to what the first one made."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import String
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation import clock, dictionary
from foundation.db import Base, reading, transaction


class Submission(Base):
    """One form that has been carried out; its id is the key that the form carried."""

    __tablename__ = "submission"

    at: Mapped[datetime] = mapped_column(info=dictionary.TECHNICAL)
    location: Mapped[str] = mapped_column(String(500), info=dictionary.TECHNICAL)


class AlreadyDone(Exception):
    """This very form was carried out before; the answer is the page that it led to."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


class Outcome:
    """Where a carried-out form leads."""

    location: str = "/"


@contextmanager
def once(key: uuid.UUID) -> Iterator[tuple[Session, Outcome]]:
    """Open a transaction that a form's key can pass only once.

    Two sendings at the same moment meet at the primary key: the loser is undone and led to what the winner made.

    Args:
        key: The idempotency key of the form.

    Raises:
        AlreadyDone: The form was carried out before.
    """
    try:
        with transaction() as session:
            if (earlier := session.get(Submission, key)) is not None:
                raise AlreadyDone(earlier.location)
            outcome = Outcome()
            yield session, outcome
            session.add(Submission(id=key, at=clock.now(), location=outcome.location))
            session.flush()
    except IntegrityError:
        earlier = reading().get(Submission, key)
        if earlier is None:
            raise
        raise AlreadyDone(earlier.location) from None
