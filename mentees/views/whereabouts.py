"""The page on which a coordinator says where a person is now and how a mentor can meet them."""

import uuid

from flask import render_template

from accounts import queries as account_queries
from accounts.rules import Permission
from accounts.signing import current_actor, current_scheme
from foundation import clock
from foundation.access import requires
from foundation.db import reading, transaction
from mentees import operations, queries
from mentees.forms import WhereaboutsForm
from mentees.models import Mentee
from mentees.views.blueprint import Answer, back_to, blueprint


@blueprint.get("/people/<uuid:mentee_id>/whereabouts")
@requires(Permission.MENTEES_DECIDE)
def whereabouts(mentee_id: uuid.UUID) -> Answer:
    """Show a coordinator what is known, to be changed after a release or a move."""
    mentee = queries.get_mentee(reading(), current_actor(), mentee_id)
    form = _form(mentee)
    form.version.data = str(mentee.version)
    return _render(form, mentee)


@blueprint.post("/people/<uuid:mentee_id>/whereabouts")
@requires(Permission.MENTEES_DECIDE)
def whereabouts_post(mentee_id: uuid.UUID) -> Answer:
    """Keep where the person is now."""
    form = _form(None)
    if form.validate():
        with form.guard():
            with transaction() as session:
                operations.change_whereabouts(
                    session,
                    mentee=queries.get_mentee(session, current_actor(), mentee_id),
                    whereabouts=form.whereabouts(),
                    by=current_actor(),
                    at=clock.now(),
                    version=form.seen_version,
                )
            return back_to(mentee_id)
    mentee = queries.get_mentee(reading(), current_actor(), mentee_id)
    return _render(form, mentee), 422


def _render(form: WhereaboutsForm, mentee: Mentee) -> str:
    """Show the form, with the establishments that are known."""
    establishments = account_queries.list_establishments(reading(), current_actor())
    return render_template("mentees/whereabouts.html", form=form, mentee=mentee, establishments=establishments)


def _form(mentee: Mentee | None) -> WhereaboutsForm:
    """Make the form for the scheme of the page, filled from a record where one is given."""
    scheme = current_scheme()
    return WhereaboutsForm(record=mentee, country=scheme.country, today=clock.today(scheme.time_zone))
