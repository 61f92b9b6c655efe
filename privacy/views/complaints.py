"""Pages on which a coordinator keeps complaints and answers them."""

import uuid

from flask import redirect, render_template, url_for

from accounts.rules import Permission
from accounts.signing import current_actor, current_scheme
from foundation import clock
from foundation.access import requires
from foundation.db import reading, transaction
from foundation.submissions import once
from privacy import operations, queries
from privacy.forms import AcknowledgeForm, AnswerForm, ComplaintForm
from privacy.models import Complaint
from privacy.rules import acknowledge_by, authority_of
from privacy.views.blueprint import Answer, blueprint


@blueprint.get("/data-protection/complaints")
@requires(Permission.PRIVACY_MANAGE)
def complaints() -> Answer:
    """Show a coordinator all complaints, open ones first."""
    rows = queries.list_complaints(reading(), current_actor())
    return render_template(
        "privacy/complaints.html",
        complaints=rows,
        due={row.id: acknowledge_by(row.received_on) for row in rows},
        today=clock.today(current_actor().time_zone),
    )


@blueprint.get("/data-protection/complaints/new")
@requires(Permission.PRIVACY_MANAGE)
def new_complaint() -> Answer:
    """Ask a coordinator who complains of what."""
    return render_template("privacy/new_complaint.html", form=ComplaintForm())


@blueprint.post("/data-protection/complaints/new")
@requires(Permission.PRIVACY_MANAGE)
def new_complaint_post() -> Answer:
    """Keep the complaint."""
    form = ComplaintForm()
    if form.validate():
        with form.guard():
            with once(form.submission_key) as (session, outcome):
                made = operations.log_complaint(
                    session,
                    complainant=form.complainant.data,
                    about=form.about.data,
                    what=form.what.data,
                    received_on=form.received_on.data,
                    by=current_actor(),
                    at=clock.now(),
                )
                outcome.location = url_for("privacy.complaint", complaint_id=made.id)
            return redirect(outcome.location, code=303)
    return render_template("privacy/new_complaint.html", form=form), 422


@blueprint.get("/data-protection/complaints/<uuid:complaint_id>")
@requires(Permission.PRIVACY_MANAGE)
def complaint(complaint_id: uuid.UUID) -> Answer:
    """Show a coordinator one complaint and what to do next."""
    found = _found(complaint_id)
    return render_template(
        "privacy/complaint.html",
        complaint=found,
        due_on=acknowledge_by(found.received_on),
        today=clock.today(current_actor().time_zone),
    )


@blueprint.get("/data-protection/complaints/<uuid:complaint_id>/acknowledgement")
@requires(Permission.PRIVACY_MANAGE)
def acknowledge(complaint_id: uuid.UUID) -> Answer:
    """Ask a coordinator when they told whoever complained that it has arrived."""
    found, form = _found(complaint_id), AcknowledgeForm()
    form.version.data = str(found.version)
    return render_template("privacy/acknowledge.html", form=form, complaint=found)


@blueprint.post("/data-protection/complaints/<uuid:complaint_id>/acknowledgement")
@requires(Permission.PRIVACY_MANAGE)
def acknowledge_post(complaint_id: uuid.UUID) -> Answer:
    """Write the day down."""
    form = AcknowledgeForm()
    if form.validate():
        with form.guard():
            with transaction() as session:
                operations.acknowledge_complaint(
                    session,
                    complaint=queries.get_complaint(session, current_actor(), complaint_id),
                    on=form.on.data,
                    by=current_actor(),
                    at=clock.now(),
                    version=form.seen_version,
                )
            return _back_to(complaint_id)
    return render_template("privacy/acknowledge.html", form=form, complaint=_found(complaint_id)), 422


@blueprint.get("/data-protection/complaints/<uuid:complaint_id>/answer")
@requires(Permission.PRIVACY_MANAGE)
def answer(complaint_id: uuid.UUID) -> Answer:
    """Ask a coordinator what came of a complaint."""
    found, form = _found(complaint_id), AnswerForm()
    form.version.data = str(found.version)
    return _draw_answer(form, found)


@blueprint.post("/data-protection/complaints/<uuid:complaint_id>/answer")
@requires(Permission.PRIVACY_MANAGE)
def answer_post(complaint_id: uuid.UUID) -> Answer:
    """Write down what was answered."""
    form = AnswerForm()
    if form.validate():
        with form.guard():
            with transaction() as session:
                operations.answer_complaint(
                    session,
                    complaint=queries.get_complaint(session, current_actor(), complaint_id),
                    outcome=form.outcome.data,
                    answer=form.answer.data,
                    on=form.on.data,
                    by=current_actor(),
                    at=clock.now(),
                    version=form.seen_version,
                )
            return _back_to(complaint_id)
    return _draw_answer(form, _found(complaint_id))


def _draw_answer(form: AnswerForm, found: Complaint) -> Answer:
    """Draw the form, with who watches over data protection here."""
    authority = authority_of(current_scheme().country)
    return render_template("privacy/answer.html", form=form, complaint=found, authority=authority), form.status


def _found(complaint_id: uuid.UUID) -> Complaint:
    """Read the complaint of a page."""
    return queries.get_complaint(reading(), current_actor(), complaint_id)


def _back_to(complaint_id: uuid.UUID) -> Answer:
    """Lead back to the page of a complaint."""
    return redirect(url_for("privacy.complaint", complaint_id=complaint_id), code=303)
