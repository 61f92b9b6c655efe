"""Why somebody stays waiting."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matching.engine import Problem, Standing, blockers, solve, standing

MASKS = {
    "risk_level": np.array([[True, True, False], [False, False, False], [True, True, True]]),
    "language": np.array([[True, False, False], [False, False, False], [True, False, False]]),
    "travel": np.array([[False, False, True], [False, True, False], [True, True, True]]),
}


def test_each_rule_is_counted_together_with_others_and_alone() -> None:
    found = blockers(MASKS)
    assert {name: counts.tolist() for name, counts in found.blocked.items()} == {
        "risk_level": [2, 0, 3],
        "language": [1, 0, 1],
        "travel": [1, 1, 3],
    }
    assert {name: counts.tolist() for name, counts in found.alone.items()} == {
        "risk_level": [1, 0, 0],
        "language": [0, 0, 0],
        "travel": [1, 1, 0],
    }
    assert found.allowed.tolist() == [0, 2, 0]


def test_the_smallest_change_is_the_rule_that_forbids_fewest_and_frees_a_mentor() -> None:
    assert blockers(MASKS).smallest_change == ("travel", "travel", None)


def test_a_rule_that_is_fixed_is_never_named_as_a_change() -> None:
    assert blockers(MASKS, fixed={"travel"}).smallest_change == ("risk_level", None, None)
    assert blockers(MASKS, fixed=MASKS).smallest_change == (None, None, None)


@given(arrays(bool, (3, 4, 5)))
@settings(deadline=None, max_examples=50)
def test_lifting_the_smallest_change_frees_as_many_mentors_as_it_alone_forbids(rules: np.ndarray) -> None:
    masks = {"a": rules[0], "b": rules[1], "c": rules[2]}
    found = blockers(masks)
    for person, rule in enumerate(found.smallest_change):
        lifted = np.array([np.any([m[person] for name, m in masks.items() if name != r], axis=0) for r in masks])
        freed = (~lifted).sum(axis=1) - found.allowed[person]
        assert freed.tolist() == [found.alone[name][person] for name in masks]
        assert (rule is None) == (not freed.any())


def test_masks_of_different_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="need one shape"):
        blockers({"a": np.ones((2, 2), bool), "b": np.ones((2, 3), bool)})
    with pytest.raises(ValueError, match="at least one mask"):
        blockers({})


def test_everybody_who_waits_is_told_why() -> None:
    allowed = np.array([[True, False], [True, False], [False, False], [False, True]])
    plan = solve(Problem(np.array([[9, 1], [8, 1], [7, 1], [6, 1]]), allowed, np.array([1, 0])))
    assert standing(plan) == (Standing.PAIRED, Standing.OTHERS_FIRST, Standing.FORBIDDEN, Standing.NO_PLACE)


@given(st.integers(0, 3))
def test_where_there_is_no_mentor_everybody_is_told_that(people: int) -> None:
    plan = solve(Problem(np.zeros((people, 0), int), np.zeros((people, 0), bool), np.zeros(0, int)))
    assert standing(plan) == (Standing.NO_MENTORS,) * people
