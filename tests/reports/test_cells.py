"""What a reader of figures can work out of what they are told: a solver tries and must not succeed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from reports.rules import STEP, Count, Measure, Progress, Rating, Reported, coarse, exact, total

MOST = 10_000.0
BEGIN, END = date(2026, 1, 1), date(2026, 12, 31)

Table = list[list[int]]
Totals = Callable[[Sequence[int], Sequence[Count]], Count]
TABLES = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 30), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)


def _of_parts(_amounts: Sequence[int], told: Sequence[Count]) -> Count:
    """The total as the house tells it."""
    return total(told)


def _by_itself(amounts: Sequence[int], _told: Sequence[Count]) -> Count:
    """Planted fault: the true total, in steps of its own."""
    return coarse(sum(amounts))


def _exactly(amounts: Sequence[int], _told: Sequence[Count]) -> Count:
    """Planted fault: the true total."""
    return exact(sum(amounts))


def _lines(table: Table) -> list[list[int]]:
    """Number the cells of every row, of every column and of the whole table."""
    wide = len(table[0])
    rows = [[row * wide + column for column in range(wide)] for row in range(len(table))]
    return [*rows, *(list(column) for column in zip(*rows, strict=True)), [cell for row in rows for cell in row]]


def _range_of(weights: NDArray[np.float64], bounds: Bounds, constraints: list[LinearConstraint]) -> tuple[int, int]:
    """Find between what a sum of cells must lie, in whole numbers, given all that a reader knows."""
    ends = []
    for sign in (1, -1):
        found = milp(
            sign * weights, integrality=np.ones(len(weights), dtype=np.int64), bounds=bounds, constraints=constraints
        )
        assert found.success
        ends.append(round(sign * found.fun))
    return ends[0], ends[1]


def narrowest(table: Table, totals: Totals) -> int:
    """Tell how many values the best known cell of a table may have for a reader of its cells and all its totals."""
    amounts = [amount for row in table for amount in row]
    told = [coarse(amount) for amount in amounts]
    constraints = []
    for line in _lines(table):
        shown = totals([amounts[cell] for cell in line], [told[cell] for cell in line])
        inside = np.zeros(len(amounts))
        inside[line] = 1
        constraints.append(LinearConstraint(inside[None, :], shown.least, MOST if shown.most is None else shown.most))
    bounds = Bounds([count.least for count in told], [MOST if count.most is None else count.most for count in told])
    ranges = [_range_of(cell, bounds, constraints) for cell in np.eye(len(amounts))]
    return min(most - least + 1 for least, most in ranges)


@settings(deadline=None)
@given(TABLES)
def test_no_cell_of_any_table_can_be_worked_out_of_its_rows_columns_and_totals(table: Table) -> None:
    assert narrowest(table, _of_parts) >= STEP


@pytest.mark.parametrize(("totals", "table"), [(_by_itself, [[14, 14, 14, 14, 14]]), (_exactly, [[0, 0], [20, 13]])])
def test_the_solver_works_out_a_cell_where_a_total_is_told_by_itself(totals: Totals, table: Table) -> None:
    assert narrowest(table, totals) == 1


@settings(deadline=None)
@given(st.lists(st.integers(0, 7), min_size=2, max_size=8))
def test_no_difference_between_two_days_can_be_worked_out_of_the_boards_of_all_days(new: list[int]) -> None:
    counts = np.cumsum(new)
    told = [coarse(int(count)) for count in counts]
    bounds = Bounds([count.least for count in told], [count.most or 0 for count in told])
    # The reader knows as well that a running count never falls.
    steps = np.eye(len(new))[1:] - np.eye(len(new))[:-1]
    never_falls = [LinearConstraint(steps, 0, MOST)]
    for step in steps:
        least, most = _range_of(step, bounds, never_falls)
        assert most - least + 1 >= STEP


@given(st.integers(0, 10_000))
def test_a_count_lies_in_the_step_that_is_told_and_so_do_its_neighbours(amount: int) -> None:
    told = coarse(amount)
    assert told.most is not None
    assert told.least <= amount <= told.most
    assert [coarse(other) for other in range(told.least, told.most + 1)] == [told] * STEP


@given(st.integers(0, 10_000), st.integers(0, 50))
def test_what_fewer_than_five_people_did_is_not_told_at_all(amount: int, people: int) -> None:
    told = coarse(amount, people=people)
    assert told.is_withheld is (people < STEP)
    assert told == (Count(0, None) if people < STEP else coarse(amount))


@given(st.lists(st.integers(0, 10_000), max_size=6))
def test_counts_that_are_told_exactly_add_up_exactly(amounts: list[int]) -> None:
    assert total(exact(amount) for amount in amounts) == exact(sum(amounts))


def _progress(counted: Count, promised: int = 40, *reported: Count, on: date = END) -> Progress:
    """A promise of people."""
    figures = tuple(Reported(amount, BEGIN, f"List {number}") for number, amount in enumerate(reported))
    return Progress(Measure.PEOPLE_MENTORED, promised, counted, BEGIN, END, on, figures)


def test_a_colour_is_shown_where_the_whole_step_has_it_and_else_not() -> None:
    assert _progress(coarse(36)).rating is Rating.GREEN
    assert _progress(coarse(33)).rating is Rating.HIDDEN
    assert _progress(coarse(12)).rating is Rating.RED
    assert _progress(coarse(99, people=3)).rating is Rating.HIDDEN
    assert _progress(coarse(99, people=3), 40, coarse(70)).rating is Rating.GREEN
    assert _progress(coarse(3), on=BEGIN).rating is Rating.NOT_BEGUN


@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 365))
def test_a_colour_that_is_shown_is_the_true_one(amount: int, promised: int, days: int) -> None:
    told = _progress(coarse(amount), promised, coarse(4), on=BEGIN + timedelta(days=days))
    true = replace(told, counted=exact(amount), reported=(Reported(exact(4), BEGIN, "List"),))
    assert told.rating in {true.rating, Rating.HIDDEN}
