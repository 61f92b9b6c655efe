"""What waits on the home pages: all cards of all roles in one statement, each with its number and first rows."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Select,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from accounts.policy import Actor
from accounts.rules import GlassState
from foundation.clock import day_of
from mentees.rules import CaseStage
from mentors.rules import AlertKind, CheckKind, Stage
from reports.queries.waiting.accounts import emergency, invitations
from reports.queries.waiting.lines import Asked
from reports.queries.waiting.pairs import offers, proposals, quiet
from reports.queries.waiting.people import own_referrals, referrals, releases, waiting
from reports.queries.waiting.training import lacking, reviews
from reports.queries.waiting.volunteers import applications, commitments, lapsing, lost, wishes
from reports.rules import Card, Row, Waiting
from training.models import Course
from training.queries import list_courses

_WORDS: Mapping[Card, type[StrEnum]] = {
    Card.EMERGENCY: GlassState,
    Card.COMMITMENTS: AlertKind,
    Card.RELEASES: CaseStage,
    Card.LAPSING: CheckKind,
    Card.LACKING: Stage,
    Card.OWN_REFERRALS: CaseStage,
}
"""What the word in a card's lines is, where it has one."""


def required_courses(session: Session, by: Actor) -> list[Course]:
    """List the courses that every mentor of the actor's scheme needs."""
    return [course for course in list_courses(session, by.scheme_id) if course.is_required]


def list_waiting(
    session: Session, by: Actor, cards: Collection[Card], *, on: date, at: datetime, courses: Sequence[Course] = ()
) -> dict[Card, Waiting]:
    """Read some cards in one statement; what the actor may not see is not there.

    Args:
        session: Where to read.
        by: Whose home page it is.
        cards: Which cards.
        on: Today where the scheme is.
        at: Now.
        courses: The required courses, for the card of lacking training.
    """
    if not cards:
        return {}
    asked = Asked(by, on, at, courses)
    parts = [_CARDS[card](asked).subquery(card.name.lower()) for card in cards]
    statement = union_all(*(select(part) for part in parts)).order_by("card", "place")
    found: dict[Card, list[Any]] = {card: [] for card in cards}
    for line in session.execute(statement):
        found[Card(line.card)].append(line)
    return {
        card: Waiting(lines[0].total, tuple(_row(card, line, by) for line in lines)) if lines else Waiting()
        for card, lines in found.items()
    }


def _row(card: Card, line: Any, by: Actor) -> Row:  # noqa: ANN401 - a row of a union.
    """Turn a line of the statement into one of the page; an instant becomes the day it was where the scheme is."""
    day = line.day if line.at is None else day_of(line.at, by.time_zone)
    word = _WORDS[card](line.word) if card in _WORDS else None
    return Row(line.record_id, line.name, line.other, word, day, line.minutes)


_CARDS: Mapping[Card, Callable[[Asked], Select[Any]]] = {
    Card.EMERGENCY: emergency,
    Card.APPLICATIONS: applications,
    Card.REFERRALS: referrals,
    Card.PROPOSALS: proposals,
    Card.OFFERS: offers,
    Card.QUIET: quiet,
    Card.COMMITMENTS: commitments,
    Card.WISHES: wishes,
    Card.RELEASES: releases,
    Card.LOST: lost,
    Card.LAPSING: lapsing,
    Card.WAITING: waiting,
    Card.LACKING: lacking,
    Card.REVIEWS: reviews,
    Card.OWN_REFERRALS: own_referrals,
    Card.INVITATIONS: invitations,
}
