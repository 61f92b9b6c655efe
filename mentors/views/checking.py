"""Pages on which a coordinator writes down how checks on a volunteer stand, and what may be asked at all."""

import uuid
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from accounts import operations as account_operations
from accounts import queries as account_queries
from accounts.models import Establishment
from accounts.rules import Permission
from accounts.signing import current_actor, current_scheme
from foundation import clock
from foundation.access import requires
from foundation.db import reading, transaction
from foundation.errors import NotVisible
from foundation.language import _
from foundation.submissions import once
from mentors import forms, operations, queries
from mentors.models import Check, Volunteer
from mentors.rules import CheckKind, CheckOutcome, asked_checks, missing_checks
from mentors.views.blueprint import Answer, blueprint
from mentors.views.deciding import carrying, done, for_decision

CHECKS = {kind.value.replace(" ", "-"): kind for kind in CheckKind}
"""Checks by their name in addresses."""

SLUGS = {kind: slug for slug, kind in CHECKS.items()}


@blueprint.get("/volunteers/<uuid:volunteer_id>/checks")
@requires(Permission.VOLUNTEERS_DECIDE)
def checks(volunteer_id: uuid.UUID) -> Answer:
    """Show a coordinator all checks on a volunteer: what stands, what is awaited, and what was before."""
    found = for_decision(volunteer_id)
    today = clock.today(current_actor().time_zone)
    rows = queries.list_checks(reading(), found)
    asked = asked_checks(drives_people=found.drives_people)
    return render_template(
        "mentors/checks.html",
        volunteer=found,
        standing={kind: [row for row in rows if row.kind is kind and row.ended_at is None] for kind in CheckKind},
        history=[row for row in rows if row.ended_at is not None],
        asked=asked,
        missing=missing_checks(found.checks, today, asked),
        slugs=SLUGS,
        CheckKind=CheckKind,
        today=today,
        names=account_queries.names_of(reading(), {row.decided_by_id for row in rows if row.decided_by_id}),
    )


@blueprint.get("/volunteers/<uuid:volunteer_id>/checks/<kind>")
@requires(Permission.VOLUNTEERS_DECIDE)
def check(volunteer_id: uuid.UUID, kind: str) -> Answer:
    """Show a coordinator how one check stands, to be written down anew."""
    found = for_decision(volunteer_id)
    place = account_queries.find_establishment(reading(), current_actor(), request.args.get("establishment", ""))
    form = _check_form(kind, check_of(found, _kind(kind), place.id if place else None), place)
    return _render(carrying(form, found), found, _kind(kind))


@blueprint.post("/volunteers/<uuid:volunteer_id>/checks/<kind>")
@requires(Permission.VOLUNTEERS_DECIDE)
def check_post(volunteer_id: uuid.UUID, kind: str) -> Answer:
    """Write down how a check stands."""
    form = _check_form(kind)
    if form.validate():
        with form.guard(), transaction() as session:
            _record(session, queries.get_volunteer(session, current_actor(), volunteer_id), _kind(kind), form)
        if not form.errors:
            return done(volunteer_id)
    return _render(form, for_decision(volunteer_id), _kind(kind)), 422


def _record(session: Session, found: Volunteer, kind: CheckKind, form: forms.CheckForm) -> None:
    """Write down what was typed, with the establishment that was named."""
    by, at = current_actor(), clock.now()
    paper = form.paper()
    if kind is CheckKind.PRISON_VETTING:
        name = form.establishment_name.data or ""
        place = account_operations.name_establishment(session, name=name, by=by, at=at)
        paper = replace(paper, establishment_id=place.id)
    operations.record_check(
        session,
        volunteer=found,
        kind=kind,
        outcome=form.outcome.data,
        level=form.level.data if "level" in form else None,
        decided_on=form.decided_on.data,
        expires_on=form.expires_on.data,
        conditions=form.conditions.data or "",
        paper=paper,
        by=by,
        at=at,
        version=form.seen_version,
    )


def _check_form(kind: str, record: Check | None = None, place: Establishment | None = None) -> forms.CheckForm:
    """Make the form of a check, with the questions of its kind."""
    form = forms.CheckForm(record=record)
    if place is not None and record is None and not form.is_submitted():
        form.establishment_name.data = place.name
    elif record is not None and record.establishment is not None:
        form.establishment_name.data = record.establishment.name
    form.keep_to(_kind(kind))
    return form


