"""Scoring a country: the same fit and the same rules as `score`, but only where two people could meet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.engine.compatibility import (
    COMPONENTS,
    ExclusionAreas,
    MenteeArrays,
    MentorArrays,
    Yardsticks,
    combine,
    distance_km,
)
from matching.engine.compatibility.combining import check_weights
from matching.engine.compatibility.components import components
from matching.engine.compatibility.scoring import RULES
from matching.engine.compatibility.vetoes import beyond_travel
from matching.engine.country.barring import Barring, PairsByMentee
from matching.engine.country.pairs import SparsePairs
from matching.engine.country.progress import Progress, say_nothing
from matching.engine.country.reaching import Neighbourhood, neighbourhoods, reach_km
from matching.engine.shapes import Booleans, Integers

CELLS_AT_ONCE = 2**17
"""Cells of a neighbourhood that are looked at in one step; no table of people by mentors is ever larger."""


class _Found(NamedTuple):
    """The allowed pairs of some people, the pairs of one person side by side."""

    mentees: Integers
    counts: Integers
    mentor: Integers
    fit: Integers


@dataclass(frozen=True, eq=False)
class CountryScored:
    """What scoring found, and how much work it was.

    Attributes:
        pairs: Every allowed pair with its fit from 1 to 1000.
        looked_at: How many pairs of people had to be looked at, of all there are.
    """

    pairs: SparsePairs
    looked_at: int


def score_country(
    mentees: MenteeArrays,
    mentors: MentorArrays,
    weights: Mapping[str, float],
    *,
    yardsticks: Yardsticks | None = None,
    exclusion_areas: ExclusionAreas | None = None,
    barred: Mapping[str, npt.ArrayLike] | None = None,
    met_before: npt.ArrayLike = (),
    progress: Progress = say_nothing,
) -> CountryScored:
    """Finds and scores every allowed pair of a country, without a table of all people by all mentors.

    The pairs and their fit are those that `score` finds. Only neighbours are looked at (`neighbourhoods`); the rules
    are asked first, and what they leave is scored.

    Args:
        mentees: Everybody who waits.
        mentors: Everybody who is ready.
        weights: As in `score`, like all that follows.
        yardsticks: The scheme's numbers.
        exclusion_areas: Circles that licences keep people out of.
        barred: Further forbidden pairs by the name of their rule.
        met_before: Pairs who know each other from the programme.
        progress: Is told how many people are scored.

    Returns:
        The allowed pairs, about six bytes for each.

    Raises:
        ValueError: As in `score`. The message names the fault.
    """
    check_weights(weights, COMPONENTS)
    shape = (len(mentees), len(mentors))
    barring = Barring.of(mentors, exclusion_areas, barred or {}, shape)
    met = PairsByMentee.of("met_before", met_before, shape)
    scorer = _Scorer(mentees, mentors, weights, yardsticks or Yardsticks(), barring, met)
    parts, done, looked_at = [], 0, 0
    for neighbourhood in neighbourhoods(mentees, mentors):
        parts.append(scorer.score(neighbourhood))
        done += neighbourhood.mentees.size
        looked_at += neighbourhood.mentees.size * neighbourhood.mentors.size
        progress("scoring", done, shape[0])
    return CountryScored(_together(parts, shape), looked_at)


@dataclass(frozen=True, eq=False)
class _Scorer:
    """All that is needed to score a neighbourhood."""

    mentees: MenteeArrays
    mentors: MentorArrays
    weights: Mapping[str, float]
    yardsticks: Yardsticks
    barring: Barring
    met: PairsByMentee

    def score(self, near: Neighbourhood) -> _Found:
        """Finds the allowed pairs of a neighbourhood, some mentors at a time."""
        columns = max(1, CELLS_AT_ONCE // near.mentees.size)
        found = [
            self._score_cells(near.mentees, near.mentors[start : start + columns])
            for start in range(0, near.mentors.size, columns)
        ]
        row, mentor, fit = (np.concatenate(column) for column in zip(_nothing(), *found, strict=True))
        # Mentors came in ascending order, and a stable sort keeps it for each person.
        order = np.argsort(row.astype(np.int16), kind="stable")
        return _Found(near.mentees, np.bincount(row, minlength=near.mentees.size), mentor[order], fit[order])

    def _score_cells(self, mentees: Integers, mentors: Integers) -> tuple[Integers, Integers, Integers]:
        """Returns the row, the mentor and the fit of each allowed pair of a small table."""
        possible = self._possible(mentees, mentors)
        self.barring.strike_out(possible, mentees, mentors)
        row, column = np.divmod(np.flatnonzero(possible), mentors.size)
        these, those = self.mentees.take(mentees[row]), self.mentors.take(mentors[column])
        distance = distance_km(these, those)
        allowed = np.flatnonzero(~beyond_travel(these, those, distance))
        if allowed.size < row.size:
            row, column, distance = row[allowed], column[allowed], distance[allowed]
            these, those = these.take(allowed), those.take(allowed)
        found = components(these, those, distance, self.yardsticks)
        found["continuity"] = self.met.holds(mentees[row], mentors[column]).astype(np.float32)
        return row, mentors[column].astype(np.int32), combine(found, self.weights)

    def _possible(self, mentees: Integers, mentors: Integers) -> Booleans:
        """Asks the rules of a small table; travel is asked roughly, as the exact way around is dear to work out."""
        these, those = self.mentees.take(mentees).as_rows(), self.mentors.take(mentors)
        square = np.square(these.x_km - those.x_km)
        square += np.square(these.y_km - those.y_km)
        square += np.square(these.z_km - those.z_km)
        reach = np.maximum(*(np.square(reach_km(side)).astype(np.float32) for side in (these, those)))
        # An unknown place makes the distance NaN, which compares as False and lets the pair pass.
        impossible = square > reach
        for forbids in RULES.values():
            impossible |= forbids(these, those)
        return np.asarray(~impossible)


def _nothing() -> tuple[Integers, Integers, Integers]:
    return np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.int16)


def _together(parts: list[_Found], shape: tuple[int, int]) -> SparsePairs:
    """Puts the pairs in the order of the people, and lets go of each part as soon as it is in its place."""
    counts = np.zeros(shape[0], dtype=np.int64)
    for part in parts:
        counts[part.mentees] = part.counts
    starts = np.append(0, np.cumsum(counts))
    mentor = np.empty(int(starts[-1]), dtype=np.int32)
    fit = np.empty(int(starts[-1]), dtype=np.int16)
    while parts:
        part = parts.pop()
        own = np.cumsum(part.counts) - part.counts
        places = np.repeat(starts[part.mentees] - own, part.counts) + np.arange(part.mentor.size)
        mentor[places], fit[places] = part.mentor, part.fit
    return SparsePairs(starts, mentor, fit, shape[1])
