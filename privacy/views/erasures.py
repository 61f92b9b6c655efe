"""Pages on which a person's data goes for good, or is kept from going."""

import uuid

from flask import redirect, render_template, url_for

from accounts import queries as accounts
from accounts.rules import Permission
from accounts.signing import current_actor
from foundation import clock
from foundation.access import requires
from foundation.db import reading, transaction
from foundation.submissions import once
from privacy import operations, queries
from privacy.forms import EraseForm, HoldForm, PlainForm, SureForm
from privacy.policy import may_confirm
from privacy.rules import ErasureState
from privacy.views.blueprint import Answer, blueprint


@blueprint.get("/data-protection/people/<uuid:person_id>/erasure")
@requires(Permission.PRIVACY_MANAGE)
def erase(person_id: uuid.UUID) -> Answer:
    """Ask a coordinator why everything about a person goes."""
    return _draw_erase(EraseForm(), person_id)


@blueprint.post("/data-protection/people/<uuid:person_id>/erasure")
@requires(Permission.PRIVACY_MANAGE)
def erase_post(person_id: uuid.UUID) -> Answer:
    """Put it before a second person."""
    form = EraseForm()
    if form.validate():
        with form.guard():
            with once(form.submission_key) as (session, outcome):
                made = operations.ask_erasure(
                    session,
                    person=queries.get_subject(session, current_actor(), person_id),
                    why=form.why.data,
                    by=current_actor(),
                    at=clock.now(),
                )
                outcome.location = url_for("privacy.erasure", erasure_id=made.id)
            return redirect(outcome.location, code=303)
    return _draw_erase(form, person_id)


def _draw_erase(form: EraseForm, person_id: uuid.UUID) -> Answer:
    """Draw the page with what stands in the way."""
    actor, session = current_actor(), reading()
    person = queries.get_subject(session, actor, person_id)
    blockers = queries.blockers_of(session, person.id, actor.scheme_id)
    return render_template("privacy/erase.html", form=form, person=person, blockers=blockers), form.status


@blueprint.get("/data-protection/erasures/<uuid:erasure_id>")
@requires(Permission.PRIVACY_MANAGE, Permission.PRIVACY_CONFIRM)
def erasure(erasure_id: uuid.UUID) -> Answer:
    """Show whoever may confirm what goes, and what went."""
    return _draw_erasure(SureForm(), erasure_id)


@blueprint.post("/data-protection/erasures/<uuid:erasure_id>")
@requires(Permission.PRIVACY_CONFIRM)
def erasure_post(erasure_id: uuid.UUID) -> Answer:
    """Carry the erasure out, as its second person."""
    form = SureForm()
    if form.validate():
        with form.guard():
            with transaction() as session:
                operations.confirm_erasure(
                    session,
                    erasure=queries.get_erasure(session, current_actor(), erasure_id),
                    by=current_actor(),
                    at=clock.now(),
                )
            return redirect(url_for("privacy.erasure", erasure_id=erasure_id), code=303)
    return _draw_erasure(form, erasure_id)


def _draw_erasure(form: SureForm, erasure_id: uuid.UUID) -> Answer:
    """Draw the page of an erasure, with the form for whoever may be its second person."""
    actor, session = current_actor(), reading()
    found = queries.get_erasure(session, actor, erasure_id)
    people = {found.subject_id, found.asked_by_id, found.decided_by_id} - {None}
    page = render_template(
        "privacy/erasure.html",
        form=form,
        erasure=found,
        names=accounts.names_of(session, {person_id for person_id in people if person_id is not None}),
        may_confirm=may_confirm(actor, found),
        blockers=queries.blockers_of(session, found.subject_id, actor.scheme_id),
        ErasureState=ErasureState,
    )
    return page, form.status


@blueprint.get("/data-protection/erasures/<uuid:erasure_id>/withdrawal")
@requires(Permission.PRIVACY_MANAGE, Permission.PRIVACY_CONFIRM)
def withdraw_erasure(erasure_id: uuid.UUID) -> Answer:
    """Ask whether a person shall stay after all."""
    return _draw_withdrawal(PlainForm(), erasure_id)


@blueprint.post("/data-protection/erasures/<uuid:erasure_id>/withdrawal")
@requires(Permission.PRIVACY_MANAGE, Permission.PRIVACY_CONFIRM)
def withdraw_erasure_post(erasure_id: uuid.UUID) -> Answer:
    """Let the person stay."""
    form = PlainForm()
    if form.validate():
        with form.guard():
            with transaction() as session:
                operations.withdraw_erasure(
                    session,
                    erasure=queries.get_erasure(session, current_actor(), erasure_id),
                    by=current_actor(),
                    at=clock.now(),
                )
            return redirect(url_for("privacy.overview"), code=303)
    return _draw_withdrawal(form, erasure_id)


def _draw_withdrawal(form: PlainForm, erasure_id: uuid.UUID) -> Answer:
    """Draw the question."""
    session = reading()
    found = queries.get_erasure(session, current_actor(), erasure_id)
    name = accounts.names_of(session, {found.subject_id}).get(found.subject_id, "")
    page = render_template("privacy/withdraw_erasure.html", form=form, erasure=found, name=name)
    return page, form.status


@blueprint.get("/data-protection/people/<uuid:person_id>/hold")
@requires(Permission.PRIVACY_MANAGE)
def hold(person_id: uuid.UUID) -> Answer:
    """Ask a coordinator why nothing of a person may go."""
    person = queries.get_subject(reading(), current_actor(), person_id)
    return render_template("privacy/hold.html", form=HoldForm(), person=person)


@blueprint.post("/data-protection/people/<uuid:person_id>/hold")
@requires(Permission.PRIVACY_MANAGE)
def hold_post(person_id: uuid.UUID) -> Answer:
    """Set the hold."""
    form = HoldForm()
    if form.validate():
        with form.guard():
            with once(form.submission_key) as (session, outcome):
                outcome.location = url_for("privacy.person", person_id=person_id)
                operations.set_hold(
                    session,
                    person=queries.get_subject(session, current_actor(), person_id),
                    why=form.why.data,
                    by=current_actor(),
                    at=clock.now(),
                )
            return redirect(outcome.location, code=303)
    person = queries.get_subject(reading(), current_actor(), person_id)
    return render_template("privacy/hold.html", form=form, person=person), 422


@blueprint.get("/data-protection/holds/<uuid:hold_id>/lifting")
@requires(Permission.PRIVACY_MANAGE)
def lift_hold(hold_id: uuid.UUID) -> Answer:
    """Ask a coordinator whether a hold is over."""
    found = queries.get_hold(reading(), current_actor(), hold_id)
    return render_template("privacy/lift_hold.html", form=PlainForm(), hold=found)


@blueprint.post("/data-protection/holds/<uuid:hold_id>/lifting")
@requires(Permission.PRIVACY_MANAGE)
def lift_hold_post(hold_id: uuid.UUID) -> Answer:
    """Lift the hold."""
    form = PlainForm()
    if form.validate():
        with transaction() as session:
            found = queries.get_hold(session, current_actor(), hold_id)
            operations.lift_hold(session, hold=found, by=current_actor(), at=clock.now())
        return redirect(url_for("privacy.person", person_id=found.person_id), code=303)
    found = queries.get_hold(reading(), current_actor(), hold_id)
    return render_template("privacy/lift_hold.html", form=form, hold=found), 422
