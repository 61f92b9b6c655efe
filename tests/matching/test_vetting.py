"""Prison vetting in the matching: nobody inside is proposed a mentor whom their establishment has not vetted."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from accounts.operations import name_establishment
from demo.builders import Builder
from foundation.db import Database
from matching import operations
from matching.operations import NoLongerSafe
from matching.rules import Veto
from mentees import operations as mentees
from mentees.models import Mentee
from mentees.rules import Setting, Whereabouts
from mentoring.operations import NotVetted
from mentors import operations as mentors
from mentors.models import Volunteer
from mentors.rules import CheckKind, CheckOutcome, CheckPaper
from tests.conftest import NOW, Saved
from tests.matching.test_rounds import only_waiting, ready, run

TODAY = NOW.date()
LIVERPOOL = "HMP Liverpool"


def inside(build: Builder, name: str = LIVERPOOL, **more: Any) -> Mentee:  # noqa: ANN401 - whatever a referral says.
    """Somebody who is inside and has time in the evenings."""
    out = {"setting": Setting.CUSTODY, "release_on": TODAY + timedelta(days=90), "slots": 0b100100100}
    return build.mentee(**{**out, "establishment_name": name, **more})


def vet(build: Builder, mentor: Volunteer, name: str, until: date, outcome: CheckOutcome = CheckOutcome.CLEAR) -> None:
    """Have an establishment vet a mentor, as the portal."""
    by = build.portal()
    place = name_establishment(build.session, name=name, by=by, at=build.at)
    mentors.record_check(
        build.session,
        volunteer=mentor,
        kind=CheckKind.PRISON_VETTING,
        outcome=outcome,
        decided_on=TODAY - timedelta(days=1) if outcome is CheckOutcome.CLEAR else TODAY,
        expires_on=until,
        paper=CheckPaper(establishment_id=place.id),
        by=by,
        at=build.at,
    )


def test_a_round_proposes_only_mentors_whom_the_establishment_has_vetted(
    app: Flask, saved: Saved, db: Database
) -> None:
    later = TODAY + timedelta(days=100)
    with saved as build:
        person = inside(build)
        vetted, lapsed, elsewhere, _unvetted = (ready(build) for _ in range(4))
        vet(build, vetted, "liverpool", later)
        vet(build, lapsed, LIVERPOOL, TODAY)
        vet(build, elsewhere, "HMP Altcourse", later)
    (proposal,) = run(app, saved, db).proposals
    assert (proposal.mentee_id, proposal.volunteer_id) == (person.id, vetted.id)


@pytest.mark.parametrize("days", [0, 1])
def test_vetting_counts_to_the_day_before_it_runs_out(app: Flask, saved: Saved, db: Database, days: int) -> None:
    with saved as build:
        inside(build)
        vet(build, ready(build), LIVERPOOL, TODAY + timedelta(days=days))
    assert len(run(app, saved, db).proposals) == days
    if not days:
        assert only_waiting(db).blocked_by[Veto.PRISON.value] == 1


@pytest.mark.parametrize("name", ["", LIVERPOOL])
def test_whoever_is_out_or_inside_nobody_knows_where_needs_no_vetting(
    app: Flask, saved: Saved, db: Database, name: str
) -> None:
    with saved as build:
        ready(build)
        person = inside(build, name)
        if name:
            mentees.change_whereabouts(
                build.session,
                mentee=person,
                whereabouts=Whereabouts(
                    setting=Setting.COMMUNITY, establishment_name=name, area="L32 4XX", slots=0b100100100
                ),
                by=build.portal(),
                at=NOW,
            )
            assert person.establishment is None
    assert len(run(app, saved, db).proposals) == 1


def test_vetting_that_is_taken_back_after_the_round_stops_the_approval(app: Flask, saved: Saved, db: Database) -> None:
    later = TODAY + timedelta(days=100)
    with saved as build:
        inside(build)
        mentor = ready(build)
        vet(build, mentor, LIVERPOOL, later)
    (proposal,) = run(app, saved, db).proposals
    with saved as build:
        vet(build, build.session.get_one(Volunteer, mentor.id), LIVERPOOL, later, CheckOutcome.NOT_CLEAR)
    with saved as build, pytest.raises(NoLongerSafe, match="not vetted for the prison"):
        operations.approve_proposal(
            build.session,
            proposal=build.session.merge(proposal),
            why="Fits.",
            by=build.portal(),
            at=NOW,
        )


def test_the_door_of_a_match_itself_asks_for_vetting(build: Builder, session: Session) -> None:
    person, mentor = inside(build), ready(build)
    with pytest.raises(NotVetted, match="has not vetted this mentor"):
        build.match(mentee=person, volunteer=mentor)
    vet(build, mentor, LIVERPOOL, TODAY + timedelta(days=1))
    assert build.match(mentee=person, volunteer=mentor).volunteer_id == mentor.id


def test_more_establishments_than_bits_forbid_and_never_allow(build: Builder) -> None:
    from matching.gathering.people import History, People, score_people  # noqa: PLC0415 - the parts of this one test.
    from matching.rules import Component  # noqa: PLC0415 - the same.

    people = [inside(build, f"Prison {number}") for number in range(65)]
    mentor = ready(build)
    vetted = {mentor.id: frozenset(person.establishment_id for person in people if person.establishment_id)}
    history = History(frozenset(), frozenset(), {}, {}, vetted)
    scored = score_people(People(people, [mentor], [1], history, TODAY), dict.fromkeys(Component, 1))
    forbidden = [Veto.PRISON.value in scored.vetoes_of(row, 0) for row in range(65)]
    assert forbidden.count(True) == 2