def _render(form: forms.CheckForm, found: Volunteer, kind: CheckKind) -> str:
    """Show the form, with what may be asked and the establishments that are known."""
    session, is_vetting = reading(), kind is CheckKind.PRISON_VETTING
    return render_template(
        "mentors/check.html",
        form=form,
        volunteer=found,
        kind=kind,
        allowance=queries.get_dbs_allowance(session, found.scheme_id) if kind is CheckKind.DBS else None,
        establishments=account_queries.list_establishments(session, current_actor()) if is_vetting else (),
    )


def _kind(slug: str) -> CheckKind:
    """Tell which check an address means.

    Raises:
        NotVisible: There is no such check.
    """
    if slug not in CHECKS:
        raise NotVisible(_("There is no such check."))
    return CHECKS[slug]


def check_of(found: Volunteer, kind: CheckKind, establishment_id: uuid.UUID | None = None) -> Check | None:
    """Find the check of a kind that stands; what is awaited only where nothing was decided yet."""
    rows = [row for row in found.checks if row.kind is kind and row.establishment_id == establishment_id]
    return min(rows, key=lambda row: row.outcome is CheckOutcome.AWAITED, default=None)


@blueprint.get("/volunteers/<uuid:volunteer_id>/driving")
@requires(Permission.VOLUNTEERS_DECIDE)
def driving(volunteer_id: uuid.UUID) -> Answer:
    """Show a coordinator whether a volunteer says that they drive people."""
    found = for_decision(volunteer_id)
    return render_template(
        "mentors/driving.html", form=carrying(forms.DrivingForm(record=found), found), volunteer=found
    )


@blueprint.post("/volunteers/<uuid:volunteer_id>/driving")
@requires(Permission.VOLUNTEERS_DECIDE)
def driving_post(volunteer_id: uuid.UUID) -> Answer:
    """Write down whether they drive people, so that licence and insurance are asked."""
    form = forms.DrivingForm()
    if form.validate():
        with form.guard(), transaction() as session:
            operations.set_driving(
                session,
                volunteer=queries.get_volunteer(session, current_actor(), volunteer_id),
                drives_people=bool(form.drives_people.data),
                by=current_actor(),
                at=clock.now(),
                version=form.seen_version,
            )
        if not form.errors:
            flash(str(_("Saved.")))
            return redirect(url_for("mentors.checks", volunteer_id=volunteer_id), code=303)
    return render_template("mentors/driving.html", form=form, volunteer=for_decision(volunteer_id)), 422


@blueprint.get("/dbs-level")
@requires(Permission.ACCOUNTS_MANAGE)
def dbs_ceiling() -> Answer:
    """Show an administrator the highest level of DBS check that the role of a mentor allows, and why."""
    allowance = queries.get_dbs_allowance(reading(), current_scheme().id)
    form = forms.DbsCeilingForm(data={"level": allowance.level, "why": str(allowance.why)})
    return _render_ceiling(form, allowance)


@blueprint.post("/dbs-level")
@requires(Permission.ACCOUNTS_MANAGE)
def dbs_ceiling_post() -> Answer:
    """Decide the highest level, with the reason."""
    form = forms.DbsCeilingForm()
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            outcome.location = url_for("mentors.dbs_ceiling")
            operations.set_dbs_ceiling(
                session, level=form.level.data, why=form.why.data, by=current_actor(), at=clock.now()
            )
        if not form.errors:
            flash(str(_("Saved.")))
            return redirect(url_for("mentors.dbs_ceiling"), code=303)
    return _render_ceiling(form, queries.get_dbs_allowance(reading(), current_scheme().id)), 422


def _render_ceiling(form: forms.DbsCeilingForm, allowance: queries.DbsAllowance) -> str:
    """Show the form below what holds now and who decided it."""
    decider = allowance.decided_by_id
    names = account_queries.names_of(reading(), {decider} if decider else set())
    return render_template("mentors/dbs_ceiling.html", form=form, allowance=allowance, names=names)
