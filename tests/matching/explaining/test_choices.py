"""Prices on the page of a proposal: exact, and told as people before fit."""

from collections import Counter

import numpy as np
import pytest
from flask import Flask

from matching.engine import NOBODY, Reading, score, solve
from matching.explaining.choices import Difference, Move, if_waiting, other_choices
from matching.explaining.people import Names, coarse_place
from matching.explaining.recalling import Recalled
from matching.explaining.telling import listed, percent_of, tell_moves, tell_price, tell_waiting
from tests.matching.explaining.rounds import WEIGHTS, mentees, mentors, random_round, remembered

SEEDS = range(60)


def served_and_fit(recalled: Recalled, mentor_of: object) -> tuple[int, int, int]:
    """People of the highest need served, people served, and plain fit of a plan."""
    rows = np.flatnonzero(np.asarray(mentor_of) != NOBODY)
    memory = recalled.memory
    fit = memory.scored.fit[rows, np.asarray(mentor_of)[rows]].sum(dtype=np.int64)
    return int(memory.urgent[rows].sum()), int(rows.size), int(fit)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_price_is_what_solving_again_with_the_pair_would_lose(seed: int) -> None:
    recalled = random_round(seed)
    plan = recalled.memory.plan
    before = served_and_fit(recalled, plan.mentor_of)
    for row, column in plan.pairs.tolist():
        choices = other_choices(recalled, row, column)
        totals = [solve(plan.problem.pin(row, choice.column)).total for choice in choices]
        assert totals == sorted(totals, reverse=True)
        for choice, total in zip(choices, totals, strict=True):
            after = served_and_fit(recalled, solve(plan.problem.pin(row, choice.column)).mentor_of)
            assert choice.difference.cost == Reading(*(one - other for one, other in zip(before, after, strict=True)))
            assert recalled.memory.aims.read(plan.total - total) == choice.difference.cost


@pytest.mark.parametrize("seed", SEEDS)
def test_those_who_are_named_are_those_for_whom_something_changes(seed: int) -> None:
    recalled = random_round(seed)
    plan = recalled.memory.plan
    for row, column in plan.pairs.tolist():
        for choice in other_choices(recalled, row, column):
            difference = choice.difference
            assert len(difference.left_waiting) - len(difference.newly_served) == difference.cost.served
            assert row not in {move.row for move in difference.moves}
        if (waited := if_waiting(recalled, row, column)) is not None:
            assert waited.cost.served == 1 + len(waited.left_waiting) - len(waited.newly_served)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_pair_that_staff_proposed_is_what_others_are_held_against(seed: int) -> None:
    recalled = random_round(seed)
    plan = recalled.memory.plan
    for row in range(plan.problem.n_mentees):
        for column in np.flatnonzero(plan.problem.allowed[row] & (plan.problem.capacity > 0)).tolist():
            chosen = solve(plan.problem.pin(row, column)).total
            for choice in other_choices(recalled, row, column):
                lost = chosen - solve(plan.problem.pin(row, choice.column)).total
                assert recalled.memory.aims.read(lost) == choice.difference.cost
            waited = if_waiting(recalled, row, column)
            assert waited is not None
            assert waited.cost.served == 1 + len(waited.left_waiting) - len(waited.newly_served)


def test_a_pair_that_cannot_be_is_held_against_nothing() -> None:
    recalled = random_round(3)
    (row, column) = np.argwhere(~recalled.memory.plan.problem.allowed)[0].tolist()
    assert other_choices(recalled, row, column) == []
    assert if_waiting(recalled, row, column) is None


def named(recalled: Recalled) -> Names:
    people = {each: f"Person {row}" for row, each in enumerate(recalled.mentee_ids)}
    mentors = {each: f"Mentor {column}" for column, each in enumerate(recalled.volunteer_ids)}
    return Names(recalled, people | mentors)


def test_a_price_names_who_would_wait_before_it_speaks_of_fit(app: Flask) -> None:
    names = named(remembered(score(mentees(9), mentors(2), WEIGHTS)))
    with app.test_request_context():
        alone = Difference(Reading(1, 1, 30), (Move(1, 0, NOBODY),))
        assert tell_price(alone, names, 1000) == [
            "It would leave one person waiting: Person 1.",
            "Fewer people of the highest need would have a mentor.",
            "It would cost 3 % of the total fit.",
        ]
        swap = Difference(Reading(0, 0, -1), (Move(1, 0, NOBODY), Move(2, NOBODY, 0), Move(3, 0, 1)))
        assert tell_price(swap, names, 10_000)[1:] == [
            "Person 2 would have a mentor, who stays waiting in this round.",
            "The total fit would rise by less than 0.1 %.",
        ]
        assert tell_moves(swap, names) == ["Person 3 would go to Mentor 1 instead of Mentor 0."]
        assert tell_price(Difference(Reading(0, 0, 0), ()), names, 5) == [
            "Nothing would be lost: all pairs together would fit as well."
        ]
        assert tell_waiting(alone, names, 1000)[0] == "1 person fewer would have a mentor."
        assert tell_waiting(swap, names, 1000)[0] == "Just as many people would have a mentor."


def test_many_names_and_moves_are_cut_short(app: Flask) -> None:
    names = named(remembered(score(mentees(9), mentors(2), WEIGHTS)))
    with app.test_request_context():
        assert listed("abc") == "a, b and c"
        assert listed("abcdefg") == "a, b, c, d and 3 others"
        assert (listed(""), listed("a")) == ("", "a")
        moves = tuple(Move(row, 0, 1) for row in range(8))
        assert tell_moves(Difference(Reading(0, 0, 1), moves), names)[-1] == "3 more people would move."
        assert percent_of(1, 0) == "100 %"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("L32 4XX", "L32 4"),
        ("l324xx", "L32 4"),
        ("L32 4", "L32 4"),
        ("L32", "L32"),
        ("Torino", "Torino"),
        ("Via Roma 1, 10121 Torino TO", "Torino"),
        ("2512 AB Den Haag", "Den Haag"),
        ("Laan 5, 2512 AB, Den Haag", "Den Haag"),
        ("", ""),
    ],
)
def test_a_place_is_named_no_more_exactly_than_its_sector_or_town(typed: str, shown: str) -> None:
    assert coarse_place(typed) == shown


def test_moves_are_counted_once() -> None:
    recalled = random_round(3)
    for row, column in recalled.memory.plan.pairs.tolist():
        for choice in other_choices(recalled, row, column):
            assert max(Counter(move.row for move in choice.difference.moves).values(), default=1) == 1
