"""Pages on which a coordinator finds a person and answers their request for a copy."""

import uuid

from flask import Response, current_app, redirect, render_template, request, url_for

from accounts import queries as accounts
from accounts.rules import Permission
from accounts.signing import current_actor, current_scheme
from foundation import clock
from foundation.access import requires
from foundation.backup import aside
from foundation.db import database, reading, transaction
from foundation.submissions import once
from privacy import operations, queries
from privacy.forms import DeliverForm, ExtendForm, PlainForm, RequestForm, SearchForm
from privacy.gathering import gather_bundle
from privacy.models import SubjectRequest
from privacy.queries.people import MOST_FOUND
from privacy.rules import ErasureState
from privacy.views.blueprint import Answer, blueprint
from privacy.views.packing import pack


@blueprint.get("/data-protection")
@requires(Permission.PRIVACY_MANAGE, Permission.PRIVACY_CONFIRM)
def overview() -> Answer:
    """Show a coordinator what people wait for, and an administrator what waits for a second person."""
    actor, session = current_actor(), reading()
    erasures = queries.list_erasures(session, actor)
    return render_template(
        "privacy/overview.html",
        requests=queries.list_requests(session, actor) if actor.may(Permission.PRIVACY_MANAGE) else [],
        erasures=erasures,
        set_aside=aside.list_moments(database().engine, current_app.config["SETTINGS"]),
        names=accounts.names_of(session, {erasure.subject_id for erasure in erasures}),
        today=clock.today(actor.time_zone),
        ErasureState=ErasureState,
    )


@blueprint.get("/data-protection/people")
@requires(Permission.PRIVACY_MANAGE)
def people() -> Answer:
    """Let a coordinator find the person whom a request is about."""
    form = SearchForm(request.args)
    text = (form.text.data or "").strip() if form.validate() else ""
    found = queries.list_people(reading(), current_actor(), text) if text else []
    return render_template("privacy/people.html", search=form, text=text, found=found, most=MOST_FOUND)


@blueprint.get("/data-protection/people/<uuid:person_id>")
@requires(Permission.PRIVACY_MANAGE)
def person(person_id: uuid.UUID) -> Answer:
    """Show a coordinator what a person has asked, and what can be done for them."""
    actor, session = current_actor(), reading()
    found = queries.get_subject(session, actor, person_id)
    return render_template(
        "privacy/person.html",
        person=found,
        requests=queries.list_requests_of(session, actor, found.id),
        holds=queries.list_holds_of(session, actor, found.id),
        erasure=queries.find_open_erasure(session, found.id),
        blockers=queries.blockers_of(session, found.id, actor.scheme_id),
        today=clock.today(actor.time_zone),
    )


@blueprint.get("/data-protection/people/<uuid:person_id>/requests/new")
@requires(Permission.PRIVACY_MANAGE)
def new_request(person_id: uuid.UUID) -> Answer:
    """Ask a coordinator when a request came in and how they know who it is."""
    found = queries.get_subject(reading(), current_actor(), person_id)
    return render_template("privacy/new_request.html", form=RequestForm(), person=found)


@blueprint.post("/data-protection/people/<uuid:person_id>/requests/new")
@requires(Permission.PRIVACY_MANAGE)
def new_request_post(person_id: uuid.UUID) -> Answer:
    """Keep the request, with the day by which it is answered."""
    form = RequestForm()
    if form.validate():
        with form.guard():
            with once(form.submission_key) as (session, outcome):
                made = operations.log_request(
                    session,
                    person=queries.get_subject(session, current_actor(), person_id),
                    received_on=form.received_on.data,
                    identity=form.identity.data,
                    identity_note=form.identity_note.data or "",
                    by=current_actor(),
                    at=clock.now(),
                )
                outcome.location = url_for("privacy.subject_request", request_id=made.id)
            return redirect(outcome.location, code=303)
    found = queries.get_subject(reading(), current_actor(), person_id)
    return render_template("privacy/new_request.html", form=form, person=found), 422


