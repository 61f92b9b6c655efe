"""The matching as pure arithmetic: arrays in, arrays out, with a proof.

`score` turns what is known about people into whole numbers of fit and masks of vetoes, `lexicographic`
writes the order of aims into them, `solve` finds a best plan, and the `Plan` proves that it is one and
answers what other choices would cost. `blockers` and `standing` say why somebody stays waiting. Nothing
here knows the database, the clock or the web. A round of a whole country, far too large for a table of all pairs,
is solved by `matching.engine.country`. The mathematics is told in docs/matching.md.
"""

from matching.engine.advising import Advice, advise
from matching.engine.aims import Aims, Reading, lexicographic
from matching.engine.certificate import Certificate, certify
from matching.engine.compatibility import (
    ANY_CODE,
    COMPONENTS,
    OWN_VETOES,
    ExclusionAreas,
    MenteeArrays,
    MentorArrays,
    Scored,
    Yardsticks,
    score,
)
from matching.engine.explaining import Blockers, Standing, blockers, standing
from matching.engine.hours import HoursPlan, solve_hours
from matching.engine.moves import Alternative, Move
from matching.engine.plan import Plan
from matching.engine.problem import Problem
from matching.engine.shapes import NOBODY
from matching.engine.solving import solve

__all__ = [
    "ANY_CODE",
    "COMPONENTS",
    "NOBODY",
    "OWN_VETOES",
    "Advice",
    "Aims",
    "Alternative",
    "Blockers",
    "Certificate",
    "ExclusionAreas",
    "HoursPlan",
    "MenteeArrays",
    "MentorArrays",
    "Move",
    "Plan",
    "Problem",
    "Reading",
    "Scored",
    "Standing",
    "Yardsticks",
    "advise",
    "blockers",
    "certify",
    "lexicographic",
    "score",
    "solve",
    "solve_hours",
    "standing",
]
