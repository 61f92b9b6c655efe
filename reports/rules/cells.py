"""Counts of people, told to readers of figures so that nobody can be recognised by a small one.

A reader who sees no person is told of a count only the step of five in which it lies. Everything else that they see,
totals, shares, colours and bars, is worked out from that step and never from the count. So there is no cell that a
total, another table, another day or a file could give away: all of them know the step and nothing more.
"""

from collections.abc import Iterable
from dataclasses import dataclass

STEP = 5
"""Fewer people than this are never told apart. **Source:** HESA, the UK's agency for statistics on students,
which tells people in multiples of 5."""


@dataclass(frozen=True)
class Count:
    """What a reader is told of a count.

    Attributes:
        least: It is at least this.
        most: It is at most this; None where the reader is not told how much it may be.
    """

    least: int
    most: int | None

    def __add__(self, other: "Count") -> "Count":
        """Add two counts as a reader could who knows no more than they are told."""
        is_open = self.most is None or other.most is None
        return Count(self.least + other.least, None if is_open else (self.most or 0) + (other.most or 0))

    @property
    def is_exact(self) -> bool:
        """Whether the reader is told the count itself."""
        return self.least == self.most

    @property
    def is_withheld(self) -> bool:
        """Whether the reader is told nothing of it."""
        return self.least == 0 and self.most is None


def exact(amount: int) -> Count:
    """Tell a count as it is: to whoever works with the people, or where it counts no people."""
    return Count(amount, amount)


def coarse(amount: int, *, people: int | None = None) -> Count:
    """Tell a count about people in steps of five, so that one person more or less cannot be seen.

    None and four are told alike: on a board of any day, the day after a nought would be the day of the first person.

    Args:
        amount: How many people, or how much of what people did.
        people: How many people stand behind the amount, where it counts something else; fewer than five hide it.
    """
    if people is not None and people < STEP:
        return Count(0, None)
    least = amount // STEP * STEP
    return Count(least, least + STEP - 1)


def total(counts: Iterable[Count]) -> Count:
    """Add what a reader is told. A total is never told by itself, as it would narrow what its parts may be."""
    return sum(counts, exact(0))
