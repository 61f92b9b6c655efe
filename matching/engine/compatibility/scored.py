"""The table of a round once it is scored, and what it tells about single pairs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.engine.compatibility.components import Yardsticks, components
from matching.engine.compatibility.location import distance_km
from matching.engine.compatibility.people import MenteeArrays, MentorArrays
from matching.engine.shapes import Booleans, Integers, Scores


class VetoMasks(Mapping[str, Booleans]):
    """Each rule by name as a mask of forbidden pairs, unpacked when it is asked for."""

    def __init__(self, names: tuple[str, ...], packed: Integers) -> None:
        self._names = names
        self._packed = packed

    def __getitem__(self, name: str) -> Booleans:
        if name not in self._names:
            raise KeyError(name)
        mask: Booleans = (self._packed & np.uint16(1 << self._names.index(name))) != 0
        return mask

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True, eq=False)
class Scored:
    """What scoring found for every pair of a round; matrices have shape `(n_mentees, n_mentors)`.

    Attributes:
        fit: Whole numbers from 1 to 1000, int16; also for forbidden pairs, so that a page can say what
            a rule stands in the way of.
        vetoes: The rules that forbid the pair, uint16: bit k stands for `veto_names[k]`.
        veto_names: The names of the rules in the order of their bits.
        mentees: The rows, as they were handed in.
        mentors: The columns, as they were handed in.
        weights: How much each component counts.
        yardsticks: The scheme's numbers that the components were measured with.
        met_before: Pairs that knew each other from the programme, shape `(n_pairs, 2)`.
    """

    fit: Integers
    vetoes: Integers
    veto_names: tuple[str, ...]
    mentees: MenteeArrays
    mentors: MentorArrays
    weights: Mapping[str, float]
    yardsticks: Yardsticks
    met_before: Integers

    @cached_property
    def allowed(self) -> Booleans:
        """True where no rule forbids the pair."""
        return np.asarray(self.vetoes == 0)

    @property
    def masks(self) -> VetoMasks:
        """Each rule by name as a mask of forbidden pairs."""
        return VetoMasks(self.veto_names, self.vetoes)

    def vetoes_of(self, mentee: int, mentor: int) -> tuple[str, ...]:
        """Names the rules that forbid one pair, in the order of `veto_names`; empty if none does."""
        packed = int(self.vetoes[mentee, mentor])
        return tuple(name for bit, name in enumerate(self.veto_names) if packed >> bit & 1)

    def components_of(self, pairs: Integers) -> dict[str, Scores]:
        """Works out the components again for chosen pairs, as they are not kept for all.

        Args:
            pairs: Rows (mentee, mentor), shape `(n_pairs, 2)`.

        Returns:
            Each component by name, in [0, 1], shape `(n_pairs,)`.
        """
        mentees, mentors = self._both(pairs)
        found = components(mentees, mentors, distance_km(mentees, mentors), self.yardsticks)
        found["continuity"] = self._met(pairs)
        return found

    def distance_km_of(self, pairs: Integers) -> Scores:
        """Returns the distance of chosen pairs in km, NaN where it is not known; shape `(n_pairs,)`."""
        return distance_km(*self._both(pairs))

    def _both(self, pairs: Integers) -> tuple[MenteeArrays, MentorArrays]:
        return self.mentees.take(pairs[:, 0]), self.mentors.take(pairs[:, 1])

    def _met(self, pairs: Integers) -> Scores:
        keys, met = (each[:, 0] * len(self.mentors) + each[:, 1] for each in (pairs, self.met_before))
        return np.isin(keys, met).astype(np.float32)
