"""What is forbidden or known for single pairs of a large round, kept by person so that a block finds its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from matching.engine.compatibility.people import MentorArrays
from matching.engine.compatibility.scoring import check_rule_names, checked_pairs
from matching.engine.compatibility.vetoes import ExclusionAreas, inside_exclusion_area
from matching.engine.shapes import Booleans, Integers


@dataclass(frozen=True, eq=False)
class PairsByMentee:
    """Listed pairs of a mentee and a mentor.

    Attributes:
        keys: One ascending number for each pair: `mentee * n_mentors + mentor`.
        n_mentors: How many mentors there are.
    """

    keys: Integers
    n_mentors: int

    @classmethod
    def of(cls, name: str, given: npt.ArrayLike, shape: tuple[int, int]) -> Self:
        """Makes the list from rows (mentee, mentor).

        Raises:
            ValueError: If they are not such rows or name nobody. The message names the list.
        """
        pairs = checked_pairs(name, given, shape)
        return cls(np.unique(pairs[:, 0] * shape[1] + pairs[:, 1]), shape[1])

    def mentors_of(self, mentee: int) -> Integers:
        """Returns the mentors listed with one person, ascending."""
        ends = np.searchsorted(self.keys, np.array([mentee, mentee + 1]) * self.n_mentors)
        return self.keys[ends[0] : ends[1]] % self.n_mentors

    def holds(self, mentees: Integers, mentors: Integers) -> Booleans:
        """Tells of each of some pairs whether it is listed."""
        if not self.keys.size:
            return np.zeros(mentees.size, dtype=np.bool_)
        keys = mentees * self.n_mentors + mentors
        place = np.minimum(np.searchsorted(self.keys, keys), self.keys.size - 1)
        return np.asarray(self.keys[place] == keys)


@dataclass(frozen=True, eq=False)
class Barring:
    """Everything that forbids single pairs: the caller's lists and the exclusion areas.

    Attributes:
        listed: The pairs of all lists.
        areas: The exclusion areas, by ascending mentee.
        mentors: Everybody who is ready.
    """

    listed: PairsByMentee
    areas: ExclusionAreas
    mentors: MentorArrays

    @classmethod
    def of(
        cls,
        mentors: MentorArrays,
        areas: ExclusionAreas | None,
        barred: Mapping[str, npt.ArrayLike],
        shape: tuple[int, int],
    ) -> Self:
        """Gathers what forbids single pairs.

        Raises:
            ValueError: If a list or an area names nobody, or a rule's name is taken. The message names the fault.
        """
        check_rule_names(barred)
        lists = [checked_pairs(name, pairs, shape) for name, pairs in barred.items()]
        listed = PairsByMentee.of("barred", np.concatenate((np.empty((0, 2), np.int64), *lists)), shape)
        areas = _no_areas() if areas is None else areas
        if len(areas) and areas.mentee.max() >= shape[0]:
            raise ValueError(f"exclusion_area names somebody outside {shape[0]} mentees and {shape[1]} mentors")
        return cls(listed, areas.take(np.argsort(areas.mentee, kind="stable")), mentors)

    def strike_out(self, possible: Booleans, mentees: Integers, mentors: Integers) -> None:
        """Sets the cells of forbidden pairs to False in a small table of some people by some mentors."""
        for row in self._concerned(self.listed.keys // max(1, self.listed.n_mentors), mentees):
            possible[row, np.isin(mentors, self.listed.mentors_of(int(mentees[row])))] = False
        for row in self._concerned(self.areas.mentee, mentees):
            first, last = np.searchsorted(self.areas.mentee, (mentees[row], mentees[row] + 1))
            inside = inside_exclusion_area(self.areas.take(slice(first, last)), self.mentors.take(mentors))
            possible[row, inside[:, 1]] = False

    @staticmethod
    def _concerned(owners: Integers, mentees: Integers) -> Integers:
        """Lists the rows of people who occur among ascending owners."""
        if not owners.size:
            return np.empty(0, dtype=np.int64)
        place = np.minimum(np.searchsorted(owners, mentees), owners.size - 1)
        return np.flatnonzero(owners[place] == mentees)


def _no_areas() -> ExclusionAreas:
    nothing = np.empty(0)
    return ExclusionAreas(mentee=nothing.astype(np.int64), latitude=nothing, longitude=nothing, radius_km=nothing)
