"""The pairs that may be, and no others: a round of a whole country as three flat arrays."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from matching.engine.shapes import Integers

PAIRS_AT_ONCE = 2**20
"""Pairs that are worked on in one step, which bounds the memory of every step: about 8 MB for each array."""


class Block(NamedTuple):
    """Some consecutive people with all their pairs.

    Attributes:
        rows: Which people.
        pairs: Where their pairs stand.
        row: The person of each of these pairs, counted from the first of `rows`.
    """

    rows: slice
    pairs: slice
    row: Integers


@dataclass(frozen=True, eq=False)
class SparsePairs:
    """Every allowed pair with its fit, six bytes for each, the pairs of one person side by side.

    The pairs of person i are those from `starts[i]` up to `starts[i + 1]`, by ascending mentor. Pairs that
    a rule forbids are not here at all, so nothing can bring one into a plan.

    Attributes:
        starts: Where each person's pairs begin, and the number of all pairs last; shape `(n_mentees + 1,)`.
        mentor: The mentor of each pair, int32, shape `(n_pairs,)`.
        fit: Whole numbers of 1 or more, shape `(n_pairs,)`.
        n_mentors: How many mentors there are.

    Raises:
        ValueError: If the arrays do not describe such pairs. The message names the fault.
    """

    starts: Integers
    mentor: Integers
    fit: Integers
    n_mentors: int

    def __post_init__(self) -> None:
        for name in ("starts", "mentor", "fit"):
            array = np.asarray(getattr(self, name))
            if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
                raise ValueError(f"{name} needs one row of whole numbers and has shape {array.shape} of {array.dtype}")
            read_only = (array if array.size else array.astype(np.int64)).view()
            read_only.flags.writeable = False
            object.__setattr__(self, name, read_only)
        self._check_starts()
        self._check_pairs()

    @property
    def n_mentees(self) -> int:
        """How many people wait."""
        return int(self.starts.size) - 1

    @property
    def n_pairs(self) -> int:
        """How many pairs may be."""
        return int(self.mentor.size)

    @property
    def counts(self) -> Integers:
        """How many pairs each person has, shape `(n_mentees,)`."""
        return np.diff(self.starts)

    def of(self, mentee: int) -> tuple[Integers, Integers]:
        """Returns the mentors whom one person may have, ascending, and the fit with each."""
        own = slice(int(self.starts[mentee]), int(self.starts[mentee + 1]))
        return self.mentor[own], self.fit[own]

    def fit_with(self, mentor_of: Integers) -> Integers:
        """Returns the fit of each person's mentor, 0 without one, -1 if that pair may not be, shape `(n_mentees,)`."""
        found = np.where(mentor_of < 0, 0, -1).astype(np.int64)
        for block in self.blocks():
            hit = np.flatnonzero(self.mentor[block.pairs] == mentor_of[block.rows][block.row])
            found[block.rows.start + block.row[hit]] = self.fit[block.pairs][hit]
        return found

    def at_least(self, floor: int) -> "SparsePairs":
        """Returns the pairs whose fit is not below the floor."""
        good = self.fit >= floor
        starts = np.append(0, np.cumsum(good))[self.starts]
        return SparsePairs(starts, self.mentor[good], self.fit[good], self.n_mentors)

    def blocks(self) -> Iterator[Block]:
        """Cuts the people into blocks of at most `PAIRS_AT_ONCE` pairs, or of one person who alone has more."""
        first = 0
        while first < self.n_mentees:
            enough = int(np.searchsorted(self.starts, self.starts[first] + PAIRS_AT_ONCE, side="right")) - 1
            last = min(max(enough, first + 1), self.n_mentees)
            begin, end = int(self.starts[first]), int(self.starts[last])
            row = np.repeat(np.arange(last - first), np.diff(self.starts[first : last + 1]))
            yield Block(slice(first, last), slice(begin, end), row)
            first = last

    def _check_starts(self) -> None:
        if not self.starts.size or self.starts[0] != 0 or np.any(np.diff(self.starts.astype(np.int64)) < 0):
            raise ValueError("starts must begin with 0 and never fall")
        if self.starts[-1] != self.mentor.size or self.mentor.size != self.fit.size:
            raise ValueError(
                f"starts ends at {self.starts[-1]} for {self.mentor.size} mentors and {self.fit.size} fits"
            )

    def _check_pairs(self) -> None:
        if self.mentor.size and not (self.mentor.min() >= 0 and self.mentor.max() < self.n_mentors):
            raise ValueError(f"mentor names somebody outside {self.n_mentors} mentors")
        if self.fit.size and self.fit.min() < 1:
            raise ValueError(f"fit has the number {self.fit.min()}, which is less than 1")
        for block in self.blocks():
            mentor, row = self.mentor[block.pairs].astype(np.int64), block.row
            if np.any((np.diff(mentor) <= 0) & (np.diff(row) == 0)):
                raise ValueError("mentor must ascend within the pairs of one person")
