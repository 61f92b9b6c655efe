"""The worker's queue: Huey in a SQLite file of its own, beside the database and never instead of it.

What must be done is always a row of the database first (a letter, a round that waits); the queue only wakes the worker
early. A lost queue therefore loses nothing: the periodic sweep finds the rows.
"""

from collections.abc import Callable
from pathlib import Path

import structlog
from flask import Flask, current_app, has_app_context
from huey import SqliteHuey, crontab
from huey.api import Huey
from huey.serializer import SignedSerializer
from sqlalchemy.exc import SQLAlchemyError

from foundation import clock, heartbeat
from foundation.backup import marking
from foundation.db import database
from foundation.errors import trace_of

Job = Callable[[], None]

log = structlog.get_logger()


class Queue:
    """The jobs of one portal.

    Args:
        app: The portal; jobs run inside its context.
        file: Where the queue is kept.
        secret: Signs what is queued, so that a stranger's file is not executed.
        sweeps: Everything that looks for waiting rows, by name.
    """

    def __init__(self, app: Flask, file: Path, secret: str, sweeps: dict[str, Job]) -> None:
        self.huey: Huey = SqliteHuey("alongside", filename=str(file), serializer=SignedSerializer(secret=secret))
        self._app = app
        self._sweeps = sweeps
        self._task = self.huey.task(retries=0, name="sweep")(self.run_sweeps)
        self.huey.periodic_task(crontab(minute="*"), name="sweep_every_minute")(self.run_sweeps)

    def run_sweeps(self) -> None:
        """Do everything that waits; a sweep that fails does not keep the others from running.

        While a restored database is not finished, nothing is done: a letter or a round could be about the erased.
        """
        if not self._may_run():
            return
        failed = []
        for name, sweep in self._sweeps.items():
            with self._app.app_context():
                try:
                    sweep()
                except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others run.
                    failed.append(name)
                    log.error("a sweep failed", sweep=name, trace=trace_of(error))  # noqa: TRY400 - with a trace of our own.
        self._beat(failed)

    def _beat(self, failed: list[str]) -> None:
        """Write down that the worker has looked; that it could not be written is one more thing to log."""
        with self._app.app_context():
            try:
                heartbeat.beat(database(), failed=failed, at=clock.now())
            except SQLAlchemyError as error:
                log.error("no sign of life", trace=trace_of(error))  # noqa: TRY400 - with a trace of our own.

    def _may_run(self) -> bool:
        """Whether the database may be worked on; the log tells why not."""
        with self._app.app_context():
            try:
                is_unfinished = marking.is_unfinished(database().engine)
            except SQLAlchemyError as error:
                log.error("the worker cannot look", trace=trace_of(error))  # noqa: TRY400 - with a trace of our own.
                return False
        if is_unfinished:
            log.error("a backup was put back and is not finished; run `flask backup finish`")
        return not is_unfinished

    def wake(self) -> None:
        """Have the worker look at once; never fails the request that asks for it."""
        try:
            self._task()
        except Exception as error:  # noqa: BLE001 - the queue only saves time.
            # The row is saved; the periodic sweep will find it within a minute.
            log.error("the worker could not be woken", trace=trace_of(error))  # noqa: TRY400 - with a trace of our own.


def install(app: Flask, file: Path, secret: str, sweeps: dict[str, Job]) -> None:
    """Give a portal its queue."""
    app.extensions["queue"] = Queue(app, file, secret, sweeps)


def wake_worker() -> None:
    """Wake the worker of the running portal; does nothing where there is none, as in a unit test."""
    if has_app_context() and "queue" in current_app.extensions:
        current_app.extensions["queue"].wake()
