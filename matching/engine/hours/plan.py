"""The answer to a round counted in hours, and how far it is proved."""

from dataclasses import dataclass

from matching.engine.shapes import Integers


@dataclass(frozen=True, eq=False)
class HoursPlan:
    """A plan by hours and how far it is proved.

    Attributes:
        mentor_of: Each person's mentor or -1, shape `(n_mentees,)`.
        total: The sum of fit over the pairs.
        bound: No plan has a higher total than this.
    """

    mentor_of: Integers
    total: int
    bound: int

    @property
    def gap(self) -> int:
        """By how much another plan could be better at most; 0 means that none is."""
        return self.bound - self.total
