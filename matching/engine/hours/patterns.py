"""Uses of mentors' hours as things to choose from: a pattern is one mentor with the people of one use of the hours."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic

import numpy as np
from scipy.sparse import csc_array, csr_array

from matching.engine.hours.knapsack import Uses
from matching.engine.hours.round import HoursRound
from matching.engine.shapes import Booleans, Floats, Integers

STEPS_FOR_EACH = 20
"""Steps of the search for each pattern that may be found; a search that needs more is given up."""


@dataclass
class Patterns:
    """A growing list of patterns, each of them once.

    Attributes:
        hours: The round.
        mentor: The mentor of each pattern.
        people: The people of each pattern, ascending.
    """

    hours: HoursRound
    mentor: list[int] = field(default_factory=list)
    people: list[tuple[int, ...]] = field(default_factory=list)
    _known: set[tuple[int, tuple[int, ...]]] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.mentor)

    def add(self, mentor: int, people: tuple[int, ...]) -> None:
        """Adds a pattern unless it is there or holds nobody."""
        if people and (mentor, people) not in self._known:
            self._known.add((mentor, people))
            self.mentor.append(mentor)
            self.people.append(people)

    def add_uses(self, uses: Uses, mentors: Integers) -> None:
        """Adds the best uses of some mentors."""
        for mentor in mentors.tolist():
            self.add(mentor, tuple(np.flatnonzero(uses.members[:, mentor]).tolist()))

    @property
    def gain(self) -> Integers:
        """The fit of each pattern."""
        return np.array([int(self.hours.fit[list(who), j].sum()) for j, who in self], dtype=np.int64)

    @property
    def uses(self) -> csr_array:
        """What each pattern uses up: a row for each person, then a row for each mentor, a column for each pattern."""
        n_mentees, n_mentors = self.hours.shape
        rows = [row for j, who in self for row in (*who, n_mentees + j)]
        starts = np.append(0, np.cumsum([len(who) + 1 for who in self.people], dtype=np.int64))
        shape = (n_mentees + n_mentors, len(self))
        return csr_array(csc_array((np.ones(len(rows)), np.array(rows, dtype=np.int64), starts), shape=shape))

    def __iter__(self) -> Iterator[tuple[int, tuple[int, ...]]]:
        return iter(zip(self.mentor, self.people, strict=True))

    def compatible(self, order: Integers) -> Booleans:
        """Chooses patterns in an order, leaving out any that needs a mentor or a person who is taken already."""
        chosen, taken = np.zeros(len(self), dtype=np.bool_), np.zeros(sum(self.hours.shape), dtype=np.bool_)
        for pattern in order.tolist():
            needs = [*self.people[pattern], self.hours.shape[0] + self.mentor[pattern]]
            chosen[pattern] = not taken[needs].any()
            taken[needs] |= chosen[pattern]
        return chosen

    def mentor_of(self, chosen: Booleans) -> Integers:
        """Returns each person's mentor or -1, if some patterns are chosen."""
        found = np.full(self.hours.shape[0], -1)
        for pattern in np.flatnonzero(chosen).tolist():
            found[list(self.people[pattern])] = self.mentor[pattern]
        return found


def patterns_within(
    hours: HoursRound,
    price: Floats,
    worth: Floats,
    loss: float,
    *,
    most: int,
    until: float = np.inf,
) -> Patterns | None:
    """Lists every pattern whose worth after prices falls short of its mentor's best by at most `loss`.

    Args:
        hours: The round.
        price: The price of each person.
        worth: The best worth of each mentor's hours at these prices.
        loss: How far a pattern may fall short.
        most: How many patterns are too many.
        until: The moment at which the search is given up.

    Returns:
        The patterns; None if there are too many, or the time ran out.
    """
    found = Patterns(hours)
    steps = _steps(STEPS_FOR_EACH * most, until)
    for mentor in range(hours.shape[1]):
        profit = hours.fit[:, mentor] - price
        people = np.flatnonzero(hours.allowed[:, mentor] & (profit >= -loss))
        people = people[np.argsort(-profit[people], kind="stable")]
        enough = float(worth[mentor]) - loss
        search = _Search(profit[people].tolist(), hours.needed[people, mentor].tolist(), enough, steps)
        for pattern in search.within(0, int(hours.offered[mentor]), 0.0, ()):
            found.add(mentor, tuple(sorted(people[list(pattern)].tolist())))
            if len(found) > most:
                return None
    return None if next(steps, None) is None else found


def _steps(most: int, until: float) -> Iterator[int]:
    """Counts the steps of a search, and looks at the clock now and then."""
    for step in range(most):
        if step % 4096 == 0 and monotonic() > until:
            return
        yield step


@dataclass(frozen=True)
class _Search:
    """A search through the uses of one mentor's hours.

    Attributes:
        profit: What each candidate is worth after the price, highest first.
        needed: The hours that each takes.
        enough: The worth that a pattern must reach.
        steps: Is used up by one with each step; when it is empty, the search ends early.
    """

    profit: list[float]
    needed: list[int]
    enough: float
    steps: Iterator[int]

    def within(self, first: int, free: int, worth: float, begun: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """Lists the patterns that begin with some candidates and go on with later ones."""
        if worth >= self.enough:
            yield begun
        for one in range(first, len(self.profit)):
            if worth + self._most_from(one, free) < self.enough or next(self.steps, None) is None:
                return
            if self.needed[one] <= free:
                rest = free - self.needed[one]
                yield from self.within(one + 1, rest, worth + self.profit[one], (*begun, one))

    def _most_from(self, first: int, free: int) -> float:
        """Returns a worth that candidates from one on can never exceed: the next best, each taking the least hours."""
        least = min(self.needed[first:])
        many = len(self.profit) - first if least == 0 else free // least
        return sum(worth for worth in self.profit[first : first + many] if worth > 0)
