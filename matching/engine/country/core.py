"""The few pairs that are looked at: sets of allowed pairs with their weights, and how the first are found."""

from typing import NamedTuple

import numpy as np

from matching.engine.country.pairs import Block
from matching.engine.country.problem import SparseProblem
from matching.engine.shapes import Integers

BEST_OF_EACH = 12
"""How many of the best pairs of each person and of each mentor are looked at first."""

STEPS = 128
"""Steps into which fit is divided to count how many pairs somebody has of at least some fit."""


class Core(NamedTuple):
    """Pairs that are looked at, ascending by where they stand among all pairs.

    Attributes:
        place: Where each pair stands among all pairs.
        row: Its person.
        mentor: Its mentor.
        weight: What the pair is worth: its fit and the bonus of the person.
    """

    place: Integers
    row: Integers
    mentor: Integers
    weight: Integers


def core_of(problem: SparseProblem, places: Integers) -> Core:
    """Returns the pairs that stand at some ascending places of all pairs."""
    row = np.searchsorted(problem.pairs.starts, places, side="right") - 1
    weight = problem.pairs.fit[places].astype(np.int64) + problem.bonus[row]
    return Core(places, row, problem.pairs.mentor[places].astype(np.int64), weight)


def first_core(problem: SparseProblem) -> Core:
    """Finds the best few pairs of each person and of each mentor."""
    enough = _enough_for_mentors(problem)
    for_mentees: list[Integers] = [np.empty(0, np.int64)]
    for_mentors: list[Integers] = [np.empty(0, np.int64)]
    for block in problem.pairs.blocks():
        mentor, step = problem.pairs.mentor[block.pairs], _steps(problem, block)
        enough_for_mentees = _enough(_counted(block.row, step, block.rows.stop - block.rows.start))
        good = block.pairs.start + np.flatnonzero(step >= enough_for_mentees[block.row])
        for_mentees.append(_best_of_each(problem, good, block.rows.start + block.row[good - block.pairs.start]))
        good = block.pairs.start + np.flatnonzero(step >= enough[mentor])
        # Ties may let far too many pass, so each block keeps only what could still be among the best.
        for_mentors.append(_best_of_each(problem, good, mentor[good - block.pairs.start]))
    some = np.concatenate(for_mentors)
    best_of_mentors = _best_of_each(problem, some, problem.pairs.mentor[some])
    return core_of(problem, ascending_once(*for_mentees, best_of_mentors))


def ascending_once(*parts: Integers) -> Integers:
    """Returns whole numbers >= 0 in ascending order, each once, several times faster than numpy's way."""
    numbers = np.sort(np.concatenate(parts))
    found: Integers = numbers[np.flatnonzero(np.diff(numbers, prepend=-1))]
    return found


def _enough_for_mentors(problem: SparseProblem) -> Integers:
    """Returns the step of fit that a mentor's best few pairs reach, shape `(n_mentors,)`."""
    counts = np.zeros(problem.n_mentors * STEPS, dtype=np.int32)
    for block in problem.pairs.blocks():
        cell = problem.pairs.mentor[block.pairs].astype(np.int64) * STEPS + _steps(problem, block)
        # A one of the same type as the counts is added twenty times faster than Python's own.
        np.add.at(counts, cell, np.int32(1))
    return _enough(counts.reshape(-1, STEPS))


def _steps(problem: SparseProblem, block: Block) -> Integers:
    """Returns the step of fit of each pair of a block, from 0 to `STEPS - 1`."""
    width = int(problem.pairs.fit.max(initial=0)) // STEPS + 1
    steps: Integers = problem.pairs.fit[block.pairs] // problem.pairs.fit.dtype.type(width)
    return steps


def _counted(owner: Integers, step: Integers, n_owners: int) -> Integers:
    """Counts the pairs of each owner at each step, shape `(n_owners, STEPS)`."""
    return np.asarray(np.bincount(owner * STEPS + step, minlength=n_owners * STEPS).reshape(-1, STEPS))


def _enough(counts: Integers) -> Integers:
    """Returns the highest step at or above which each owner has the best few pairs; 0 where there are not so many."""
    at_least = np.cumsum(counts[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(np.maximum(np.count_nonzero(at_least >= BEST_OF_EACH, axis=1) - 1, 0))


def _best_of_each(problem: SparseProblem, places: Integers, owner: Integers) -> Integers:
    """Returns the places of the best few pairs of each owner.

    Between equals a scattered number decides: if everybody suits everybody alike, each person then gets other
    mentors than the next, where the lowest index would give all of them the same.
    """
    worth = problem.pairs.fit[places].astype(np.int64)
    return places[first_of_each(owner, -worth, _scattered(places), BEST_OF_EACH)]


def first_of_each(owner: Integers, rank: Integers, chance: Integers, few: int) -> Integers:
    """Returns where the few entries of lowest rank of each owner stand; `chance` decides between equals."""
    order = np.lexsort((chance, rank, owner))
    owners = owner[order]
    firsts = np.flatnonzero(np.diff(owners, prepend=-1))
    turn = np.arange(owners.size) - np.repeat(firsts, np.diff(np.append(firsts, owners.size)))
    found: Integers = order[turn < few]
    return found


def _scattered(places: Integers) -> Integers:
    """Returns a number for each place that looks like chance and is always the same (Knuth's multiplicative hash)."""
    return (places * 2654435761) & 0xFFFFFFFF
