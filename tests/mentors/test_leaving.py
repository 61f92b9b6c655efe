"""A volunteer leaves: why and when, everything that ends with it, thanks, and a last word of their own."""

import itertools
import re
from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer_group

from accounts.models import RoleGrant
from accounts.rules import Role
from demo.builders import PASSWORD, Builder
from foundation.audit import READ, AuditEntry, verify
from foundation.db import Database
from foundation.encryption import GROUP
from foundation.errors import NotPermitted
from foundation.lifecycle import ForbiddenMove
from foundation.outbox import Letter
from mentees.models import Mentee
from mentees.rules import CaseStage
from mentoring.models import Match
from mentoring.rules import EndReason, MatchState
from mentors import operations
from mentors.models import Departure, Volunteer
from mentors.rules import (
    GROUND_OF,
    Leaving,
    LeavingGround,
    LeavingReason,
    Spell,
    Stage,
    spells_of,
)
from tests.conftest import NOW, Saved
from tests.pages import PageClient

EMAIL = "ada@mail.example"
TYPED = {"reason": "health", "left_on": ["13", "11", "2026"], "note": "Her back.", "is_thanked": "y"}


def departure_in(session: Session) -> Departure:
    """The one departure, with all that was said."""
    return session.scalars(select(Departure).options(undefer_group(GROUP))).one()


def token_in(session: Session) -> str:
    """The token in the letter of thanks."""
    letter = session.scalars(select(Letter).where(Letter.to_address == "jo@mail.example")).one()
    found = re.search(r"/leaving/(\S+)", letter.body)
    assert found is not None
    assert "health" not in letter.body
    assert "Jo" not in letter.body
    return found[1]


def leave(client: PageClient, saved: Saved, **typed: object) -> Volunteer:
    """Let a mentor with an open match leave, by the page."""
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL, name="Ada Okafor")
        with build.earlier(60):
            volunteer = build.ready_mentor(name="Jo Mercer", email="jo@mail.example")
            build.match(volunteer=volunteer)
    client.sign_in(EMAIL, PASSWORD)
    client.follow(client.fill(f"/volunteers/{volunteer.id}/leaving", {**TYPED, **typed}))
    return volunteer


def test_everything_ends_together_when_a_mentor_leaves(saved: Saved, client: PageClient, db: Database) -> None:
    volunteer = leave(client, saved)
    with db.sessions() as session:
        row = departure_in(session)
        assert (row.reason, row.ground, row.left_on) == (LeavingReason.HEALTH, LeavingGround.LIFE, date(2026, 11, 13))
        match = session.scalars(select(Match).options(undefer_group(GROUP))).one()
        assert (match.state, match.end_reason) == (MatchState.ENDED, EndReason.MENTOR_LEFT)
        assert session.get_one(Mentee, match.mentee_id).stage is CaseStage.WAITING
        grants = session.scalars(select(RoleGrant).where(RoleGrant.person_id == volunteer.person_id)).all()
        assert all(grant.ended_at == NOW for grant in grants)
        assert session.get_one(Volunteer, volunteer.id).began_on == date(2026, 9, 17)
        assert token_in(session)
        assert verify(session) is None
        kept = str([(entry.before, entry.after) for entry in session.scalars(select(AuditEntry))])
        assert "Her back" not in kept
    page = client.get(f"/volunteers/{volunteer.id}/leaving")
    for words in ("Left on 13 November 2026", "Health", "Her back.", "Ada Okafor", "17 September 2026 to 13 November"):
        assert words in page.text
    assert not page.tree.findall(".//main//form")


def test_the_one_who_left_says_a_last_word_once_and_coordinators_are_told(
    saved: Saved, client: PageClient, db: Database
) -> None:
    volunteer = leave(client, saved)
    with db.sessions() as session:
        token = token_in(session)
        read_before = len(session.scalars(select(AuditEntry).where(AuditEntry.verb == READ)).all())
    client.client.delete_cookie(client.app.config["SESSION_COOKIE_NAME"])
    path = f"/leaving/{token}"
    first = client.get(path)
    assert "Jo" not in first.text
    client.fill(path, {"words": " "}, status=422)
    assert client.page is not None
    assert client.page.errors == ["Write a word or two, or close this page"]
    page = client.follow(client.send(path, {**first.form(), "words": "More evenings together, please."}))
    assert "What you told us" in page.text
    assert "More evenings" not in page.text
    client.send(path, {**first.form(), "words": "Something else."}, status=409)
    with db.sessions() as session:
        assert departure_in(session).exit_words == "More evenings together, please."
        letters = session.scalars(select(Letter).where(Letter.to_address == EMAIL)).all()
        told = next(letter for letter in letters if "/leaving" in letter.body)
        assert "evenings" not in told.body
        # Whoever has the link reads nothing confidential, and so nothing is noted as read.
        assert len(session.scalars(select(AuditEntry).where(AuditEntry.verb == READ)).all()) == read_before
    client.sign_in(EMAIL, PASSWORD)
    assert "More evenings together, please." in client.get(f"/volunteers/{volunteer.id}/leaving").text
    with db.sessions() as session:
        assert len(session.scalars(select(AuditEntry).where(AuditEntry.verb == READ)).all()) > read_before


