"""A mark in every personal column turns up only where the declared policy lets it."""

import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.policy import Actor
from foundation import audit, clock
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
from tests.security.world import World, nothing_is_kept
from training.models import Course

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
REASONS = ("They share two free evenings.", "Built so.", "As built.")
"""Reasons with which the records of the world were made."""
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


def test_no_mark_of_level_two_lies_open_in_the_database(world: World, census: Census) -> None:
    assert marks_on_the_disk(world, census) == {}
    # What is asked for level 1 instead lies there as it is, so the search does find what it looks for.
    assert marks_on_the_disk(world, census, level=int(Level.CORE)) != {}


def test_no_reason_about_a_person_lies_open_in_the_audit_trail(world: World) -> None:
    page = world.client("administrator").http.get("/audit").get_data(as_text=True)
    assert not any(reason in page for reason in REASONS)
    with nothing_is_kept(world), world.database.transaction() as session:
        assert reasons_in_the_trail(session) == set()
        course = session.get_one(Course, uuid.UUID(world.ids["course_id", "own"]))
        by = Actor(None, course.scheme_id)
        audit.record(session, by=by, at=clock.now(), verb="plant", subject=course, why=REASONS[0])
        session.flush()
        assert reasons_in_the_trail(session) == {REASONS[0]}


def reasons_in_the_trail(session: Session) -> set[str]:
    """Which reasons can be read in the trail as it lies there."""
    found = session.scalars(select(audit.AuditEntry.why).order_by(audit.AuditEntry.position))
    return {reason for why in found for reason in REASONS if reason in why}


def test_no_letter_names_anybody(world: World) -> None:
    assert names_in_letters(world) == []
