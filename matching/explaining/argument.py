"""The page of a proposal as a short argument: why this pair, what else there was, and what it would have cost."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from accounts.policy import Actor
from matching import queries
from matching.explaining.choices import Choice, Difference, if_waiting, other_choices
from matching.explaining.people import Named, Names, coarse_place, name_them
from matching.explaining.recalling import Missing, Recalled, recall
from matching.explaining.strengths import Strength, behind_reasons, behind_record, strengths
from matching.explaining.telling import tell_moves, tell_price, tell_waiting
from matching.explaining.travel_map import Ground, TravelMap, draw, ground_of
from matching.explaining.travel_words import Both, tell_travel
from matching.gathering import lay_out_desk
from matching.models import Proposal
from matching.rules import OPEN_PROPOSALS
from mentors.models import Check


@dataclass(frozen=True)
class Other:
    """One mentor who comes next.

    Attributes:
        mentor: Who.
        fit: The fit of the two, 1 to 1000.
        price: What choosing them would cost, in sentences.
        moves: Who would have to move, in sentences.
        is_free: Whether it would cost nothing.
    """

    mentor: Named
    fit: int
    price: list[str]
    moves: list[str]
    is_free: bool


@dataclass(frozen=True)
class Otherwise:
    """What the round says about everything that was not chosen; a page without it shows what the proposal holds.

    Attributes:
        others: The mentors who come next, cheapest first.
        waiting: What it would cost if the person waited, in sentences; empty where nobody asked the round.
        waiting_moves: Who would move then.
        travel_map: The map, where both places are known.
        travel: The map in words.
    """

    others: list[Other]
    waiting: list[str]
    waiting_moves: list[str]
    travel_map: TravelMap | None
    travel: list[str]


@dataclass(frozen=True)
class Argument:
    """All that speaks for a proposal and against it.

    Attributes:
        strengths: What each component adds.
        missing: Why the round cannot be asked any more; None where it can.
        otherwise: What the round answers; None where it cannot be asked.
    """

    strengths: list[Strength]
    missing: Missing | None
    otherwise: Otherwise | None


def argue(session: Session, by: Actor, proposal: Proposal, on: date) -> Argument:
    """Put together the argument for a proposal, in words and pictures.

    Args:
        session: To read with.
        by: Who reads.
        proposal: The proposal with both people, its round and its confidential parts loaded.
        on: The day on which it is read.
    """
    recalled = recall(queries.find_record(session, by, proposal.round_id))
    weights = proposal.round.weights
    if isinstance(recalled, Missing) or not _stands_in(recalled, proposal):
        missing = recalled if isinstance(recalled, Missing) else Missing.UNREADABLE
        return Argument(strengths(proposal.components, weights, behind_reasons(proposal.reasons)), missing, None)
    row, column = recalled.rows[proposal.mentee_id], recalled.columns[proposal.volunteer_id]
    return Argument(
        strengths(proposal.components, weights, behind_record(recalled.memory, row, column)),
        None,
        _otherwise(session, by, proposal, _as_it_stands(session, by, proposal, recalled, on)),
    )


def _as_it_stands(session: Session, by: Actor, proposal: Proposal, recalled: Recalled, on: date) -> Recalled:
    """Give the round with what staff have chosen in it since, but for what they decided on this person.

    A proposal that is decided on is held against the round as it was.
    """
    choices = queries.list_choices(session, by, proposal.round_id) if proposal.state in OPEN_PROPOSALS else []
    if not choices:
        return recalled
    both = (recalled.mentee_ids, recalled.volunteer_ids)
    desk = lay_out_desk(session, by, proposal.round, recalled.memory, both, on=on, choices=choices)
    row = recalled.rows[proposal.mentee_id]
    pins = {each: column for each, column in desk.wishes.pins.items() if each != row}
    return replace(recalled, answer=desk.solve(replace(desk.wishes, pins=pins)))


def conditions_of(proposal: Proposal) -> list[Check]:
    """List the checks of the mentor that were cleared under a condition."""
    return [check for check in proposal.volunteer.checks if check.conditions]


def _stands_in(recalled: Recalled, proposal: Proposal) -> bool:
    """Tell whether the record knows both people, as every sound one does."""
    return proposal.mentee_id in recalled.rows and proposal.volunteer_id in recalled.columns


def _otherwise(session: Session, by: Actor, proposal: Proposal, recalled: Recalled) -> Otherwise:
    """Ask the round about everything else."""
    row, column = recalled.rows[proposal.mentee_id], recalled.columns[proposal.volunteer_id]
    choices, waiting = other_choices(recalled, row, column), if_waiting(recalled, row, column)
    names = _names(session, by, recalled, choices, waiting)
    ground = ground_of(recalled, row, column)
    return Otherwise(
        others=[_other(choice, names, recalled) for choice in choices],
        waiting=tell_waiting(waiting, names, recalled.total_fit) if waiting else [],
        waiting_moves=tell_moves(waiting, names) if waiting else [],
        travel_map=draw(ground),
        travel=tell_travel(ground, _both(proposal, ground)),
    )


def _names(session: Session, by: Actor, recalled: Recalled, choices: list[Choice], waiting: Difference | None) -> Names:
    """Look up everybody whom the page names."""
    moves = [move for choice in choices for move in choice.difference.moves]
    moves += waiting.moves if waiting else ()
    columns = {choice.column for choice in choices} | {move.before for move in moves} | {move.after for move in moves}
    return name_them(session, by, recalled, rows={move.row for move in moves}, columns=columns)


def _other(choice: Choice, names: Names, recalled: Recalled) -> Other:
    """Tell about one mentor who comes next."""
    return Other(
        mentor=names.mentor(choice.column),
        fit=choice.fit,
        price=tell_price(choice.difference, names, recalled.total_fit),
        moves=tell_moves(choice.difference, names),
        is_free=choice.difference.is_free,
    )


def _both(proposal: Proposal, ground: Ground) -> Both:
    """Name both people and their places; a place that has changed since is not named."""
    person, mentor = proposal.mentee, proposal.volunteer
    return Both(
        person.person.name,
        mentor.person.name,
        coarse_place(person.area) if _is_still(ground.person, person.latitude, person.longitude) else "",
        coarse_place(mentor.area) if _is_still(ground.mentor, mentor.latitude, mentor.longitude) else "",
    )


def _is_still(then: tuple[float, float] | None, latitude: float | None, longitude: float | None) -> bool:
    """Tell whether somebody is still where the round knew them to be."""
    return (
        then is not None and latitude is not None and longitude is not None and np.allclose(then, (latitude, longitude))
    )
