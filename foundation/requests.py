"""What is written down of every request: enough to hunt a fault, and nothing that tells of a person."""

import time
import uuid

import structlog
from flask import Flask, Response, g, request

from foundation import metrics

log = structlog.get_logger()

HEADER = "X-Request-ID"


def install(app: Flask) -> None:
    """Give every request an id and write one line when it is answered."""
    app.before_request(_begin)
    app.after_request(_end)
    app.jinja_env.globals["request_id"] = request_id


def request_id() -> str:
    """Tell the id of the running request, which its line in the log and its answer carry.

    It is always made here: one that a visitor sends could be forged, or hold what belongs in no log.
    """
    if "request_id" not in g:
        g.request_id = uuid.uuid4().hex
    return str(g.request_id)


def _begin() -> None:
    """Look at the clock that only runs forward."""
    g.begun = time.perf_counter()


def _end(response: Response) -> Response:
    """Write the line: the endpoint and never the address, which may hold a secret link."""
    seconds = time.perf_counter() - g.get("begun", time.perf_counter())
    metrics.count_answer(seconds, response.status_code)
    response.headers[HEADER] = request_id()
    log.info(
        "answered",
        request=request_id(),
        method=request.method,
        endpoint=request.endpoint or "",
        status=response.status_code,
        milliseconds=round(seconds * 1000, 1),
    )
    return response
