"""Pages on which a volunteer's leaving is written down, and on which they say a last word."""

import uuid

from flask import current_app, g, redirect, render_template, url_for
from werkzeug import Response

from accounts import queries as account_queries
from accounts.models import Scheme
from accounts.rules import Permission
from accounts.signing import anonymous_in, current_actor
from foundation import clock
from foundation.access import public, requires
from foundation.db import reading, transaction
from mentors import forms, operations, queries
from mentors.models import Volunteer
from mentors.rules import STAGES, Stage
from mentors.views.blueprint import Answer, blueprint
from mentors.views.deciding import carrying, done, for_decision


@blueprint.get("/volunteers/<uuid:volunteer_id>/leaving")
@requires(Permission.VOLUNTEERS_DECIDE)
def leaving(volunteer_id: uuid.UUID) -> Answer:
    """Let a coordinator write down that a volunteer leaves, and read when and why they left before."""
    found = for_decision(volunteer_id)
    today = clock.today(current_actor().time_zone)
    form = forms.LeavingForm(formdata=None, data={"left_on": today, "is_thanked": True})
    return _render_leaving(carrying(form, found), found)


@blueprint.post("/volunteers/<uuid:volunteer_id>/leaving")
@requires(Permission.VOLUNTEERS_DECIDE)
def leaving_post(volunteer_id: uuid.UUID) -> Answer:
    """Let a volunteer leave: roles and matches end, and a letter of thanks goes out."""
    form = forms.LeavingForm()
    if form.validate():
        with form.guard(), transaction() as session:
            operations.leave_volunteer(
                session,
                volunteer=queries.get_volunteer(session, current_actor(), volunteer_id),
                leaving=form.leaving(),
                by=current_actor(),
                at=clock.now(),
                version=form.seen_version,
                base_url=current_app.config["BASE_URL"],
            )
        if not form.errors:
            return done(volunteer_id)
    return _render_leaving(form, for_decision(volunteer_id)), 422


def _render_leaving(form: forms.LeavingForm, found: Volunteer) -> str:
    """Draw the form where they can leave, and every leaving before."""
    session = reading()
    departures = queries.list_departures(session, found)
    people = {row.recorded_by_id for row in departures}
    return render_template(
        "mentors/leaving.html",
        form=form,
        volunteer=found,
        departures=departures,
        spells=queries.find_spells(session, found.id, current_actor().time_zone),
        names=account_queries.names_of(session, {person for person in people if person is not None}),
        may_leave=STAGES.allows(found.stage, Stage.LEFT),
    )


@blueprint.get("/leaving/<token>")
@public
def last_word(token: str) -> Answer:
    """Let somebody with the link of a letter of thanks say a last word; the page names nobody."""
    return _render_last_word(forms.ExitWordsForm(), token)


@blueprint.post("/leaving/<token>")
@public
def last_word_post(token: str) -> Answer:
    """Keep what somebody who left would like to say."""
    form = forms.ExitWordsForm()
    if not form.validate():
        return _render_last_word(form, token), 422
    with transaction() as session:
        departure, volunteer = queries.get_departure_of_token(session, token, clock.now(), for_update=True)
        scheme = session.get_one(Scheme, volunteer.scheme_id)
        operations.say_exit_words(
            session,
            departure=departure,
            scheme=scheme,
            words=form.words.data,
            by=anonymous_in(scheme),
            at=clock.now(),
            base_url=current_app.config["BASE_URL"],
        )
    return _back_to(token)


def _back_to(token: str) -> Response:
    """Lead back to the page of the link, which then thanks."""
    return redirect(url_for("mentors.last_word", token=token), code=303)


def _render_last_word(form: forms.ExitWordsForm, token: str) -> str:
    """Draw the page of the link."""
    session = reading()
    departure, volunteer = queries.get_departure_of_token(session, token, clock.now())
    scheme = session.get_one(Scheme, volunteer.scheme_id)
    g.page_scheme = scheme
    return render_template(
        "mentors/last_word.html",
        form=form,
        token=token,
        scheme=scheme,
        departure=departure,
        is_served=volunteer.began_on is not None,
    )
