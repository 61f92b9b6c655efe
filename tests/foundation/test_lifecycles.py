"""Lifecycles: what the tables say is what happens, and no table leads into a trap."""

import importlib
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation import outbox
from foundation.lifecycle import ForbiddenMove, Lifecycle
from tests.house.sources import ROOT, files_named


def lifecycles() -> Iterator[Lifecycle[Any]]:
    """Every lifecycle of the house."""
    modules = [outbox]
    for file in files_named("rules"):
        parts = file.relative_to(ROOT).with_suffix("").parts
        modules.append(importlib.import_module(".".join(part for part in parts if part != "__init__")))
    seen: list[Lifecycle[Any]] = []
    for module in modules:
        for value in vars(module).values():
            if isinstance(value, Lifecycle) and value not in seen:
                seen.append(value)
                yield value


def states_of(lifecycle: Lifecycle[Any]) -> set[StrEnum]:
    """Every state that a record could be in."""
    enum: type[StrEnum] = type(lifecycle.start)
    return set(enum)


ALL = {lifecycle.name: lifecycle for lifecycle in lifecycles()}


def test_the_house_has_its_lifecycles() -> None:
    assert {"Volunteer", "Person referred", "Match", "Round", "Proposal", "Goal", "Letter"} <= set(ALL)


@pytest.mark.parametrize("name", list(ALL))
def test_a_lifecycle_names_every_state_and_can_reach_it(name: str) -> None:
    lifecycle = ALL[name]
    assert set(lifecycle.moves) == states_of(lifecycle)
    reached = {lifecycle.start}
    waiting = [lifecycle.start]
    while waiting:
        for following in lifecycle.moves[waiting.pop()]:
            if following not in reached:
                reached.add(following)
                waiting.append(following)
    assert reached == states_of(lifecycle)


@pytest.mark.parametrize("name", list(ALL))
def test_no_move_is_listed_twice_or_leads_to_where_it_begins(name: str) -> None:
    for before, following in ALL[name].moves.items():
        assert len(set(following)) == len(following)
        assert before not in following


@pytest.mark.parametrize("name", list(ALL))
@given(data=st.data())
def test_a_record_walks_only_as_its_table_allows(name: str, data: st.DataObject) -> None:
    lifecycle = ALL[name]
    state = lifecycle.start
    for target in data.draw(st.lists(st.sampled_from(sorted(states_of(lifecycle))), max_size=30)):
        if target in lifecycle.moves[state]:
            lifecycle.check(state, target)
            assert lifecycle.allows(state, target)
            state = target
        else:
            assert not lifecycle.allows(state, target)
            with pytest.raises(ForbiddenMove) as refused:
                lifecycle.check(state, target)
            assert (refused.value.before, refused.value.after) == (state, target)


def test_the_ends_of_a_lifecycle_are_the_states_that_nothing_follows() -> None:
    class Door(StrEnum):
        OPEN = "open"
        SHUT = "shut"

    lifecycle = Lifecycle("Door", Door.OPEN, {Door.OPEN: (Door.SHUT,), Door.SHUT: ()})
    assert lifecycle.ends() == (Door.SHUT,)
    with pytest.raises(ForbiddenMove, match="“shut” cannot become “open”"):
        lifecycle.check(Door.SHUT, Door.OPEN)
