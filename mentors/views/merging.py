"""The page on which a coordinator says that an application comes from somebody known."""

import uuid

from flask import render_template

from accounts.rules import Permission
from accounts.signing import current_actor
from foundation import clock
from foundation.access import requires
from foundation.db import reading, transaction
from mentors import forms, operations, queries
from mentors.models import Volunteer
from mentors.views.blueprint import Answer, blueprint
from mentors.views.deciding import carrying, done, for_decision


@blueprint.get("/volunteers/<uuid:volunteer_id>/same-person")
@requires(Permission.VOLUNTEERS_DECIDE)
def same_person(volunteer_id: uuid.UUID) -> Answer:
    """Let a coordinator say that an application comes from somebody who is a volunteer already."""
    found = for_decision(volunteer_id)
    form = carrying(_same_person_form(found), found)
    return render_template("mentors/same_person.html", form=form, volunteer=found)


@blueprint.post("/volunteers/<uuid:volunteer_id>/same-person")
@requires(Permission.VOLUNTEERS_DECIDE)
def same_person_post(volunteer_id: uuid.UUID) -> Answer:
    """Put an application with the earlier record of the same person."""
    found = for_decision(volunteer_id)
    form = _same_person_form(found)
    if form.validate():
        earlier_id = uuid.UUID(form.earlier.data)
        with form.guard(), transaction() as session:
            operations.accept_as_same(
                session,
                volunteer=queries.get_volunteer(session, current_actor(), volunteer_id),
                earlier=queries.get_volunteer(session, current_actor(), earlier_id),
                why=form.why.data,
                by=current_actor(),
                at=clock.now(),
                version=form.seen_version,
            )
        if not form.errors:
            return done(earlier_id)
    return render_template("mentors/same_person.html", form=form, volunteer=for_decision(volunteer_id)), 422


def _same_person_form(found: Volunteer) -> forms.SamePersonForm:
    """Offer the volunteers with the same e-mail address."""
    form = forms.SamePersonForm()
    same = queries.list_same_address(reading(), current_actor(), found)
    form.earlier.choices = [(str(row.id), row.person.name) for row in same]
    return form
