"""The question of a round of a whole country, in which most pairs can never meet."""

from dataclasses import dataclass, field

import numpy as np

from matching.engine.country.pairs import SparsePairs
from matching.engine.shapes import EXACT_BELOW, Integers


@dataclass(frozen=True, eq=False)
class SparseProblem:
    """States a round by its allowed pairs alone, in whole numbers, so that every answer can be proved.

    Attributes:
        pairs: Who may be paired with whom, and how well.
        capacity: Whole numbers >= 0, shape `(n_mentors,)`: how many more people each mentor can take.
        bonus: Whole numbers >= 0, shape `(n_mentees,)`: what serving a person adds to the fit of the pair. It
            carries the order of aims (`order_of_aims`) and is 0 if left out.

    Raises:
        ValueError: If a shape is wrong, a number is negative or not whole, or a total or a path of the solver
            could reach 2**53. The message names the fault.
    """

    pairs: SparsePairs
    capacity: Integers
    bonus: Integers = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def __post_init__(self) -> None:
        bonus = np.asarray(self.bonus)
        bonus = bonus if bonus.size else np.zeros(self.n_mentees, dtype=np.int64)
        for name, given, length in (("capacity", self.capacity, self.n_mentors), ("bonus", bonus, self.n_mentees)):
            array = _one_for_each(name, np.asarray(given), length)
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        if 4 * self.largest_weight * (self.n_mentees + self.n_places) >= EXACT_BELOW:
            raise ValueError(
                f"weights up to {self.largest_weight} for {self.n_mentees} people and {self.n_places} places "
                "could reach 2**53 and lose exactness",
            )

    @property
    def n_mentees(self) -> int:
        """How many people wait."""
        return self.pairs.n_mentees

    @property
    def n_mentors(self) -> int:
        """How many mentors are ready."""
        return self.pairs.n_mentors

    @property
    def n_places(self) -> int:
        """How many places there are, none counted that no number of people could fill."""
        return int(np.minimum(self.capacity, self.n_mentees).sum())

    @property
    def most_pairs(self) -> int:
        """The number of pairs that no plan can exceed: people or places, whichever are fewer."""
        return min(self.n_mentees, self.n_places)

    @property
    def largest_weight(self) -> int:
        """The largest number that the solver is given for one pair."""
        return int(self.pairs.fit.max(initial=0)) + int(self.bonus.max(initial=0))


def _one_for_each(name: str, array: Integers, length: int) -> Integers:
    """Returns a copy of whole numbers >= 0, or raises a ValueError that names what is wrong with them."""
    if array.shape != (length,):
        raise ValueError(f"{name} has shape {array.shape} and needs ({length},)")
    if array.size and array.dtype.kind not in "iu":
        raise ValueError(f"{name} holds {array.dtype} values and needs whole numbers")
    if array.size and array.min() < 0:
        raise ValueError(f"{name} has the number {array.min()}, which is less than 0")
    if array.size and int(array.max()) >= EXACT_BELOW:
        raise ValueError(f"{name} has the number {array.max()}, which is too large")
    return array.astype(np.int64)
