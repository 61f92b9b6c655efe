"""The board of a round: the proof, the mentors left, how groups fared, and whom to recruit."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from accounts.policy import Actor
from matching import queries
from matching.explaining.fairness import Grouping, fairness
from matching.explaining.left_over import Left, LeftWhy, left_over
from matching.explaining.people import Named, coarse_place, name_them
from matching.explaining.recalling import Missing, Recalled, recall
from matching.explaining.recruiting import Advice, advise
from matching.explaining.recruiting_words import Wanted, tell_advice
from matching.models import Round
from matching.rules import Veto

MOST_MENTORS_LEFT = 25


@dataclass(frozen=True)
class Proof:
    """The numbers by which a round is proved the best, in points of fit with the order of aims written into them.

    Attributes:
        holds: Whether they prove it.
        total: What all proposed pairs are worth together.
        people: The prices of all people together.
        places: The prices of all places together.
        gap: What another choice could be worth more, at most.
        checked: How many pairs of a person and a mentor the prices were held against.
    """

    holds: bool
    total: int
    people: int
    places: int
    gap: int
    checked: int


@dataclass(frozen=True)
class LeftMentor:
    """A mentor without a proposal.

    Attributes:
        mentor: Who.
        why: Why, in a sentence.
        rules: The rules that forbid most people, with how many each.
    """

    mentor: Named
    why: str
    rules: Sequence[tuple[Veto, int]]


@dataclass(frozen=True)
class Board:
    """What the record of a round tells beside its proposals.

    Attributes:
        proof: The certificate in numbers.
        left: The first mentors without a proposal.
        left_count: How many there are.
        spare_places: Free places that were not used.
        full: Mentors who were ready and had no free place.
        fairness: How groups fared.
        advice: Whom to recruit, the most helpful first.
        knows_areas: Whether advice could heed the areas that people must stay out of.
    """

    proof: Proof
    left: Sequence[LeftMentor]
    left_count: int
    spare_places: int
    full: int
    fairness: Sequence[Grouping]
    advice: Sequence[Wanted]
    knows_areas: bool


def lay_out(session: Session, by: Actor, round_: Round) -> Board | Missing:
    """Put the board of a round together, or tell why its record tells nothing.

    Args:
        session: To read with.
        by: Who reads.
        round_: A finished round of the actor's scheme.
    """
    recalled = recall(queries.find_record(session, by, round_.id))
    if isinstance(recalled, Missing):
        return recalled
    left, advice = left_over(recalled), advise(recalled)
    shown = left.mentors[:MOST_MENTORS_LEFT]
    names = name_them(session, by, recalled, columns=[each.column for each in shown])
    areas = queries.list_areas(session, by, round_.id)
    return Board(
        proof=_prove(recalled),
        left=[LeftMentor(names.mentor(each.column), _why(each), each.rules) for each in shown],
        left_count=len(left.mentors),
        spare_places=left.spare_places,
        full=left.full,
        fairness=fairness(recalled, areas),
        advice=[tell_advice(each, _place(recalled, each, areas)) for each in advice],
        knows_areas=recalled.memory.areas is not None,
    )


def _prove(recalled: Recalled) -> Proof:
    """Check the certificate again from the stored prices."""
    memory = recalled.memory
    certificate = memory.certificate
    places = sum(int(free) * int(price) for free, price in zip(memory.capacity, memory.mentor_price, strict=True))
    return Proof(
        holds=certificate.holds,
        total=memory.plan.total,
        people=sum(int(price) for price in memory.mentee_price),
        places=places,
        gap=certificate.gap,
        checked=int(memory.scored.fit.size),
    )


def _why(left: Left) -> str:
    """Say why nobody is proposed to a mentor."""
    if left.why is LeftWhy.NOBODY_WAITED:
        return gettext("Nobody waited.")
    if left.why is LeftWhy.NOBODY_ALLOWED:
        return gettext("No rule allows anybody who waited.")
    return ngettext(
        "%(num)s person would be allowed, whom another mentor fits better.",
        "%(num)s people would be allowed, whom other mentors fit better.",
        left.allowed,
    )


def _place(recalled: Recalled, advice: Advice, areas: Mapping[uuid.UUID, str]) -> str:
    """Name where an imagined mentor would live."""
    row = advice.profile.row
    return "" if row is None else coarse_place(areas.get(recalled.mentee_ids[row], ""))
