"""The worker's sign of life: when each worker last looked for what waits, and what it could not do."""

import socket
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation import dictionary
from foundation.db import Base, Database

BEAT_EVERY = timedelta(seconds=30)
"""A worker that is woken often writes no more often than this."""

LATE_AFTER = timedelta(minutes=5)
"""A worker looks every minute; after this long people are told that letters do not go out."""

FORGOTTEN_AFTER = timedelta(days=1)
"""A machine that is gone for so long is not waited for; its name is forgotten."""

LONGEST_NAME = 120


class WorkerBeat(Base):
    """When one worker last did everything that waited."""

    __tablename__ = "worker_beat"

    worker: Mapped[str] = mapped_column(String(LONGEST_NAME), unique=True, info=dictionary.TECHNICAL)
    at: Mapped[datetime] = mapped_column(info=dictionary.TECHNICAL)
    failed: Mapped[str] = mapped_column(String(500), default="", info=dictionary.TECHNICAL)


def beat(database: Database, *, failed: Sequence[str], at: datetime, worker: str = "") -> None:
    """Write down that this worker has looked, and forget workers that are gone.

    Args:
        database: Where the portal keeps its rows.
        failed: Names of the sweeps that could not be done.
        at: The instant.
        worker: Name of the worker; that of the machine unless given.
    """
    worker = (worker or socket.gethostname())[:LONGEST_NAME]
    told = ", ".join(failed)[:500]
    with database.sessions() as session:
        known = session.scalars(select(WorkerBeat).where(WorkerBeat.worker == worker)).one_or_none()
    # Every writer waits for the one before it, so nothing is written that tells nothing new.
    if known and known.failed == told and timedelta() <= at - known.at < BEAT_EVERY:
        return
    with database.transaction() as session:
        session.execute(delete(WorkerBeat).where(WorkerBeat.at < at - FORGOTTEN_AFTER))
        row = session.scalars(select(WorkerBeat).where(WorkerBeat.worker == worker)).one_or_none()
        if row is None:
            row = WorkerBeat(worker=worker, at=at)
            session.add(row)
        row.at, row.failed = at, told


def last_beat(session: Session) -> datetime | None:
    """Tell when any worker last looked; None where none ever did."""
    return session.scalar(select(func.max(WorkerBeat.at)))


def is_late(session: Session, at: datetime) -> bool:
    """Whether no worker has looked for so long that letters and rounds do not go on."""
    last = last_beat(session)
    return last is None or at - last > LATE_AFTER


def seconds_of(session: Session, _at: datetime) -> Mapping[str, float]:
    """Tell for each worker when it last looked, in seconds since 1970."""
    return {row.worker: row.at.timestamp() for row in _beats(session)}


def count_failed(session: Session, _at: datetime) -> Mapping[str, float]:
    """Count for each worker the sweeps that it could not do when it last looked."""
    return {row.worker: float(len(row.failed.split(", "))) if row.failed else 0.0 for row in _beats(session)}


def _beats(session: Session) -> Sequence[WorkerBeat]:
    """List all workers by name."""
    return session.scalars(select(WorkerBeat).order_by(WorkerBeat.worker)).all()
