"""Everything that a home page shows, for all the roles that somebody has."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.policy import Actor
from accounts.rules import Permission, Role
from foundation import heartbeat
from foundation.clock import day_of
from reports.policy import cards_of
from reports.queries.board import home_figures
from reports.queries.own import Own, find_own
from reports.queries.waiting import list_waiting, required_courses
from reports.rules import Card, Progress, Waiting


@dataclass(frozen=True)
class Home:
    """What one home page shows.

    Attributes:
        cards: What waits, for every card of the person's roles.
        own: Their own way as a volunteer; None where they are none.
        board: How the promises stand, for an evaluator; else empty.
        training: The hours of training against the promise, for a training lead; else None.
        worker_lost: For an administrator, whether nobody sends letters and runs rounds.
    """

    cards: Mapping[Card, Waiting]
    own: Own | None
    board: list[Progress]
    training: Progress | None
    worker_lost: bool


def read_home(session: Session, by: Actor, at: datetime) -> Home:
    """Read a home page, in nine statements for somebody with every role and fewer for everybody else."""
    on = day_of(at, by.time_zone)
    cards = cards_of(by)
    has_own = by.may(Permission.OWN_RECORD_READ)
    courses = required_courses(session, by) if has_own or Card.LACKING in cards else []
    wants_board, wants_training = Role.EVALUATOR in by.roles, Role.TRAINING_LEAD in by.roles
    board: list[Progress] = []
    training: Progress | None = None
    if wants_board or wants_training:
        board, training = home_figures(session, by, on, board=wants_board, training=wants_training)
    return Home(
        cards=list_waiting(session, by, cards, on=on, at=at, courses=courses),
        own=find_own(session, by, on, courses) if has_own else None,
        board=board if wants_board else [],
        training=training,
        worker_lost=Role.ADMINISTRATOR in by.roles and heartbeat.is_late(session, at),
    )
