"""What a round may and may not be made of."""

import numpy as np
import numpy.typing as npt
import pytest

from matching.engine import Problem

FIT = np.array([[3, 5], [4, 2], [1, 1]])
ALLOWED = np.ones((3, 2), dtype=bool)
CAPACITY = np.array([1, 2])


@pytest.mark.parametrize(
    ("fit", "fault"),
    [
        ([[1, -2], [1, 1], [1, 1]], "fit has the number -2"),
        ([[1, np.nan], [1, 1], [1, 1]], "fit has a missing number"),
        ([[1, np.inf], [1, 1], [1, 1]], "fit has a float of 2"),
        ([[1, 1.5], [1, 1], [1, 1]], "fit has a number that is not whole"),
        ([1, 2, 3], "fit has 1 dimensions"),
        ([["a", "b"], ["c", "d"], ["e", "f"]], "needs whole numbers"),
        (np.full((3, 2), True), "fit holds bool values"),
        (np.full((3, 2), 2**52), "could reach 2\\*\\*53"),
        (np.full((3, 2), 2**63, dtype=np.uint64), "too large"),
    ],
)
def test_a_fault_in_the_fit_is_named(fit: npt.ArrayLike, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        Problem(fit=np.asarray(fit), allowed=ALLOWED, capacity=CAPACITY)


@pytest.mark.parametrize(
    ("allowed", "fault"),
    [
        (np.ones((2, 3), dtype=bool), r"allowed has shape \(2, 3\) but fit has shape \(3, 2\)"),
        (np.full((3, 2), 2), "other than truth values"),
        (np.full((3, 2), np.nan), "other than truth values"),
        (np.ones(6, dtype=bool), "allowed has 1 dimensions"),
    ],
)
def test_a_fault_in_what_is_allowed_is_named(allowed: npt.NDArray[np.bool_], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        Problem(fit=FIT, allowed=allowed, capacity=CAPACITY)


@pytest.mark.parametrize(
    ("capacity", "fault"),
    [
        ([1, -1], "capacity has the number -1"),
        ([1, np.nan], "capacity has a missing number"),
        ([1, 0.5], "capacity has a number that is not whole"),
        ([1, 1, 1], r"capacity has shape \(3,\) but fit has 2 mentors"),
        ([[1, 1]], "capacity has 2 dimensions"),
    ],
)
def test_a_fault_in_the_capacity_is_named(capacity: npt.ArrayLike, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        Problem(fit=FIT, allowed=ALLOWED, capacity=np.asarray(capacity))


@pytest.mark.parametrize(
    ("pinned", "fault"),
    [
        ([0, 0, -1], "more people than capacity has places"),
        ([2, -1, -1], "pinned names mentor 2"),
        ([-2, -1, -1], "pinned has the number -2"),
        ([-1, -1], r"pinned has shape \(2,\)"),
        ([-1, -1, 1], "pinned holds a forbidden pair"),
    ],
)
def test_a_pin_that_contradicts_the_rest_is_named(pinned: list[int], fault: str) -> None:
    allowed = ALLOWED.copy()
    allowed[2, 1] = False
    with pytest.raises(ValueError, match=fault):
        Problem(fit=FIT, allowed=allowed, capacity=CAPACITY, pinned=np.array(pinned))


def test_whole_numbers_written_as_floats_are_taken() -> None:
    problem = Problem(fit=FIT.astype(float), allowed=ALLOWED, capacity=CAPACITY.astype(float))
    assert problem.fit.dtype == np.int64
    assert problem.fit.tolist() == FIT.tolist()


def test_arrays_are_taken_without_a_copy_and_cannot_be_changed_through_the_problem() -> None:
    problem = Problem(fit=FIT, allowed=ALLOWED, capacity=CAPACITY)
    assert np.shares_memory(problem.fit, FIT)
    with pytest.raises(ValueError, match="read-only"):
        problem.fit[0, 0] = 9
    assert FIT.flags.writeable


def test_no_plan_has_more_pairs_than_people_or_places() -> None:
    assert Problem(FIT, ALLOWED, CAPACITY).most_pairs == 3
    assert Problem(FIT, ALLOWED, np.array([1, 0])).most_pairs == 1
    assert Problem(FIT, ALLOWED, np.array([2**62, 2**62])).most_pairs == 3


@pytest.mark.parametrize("pair", [(-1, 0), (0, -1), (3, 0), (0, 2)])
def test_a_pair_of_nobody_is_an_index_error(pair: tuple[int, int]) -> None:
    problem = Problem(FIT, ALLOWED, CAPACITY)
    with pytest.raises(IndexError, match="no pair"):
        problem.pin(*pair)
    with pytest.raises(IndexError, match="no pair"):
        problem.forbid(*pair)
