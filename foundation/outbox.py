"""Letters: rows written in the transaction they belong to and sent after it, so that none is lost and none lies.

A worker takes waiting letters one by one. It claims a letter with a conditional update, sends it, and marks it sent; a
crash between the last two sends it again under the same Message-ID, which is the letter's own id.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Index, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation import dictionary
from foundation.db import Base, Choice, Database, after_commit
from foundation.encryption import sealed
from foundation.jobs import wake_worker
from foundation.lifecycle import Lifecycle
from foundation.mail import Mailer

CLAIM_MINUTES = 5
MOST_ATTEMPTS = 12
LONGEST_PAUSE_MINUTES = 240


class LetterState(StrEnum):
    """Where a letter is."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


LETTER_LIFECYCLE = Lifecycle(
    "Letter",
    LetterState.WAITING,
    {
        LetterState.WAITING: (LetterState.SENDING,),
        LetterState.SENDING: (LetterState.SENT, LetterState.WAITING, LetterState.FAILED),
        LetterState.SENT: (),
        LetterState.FAILED: (LetterState.WAITING,),
    },
)


class Letter(Base):
    """One letter to one address; its body carries a link, never a name with a fact about a person."""

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_due", "state", "due_at"),)

    to_address: Mapped[str] = mapped_column(String(254), info=dictionary.CONTACT)
    subject: Mapped[str] = sealed(str, info=dictionary.SECRET)
    body: Mapped[str] = sealed(str, info=dictionary.SECRET)
    state: Mapped[LetterState] = mapped_column(
        Choice(LetterState), default=LetterState.WAITING, info=dictionary.TECHNICAL
    )
    written_at: Mapped[datetime] = mapped_column(info=dictionary.TECHNICAL)
    due_at: Mapped[datetime] = mapped_column(info=dictionary.TECHNICAL)
    sent_at: Mapped[datetime | None] = mapped_column(info=dictionary.TECHNICAL)
    attempts: Mapped[int] = mapped_column(default=0, info=dictionary.TECHNICAL)
    last_error: Mapped[str] = mapped_column(String(500), default="", info=dictionary.CONTACT)


def write_letter(session: Session, *, to: str, subject: object, body: object, at: datetime) -> Letter:
    """Put a letter into the outbox of this transaction; it goes out only if the transaction is saved."""
    letter = Letter(to_address=to, subject=str(subject), body=str(body), written_at=at, due_at=at)
    session.add(letter)
    after_commit(session, wake_worker)
    return letter


def send_waiting(database: Database, mailer: Mailer, now: Callable[[], datetime]) -> int:
    """Send every letter that is due, and tell how many went out.

    A letter that the server refuses is tried again after a growing pause and given up after ``MOST_ATTEMPTS``. A letter
    that cannot even be composed counts as refused, so that it does not hold up those behind it.

    Args:
        database: Where the outbox is.
        mailer: What takes letters away.
        now: Tells the instant; asked again for every letter, as a claim must not be older than it says.
    """
    sent = 0
    while (letter := _claim_next(database, now())) is not None:
        try:
            mailer.send(letter.id, letter.to_address, letter.subject, letter.body)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one letter, the others go out.
            _finish(database, letter, now(), error)
        else:
            _finish(database, letter, now(), None)
            sent += 1
    return sent


def count_letters(session: Session, _at: datetime) -> Mapping[str, float]:
    """Count the letters that are not sent, by state."""
    statement = (
        select(Letter.state, func.count()).where(Letter.state != LetterState.SENT).group_by(Letter.state)
    ).order_by(Letter.state)
    unsent: dict[str, float] = {state: 0.0 for state in LetterState if state is not LetterState.SENT}
    return unsent | {state.value: float(number) for state, number in session.execute(statement)}


def oldest_wait(session: Session, at: datetime) -> Mapping[str, float]:
    """Tell for how many seconds the oldest letter that should have gone out has waited; 0 when none has."""
    free = Letter.state.in_([LetterState.WAITING, LetterState.SENDING])
    written = session.scalar(select(func.min(Letter.written_at)).where(free, Letter.due_at <= at))
    return {"": (at - written).total_seconds() if written else 0.0}


def _claim_next(database: Database, at: datetime) -> Letter | None:
    """Take the oldest due letter so that no other worker takes it too; None when none is left."""
    # A worker that died while sending leaves its claim behind; it lapses.
    free = Letter.state.in_([LetterState.WAITING, LetterState.SENDING])
    due_again = at + timedelta(minutes=CLAIM_MINUTES)
    while True:
        with database.transaction() as session:
            statement = select(Letter).where(free, Letter.due_at <= at).order_by(Letter.due_at, Letter.id).limit(1)
            letter = session.scalars(statement).one_or_none()
            if letter is None:
                return None
            claim = (
                update(Letter)
                .where(Letter.id == letter.id, Letter.due_at == letter.due_at, free)
                .values(state=LetterState.SENDING, due_at=due_again)
                .execution_options(synchronize_session=False)
            )
            claimed = session.connection().execute(claim).rowcount == 1
        if claimed:
            # The day on which the claim lapses is the mark by which its holder knows it again.
            letter.due_at = due_again
            return letter


def _finish(database: Database, letter: Letter, at: datetime, error: Exception | None) -> None:
    """Write down how sending went, unless the claim lapsed and somebody else has taken the letter over."""
    with database.transaction() as session:
        row = session.get(Letter, letter.id)
        if row is None or row.state is not LetterState.SENDING or row.due_at != letter.due_at:
            return
        row.attempts += 1
        if error is None:
            row.state, row.sent_at, row.last_error = LetterState.SENT, at, ""
            return
        row.last_error = f"{type(error).__name__}: {error}".replace("\x00", "")[:500]
        row.state = LetterState.FAILED if row.attempts >= MOST_ATTEMPTS else LetterState.WAITING
        row.due_at = at + timedelta(minutes=min(2**row.attempts, LONGEST_PAUSE_MINUTES))
