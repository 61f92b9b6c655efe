"""A mark in every personal column turns up only where the declared policy lets it."""

from collections.abc import Iterator

import pytest

import accounts.policy
from foundation.dictionary import Level
from mentors import policy
from tests.security.census import (
    Census,
    look_at_pages,
    mark_everything,
    marks_on_the_disk,
    names_in_letters,
    take_marks_away,
)
from tests.security.matrix import read_table
from tests.security.world import World

TABLE = read_table()
SHOWING = (
    "/home",
    "/people/<uuid:mentee_id>",
    "/referrals",
    "/referrals/<uuid:mentee_id>",
    "/matches/<uuid:match_id>",
    "/my-match",
    "/volunteers/<uuid:volunteer_id>",
    "/audit",
    "/accounts",
)
"""The pages that show most of people; `python -m benchmarks.security` looks at all."""
LINES = [line for line in TABLE if line.address in SHOWING and line.case in {"any", "own", "ended", "other scheme"}]


@pytest.fixture
def census(world: World) -> Iterator[Census]:
    """The marks, taken away again in the end."""
    made = mark_everything(world)
    yield made
    take_marks_away(world, made)


def test_no_mark_turns_up_where_it_must_not(world: World, census: Census) -> None:
    look_at_pages(world, census, LINES)
    assert census.outside == []
    assert census.seen > 50


def test_every_level_and_everybody_is_marked(census: Census) -> None:
    levels = {mark.level for mark in census.marks.values()}
    assert levels == {int(Level.CORE), int(Level.CONFIDENTIAL)}
    about = {mark.about.split(":")[0] for mark in census.marks.values()}
    assert {"mentee", "volunteer", "staff", "other scheme"} <= about


def test_a_page_that_shows_too_much_is_seen(world: World, census: Census, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "may_read_confidential", lambda *_given: True)
    look_at_pages(world, census, [line for line in LINES if line.address == "/volunteers/<uuid:volunteer_id>"])
    assert any("level 2" in words and "training lead" in words for words in census.outside)


def test_marks_that_lie_open_in_the_database_are_counted(world: World, census: Census) -> None:
    # How many there are is a figure of the benchmark; that they are found at all is what this one holds.
    found = marks_on_the_disk(world, census)
    assert sum(found.values()) <= len(census.marks)


def test_the_audit_trail_shows_an_administrator_no_reason_about_a_person(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasons = ("They share two free evenings.", "Built so.", "As built.")
    page = world.client("administrator").http.get("/audit").get_data(as_text=True)
    assert not any(reason in page for reason in reasons)
    monkeypatch.setattr(accounts.policy, "may_read_reason", lambda _kind: True)
    shown = world.client("administrator").http.get("/audit").get_data(as_text=True)
    assert any(reason in shown for reason in reasons)


def test_no_letter_names_anybody(world: World) -> None:
    assert names_in_letters(world) == []
