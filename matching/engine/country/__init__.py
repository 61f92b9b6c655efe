"""A whole country in one round: only neighbours are looked at, and the proof still covers every pair.

`score_country` finds the allowed pairs, `order_of_aims` writes the order of aims into a `SparseProblem`, and
`solve_country` returns a `CountryPlan` with its certificate. No table of all people by all mentors is ever made.
The mathematics is told in docs/matching.md.
"""

from matching.engine.country.aims import order_of_aims
from matching.engine.country.pairs import SparsePairs
from matching.engine.country.plan import CountryPlan, certify_country
from matching.engine.country.problem import SparseProblem
from matching.engine.country.progress import Progress
from matching.engine.country.scoring import CountryScored, score_country
from matching.engine.country.solving import solve_country

__all__ = [
    "CountryPlan",
    "CountryScored",
    "Progress",
    "SparsePairs",
    "SparseProblem",
    "certify_country",
    "order_of_aims",
    "score_country",
    "solve_country",
]
