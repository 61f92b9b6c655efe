"""What a load balancer may ask: whether this process answers at all, and whether it can do its work now."""

import structlog
from flask import Flask, Response, jsonify, request
from sqlalchemy.exc import SQLAlchemyError

from foundation import access, data_keys, db, migrating
from foundation.backup import marking
from foundation.errors import trace_of

log = structlog.get_logger()


def install(app: Flask) -> None:
    """Give a portal the two pages; neither tells a stranger more than yes or no."""
    app.add_url_rule("/health", view_func=health)
    app.add_url_rule("/ready", view_func=ready)


ALWAYS_SERVED = {"health", "metrics", "ready", "static"}
"""What shows nobody in the database, and has to answer above all when something is wrong."""


def close_while_unfinished(app: Flask) -> None:
    """Have a portal serve nobody while a restored database waits to be finished; comes before all that reads it."""
    app.before_request(_require_finished)


def _require_finished() -> None:
    """Look at the database anew for each request, since it may be restored under a process that was left running."""
    if request.endpoint in ALWAYS_SERVED:
        return
    try:
        marking.require_finished(db.reading())
    except SQLAlchemyError:
        # Without a database there is nothing to keep from anybody, and the empty page to sign in stands all the same.
        if (request.endpoint, request.method) != (access.SIGN_IN_ENDPOINT, "GET"):
            raise


@access.public
def health() -> Response:
    """Answer 200 as long as the process answers; whoever gets no answer starts it anew."""
    return jsonify(status="ok")


@access.public
def ready() -> tuple[Response, int]:
    """Answer 200 while people can be sent here, and 503 while they cannot; the log tells why."""
    try:
        faults = find_faults(db.database())
    except SQLAlchemyError as error:
        log.error("not ready", trace=trace_of(error))  # noqa: TRY400 - with a trace of our own.
        return jsonify(status="not ready"), 503
    if faults:
        log.error("not ready", faults=faults)
        return jsonify(status="not ready"), 503
    return jsonify(status="ready"), 200


def find_faults(database: db.Database) -> list[str]:
    """List why a portal cannot work on this database, in words and without a secret.

    Raises:
        SQLAlchemyError: The database does not answer.
    """
    if marking.is_unfinished(database.engine):
        return ["a backup was put back and is not finished; run `flask backup finish`."]
    stands, newest = migrating.current_revision(database.engine), migrating.newest_revision()
    if stands != newest:
        return [f"the database stands at {stands} and this release needs {newest}."]
    return data_keys.find_faults(database)
