"""Figures for Prometheus: how long answers take, and what waits; never a name, an address or who asked.

Answers are counted in the memory of each process, so every web process is asked by itself. What waits is counted in the
database when somebody asks, so that every process tells the same of it.
"""

import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from flask import Flask, Response, abort, current_app, request
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from foundation import access, clock, db
from foundation.errors import trace_of

log = structlog.get_logger()

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10)
"""Upper ends of the classes in which answers are counted; 0.2 s is what nineteen pages of twenty must keep."""


@dataclass(frozen=True)
class Figure:
    """One thing that is counted in the database.

    Attributes:
        name: Its name for Prometheus, without the house's own first word; ends with the unit where it has one.
        text: What it is, in words.
        label: What tells its parts from each other; empty where there is only one.
        count: Counts each part at an instant; one without a label has the part ``""``.
    """

    name: str
    text: str
    label: str
    count: Callable[[Session, datetime], Mapping[str, float]]

    def measure(self, session: Session, at: datetime) -> Metric:
        """Count it now."""
        labels = [self.label] if self.label else []
        family = GaugeMetricFamily(f"alongside_{self.name}", self.text, labels=labels)
        for part, number in sorted(self.count(session, at).items()):
            family.add_metric([part] if labels else [], number)
        return family


class Waiting(Collector):
    """Everything that is counted in the database, and whether it answers."""

    def __init__(self, figures: Sequence[Figure]) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """Count everything now; a database that does not answer is a figure too, and no fault of the page."""
        try:
            with db.database().sessions() as session:
                found = [figure.measure(session, clock.now()) for figure in self._figures]
        except SQLAlchemyError as error:
            log.error("no figures", trace=trace_of(error))  # noqa: TRY400 - with a trace of our own.
            found = []
        yield GaugeMetricFamily(
            "alongside_database_up", "1 while the database answers.", value=float(bool(found) or not self._figures)
        )
        yield from found


class Metrics:
    """The figures of one process.

    Args:
        figures: What is counted in the database.
    """

    def __init__(self, figures: Sequence[Figure]) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(Waiting(figures))
        self._answers = Histogram(
            "alongside_answer_seconds",
            "Seconds from a request to its answer, by page and kind of answer.",
            ["endpoint", "method", "status"],
            buckets=SECONDS,
            registry=self.registry,
        )

    def count_answer(self, seconds: float, status: int) -> None:
        """Count the running request, under its page and never under its address, which may hold a secret link."""
        endpoint = request.endpoint or "none"
        # A stranger may invent methods without end, and each would be kept for ever.
        method = request.method if request.url_rule is not None else "any"
        self._answers.labels(endpoint, method, f"{status // 100}xx").observe(seconds)


def install(app: Flask, figures: Sequence[Figure]) -> None:
    """Give a portal its figures and the page that tells them."""
    app.extensions["metrics"] = Metrics(figures)
    app.add_url_rule("/metrics", view_func=metrics)


def count_answer(seconds: float, status: int) -> None:
    """Count the running request in the portal that answers it."""
    current_app.extensions["metrics"].count_answer(seconds, status)


@access.public
def metrics() -> Response:
    """Tell the figures to whoever brings the token of the settings; for all others there is no such page."""
    token = current_app.config["SETTINGS"].metrics_token
    brought = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(brought.encode("utf-8", "surrogateescape"), token.encode()):
        abort(404)
    return Response(generate_latest(current_app.extensions["metrics"].registry), mimetype=CONTENT_TYPE_PLAIN_0_0_4)
