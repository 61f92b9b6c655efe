"""What a load balancer may ask: whether this process answers at all, and whether it can do its work now."""

import structlog
from flask import Flask, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from foundation import access, data_keys, db, migrating
from foundation.errors import trace_of

log = structlog.get_logger()


def install(app: Flask) -> None:
    """Give a portal the two pages; neither tells a stranger more than yes or no."""
    app.add_url_rule("/health", view_func=health)
    app.add_url_rule("/ready", view_func=ready)


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
    stands, newest = migrating.current_revision(database.engine), migrating.newest_revision()
    if stands != newest:
        return [f"the database stands at {stands} and this release needs {newest}."]
    return data_keys.find_faults(database)
