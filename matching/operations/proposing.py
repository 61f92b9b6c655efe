"""Writing down what a plan proposes, and why everybody else stays waiting."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.engine import Blockers, Plan, Scored, Standing, blockers, standing
from matching.gathering import asks_for, helps_with, highest_risk
from matching.models import Proposal, Unmatched
from matching.rules import NEVER_ADVISED, Origin, WaitingWhy
from mentees.models import Mentee
from mentees.rules import TWO_PEOPLE_FROM
from mentors.models import Volunteer


def make_proposals(
    scored: Scored,
    pairs: npt.NDArray[np.integer[Any]],
    mentees: Mapping[int, Mentee] | Sequence[Mentee],
    volunteers: Mapping[int, Volunteer] | Sequence[Volunteer],
    round_id: uuid.UUID,
) -> list[Proposal]:
    """Write a proposal for each of some pairs, with its parts and the facts behind the sentence why.

    Args:
        scored: The round.
        pairs: Rows of person and mentor, shape ``(n_pairs, 2)``.
        mentees: The people by row.
        volunteers: The mentors by column.
        round_id: The round that proposes.
    """
    parts = scored.components_of(pairs)
    distances = scored.distance_km_of(pairs)
    made = []
    for place, (row, column) in enumerate(pairs.tolist()):
        mentee, volunteer = mentees[row], volunteers[column]
        made.append(
            Proposal(
                round_id=round_id,
                mentee_id=mentee.id,
                volunteer_id=volunteer.id,
                origin=Origin.ROUND,
                fit=int(scored.fit[row, column]),
                components={name: round(float(values[place]), 3) for name, values in parts.items()},
                reasons={
                    "distance_km": None if np.isnan(distances[place]) else round(float(distances[place]), 1),
                    "common_slots": int(mentee.slots & volunteer.slots),
                    "languages": sorted({*mentee.languages} & {*volunteer.languages}),
                    "interpreter": mentee.has_interpreter,
                    "helps": sorted(asks_for(mentee) & helps_with(volunteer)),
                    "interests": sorted({*mentee.interests} & {*volunteer.interests}),
                    "risk": int(highest_risk(mentee)),
                    "cleared": volunteer.cleared_rosh,
                    "alternatives": int(np.count_nonzero(scored.allowed[row]) - scored.allowed[row, column]),
                },
                needs_second=highest_risk(mentee) >= TWO_PEOPLE_FROM,
            )
        )
    return made


def make_unmatched(
    scored: Scored,
    plan: Plan,
    mentee_ids: Sequence[uuid.UUID],
    round_id: uuid.UUID,
    *,
    left_out: Collection[int] = (),
) -> list[Unmatched]:
    """Write down everybody whom a plan leaves waiting, with the rules that block mentors for them.

    Args:
        scored: The round.
        plan: Its plan, or the one after choices.
        mentee_ids: The people by row.
        round_id: The round.
        left_out: Rows of people whom staff left out.
    """
    fixed = {veto.value for veto in NEVER_ADVISED}
    reasons = blockers(scored.masks, fixed=fixed)
    return [
        Unmatched(
            round_id=round_id,
            mentee_id=mentee_ids[row],
            why=WaitingWhy.LEFT_OUT if row in left_out else WaitingWhy(why.value),
            mentors_considered=len(scored.mentors),
            **_blocked(reasons, row),
        )
        for row, why in enumerate(standing(plan))
        if why is not Standing.PAIRED
    ]


def _blocked(reasons: Blockers, row: int) -> dict[str, Any]:
    """Tell what blocks mentors for one person."""
    return {
        "smallest_change": reasons.smallest_change[row],
        "mentors_allowed": int(reasons.allowed[row]),
        "blocked_by": {name: int(counts[row]) for name, counts in reasons.blocked.items() if counts[row]},
        "alone_blocked_by": {name: int(counts[row]) for name, counts in reasons.alone.items() if counts[row]},
    }
