"""What goes by its age: exactly what was shown, and old traces of the machinery by themselves."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from accounts.models import Person, SignInGuess
from accounts.policy import Actor
from accounts.rules import Role
from demo.builders import Builder
from foundation.audit import verify
from foundation.db import Database
from foundation.errors import NotPermitted
from foundation.outbox import Letter, LetterState, send_waiting
from foundation.settings import Settings
from mentees.rules import CaseStage
from mentors.models import Check
from mentors.rules import Stage
from privacy import jobs, operations
from privacy.gathering import find_due
from privacy.models import Erasure, RetentionRun
from privacy.rules import add_months, check_cutoff, person_cutoff, pseudonym_of
from tests.conftest import NOW, Saved
from tests.privacy.canaries import be_written_to

SIX_YEARS = add_months(NOW.date(), 72)


def in_days(days: int) -> datetime:
    return NOW + timedelta(days=days)


def people_due(build: Builder, by: Actor, days: int = 0) -> list[str]:
    """Names of the people who would go some days after six years."""
    return [person.name for person in find_due(build.session, by, SIX_YEARS + timedelta(days=days)).people]


def test_people_go_six_years_after_their_last_activity_and_not_a_day_before(build: Builder) -> None:
    by = build.actor(Role.COORDINATOR)
    build.volunteer(Stage.LEFT, name="Left Long Ago")
    build.mentee(CaseStage.CLOSED, name="Closed Long Ago")
    assert people_due(build, by) == []
    assert people_due(build, by, days=1) == ["Closed Long Ago", "Left Long Ago"]
    assert person_cutoff(SIX_YEARS) == NOW.date()


def test_who_is_active_under_a_hold_or_of_another_scheme_stays(build: Builder) -> None:
    by = build.actor(Role.COORDINATOR)
    build.account(Role.MENTOR, name="Still Here")
    build.match()
    held = build.volunteer(Stage.LEFT, name="Under Hold")
    operations.set_hold(build.session, person=held.person, why="A claim.", by=by, at=NOW)
    build.volunteer(Stage.LEFT, slug="turin", name="Elsewhere")
    build.volunteer(Stage.LEFT, name="Gone")
    assert [name for name in people_due(build, by, days=1) if not name.startswith("Person")] == ["Gone"]


def test_a_later_change_of_the_record_counts_as_activity(build: Builder) -> None:
    by = build.actor(Role.COORDINATOR)
    with build.earlier(30):
        left = build.volunteer(Stage.LEFT, name="Left Earlier")
    due = find_due(build.session, by, SIX_YEARS)
    assert [person.name for person in due.people] == ["Left Earlier"]
    left.changed_at = NOW + timedelta(days=1)
    build.session.flush()
    assert find_due(build.session, by, SIX_YEARS).people == ()


def test_checks_go_six_months_after_a_volunteer_left_and_stay_while_they_mentor(build: Builder) -> None:
    by = build.actor(Role.COORDINATOR)
    active, left = build.ready_mentor(), build.volunteer(Stage.TRAINING)
    build.check_and_clear(left)
    build.move(left, Stage.LEFT)
    day = add_months(NOW.date(), 6)
    assert check_cutoff(day) == NOW.date()
    assert find_due(build.session, by, day).checks == ()
    due = find_due(build.session, by, day + timedelta(days=1))
    assert {check.volunteer_id for check in due.checks} == {left.id}
    run = operations.preview_retention(build.session, by=by, at=datetime.combine(day, NOW.timetz()) + timedelta(days=1))
    operations.run_retention(build.session, run=run, by=by, at=run.made_at)
    kept = set(build.session.scalars(select(Check.volunteer_id)))
    assert kept == {active.id}


def test_what_was_confirmed_is_what_goes(build: Builder) -> None:
    first, second = build.actor(Role.COORDINATOR), build.actor(Role.ADMINISTRATOR)
    gone = build.volunteer(Stage.LEFT)
    at = datetime.combine(SIX_YEARS, NOW.timetz()) + timedelta(days=1)
    run = operations.preview_retention(build.session, by=first, at=at)
    assert run.person_ids == [str(gone.person_id)]
    with pytest.raises(NotPermitted):
        operations.run_retention(build.session, run=run, by=first, at=at)
    operations.run_retention(build.session, run=run, by=second, at=at + timedelta(days=2))
    assert gone.person.name == pseudonym_of(gone.person_id)
    assert build.session.scalars(select(Erasure.counts)).one()["volunteer"] == run.counts["volunteer"] == 1
    with pytest.raises(operations.ChangedMeanwhile):
        operations.run_retention(build.session, run=run, by=second, at=at)
    assert find_due(build.session, first, at.date()).people == ()


def test_nothing_goes_when_records_changed_since_the_preview(build: Builder) -> None:
    first, second = build.actor(Role.COORDINATOR), build.actor(Role.ADMINISTRATOR)
    gone, other = build.volunteer(Stage.LEFT), build.volunteer(Stage.LEFT)
    at = datetime.combine(SIX_YEARS, NOW.timetz()) + timedelta(days=1)
    run = operations.preview_retention(build.session, by=first, at=at)
    operations.set_hold(build.session, person=other.person, why="A claim.", by=first, at=at)
    with pytest.raises(operations.ChangedMeanwhile, match="Nothing went"):
        operations.run_retention(build.session, run=run, by=second, at=at)
    assert not gone.person.name.startswith("Erased")


def sweep(app: Flask) -> None:
    """Do what the worker does every minute."""
    with app.app_context():
        jobs.sweep_short()


def test_traces_of_the_machinery_go_after_thirty_days_with_their_files(
    app: Flask, db: Database, saved: Saved, settings: Settings, clock: time_machine.Traveller
) -> None:
    with saved as build:
        be_written_to(build.session, build.scheme().id)
    with app.app_context():
        send_waiting(db, app.extensions["mailer"], lambda: NOW)
    assert len(list(settings.letters_folder.glob("*.eml"))) == 1
    clock.move_to(in_days(30), tick=False)
    sweep(app)
    assert count(db, Letter) == 1
    clock.move_to(in_days(31), tick=False)
    sweep(app)
    assert [count(db, model) for model in (Letter, SignInGuess)] == [0, 0]
    assert list(settings.letters_folder.glob("*.eml")) == []
    with db.sessions() as session:
        run = session.scalars(select(RetentionRun)).one()
        assert run.counts == {"letter": 1, "sign_in_guess": 1, "application_draft": 1}
        assert verify(session) is None
    sweep(app)
    assert count(db, RetentionRun) == 1


def test_a_letter_that_was_never_sent_is_not_swept(
    app: Flask, db: Database, saved: Saved, clock: time_machine.Traveller
) -> None:
    with saved as build:
        be_written_to(build.session, build.scheme().id)
    clock.move_to(in_days(60), tick=False)
    sweep(app)
    with db.sessions() as session:
        assert session.scalars(select(Letter.state)).all() == [LetterState.WAITING]


def count(db: Database, model: type[Letter | SignInGuess | RetentionRun]) -> int:
    """Count the rows of a table."""
    with db.sessions() as session:
        return len(session.scalars(select(model.id)).all())


def test_the_newest_of_several_records_counts(build: Builder) -> None:
    by = build.actor(Role.COORDINATOR)
    left = build.volunteer(Stage.LEFT, name="Came Back")
    with build.earlier(-40):
        case = build.mentee(CaseStage.CLOSED)
    case.person_id = left.person_id
    build.session.flush()
    assert "Came Back" not in people_due(build, by, days=1)
    assert "Came Back" in people_due(build, by, days=41)
    assert build.session.get_one(Person, left.person_id).name == "Came Back"
