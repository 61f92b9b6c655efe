"""Pages on which what a volunteer offers is asked for, agreed and changed, and breaks are noted."""

import uuid

from flask import current_app, flash, redirect, render_template, url_for
from werkzeug import Response

from accounts.rules import Permission
from accounts.signing import current_actor
from foundation import clock
from foundation.access import requires
from foundation.db import reading
from foundation.errors import NotVisible
from foundation.language import _
from foundation.submissions import once
from mentors import forms, operations, queries
from mentors.models import CommitmentAlert
from mentors.rules import CommitmentState, Terms
from mentors.views.blueprint import Answer, blueprint
from mentors.views.deciding import for_decision

_OF = "/volunteers/<uuid:volunteer_id>"


def _overview(volunteer_id: uuid.UUID) -> str:
    """Give the address of the page that shows everything of this."""
    return url_for("mentoring.commitment", volunteer_id=volunteer_id)


def _saved(volunteer_id: uuid.UUID) -> Response:
    """Lead back to the page that shows everything of this."""
    flash(str(_("Saved.")))
    return redirect(_overview(volunteer_id), code=303)


@blueprint.get("/volunteers/hours")
@requires(Permission.VOLUNTEERS_DECIDE)
def hours() -> Answer:
    """Show coordinators which mentors give too little or too much, and who asks for other hours."""
    session, by = reading(), current_actor()
    return render_template(
        "mentors/hours.html", alerts=queries.list_open_alerts(session, by), wishes=queries.list_wishes(session, by)
    )


@blueprint.get("/my-commitment/change")
@requires(Permission.OWN_RECORD_READ)
def change_commitment() -> Answer:
    """Show volunteers the page on which they ask to offer more or less."""
    volunteer = queries.get_own_volunteer(reading(), current_actor())
    form = forms.WishForm(data={"hours_per_week": volunteer.hours_per_week, "months": volunteer.months})
    return render_template("mentors/change_commitment.html", form=form)


@blueprint.post("/my-commitment/change")
@requires(Permission.OWN_RECORD_READ)
def change_commitment_post() -> Answer:
    """Take a volunteer's wish to staff."""
    form, by = forms.WishForm(), current_actor()
    queries.get_own_volunteer(reading(), by)
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            outcome.location = url_for("mentoring.my_commitment")
            operations.ask_commitment(
                session,
                volunteer=queries.get_own_volunteer(session, by),
                hours_per_week=form.hours_per_week.data,
                months=form.months.data,
                from_on=form.from_on.data,
                why=form.why.data,
                by=by,
                at=clock.now(),
            )
        if not form.errors:
            flash(str(_("Thank you. Your coordinator answers, and you get a letter.")))
            return redirect(url_for("mentoring.my_commitment"), code=303)
    return render_template("mentors/change_commitment.html", form=form), 422


@blueprint.get(f"{_OF}/commitment/new")
@requires(Permission.VOLUNTEERS_DECIDE)
def new_commitment(volunteer_id: uuid.UUID) -> Answer:
    """Show a coordinator the page on which other hours or flexible terms are written down."""
    found = for_decision(volunteer_id)
    form = forms.TermsForm(data={"hours_per_week": found.hours_per_week, "months": found.months, "terms": Terms.USUAL})
    form.from_on.data = clock.today(current_actor().time_zone)
    form.version.data = str(found.version)
    return render_template("mentors/new_commitment.html", form=form, volunteer=found)


@blueprint.post(f"{_OF}/commitment/new")
@requires(Permission.VOLUNTEERS_DECIDE)
def new_commitment_post(volunteer_id: uuid.UUID) -> Answer:
    """Write down what a volunteer offers."""
    form, by = forms.TermsForm(), current_actor()
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            outcome.location = _overview(volunteer_id)
            operations.set_commitment(
                session,
                volunteer=queries.get_volunteer(session, by, volunteer_id),
                hours_per_week=form.hours_per_week.data,
                months=form.months.data,
                from_on=form.from_on.data,
                why=form.why.data,
                terms=form.terms.data,
                until_on=form.until_on.data,
                by=by,
                at=clock.now(),
                version=form.seen_version,
            )
        if not form.errors:
            return _saved(volunteer_id)
    return render_template("mentors/new_commitment.html", form=form, volunteer=for_decision(volunteer_id)), 422


@blueprint.get(f"{_OF}/commitment/<uuid:commitment_id>")
@requires(Permission.VOLUNTEERS_DECIDE)
def answer_commitment(volunteer_id: uuid.UUID, commitment_id: uuid.UUID) -> Answer:
    """Show a coordinator a wish for other hours, to be answered."""
    return _render_wish(forms.WishAnswerForm(), volunteer_id, commitment_id)


