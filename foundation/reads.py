"""Every reading of what is confidential is written down before it is shown.

Nothing has to be declared: opening an encrypted value is what makes a reading, wherever a page does it. While a view
works, the column type notes each row whose values it opens. When the view is done and its answer shows something, one
entry for each person concerned is saved; if that fails, the page of the failure is shown instead of the answer.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import event
from sqlalchemy.orm import Session

from foundation import audit, clock
from foundation.audit import Author
from foundation.db import Base, reading, transaction
from foundation.encryption import OPENED

FIRST_REDIRECT, FIRST_REFUSAL = 300, 400

_KEPT: ContextVar[list[object] | None] = ContextVar("kept", default=None)
"""Records that a view has loaded, kept so that what hangs together need not be read again."""


class WatchedFlask(Flask):
    """A portal whose views are watched."""

    reader: Callable[[], Author]
    """Tells who reads; set when the portal is made."""

    def dispatch_request(self, *arguments: Any) -> Response:  # noqa: ANN401 - Flask's own.
        """Let a view answer, and write down what it read before the answer leaves."""
        with _watching() as opened:
            answer = super().dispatch_request(*arguments)
            response = self.make_response(answer)
            is_redirect = FIRST_REDIRECT <= response.status_code < FIRST_REFUSAL
            if opened and not is_redirect:
                _write_down(dict(opened), self.reader())
        return response


@contextmanager
def _watching() -> Iterator[dict[tuple[str, str], None]]:
    """Note what is opened while a block runs."""
    opened: dict[tuple[str, str], None] = {}
    noting, keeping = OPENED.set(opened), _KEPT.set([])
    try:
        yield opened
    finally:
        OPENED.reset(noting)
        _KEPT.reset(keeping)


@event.listens_for(Session, "loaded_as_persistent")
def _keep(_session: Session, record: object) -> None:
    """Keep a record that was loaded while a view is watched."""
    if (kept := _KEPT.get()) is not None:
        kept.append(record)


def _write_down(opened: dict[tuple[str, str], None], by: Author) -> None:
    """Save one entry for each person of whom something was opened."""
    readings = _readings(reading(), opened)
    with transaction(queues=False) as session:
        for concern in readings:
            audit.record_reading(
                session,
                by=by,
                at=clock.now(),
                page=request.endpoint or "",
                subject_kind=concern.kind,
                subject_id=concern.row,
                person_id=concern.person_id,
            )


def _readings(session: Session, opened: dict[tuple[str, str], None]) -> list[audit.Concern]:
    """Find the people concerned, each with the record of theirs that was read."""
    models = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    found: dict[uuid.UUID | None, audit.Concern] = {}
    for table, row in opened:
        concern = audit.concern_of_row(session, models[table], uuid.UUID(row))
        found.setdefault(concern.person_id, concern)
    return list(found.values())
