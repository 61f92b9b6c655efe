"""Matching rounds of an erased person: their figures stay, and the record of what they were reckoned from goes."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.models import Person
from foundation.db import Database
from matching.models import Round, RoundRecord
from mentees.models import Mentee
from mentors.models import Volunteer
from tests.conftest import Saved
from tests.matching.test_rounds import ready, run, waiting
from tests.privacy.test_erasing import erase


@pytest.mark.parametrize("side", [Mentee, Volunteer])
def test_the_records_of_rounds_go_with_whoever_stood_in_them(
    app: Flask, saved: Saved, db: Database, side: type[Mentee] | type[Volunteer]
) -> None:
    with saved as build:
        stood = {Volunteer: ready(build).person_id, Mentee: waiting(build).person_id}
    run(app, saved, db)
    with saved as build:
        other = waiting(build).person_id
        erase(build, build.session.get_one(Person, other))
        assert build.session.scalar(select(func.count()).select_from(RoundRecord)) == 1
    with saved as build:
        erase(build, build.session.get_one(Person, stood[side]))
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(RoundRecord)) == 0
        kept = session.scalars(select(Round)).one()
        assert (kept.mentee_count, len(kept.inputs_digest)) == (1, 64)