def test_the_link_of_the_letter_ends_with_its_days(
    saved: Saved, client: PageClient, db: Database, clock: time_machine.Traveller
) -> None:
    leave(client, saved)
    with db.sessions() as session:
        token = token_in(session)
    clock.shift(timedelta(days=89))
    client.get(f"/leaving/{token}")
    clock.shift(timedelta(days=2))
    client.get(f"/leaving/{token}", status=404)
    client.get(f"/leaving/{token}x", status=404)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"reason": ""}, "Choose the reason that fits best"),
        ({"reason": "king"}, "Choose one of the answers on the page"),
        ({"left_on": ["", "", ""]}, "Enter their last day"),
        ({"left_on": ["17", "11", "2026"]}, "The last day is not to come. Record it when they have left."),
        ({"left_on": ["1", "1", "2020"]}, "The last day lies before the application"),
    ],
)
def test_what_cannot_be_a_leaving_is_refused_and_still_there(
    saved: Saved, client: PageClient, db: Database, typed: dict[str, object], error: str
) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL)
        volunteer = build.volunteer(Stage.SCREENING)
    client.sign_in(EMAIL, PASSWORD)
    client.fill(f"/volunteers/{volunteer.id}/leaving", {**TYPED, **typed}, status=422)
    assert client.page is not None
    assert client.page.errors == [error]
    assert client.page.form()["note"] == "Her back."
    with db.sessions() as session:
        assert session.scalars(select(Departure)).all() == []
        assert session.get_one(Volunteer, volunteer.id).stage is Stage.SCREENING


def test_nobody_is_thanked_who_died_or_where_staff_do_not_wish_it(
    saved: Saved, client: PageClient, db: Database
) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL)
        rows = [build.volunteer(Stage.INTERVIEW) for _number in range(2)]
    client.sign_in(EMAIL, PASSWORD)
    for volunteer, typed in zip(rows, ({"reason": "died"}, {"is_thanked": ""}), strict=True):
        client.fill(f"/volunteers/{volunteer.id}/leaving", {**TYPED, "left_on": ["16", "11", "2026"], **typed})
    with db.sessions() as session:
        assert len(session.scalars(select(Departure)).all()) == 2
        assert session.scalars(select(Letter).where(Letter.body.is_not(None))).all() == []


def test_a_second_tab_finds_that_they_have_left(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL)
        volunteer = build.volunteer(Stage.INTERVIEW)
    client.sign_in(EMAIL, PASSWORD)
    path = f"/volunteers/{volunteer.id}/leaving"
    form = {**client.get(path).form(), **TYPED, "left_on": ["16", "11", "2026"]}
    client.send(path, form)
    client.send(path, form, status=409)
    with db.sessions() as session:
        assert len(session.scalars(select(Departure)).all()) == 1


def test_a_plain_move_to_left_is_written_down_as_not_said(session: Session, build: Builder) -> None:
    volunteer = build.volunteer(Stage.LEFT)
    session.flush()
    row = departure_in(session)
    assert (row.volunteer_id, row.reason, row.ground) == (volunteer.id, None, LeavingGround.NOT_SAID)


def test_who_comes_back_and_leaves_again_has_two_times_of_service(
    saved: Saved, client: PageClient, db: Database
) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL)
        with build.earlier(300):
            volunteer = build.volunteer(Stage.READY)
        with build.earlier(200):
            build.move(volunteer, Stage.LEFT)
        with build.earlier(100):
            for stage in (Stage.SCREENING, Stage.INTERVIEW, Stage.CHECKS, Stage.TRAINING):
                build.move(volunteer, stage)
            build.check_and_clear(volunteer)
            build.move(volunteer, Stage.READY)
        first_day = (NOW - timedelta(days=300)).date()
    client.sign_in(EMAIL, PASSWORD)
    client.fill(f"/volunteers/{volunteer.id}/leaving", {**TYPED, "left_on": ["16", "11", "2026"]})
    page = client.get(f"/volunteers/{volunteer.id}/leaving")
    assert "20 January 2026 to 30 April 2026" in page.text
    assert "8 August 2026 to 16 November 2026" in page.text
    with db.sessions() as session:
        assert session.get_one(Volunteer, volunteer.id).began_on == first_day


def test_nobody_leaves_twice_and_a_training_lead_lets_nobody_leave(session: Session, build: Builder) -> None:
    volunteer = build.volunteer(Stage.LEFT)
    with pytest.raises(ForbiddenMove):
        operations.leave_volunteer(session, volunteer=volunteer, leaving=Leaving(), by=build.portal(), at=NOW)
    other = build.volunteer()
    with pytest.raises(NotPermitted):
        operations.leave_volunteer(
            session, volunteer=other, leaving=Leaving(), by=build.actor(Role.TRAINING_LEAD), at=NOW
        )


def test_every_reason_has_its_group() -> None:
    assert set(GROUND_OF) == set(LeavingReason)
    assert set(GROUND_OF.values()) == set(LeavingGround)


DAYS = st.lists(st.dates(date(2025, 1, 1), date(2026, 1, 1)), max_size=6)


@given(ready=DAYS, left=DAYS)
def test_times_of_service_never_overlap_and_each_begins_on_a_day_of_becoming_ready(
    ready: list[date], left: list[date]
) -> None:
    spells = spells_of(ready, left)
    assert bool(spells) == bool(ready)
    for spell in spells:
        assert spell.since in ready
        assert spell.until is None or spell.until in left
        assert spell.until is None or spell.since <= spell.until
    for earlier, later in itertools.pairwise(spells):
        assert earlier.until is not None
        assert earlier.until <= later.since
    # Whoever was ready and never left since is still here.
    if ready and all(end < min(ready) for end in left):
        assert spells == (Spell(min(ready)),)