@blueprint.post(f"{_OF}/commitment/<uuid:commitment_id>")
@requires(Permission.VOLUNTEERS_DECIDE)
def answer_commitment_post(volunteer_id: uuid.UUID, commitment_id: uuid.UUID) -> Answer:
    """Answer a wish for other hours."""
    form, by = forms.WishAnswerForm(), current_actor()
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            outcome.location = _overview(volunteer_id)
            volunteer = queries.get_volunteer(session, by, volunteer_id)
            operations.answer_commitment(
                session,
                commitment=queries.get_commitment(session, volunteer, commitment_id),
                agree=form.decision.data is CommitmentState.AGREED,
                answer=form.answer.data or "",
                by=by,
                at=clock.now(),
                base_url=current_app.config["BASE_URL"],
            )
        if not form.errors:
            return _saved(volunteer_id)
    return _render_wish(form, volunteer_id, commitment_id), 422


def _render_wish(form: forms.WishAnswerForm, volunteer_id: uuid.UUID, commitment_id: uuid.UUID) -> str:
    """Draw a wish and the answer to it."""
    found = for_decision(volunteer_id)
    wish = queries.get_commitment(reading(), found, commitment_id)
    return render_template("mentors/answer_commitment.html", form=form, volunteer=found, wish=wish)


@blueprint.get(f"{_OF}/breaks/new")
@requires(Permission.VOLUNTEERS_DECIDE)
def new_break(volunteer_id: uuid.UUID) -> Answer:
    """Show a coordinator the page on which a break is noted."""
    return render_template("mentors/new_break.html", form=forms.BreakForm(), volunteer=for_decision(volunteer_id))


@blueprint.post(f"{_OF}/breaks/new")
@requires(Permission.VOLUNTEERS_DECIDE)
def new_break_post(volunteer_id: uuid.UUID) -> Answer:
    """Note a break; the stage is moved on the page for that."""
    form, by = forms.BreakForm(), current_actor()
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            outcome.location = _overview(volunteer_id)
            operations.take_break(
                session,
                volunteer=queries.get_volunteer(session, by, volunteer_id),
                from_on=form.from_on.data,
                back_on=form.back_on.data,
                why=form.why.data,
                by=by,
                at=clock.now(),
            )
        if not form.errors:
            return _saved(volunteer_id)
    return render_template("mentors/new_break.html", form=form, volunteer=for_decision(volunteer_id)), 422


@blueprint.get(f"{_OF}/breaks/<uuid:break_id>/end")
@requires(Permission.VOLUNTEERS_DECIDE)
def end_break(volunteer_id: uuid.UUID, break_id: uuid.UUID) -> Answer:
    """Show a coordinator the page on which the end of a break is noted."""
    form = forms.BreakEndForm()
    form.ended_on.data = clock.today(current_actor().time_zone)
    return _render_end(form, volunteer_id, break_id)


@blueprint.post(f"{_OF}/breaks/<uuid:break_id>/end")
@requires(Permission.VOLUNTEERS_DECIDE)
def end_break_post(volunteer_id: uuid.UUID, break_id: uuid.UUID) -> Answer:
    """Note the end of a break."""
    form, by = forms.BreakEndForm(), current_actor()
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            outcome.location = _overview(volunteer_id)
            volunteer = queries.get_volunteer(session, by, volunteer_id)
            operations.end_break(
                session,
                found=queries.get_break(session, volunteer, break_id),
                ended_on=form.ended_on.data,
                by=by,
                at=clock.now(),
            )
        if not form.errors:
            return _saved(volunteer_id)
    return _render_end(form, volunteer_id, break_id), 422


def _render_end(form: forms.BreakEndForm, volunteer_id: uuid.UUID, break_id: uuid.UUID) -> str:
    """Draw a break and its end."""
    found = for_decision(volunteer_id)
    row = queries.get_break(reading(), found, break_id)
    return render_template("mentors/end_break.html", form=form, volunteer=found, row=row)


@blueprint.get(f"{_OF}/commitment/note")
@requires(Permission.VOLUNTEERS_DECIDE)
def answer_alert(volunteer_id: uuid.UUID) -> Answer:
    """Show a coordinator the page on which what a mentor's weeks tell is answered."""
    found = for_decision(volunteer_id)
    alert = _told(queries.find_alert(reading(), found))
    return render_template("mentors/answer_alert.html", form=forms.NoteForm(), volunteer=found, alert=alert)


@blueprint.post(f"{_OF}/commitment/note")
@requires(Permission.VOLUNTEERS_DECIDE)
def answer_alert_post(volunteer_id: uuid.UUID) -> Answer:
    """Answer what a mentor's weeks tell."""
    form, by = forms.NoteForm(), current_actor()
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            outcome.location = _overview(volunteer_id)
            volunteer = queries.get_volunteer(session, by, volunteer_id)
            operations.answer_alert(
                session,
                alert=_told(queries.find_alert(session, volunteer)),
                note=form.note.data,
                by=by,
                at=clock.now(),
            )
        if not form.errors:
            return _saved(volunteer_id)
    found = for_decision(volunteer_id)
    alert = _told(queries.find_alert(reading(), found))
    return render_template("mentors/answer_alert.html", form=form, volunteer=found, alert=alert), 422


def _told(alert: CommitmentAlert | None) -> CommitmentAlert:
    """Insist that there is something to answer."""
    if alert is None:
        raise NotVisible(_("There is nothing to answer."))
    return alert
