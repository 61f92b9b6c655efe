"""Solving a remembered round again with what people have decided since, and telling what each decision costs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.engine import Aims, Plan, lexicographic, solve
from matching.gathering.records import Remembered
from matching.gathering.trying import NOBODY, MentorOf

Pair = tuple[int, int]


class Figures(NamedTuple):
    """What a plan comes to, in the order of the aims; or a difference of two plans, in which a gain is negative.

    Attributes:
        high_need: People about to be released who are served.
        served: People served in all.
        fit: Points of fit.
    """

    high_need: int
    served: int
    fit: int


@dataclass(frozen=True)
class Wishes:
    """What people have decided about a round, by row and column of its record.

    Attributes:
        pins: Pairs that stand: the mentor of each such person.
        forbidden: Pairs that are not to be.
        rows_out: People who get no proposal.
        columns_out: Mentors who are proposed for nobody.
        lifted: Pairs that the record forbids and that a senior has allowed since.
    """

    pins: Mapping[int, int] = field(default_factory=dict)
    forbidden: frozenset[Pair] = frozenset()
    rows_out: frozenset[int] = frozenset()
    columns_out: frozenset[int] = frozenset()
    lifted: frozenset[Pair] = frozenset()

    def but(
        self,
        *,
        pin: Pair | None = None,
        forbid: frozenset[Pair] = frozenset(),
        row_out: int | None = None,
        column_out: int | None = None,
    ) -> "Wishes":
        """Add a decision."""
        gone = {row: column for row, column in self.pins.items() if (row, column) not in forbid}
        return replace(
            self,
            pins=gone | dict([pin] if pin else ()),
            forbidden=(self.forbidden | forbid) - ({pin} if pin else set()),
            rows_out=self.rows_out | ({row_out} if row_out is not None else set()),
            columns_out=self.columns_out | ({column_out} if column_out is not None else set()),
        )


@dataclass(frozen=True)
class Answer:
    """The best plan that keeps to some wishes.

    Attributes:
        memory: The round.
        aims: The question as it was solved.
        mentor_of: Column of each person's mentor or -1, shape ``(n_mentees,)``.
    """

    memory: Remembered
    aims: Aims
    mentor_of: MentorOf

    @cached_property
    def plan(self) -> Plan:
        """The plan, of which prices can be asked."""
        return Plan(self.aims.problem, self.mentor_of)

    @cached_property
    def figures(self) -> Figures:
        """What the plan comes to."""
        rows = np.flatnonzero(self.mentor_of != NOBODY)
        fit = self.memory.scored.fit[rows, self.mentor_of[rows]].sum(dtype=np.int64)
        return Figures(int(np.count_nonzero(self.memory.urgent[rows])), int(rows.size), int(fit))

    def costs_of(self, row: int) -> dict[int, Figures]:
        """Tell for one person what each mentor would cost, by column; those who cannot be are left out.

        Args:
            row: The person.
        """
        costs = self.plan.override_cost_of(row)
        return {column: Figures(*self.aims.read(int(costs[column]))) for column in np.flatnonzero(costs >= 0).tolist()}

    def price_of(self, then: "Answer") -> Figures:
        """Tell what is lost when another answer takes the place of this one."""
        return Figures(*(now - after for now, after in zip(self.figures, then.figures, strict=True)))


def solve_again(memory: Remembered, wishes: Wishes, current: MentorOf) -> Answer:
    """Find the best plan that keeps to some wishes; among equally good ones, the one that changes least.

    Args:
        memory: The round.
        wishes: What people have decided.
        current: What is proposed now, shape ``(n_mentees,)``.
    """
    allowed = _allowed(memory, wishes)
    pinned = np.full(allowed.shape[0], NOBODY)
    for row, column in wishes.pins.items():
        pinned[row] = column
    fit = memory.scored.fit.astype(np.int64)
    aims = lexicographic(fit, allowed, memory.capacity, high_need=memory.urgent, pinned=pinned)
    return Answer(memory, aims, _solve_steadily(memory, aims, fit, current))


def _allowed(memory: Remembered, wishes: Wishes) -> npt.NDArray[np.bool_]:
    """Tell which pairs may be; what people have pinned may be whatever else they decided."""
    allowed = memory.scored.allowed.copy()
    for pair in wishes.lifted:
        allowed[pair] = True
    for pair in wishes.forbidden:
        allowed[pair] = False
    allowed[sorted(wishes.rows_out)] = False
    allowed[:, sorted(wishes.columns_out)] = False
    for pair in wishes.pins.items():
        allowed[pair] = True
    return allowed


def _solve_steadily(memory: Remembered, aims: Aims, fit: npt.NDArray[np.int64], current: MentorOf) -> MentorOf:
    """Solve; where numbers allow, a pair that is proposed now counts a little more than any tie.

    With k pairs at most, ``fit * (k + 1)`` puts one point of fit above all k of them together. In rounds of more than
    about a thousand pairs the numbers would no longer be exact, and ties fall as they may.
    """
    problem = aims.problem
    steady = fit * (problem.most_pairs + 1)
    rows = np.flatnonzero(current != NOBODY)
    steady[rows, current[rows]] += 1
    try:
        again = lexicographic(steady, problem.allowed, problem.capacity, high_need=memory.urgent, pinned=problem.pinned)
    except ValueError:
        again = aims
    return solve(again.problem).mentor_of