@blueprint.get("/data-protection/requests/<uuid:request_id>")
@requires(Permission.PRIVACY_MANAGE)
def subject_request(request_id: uuid.UUID) -> Answer:
    """Show a coordinator a request, by when it is answered, and what to do next."""
    return render_template(
        "privacy/subject_request.html",
        asked=_asked(request_id),
        today=clock.today(current_actor().time_zone),
    )


@blueprint.get("/data-protection/requests/<uuid:request_id>/extension")
@requires(Permission.PRIVACY_MANAGE)
def extend(request_id: uuid.UUID) -> Answer:
    """Ask a coordinator why a request takes longer."""
    asked, form = _asked(request_id), ExtendForm()
    form.version.data = str(asked.version)
    return render_template("privacy/extend.html", form=form, asked=asked)


@blueprint.post("/data-protection/requests/<uuid:request_id>/extension")
@requires(Permission.PRIVACY_MANAGE)
def extend_post(request_id: uuid.UUID) -> Answer:
    """Take two more months."""
    form = ExtendForm()
    if form.validate():
        with form.guard():
            with transaction() as session:
                operations.extend_request(
                    session,
                    request=queries.get_request(session, current_actor(), request_id),
                    why=form.why.data,
                    by=current_actor(),
                    at=clock.now(),
                    version=form.seen_version,
                )
            return _back_to(request_id)
    return render_template("privacy/extend.html", form=form, asked=_asked(request_id)), 422


@blueprint.get("/data-protection/requests/<uuid:request_id>/copy")
@requires(Permission.PRIVACY_MANAGE)
def copy(request_id: uuid.UUID) -> Answer:
    """Tell a coordinator what the copy holds before they make it."""
    return render_template("privacy/copy.html", form=PlainForm(), asked=_asked(request_id))


@blueprint.post("/data-protection/requests/<uuid:request_id>/copy")
@requires(Permission.PRIVACY_MANAGE)
def copy_post(request_id: uuid.UUID) -> Answer:
    """Make the copy and hand it over as a file; that it was made is written down."""
    form = PlainForm()
    if not form.validate():
        return render_template("privacy/copy.html", form=form, asked=_asked(request_id)), 422
    at = clock.now()
    with transaction() as session:
        asked = queries.get_request(session, current_actor(), request_id)
        bundle = gather_bundle(session, asked.person, scheme_id=asked.scheme_id)
        operations.note_produced(session, request=asked, by=current_actor(), at=at)
    name = f"copy-{asked.received_on.isoformat()}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(pack(bundle, current_scheme(), at), content_type="application/zip", headers=headers)


@blueprint.get("/data-protection/requests/<uuid:request_id>/delivery")
@requires(Permission.PRIVACY_MANAGE)
def deliver(request_id: uuid.UUID) -> Answer:
    """Ask a coordinator when the person got their copy."""
    asked, form = _asked(request_id), DeliverForm()
    form.version.data = str(asked.version)
    return render_template("privacy/deliver.html", form=form, asked=asked)


@blueprint.post("/data-protection/requests/<uuid:request_id>/delivery")
@requires(Permission.PRIVACY_MANAGE)
def deliver_post(request_id: uuid.UUID) -> Answer:
    """Write down that the person has their copy."""
    form = DeliverForm()
    if form.validate():
        with form.guard():
            with transaction() as session:
                operations.deliver_request(
                    session,
                    request=queries.get_request(session, current_actor(), request_id),
                    delivered_on=form.delivered_on.data,
                    by=current_actor(),
                    at=clock.now(),
                    version=form.seen_version,
                )
            return _back_to(request_id)
    return render_template("privacy/deliver.html", form=form, asked=_asked(request_id)), 422


def _asked(request_id: uuid.UUID) -> SubjectRequest:
    """Read the request of a page."""
    return queries.get_request(reading(), current_actor(), request_id)


def _back_to(request_id: uuid.UUID) -> Answer:
    """Lead back to the page of a request."""
    return redirect(url_for("privacy.subject_request", request_id=request_id), code=303)
