"""The two sides as checked columns."""

from typing import Any

import numpy as np
import pytest

from matching.engine import ANY_CODE
from tests.matching.engine.sides import mentees, mentors


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ({"rosh_level": [4]}, "rosh_level has a number greater than 3"),
        ({"rosh_level": [-1]}, "rosh_level has a number less than 0"),
        ({"slots": [2**21]}, "slots has a number greater than 2097151"),
        ({"rosh_level": [1.5]}, "rosh_level holds float64 values and needs whole numbers"),
        ({"latitude": [91.0]}, "latitude has a number greater than 90"),
        ({"travel_limit_km": [-1.0]}, "travel_limit_km has a number less than 0"),
        ({"interests": [0, 1]}, r"interests has shape \(2,\) and needs \(1,\)"),
        ({"needs": [-1]}, "needs has a number less than 0"),
        ({"interpreter_agreed": [1]}, "interpreter_agreed holds int64 values and needs truth values"),
    ],
)
def test_a_fault_in_a_column_of_mentees_is_named(columns: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        mentees(**columns)


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ({"cleared_level": [-2]}, "cleared_level has a number less than -1"),
        ({"code": [64]}, "code has a number greater than 63"),
        ({"experience_months": [np.nan]}, "experience_months has a missing number"),
    ],
)
def test_a_fault_in_a_column_of_mentors_is_named(columns: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        mentors(**columns)


def test_a_column_that_is_left_out_says_not_known_or_not_asked() -> None:
    person = mentees(2)
    assert np.isnan(person.latitude).all()
    assert person.accepted_codes.tolist() == [ANY_CODE, ANY_CODE]
    assert person.prison.tolist() == [0, 0]


def test_people_are_counted_and_chosen() -> None:
    people = mentees(3, rosh_level=[0, 1, 2])
    assert len(people) == 3
    assert people.take(np.array([2, 0])).rosh_level.tolist() == [2, 0]


def test_no_column_holds_a_protected_characteristic() -> None:
    words = {"age", "birth", "gender", "sex", "religion", "belief", "race", "ethnicity", "disability", "pregnancy"}
    columns = set(vars(mentees())) | set(vars(mentors()))
    assert not {column for column in columns if words & set(column.split("_"))}
